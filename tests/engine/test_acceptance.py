"""An accepted gap stays accepted until its day, or until it says something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bcp.engine.acceptance import Acceptance, AcceptanceState, facts_of, identity_of, state_of
from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System
from bcp.engine.results import Gap
from tests.engine.estates import TODAY, with_authority


def missed(duration_minutes: int) -> Gap:
    """The gap of an ERP that misses its target of one hour by its own work."""
    systems = (System("erp", "ERP", duration_minutes=duration_minutes, rto_minutes=60),)
    analysis = analyse(with_authority(Estate("acme", systems)), today=TODAY)
    return next(gap for gap in analysis.gaps if gap.code == "rto_missed")


def accepted(gap: Gap) -> Acceptance:
    return Acceptance(identity_of(gap), facts_of(gap), TODAY)


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


def test_two_contradictions_of_one_system_are_two_gaps():
    systems = (
        System("a", "AD", duration_minutes=10, rto_minutes=600),
        System("b", "SAN", duration_minutes=10, rto_minutes=600),
        System("c", "ERP", duration_minutes=10, rto_minutes=60),
    )
    estate = Estate("acme", systems, (Dependency(2, 0), Dependency(2, 1)))
    gaps = analyse(with_authority(estate), today=TODAY).gaps
    of_pairs = [identity_of(gap) for gap in gaps if gap.code == "conflict_g1"]
    assert len(of_pairs) == len(set(of_pairs)) == 2
