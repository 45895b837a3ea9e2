"""An accepted gap stays accepted until its day, or until it says something else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.acceptance import (
    Acceptance,
    AcceptanceState,
    address_of,
    facts_of,
    identity_of,
    state_of,
    subject_of,
)
from bcp.engine.analysis import analyse
from bcp.engine.estate import Contact, Copy, Dependency, Estate, Site, System, TierPolicy
from bcp.engine.gaps_of_people import people_gaps
from bcp.engine.results import Gap, Severity
from tests.engine.backup_estates import SITES, backed_up_estates
from tests.engine.estates import TODAY, estates, with_authority

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_AGO = date(2025, 6, 1)


def missed(duration_minutes: int) -> Gap:
    """The gap of an ERP that misses its target of one hour by its own work."""
    systems = (System("erp", "ERP", duration_minutes=duration_minutes, rto_minutes=60),)
    analysis = analyse(with_authority(Estate("acme", systems)), today=TODAY)
    return next(gap for gap in analysis.gaps if gap.code == "rto_missed")


def accepted(gap: Gap) -> Acceptance:
    return Acceptance(identity_of(gap), facts_of(gap), TODAY)


def test_a_gap_that_weighs_more_than_when_it_was_accepted_is_open_again():
    """It says the same, but of a system that has become critical."""
    gap = missed(90)
    worse = replace(gap, severity=Severity.HIGH)
    assert gap.severity is not Severity.HIGH
    assert state_of(worse, accepted(gap), today=TODAY) is AcceptanceState.CHANGED


def test_an_accepted_gap_is_accepted_up_to_and_including_its_last_day():
    gap = missed(120)
    assert state_of(gap, accepted(gap), today=TODAY) is AcceptanceState.ACCEPTED
    tomorrow = TODAY + timedelta(days=1)
    assert state_of(gap, accepted(gap), today=tomorrow) is AcceptanceState.EXPIRED


def test_other_figures_are_the_same_gap_but_not_what_was_accepted():
    before, after = missed(120), missed(180)
    assert identity_of(before) == identity_of(after)
    assert state_of(after, accepted(before), today=TODAY) is AcceptanceState.CHANGED


def test_an_acceptance_of_another_gap_accepts_nothing():
    gap = missed(120)
    other = replace(accepted(gap), gap="rto_missed:system:crm:")
    assert state_of(gap, other, today=TODAY) is AcceptanceState.OPEN
    assert state_of(gap, None, today=TODAY) is AcceptanceState.OPEN


def test_a_system_that_contradicts_two_dependents_has_a_gap_for_each():
    systems = (
        System("san", "SAN", tier=3, duration_minutes=10, rto_minutes=600),
        System("erp", "ERP", tier=1, duration_minutes=10, rto_minutes=60),
        System("crm", "CRM", tier=1, duration_minutes=10, rto_minutes=60),
    )
    estate = Estate("acme", systems, (Dependency(1, 0), Dependency(2, 0)))
    gaps = analyse(with_authority(estate), today=TODAY).gaps
    for code in ("conflict_g1", "conflict_g4"):
        of_pairs = {identity_of(gap) for gap in gaps if gap.code == code}
        assert of_pairs == {f"{code}:system:san:erp", f"{code}:system:san:crm"}


@st.composite
def whole_estates(draw) -> Estate:
    """Estates with everything that gaps are found in: people, orders and backups."""
    one, other = draw(estates()), draw(backed_up_estates())
    count = len(other.systems)
    reports = st.none() | st.integers(min_value=-40_000, max_value=0)
    copies = []
    for copy in other.copies:
        success, failure = draw(reports), draw(reports)
        copies.append(
            replace(
                copy,
                last_success=None if success is None else NOW + timedelta(minutes=success),
                last_failure=None if failure is None else NOW + timedelta(minutes=failure),
            )
        )
    contacts = tuple(
        replace(contact, verified_on=draw(st.sampled_from((None, TODAY, LONG_AGO))))
        for contact in one.contacts
    )
    systems = tuple(
        replace(system, key=f"other {position}", name=f"other {system.name}")
        for position, system in enumerate(other.systems)
    )
    scenarios = ("site", "site:HQ", "ransomware:7min", "gone", "gone", "fire and attack")
    return replace(
        one,
        systems=(*systems, *one.systems),
        dependencies=(
            *other.dependencies,
            *(
                replace(e, dependent=e.dependent + count, dependency=e.dependency + count)
                for e in one.dependencies
            ),
        ),
        sites=(*SITES, Site("Cloud"), Site("Lab")),
        contacts=contacts,
        copies=tuple(copies),
        combinations=other.combinations,
        tier_policies=(*other.tier_policies, TierPolicy(2, "two", scenarios=scenarios)),
    )


@given(whole_estates())
@settings(max_examples=60)
def test_no_two_gaps_of_an_analysis_have_the_same_identity(estate: Estate):
    gaps = analyse(estate, today=TODAY, now=NOW).gaps
    identities = Counter(identity_of(gap) for gap in gaps)
    assert max(identities.values()) == 1, identities.most_common(3)
    assert len({address_of(gap) for gap in gaps}) == len(gaps)


def test_random_estates_have_every_gap_that_a_subject_can_have_several_times_of():
    """Or the property above would show little."""
    several: set[str] = set()

    @given(whole_estates())
    @settings(max_examples=60)
    def collect(estate: Estate) -> None:
        gaps = analyse(estate, today=TODAY, now=NOW).gaps
        counts = Counter((gap.code, gap.subject_kind, gap.subject_key) for gap in gaps)
        several.update(code for (code, _kind, _key), count in counts.items() if count > 1)

    collect()
    assert several >= {
        *("nothing_survives", "rpo_missed", "loss_unknown", "restore_test_failed"),
        *("late_copy", "failed_copy", "silent_copy"),
    }


@given(whole_estates(), st.integers(min_value=0, max_value=600_000))
@settings(max_examples=60)
def test_nothing_that_was_accepted_lapses_by_the_passing_of_time(estate: Estate, minutes: int):
    """Whatever two moments of a day say of the same estate, and whatever contacts' ages say on
    two days: as long as a gap is there at all, its facts are the same."""
    later = NOW + timedelta(minutes=minutes)
    before = {identity_of(gap): gap for gap in analyse(estate, today=TODAY, now=NOW).gaps}
    after = {identity_of(gap): gap for gap in analyse(estate, today=TODAY, now=later).gaps}
    for identity in before.keys() & after.keys():
        assert facts_of(before[identity]) == facts_of(after[identity]), before[identity]
    ages = [people_gaps(estate, (), today=day) for day in (TODAY, later.date())]
    first, second = ({identity_of(gap): facts_of(gap) for gap in gaps} for gaps in ages)
    assert first.items() <= second.items()


def late(success: datetime, now: datetime) -> Gap:
    copy = Copy(0, "nightly", "Nightly", interval_minutes=60, last_success=success)
    estate = Estate("acme", (System("erp", "ERP"),), copies=(copy,))
    analysis = analyse(with_authority(estate), today=TODAY, now=now)
    return next(gap for gap in analysis.gaps if gap.code == "late_copy")


def test_a_late_copy_says_how_late_it_is_and_rests_on_its_last_success():
    yesterday = NOW - timedelta(days=1)
    first, hours_later = late(yesterday, NOW), late(yesterday, NOW + timedelta(hours=3))
    assert "1 d ago" in str(first.says)
    assert "1 d 3 h ago" in str(hours_later.says)
    assert facts_of(first) == facts_of(hours_later)
    ran_and_is_late_again = late(NOW, NOW + timedelta(days=1))
    assert str(ran_and_is_late_again.says) == str(first.says)
    assert facts_of(ran_and_is_late_again) != facts_of(first)


@given(estates(), st.integers(min_value=0, max_value=7), st.integers(min_value=1, max_value=90))
@settings(max_examples=60)
def test_another_figure_in_a_sentence_is_another_fact(estate: Estate, position: int, more: int):
    """Two gaps of one identity rest on the same facts exactly if they say the same."""
    systems = list(estate.systems)
    slower = systems[position % len(systems)]
    systems[position % len(systems)] = replace(
        slower, duration_minutes=(slower.duration_minutes or 0) + more
    )
    before = {identity_of(gap): gap for gap in analyse(estate, today=TODAY).gaps}
    changed = replace(estate, systems=tuple(systems))
    for gap in analyse(changed, today=TODAY).gaps:
        if (old := before.get(identity_of(gap))) is not None:
            same = (old.severity, str(old.says)) == (gap.severity, str(gap.says))
            assert (facts_of(old) == facts_of(gap)) is same


def test_a_subject_is_named_for_people():
    contact = Contact("c1", "Ada", ("+1",), coverage="24x7", may_declare=True)
    estate = Estate("acme", (System("erp", "ERP"),), contacts=(contact,))
    name = subject_of(estate)
    named = {gap.subject_kind: name(gap) for gap in analyse(estate, today=TODAY).gaps}
    assert named == {"system": "ERP", "contact": "Ada", "organisation": "acme"}
