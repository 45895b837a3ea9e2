"""Restore tests and the state of copies on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import RestoreTest
from bcp.models.base import new_key
from tests.conftest import CANARY, Cast
from tests.factories import make_copy, make_restore_test, make_system

LIST = "/o/acme/restore-tests/"


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ENGINEER))
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_test_is_recorded_from_the_copys_page(acme: Cast, engineer: Client) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    address = f"/o/acme/copies/{copy.pk}/"
    assert "Untested: a rumour" in page(engineer, address)
    form = page(engineer, f"{LIST}new/?copy={copy.pk}")
    assert 'value="ERP: Nightly"' in form
    assert f'value="{acme.user(Role.ENGINEER).name}"' in form
    typed = {"copy": "erp: nightly", "done_on": "2026-05-01", "outcome": "success"}
    typed |= {"minutes": "2h 30m", "restored_bytes": "120 GB", "done_by": "Ann"}
    answer = engineer.post(f"{LIST}new/?back={address}", {**typed, "back": address})
    assert answer.headers["Location"] == address
    test = RestoreTest.objects.get()
    assert (test.copy, test.minutes, test.restored_bytes) == (copy, 150, 120 * 10**9)
    shown = page(engineer, address)
    assert "Untested" not in shown
    assert "2 h 30 min" in shown
    assert "120 GB" in shown
    assert 'value="120 GB"' in page(engineer, f"{LIST}{test.pk}/edit/")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"done_on": "2150-01-01"}, "still to come"),
        ({"restored_bytes": "much"}, "is no amount of data"),
        ({"copy": "ERP: Weekly"}, "There is no copy “ERP: Weekly” here"),
        ({"outcome": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    typed: dict[str, str], says: str, acme: Cast, engineer: Client
) -> None:
    make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    usual = {"copy": "ERP: Nightly", "done_on": "2026-05-01", "outcome": "success"}
    answer = engineer.post(f"{LIST}new/", {**usual, "note": "half of it", **typed})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert says in shown
    assert "half of it" in shown
    assert not RestoreTest.objects.exists()


def test_a_test_counts_as_long_as_the_cadence_of_the_tier(acme: Cast, engineer: Client) -> None:
    today = timezone.localdate()
    copy = make_copy(make_system(acme.organisation, "ERP", tier=1), "Nightly")
    for days, outcome in ((10, "success"), (93, "success"), (5, "failure")):
        make_restore_test(copy, done_on=today - timedelta(days), outcome=outcome)
    rows = engineer.get(f"{LIST}?sort=done_on").context["rows"]
    assert [row.proof.counts.partition(" ")[0] for row in rows] == ["▲", "●", "■"]
    assert rows[1].proof.age == "10 days ago"


def test_copies_are_found_by_what_is_known_of_their_last_run(acme: Cast, engineer: Client) -> None:
    now = timezone.now()
    system = make_system(acme.organisation, "ERP")
    make_copy(system, "On time", interval_minutes=1440, last_success=now)
    make_copy(system, "Late", interval_minutes=60, last_success=now - timedelta(hours=3))
    make_copy(system, "Silent", interval_minutes=60)
    make_copy(system, "Unknown", last_success=now)
    for state, name in (
        ("on time", "On time"),
        ("late", "Late"),
        ("silent", "Silent"),
        ("unknown", "Unknown"),
    ):
        found = engineer.get("/o/acme/copies/", {"state": state}).context["rows"]
        assert [row.name for row in found] == [name]
    assert "late by 2 h" in page(engineer, "/o/acme/copies/?state=late")


def test_a_copy_of_another_organisation_is_neither_offered_nor_taken(
    acme: Cast, rival: Cast, engineer: Client
) -> None:
    theirs = make_copy(make_system(rival.organisation, CANARY), "Nightly")
    test = make_restore_test(theirs)
    assert CANARY not in page(engineer, f"{LIST}new/?copy={theirs.pk}")
    typed = {"done_on": "2026-05-01", "outcome": "success"}
    for copy in (theirs.pk, f"{CANARY}: Nightly"):
        assert engineer.post(f"{LIST}new/", {**typed, "copy": copy}).status_code == 422
    assert engineer.get(f"{LIST}{test.pk}/").status_code == 404
    assert RestoreTest.objects.count() == 1


def test_a_long_list_costs_as_many_queries_as_a_short_one(acme: Cast, engineer: Client) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    counted = []
    for count in (2, 40):
        RestoreTest.objects.bulk_create(
            RestoreTest(
                id=new_key(),
                organisation=acme.organisation,
                copy=copy,
                done_on=timezone.localdate(),
            )
            for _number in range(count)
        )
        for path in (LIST, f"/o/acme/copies/{copy.pk}/", "/o/acme/copies/?state=silent"):
            page(engineer, path)
            with CaptureQueriesContext(connection) as queries:
                page(engineer, path)
            counted.append(len(queries))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 20
