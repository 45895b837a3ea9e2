"""Accepting gaps: by whom, of what, until when; and nothing of it if something has changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.acceptance import AcceptanceState, facts_of, identity_of
from bcp.engine.permissions import Role
from bcp.engine.results import Gap
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import GapAcceptance
from bcp.queries import acceptances as reads
from bcp.queries import history
from bcp.queries.acceptances import HeldState
from bcp.queries.analysis import analysis
from bcp.services import acceptances, contacts, systems
from bcp.services.acceptances import Seen
from tests.conftest import Cast
from tests.factories import make_contact, make_copy, make_system

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def now() -> datetime:
    return timezone.now().astimezone(BERLIN)


def gap_of(cast: Cast, code: str, now: datetime) -> Gap:
    """The only gap of that code."""
    (found,) = [gap for gap in analysis(cast.organisation, now=now).gaps if gap.code == code]
    return found


def accept(cast: Cast, gap: Gap, now: datetime, **options: object) -> GapAcceptance:
    return acceptances.accept(
        cast.organisation,
        identity_of(gap),
        "We sell it in spring",
        **{
            "until": now.date() + timedelta(days=90),
            "seen_facts": facts_of(gap),
            "by": cast.actor(Role.EXECUTIVE),
            "now": now,
            **options,
        },
    )


def standing(cast: Cast, code: str, now: datetime) -> reads.GapStanding:
    answer = analysis(cast.organisation, now=now)
    (found,) = [
        one for one in reads.of_analysis(cast.organisation, answer, now=now) if one.gap.code == code
    ]
    return found


def held(cast: Cast, now: datetime) -> list[HeldState]:
    answer = analysis(cast.organisation, now=now)
    rows = reads.listing(cast.organisation)
    return [one.state for one in reads.held(rows, answer, now.date())]


def test_an_accepted_gap_says_who_why_and_until_when(acme: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    gap = gap_of(acme, "owner_missing", now)
    made = accept(acme, gap, now)
    found = standing(acme, "owner_missing", now)
    assert (found.state, found.acceptance) == (AcceptanceState.ACCEPTED, made)
    assert made.accepted_by == acme.user(Role.EXECUTIVE)
    assert (made.reason, made.subject, made.severity) == ("We sell it in spring", "ERP", "medium")
    assert made.says == "“ERP” has no owner"
    event = history.of_record(acme.organisation, "gapacceptance", made.pk).get()
    assert event.after["reason"] == "We sell it in spring"
    assert held(acme, now) == [HeldState.IN_FORCE]


def test_only_an_executive_accepts(acme: Cast, rival: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    gap = gap_of(acme, "owner_missing", now)
    for role in set(Role) - {Role.EXECUTIVE}:
        with pytest.raises(NotAllowed):
            accept(acme, gap, now, by=acme.actor(role))
    for by in (acme.shell, rival.actor(Role.EXECUTIVE)):
        with pytest.raises(NotAllowed):
            accept(acme, gap, now, by=by)
    assert not GapAcceptance.objects.exists()


def test_it_takes_a_reason_and_a_day_within_two_years(acme: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    gap = gap_of(acme, "owner_missing", now)
    today = now.date()
    for until in (None, today - timedelta(days=1), today + timedelta(days=731)):
        with pytest.raises(InvalidInput) as caught:
            accept(acme, gap, now, until=until)
        assert set(caught.value.fields) == {"until"}
    with pytest.raises(InvalidInput) as caught:
        acceptances.accept(
            acme.organisation,
            identity_of(gap),
            "  ",
            None,
            seen_facts=facts_of(gap),
            by=acme.actor(Role.EXECUTIVE),
            now=now,
        )
    assert set(caught.value.fields) == {"reason", "until"}
    assert accept(acme, gap, now, until=today).until == today


def test_a_gap_that_says_something_else_than_was_seen_is_not_accepted(
    acme: Cast, now: datetime
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1, recovery_minutes=60)
    gap = gap_of(acme, "target_missing", now)
    systems.change(acme.organisation, erp.pk, {"tier": 2}, seen_version=1, by=acme.actor())
    with pytest.raises(Conflict, match="“ERP” is tier 2 and has no approved target"):
        accept(acme, gap, now)
    assert not GapAcceptance.objects.exists()


def test_a_gap_that_is_none_any_more_is_not_accepted(acme: Cast, now: datetime) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    gap = gap_of(acme, "site_missing", now)
    systems.change(
        acme.organisation, erp.pk, {"kind": "business process"}, seen_version=1, by=acme.actor()
    )
    with pytest.raises(Conflict, match="no longer a gap"):
        accept(acme, gap, now)


def test_it_comes_back_after_its_last_day(acme: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    accept(acme, gap_of(acme, "owner_missing", now), now)
    last = now + timedelta(days=90)
    assert standing(acme, "owner_missing", last).state is AcceptanceState.ACCEPTED
    assert standing(acme, "owner_missing", last + timedelta(days=1)).state is (
        AcceptanceState.EXPIRED
    )
    assert held(acme, last + timedelta(days=1)) == [HeldState.EXPIRED]


def test_it_comes_back_when_its_facts_change_and_is_accepted_anew(
    acme: Cast, now: datetime
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    old = accept(acme, gap_of(acme, "target_missing", now), now)
    systems.change(acme.organisation, erp.pk, {"tier": 2}, seen_version=1, by=acme.actor())
    found = standing(acme, "target_missing", now)
    assert (found.state, found.acceptance) == (AcceptanceState.CHANGED, old)
    assert held(acme, now) == [HeldState.CHANGED]
    new = accept(acme, found.gap, now, seen_acceptance=old.pk)
    assert standing(acme, "target_missing", now).acceptance == new
    old.refresh_from_db()
    assert old.ended_by == acme.user(Role.EXECUTIVE)
    assert "newer" in old.ended_reason
    assert held(acme, now) == [HeldState.IN_FORCE, HeldState.ENDED]


def test_the_passing_of_time_is_no_change(acme: Cast, now: datetime) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    make_contact(acme.organisation, "Ada", verified_on=now.date() - timedelta(days=200))
    late = now - timedelta(days=2)
    make_copy(erp, "Nightly", interval_minutes=60, run_minutes=5, last_success=late)
    for code in ("late_copy", "stale_contact"):
        accept(acme, gap_of(acme, code, now), now)
        for days in (1, 30, 89):
            then = now + timedelta(days=days)
            assert standing(acme, code, then).state is AcceptanceState.ACCEPTED, (code, days)


def test_a_fact_that_starts_the_clock_anew_is_a_change(acme: Cast, now: datetime) -> None:
    ada = make_contact(acme.organisation, "Ada", verified_on=now.date() - timedelta(days=200))
    make_system(acme.organisation, "ERP")
    accept(acme, gap_of(acme, "stale_contact", now), now)
    verified = {"verified_on": now.date() - timedelta(days=100)}
    contacts.change(acme.organisation, ada.pk, verified, seen_version=1, by=acme.actor())
    assert standing(acme, "stale_contact", now).state is AcceptanceState.CHANGED


def test_a_gap_that_was_fixed_is_no_longer_one(acme: Cast, now: datetime) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    ada = make_contact(acme.organisation, "Ada", verified_on=now.date())
    accept(acme, gap_of(acme, "owner_missing", now), now)
    systems.change(acme.organisation, erp.pk, {"owner": ada}, seen_version=1, by=acme.actor())
    assert held(acme, now) == [HeldState.GONE]


def test_taking_back_needs_a_reason_and_opens_the_gap(acme: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    made = accept(acme, gap_of(acme, "owner_missing", now), now)
    by = acme.actor(Role.EXECUTIVE)
    org = acme.organisation
    with pytest.raises(InvalidInput) as caught:
        acceptances.take_back(org, made.pk, " ", seen_version=1, by=by)
    assert set(caught.value.fields) == {"reason"}
    with pytest.raises(NotAllowed):
        acceptances.take_back(org, made.pk, "Sold", seen_version=1, by=acme.actor())
    with pytest.raises(Conflict):
        acceptances.take_back(org, made.pk, "Sold", seen_version=7, by=by)
    back = acceptances.take_back(org, made.pk, "Sold", seen_version=1, by=by)
    assert (back.ended_reason, back.ended_by, back.version) == ("Sold", by.user, 2)
    assert standing(acme, "owner_missing", now).state is AcceptanceState.OPEN
    with pytest.raises(Conflict, match="ended already"):
        acceptances.take_back(org, made.pk, "Sold", seen_version=2, by=by)


def test_a_gap_that_somebody_else_accepted_since_is_not_accepted_again(
    acme: Cast, now: datetime
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    gap = gap_of(acme, "owner_missing", now)
    first = accept(acme, gap, now)
    with pytest.raises(Conflict, match="Executive"):
        accept(acme, gap, now)
    renewed = accept(acme, gap, now, seen_acceptance=first.pk)
    with pytest.raises(Conflict):
        accept(acme, gap, now, seen_acceptance=first.pk)
    acceptances.take_back(
        acme.organisation, renewed.pk, "Sold", seen_version=1, by=acme.actor(Role.EXECUTIVE)
    )
    with pytest.raises(Conflict, match="taken back"):
        accept(acme, gap, now, seen_acceptance=renewed.pk)


def test_of_several_gaps_all_are_accepted_or_none(acme: Cast, now: datetime) -> None:
    for name in ("ERP", "CRM", "SAN"):
        make_system(acme.organisation, name, tier=1)
    gaps = [gap for gap in analysis(acme.organisation, now=now).gaps if gap.code == "owner_missing"]
    by = acme.actor(Role.EXECUTIVE)
    until = now.date() + timedelta(days=180)
    seen = [Seen(identity_of(gap), facts_of(gap)) for gap in gaps]
    with pytest.raises(Conflict, match="Nothing was accepted"):
        acceptances.accept_many(
            acme.organisation, [*seen[:2], Seen(seen[2].gap, "x")], "Sold", until, by=by, now=now
        )
    assert not GapAcceptance.objects.exists()
    made = acceptances.accept_many(
        acme.organisation, [*seen, seen[0]], "Sold", until, by=by, now=now
    )
    assert {one.subject for one in made} == {"ERP", "CRM", "SAN"}
    assert GapAcceptance.objects.count() == 3


def test_many_gaps_cost_as_many_queries_as_two(acme: Cast, now: datetime) -> None:
    for number in range(30):
        make_system(acme.organisation, f"System {number}", tier=1)
    gaps = [gap for gap in analysis(acme.organisation, now=now).gaps if gap.code == "owner_missing"]
    by = acme.actor(Role.EXECUTIVE)
    until = now.date() + timedelta(days=180)

    def cost(some: list[Gap], **seen: str) -> int:
        wanted = [Seen(identity_of(gap), facts_of(gap)) for gap in some]
        analysis(acme.organisation, now=now)
        with CaptureQueriesContext(connection) as queries:
            acceptances.accept_many(acme.organisation, wanted, "Sold", until, by=by, now=now)
        return len(queries)

    assert cost(gaps[2:]) == cost(gaps[:2])


def test_the_same_words_in_another_scenario_are_accepted_as_well(acme: Cast, now: datetime) -> None:
    make_system(acme.organisation, "ERP", tier=1, recovery_minutes=60)
    accept(acme, gap_of(acme, "owner_missing", now), now)
    answer = analysis(acme.organisation, "system:ERP", now=now)
    found = {
        one.gap.code: one.state for one in reads.of_analysis(acme.organisation, answer, now=now)
    }
    assert found["owner_missing"] is AcceptanceState.ACCEPTED
    assert found["technical_owner_missing"] is AcceptanceState.OPEN
