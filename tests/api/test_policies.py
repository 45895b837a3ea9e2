"""Policies, the copies that follow them, and restore tests over the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bcp.models import BackupCopy
from tests.api.conftest import Caller
from tests.conftest import Cast
from tests.factories import make_copy, make_policy, make_restore_test, make_system


def test_a_policy_is_assigned_and_released_again(acme: Cast, director: Caller) -> None:
    made = director.post("policies/", {"name": "daily", "interval_minutes": 1440})
    assert made.status_code == 201
    policy = made.json()["id"]
    keys = [make_system(acme.organisation, name).pk for name in ("ERP", "Mail")]
    answer = director.post(f"policies/{policy}/assign/", {"systems": keys})
    assert len(answer.json()["copies"]) == 2
    again = director.post(f"policies/{policy}/assign/", {"systems": keys})
    assert again.json() == {"copies": []}
    assert director.get(f"policies/{policy}/").json()["copies_count"] == 2
    first, second = answer.json()["copies"]
    body = {"copies": [first]}
    assert director.post(f"policies/{policy}/release/", body).json() == {"released": 1}
    body = {"copies": [second], "delete": True}
    assert director.post(f"policies/{policy}/release/", body).json() == {"released": 1}
    kept = BackupCopy.objects.get()
    assert (kept.pk, kept.policy, kept.interval_minutes) == (first, None, 1440)
    assert director.post(f"policies/{policy}/release/", body).status_code == 409


def test_a_clash_of_names_is_a_fault_of_the_systems(acme: Cast, director: Caller) -> None:
    policy = make_policy(acme.organisation, "daily")
    system = make_system(acme.organisation, "ERP")
    make_copy(system, "Daily")
    answer = director.post(f"policies/{policy.pk}/assign/", {"systems": [system.pk]})
    assert answer.status_code == 400
    assert "“ERP”" in answer.json()["fields"]["systems"][0]


def test_a_copy_refuses_what_its_policy_says_otherwise(acme: Cast, director: Caller) -> None:
    policy = make_policy(acme.organisation, "daily", interval_minutes=1440, offline=True)
    copy = make_copy(make_system(acme.organisation, "ERP"), "nightly")
    address = f"copies/{copy.pk}/"
    followed = director.patch(address, {"policy": policy.pk}, etag='"1"').json()
    assert (followed["policy_name"], followed["interval_minutes"]) == ("daily", 1440)
    refused = director.patch(address, {"interval_minutes": 60}, etag='"2"')
    assert refused.status_code == 400
    assert "Change the policy" in refused.json()["fields"]["interval_minutes"][0]
    same = director.put(address, followed, etag='"2"')
    assert (same.status_code, same.json()) == (200, followed)
    short = {"system": copy.system_id, "name": "nightly", "policy": policy.pk}
    assert director.put(address, short, etag='"2"').json()["offline"] is True
    left = director.patch(address, {"policy": None, "interval_minutes": 60}, etag='"2"').json()
    assert (left["policy"], left["interval_minutes"], left["offline"]) == (None, 60, True)


def test_a_copy_says_what_is_known_of_it(acme: Cast, director: Caller) -> None:
    now = datetime.now(UTC)
    late = make_copy(
        make_system(acme.organisation, "ERP"),
        "nightly",
        interval_minutes=60,
        last_success=now - timedelta(hours=3),
    )
    make_restore_test(late, minutes=90, outcome="partial")
    make_copy(late.system, "other")
    row = director.get(f"copies/{late.pk}/").json()
    assert (row["state"], row["overdue_minutes"]) == ("late", 120)
    assert (row["last_restore_result"], row["last_restore_minutes"]) == ("partial", 90)
    names = [one["name"] for one in director.get("copies/?state=late").json()["results"]]
    assert names == ["nightly"]
    names = [one["name"] for one in director.get("copies/?untested=true").json()["results"]]
    assert names == ["other"]


def test_a_restore_test_is_recorded(acme: Cast, director: Caller) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "nightly")
    body = {"copy": copy.pk, "done_on": "2026-05-01", "outcome": "success", "minutes": 0}
    made = director.post("restore-tests/", body | {"restored_bytes": 120_000_000_000})
    assert made.status_code == 201
    row = made.json()
    assert (row["copy_name"], row["system_name"], row["minutes"]) == ("nightly", "ERP", 0)
    refused = director.post("restore-tests/", body | {"done_on": "2150-01-01"})
    assert "still to come" in refused.json()["fields"]["done_on"][0]
