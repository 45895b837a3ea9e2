"""Policies on the pages: made, assigned in two steps, changed with their copies, left again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import BackupCopy, BackupPolicy
from bcp.services import policies
from tests.conftest import CANARY, Cast
from tests.factories import make_copy, make_policy, make_site, make_system
from tests.web.large_estate import grow

LIST = "/o/acme/backups/policies/"
TYPED = {"name": "Daily", "content": "data", "kind": "backup", "interval_minutes": "1d"}


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_policy_is_made_and_says_itself_in_one_line(acme: Cast, director: Client) -> None:
    make_site(acme.organisation, "Vault")
    typed = {**TYPED, "retention_minutes": "35d", "locked_minutes": "35d", "offline": "true"}
    director.post(f"{LIST}new/", typed)
    policy = BackupPolicy.objects.get()
    line = "Data, every 1 d, kept 35 d, locked 35 d, offline"
    assert line in page(director, LIST)
    assert line in page(director, f"{LIST}{policy.pk}/")


def test_systems_are_ticked_looked_at_and_then_given_the_copy(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440)
    erp, mail, taken, _other = (
        make_system(acme.organisation, name, tier=tier)
        for name, tier in (("ERP", 1), ("Mail", 1), ("Taken", 1), ("Intranet", 3))
    )
    policies.assign(acme.organisation, policy.pk, [mail.pk], by=acme.shell)
    make_copy(taken, "Daily")
    listed = page(director, f"{LIST}{policy.pk}/systems/?tier=1")
    assert "● follows it" in listed
    assert "▲ has another copy of that name" in listed
    assert "Intranet" not in listed
    summary = director.get(f"{LIST}{policy.pk}/assign/?all=1&tier=1")
    assert [one.name for one in summary.context["new"]] == ["ERP"]
    assert [one.name for one in summary.context["already"]] == ["Mail"]
    assert [one.name for one in summary.context["clashes"]] == ["Taken"]
    assert (summary.context["before"], summary.context["after"]) == (1, 2)
    assert BackupCopy.objects.filter(policy=policy).count() == 1, "nothing is written by looking"
    answer = director.post(f"{LIST}{policy.pk}/assign/", {"keys": summary.context["keys"]})
    assert answer.headers["Location"] == f"{LIST}{policy.pk}/"
    assert BackupCopy.objects.get(system=erp).policy == policy


def test_a_name_taken_in_the_meantime_is_said_and_nothing_is_written(
    acme: Cast, director: Client
) -> None:
    policy = make_policy(acme.organisation, "Daily")
    system = make_system(acme.organisation, "ERP")
    make_copy(system, "Daily")
    answer = director.post(f"{LIST}{policy.pk}/assign/", {"keys": system.pk})
    assert answer.status_code == 422
    assert "“ERP”" in answer.context["fault"]


def test_the_copys_form_asks_only_for_what_is_its_own(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440, offline=True)
    system = make_system(acme.organisation, "ERP")
    [copy] = policies.assign(acme.organisation, policy.pk, [system.pk], by=acme.shell)
    address = f"/o/acme/copies/{copy.pk}/"
    form = page(director, f"{address}edit/")
    assert 'name="source"' in form
    assert 'name="interval_minutes"' not in form
    assert "1 d <span" in page(director, address)
    typed = {"system": "ERP", "name": "Daily", "policy": policy.pk, "interval_minutes": "1h"}
    director.post(f"{address}edit/", {**typed, "source": "/srv", "version": 1})
    copy.refresh_from_db()
    assert (copy.source, copy.interval_minutes) == ("/srv", 1440)
    director.post(f"{address}edit/", {**typed, "policy": "", "version": 2})
    copy.refresh_from_db()
    assert (copy.policy, copy.interval_minutes, copy.offline) == (None, 1440, True)
    assert 'name="interval_minutes"' in page(director, f"{address}edit/")


def test_a_new_copy_takes_what_its_policy_says(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440, content="network")
    make_system(acme.organisation, "ERP")
    typed = {**TYPED, "system": "ERP", "policy": policy.pk, "interval_minutes": ""}
    assert director.post("/o/acme/copies/new/", typed).status_code == 302
    copy = BackupCopy.objects.get()
    assert (copy.content, copy.interval_minutes) == ("network", 1440)


def test_copies_leave_the_policy_or_are_deleted_after_a_question(
    acme: Cast, director: Client
) -> None:
    policy = make_policy(acme.organisation, "Daily")
    keys = [make_system(acme.organisation, name).pk for name in ("ERP", "Mail")]
    leaving, doomed = policies.assign(acme.organisation, policy.pk, keys, by=acme.shell)
    address = f"{LIST}{policy.pk}/release/"
    director.post(address, {"keys": leaving.pk})
    leaving.refresh_from_db()
    assert leaving.policy is None
    asked = director.post(address, {"keys": doomed.pk, "delete": "1"})
    assert "Delete one copy?" in asked.content.decode()
    assert BackupCopy.objects.filter(pk=doomed.pk).exists()
    director.post(address, {"keys": doomed.pk, "delete": "1", "sure": "1"})
    assert not BackupCopy.objects.filter(pk=doomed.pk).exists()


def test_deleting_a_followed_policy_is_refused_in_words(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily")
    make_copy(make_system(acme.organisation, "ERP"), "Nightly", policy=policy)
    answer = director.post(f"{LIST}{policy.pk}/delete/", {"version": 1})
    assert answer.status_code == 422
    assert "is followed by “ERP: Nightly”" in answer.context["fault"]


def test_many_copies_are_changed_and_deleted_at_once(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440)
    made = [make_copy(make_system(acme.organisation, name), "Own") for name in ("ERP", "Mail")]
    keys = ",".join(copy.pk for copy in made)
    keep = dict.fromkeys(("policy", "content", "kind", "site", "offline"), "keep")
    keep |= dict.fromkeys(("separate_credentials", "encrypted"), "keep")
    bulk = "/o/acme/copies/bulk/"
    assert director.get(bulk, {"keys": [copy.pk for copy in made]}).status_code == 200
    director.post(bulk, {"keys": keys, **keep, "offline": "true"})
    assert set(BackupCopy.objects.values_list("offline", flat=True)) == {True}
    director.post(bulk, {"keys": keys, **keep, "offline": "unknown"})
    assert set(BackupCopy.objects.values_list("offline", flat=True)) == {None}
    director.post(bulk, {"keys": keys, **keep, "policy": policy.pk})
    assert set(BackupCopy.objects.values_list("interval_minutes", flat=True)) == {1440}
    refused = director.post(bulk, {"keys": keys, **keep, "offline": "true"})
    assert refused.status_code == 422
    director.post(bulk, {"keys": keys, "delete": "1"})
    assert not BackupCopy.objects.exists()


def test_another_organisations_policies_are_nowhere(
    acme: Cast, rival: Cast, director: Client
) -> None:
    theirs = make_policy(rival.organisation, CANARY)
    ours = make_policy(acme.organisation, "Daily")
    system = make_system(rival.organisation, f"{CANARY} system")
    for rest in ("", "edit/", "delete/", "history/", "systems/", "assign/"):
        assert director.get(f"{LIST}{theirs.pk}/{rest}").status_code == 404
    assert CANARY not in page(director, "/o/acme/copies/new/")
    assert CANARY not in page(director, f"{LIST}{ours.pk}/systems/")
    director.post(f"{LIST}{ours.pk}/assign/", {"keys": system.pk})
    assert not BackupCopy.objects.exists()


def test_assigning_costs_as_many_queries_for_many_as_for_few(acme: Cast, director: Client) -> None:
    policy = make_policy(acme.organisation, "Daily")
    counted = []
    for count in (3, 200):
        grow(acme.organisation, count)
        for path in ("systems/", "assign/?all=1"):
            page(director, f"{LIST}{policy.pk}/{path}")
            with CaptureQueriesContext(connection) as queries:
                page(director, f"{LIST}{policy.pk}/{path}")
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
    assert max(counted) <= 20
