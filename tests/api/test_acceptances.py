"""Accepting gaps over the API: what was read in the analysis, for a reason and a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import GapAcceptance, System
from bcp.services import systems
from tests.api.conftest import Caller, caller
from tests.conftest import CANARY, Cast
from tests.factories import make_acceptance, make_system

TODAY = timezone.localdate()
LATER = (TODAY + timedelta(days=90)).isoformat()


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP", tier=1)


def gap_of(who: Caller, code: str) -> dict[str, Any]:
    """The first of that code as the analysis tells it."""
    gaps = who.get("analysis/").json()["gaps"]
    return next(gap for gap in gaps if gap["code"] == code)


def body(gap: dict[str, Any], **values: Any) -> dict[str, Any]:
    seen = {"gap": gap["identity"], "facts": gap["facts"]}
    return seen | {"reason": "We sell it in spring", "until": LATER} | values


def test_a_gap_is_accepted_taken_back_and_open_again(
    acme: Cast, erp: System, executive: Caller
) -> None:
    gap = gap_of(executive, "duration_unknown")
    assert (gap["state"], gap["acceptance"], gap["accepted_until"]) == ("open", None, None)
    made = executive.post("acceptances/", body(gap))
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    row = made.json()
    assert (row["state"], row["until"], row["subject"]) == ("in_force", LATER, "ERP")
    assert row["says"] == row["now_says"] == gap["says"]
    assert row["accepted_by_email"] == acme.user(Role.EXECUTIVE).email
    accepted = gap_of(executive, "duration_unknown")
    assert (accepted["state"], accepted["acceptance"], accepted["accepted_until"]) == (
        "accepted",
        row["id"],
        LATER,
    )
    address = f"acceptances/{row['id']}/"
    assert executive.get(address).json() == row
    assert executive.post(f"{address}take-back/", {"reason": ""}, '"1"').status_code == 400
    ended = executive.post(f"{address}take-back/", {"reason": "It was sold"}, '"1"').json()
    assert (ended["state"], ended["ended_reason"]) == ("ended", "It was sold")
    assert executive.post(f"{address}take-back/", {"reason": "x"}, '"2"').status_code == 409
    assert gap_of(executive, "duration_unknown")["state"] == "open"
    assert [one["id"] for one in executive.get("acceptances/", ended="true").json()["results"]]
    assert executive.get("acceptances/", ended="false").json()["count"] == 0
    assert executive.get("acceptances/", q="spring", sort="until").json()["count"] == 1


def test_what_says_something_else_than_was_read_is_not_accepted(
    acme: Cast, erp: System, executive: Caller
) -> None:
    gap = gap_of(executive, "duration_unknown")
    stale = executive.post("acceptances/", body(gap, facts="0" * 64))
    assert (stale.status_code, gap["says"] in stale.json()["detail"]) == (409, True)
    systems.change(acme.organisation, erp.pk, {"status": "retired"}, seen_version=1, by=acme.shell)
    gone = executive.post("acceptances/", body(gap))
    assert (gone.status_code, "no longer a gap" in gone.json()["detail"]) == (409, True)
    assert not GapAcceptance.objects.exists()


def test_an_acceptance_is_renewed_by_naming_the_one_that_was_read(
    acme: Cast, erp: System, executive: Caller
) -> None:
    gap = gap_of(executive, "duration_unknown")
    first = executive.post("acceptances/", body(gap)).json()
    assert executive.post("acceptances/", body(gap)).status_code == 409
    longer = (TODAY + timedelta(days=200)).isoformat()
    again = body(gap, acceptance=first["id"], until=longer)
    assert executive.post("acceptances/", again).json()["until"] == longer
    assert executive.get(f"acceptances/{first['id']}/").json()["state"] == "ended"


def test_an_acceptance_is_for_a_reason_and_not_for_ever(erp: System, executive: Caller) -> None:
    gap = gap_of(executive, "duration_unknown")
    for values, field in (
        ({"reason": " "}, "reason"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2999-01-01"}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"by": "me"}, "by"),
    ):
        refused = executive.post("acceptances/", body(gap, **values))
        assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])


def test_who_may_not_accept_reads_what_others_accepted(
    acme: Cast, erp: System, director: Caller
) -> None:
    key = make_acceptance(erp, acme.user(Role.EXECUTIVE)).pk
    assert director.post("acceptances/", {}).status_code == 403
    assert caller(acme, Role.AUDITOR).get("acceptances/").json()["results"][0]["id"] == key


def test_nothing_of_another_organisation_is_shown_or_accepted(
    acme: Cast, rival: Cast, erp: System, executive: Caller
) -> None:
    make_system(rival.organisation, f"{CANARY} system", tier=1)
    theirs = caller(rival, Role.EXECUTIVE)
    gap = gap_of(theirs, "duration_unknown")
    made = theirs.post("acceptances/", body(gap)).json()
    assert executive.post("acceptances/", body(gap)).status_code == 409
    assert executive.get(f"acceptances/{made['id']}/").status_code == 404
    assert CANARY not in executive.get("acceptances/").content.decode()
    assert CANARY not in executive.get("analysis/").content.decode()
    own = gap_of(executive, "duration_unknown")
    assert executive.post("acceptances/", body(own, acceptance=made["id"])).status_code == 409


def test_many_acceptances_are_listed_in_as_many_queries_as_one(
    acme: Cast, erp: System, executive: Caller
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert executive.get("acceptances/").status_code == 200
        return len(captured)

    gaps = executive.get("analysis/").json()["gaps"]
    assert len(gaps) > 2
    executive.post("acceptances/", body(gaps[0]))
    queries()  # the analysis is remembered from here on
    few = queries()
    for gap in gaps[1:]:
        assert executive.post("acceptances/", body(gap)).status_code == 201
    executive.get("analysis/")
    assert queries() == few
