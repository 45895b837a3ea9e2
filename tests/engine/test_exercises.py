"""Which exercises prove a recovery, and when the next is due (rules X1 to X4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bcp.engine.estate import Exercise, ExerciseType, Outcome, System, TierPolicy
from bcp.engine.exercises import SOON_DAYS, DueState, Proof, due_state, prove
from bcp.engine.policies import QUARTERLY_DAYS, YEARLY_DAYS, default_rules, tier_rules
from bcp.engine.wording_of_exercises import explain_due
from tests.engine.backup_cast import DAY, HOUR, TODAY, estate_of

ERP = System("e", "ERP", tier=2, rto_minutes=4 * HOUR, rpo_minutes=DAY)
DONE = Exercise(0, "spring", ExerciseType.FUNCTIONAL, TODAY, Outcome.SUCCESS, 3 * HOUR, HOUR)


def proof_of(*exercises: Exercise, system: System = ERP, holds_data: bool = True) -> Proof:
    rules = default_rules(system.tier)
    return prove(system, exercises, rules, holds_data=holds_data, today=TODAY)


def reasons(exercise: Exercise, **others: object) -> list[str]:
    (one,) = proof_of(exercise, **others).judged
    assert one.qualifies == (not one.reasons)
    return [str(reason) for reason in one.reasons]


def test_an_exercise_that_met_its_objectives_and_targets_qualifies():
    proof = proof_of(DONE)
    assert proof.last is not None
    assert proof.last.exercise is DONE
    assert (proof.due, proof.in_date) == (TODAY + timedelta(days=YEARLY_DAYS), True)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"type": ExerciseType.TABLETOP}, "a tabletop exercise is less than the functional"),
        ({"type": ExerciseType.CHECKLIST}, "a checklist is less than"),
        ({"type": ExerciseType.RESTORE}, "a restore test proves a copy"),
        ({"outcome": Outcome.PARTIAL}, "its objectives were not met: partial"),
        ({"outcome": None}, "nobody recorded whether its objectives were met"),
        ({"rta_minutes": 4 * HOUR + 1}, "recovery took 4 h 1 min, more than the RTO of 4 h"),
        ({"rpa_minutes": DAY + 1}, "1 d 1 min of data were lost, more than the RPO of 1 d"),
        ({"rta_minutes": None}, "nobody measured the recovery time"),
        ({"rpa_minutes": None}, "nobody measured the data loss: no restore was part of it"),
    ],
)
def test_an_exercise_that_falls_short_says_in_what(facts, says):
    (reason,) = reasons(replace(DONE, **facts))
    assert reason.startswith(says)


def test_a_figure_that_just_meets_its_target_is_enough():
    assert reasons(replace(DONE, rta_minutes=4 * HOUR, rpa_minutes=DAY)) == []


def test_without_approved_targets_measured_figures_prove_nothing():
    bare = replace(ERP, rto_minutes=None, rpo_minutes=None)
    assert len(reasons(DONE, system=bare)) == 2


def test_a_system_that_holds_no_data_has_no_loss_to_measure():
    assert reasons(replace(DONE, rpa_minutes=None), holds_data=False) == []


@pytest.mark.parametrize("kind", [ExerciseType.PARALLEL, ExerciseType.FULL, ExerciseType.INCIDENT])
def test_whatever_stands_higher_on_the_ladder_is_enough(kind):
    assert reasons(replace(DONE, type=kind)) == []


def test_the_first_tier_asks_for_a_full_fail_over_or_a_real_incident():
    critical = replace(ERP, tier=1)
    for kind in (ExerciseType.FULL, ExerciseType.INCIDENT):
        assert reasons(replace(DONE, type=kind), system=critical) == []
    assert len(reasons(replace(DONE, type=ExerciseType.PARALLEL), system=critical)) == 1


def test_a_low_tier_may_talk_it_through_and_measure_nothing():
    talked = Exercise(0, "talk", ExerciseType.TABLETOP, TODAY, Outcome.SUCCESS)
    low = replace(ERP, tier=4, rto_minutes=None, rpo_minutes=None)
    assert reasons(talked, system=low) == []
    late = replace(talked, rta_minutes=5 * HOUR)
    assert len(reasons(late, system=replace(ERP, tier=4))) == 1


def test_a_system_that_was_never_tested_is_due_now():
    planned = replace(DONE, done_on=None)
    tomorrow = replace(DONE, done_on=TODAY + timedelta(days=1))
    failed = replace(DONE, outcome=Outcome.FAILURE)
    for proof in (proof_of(), proof_of(planned), proof_of(tomorrow), proof_of(failed)):
        assert (proof.last, proof.due, proof.in_date) == (None, TODAY, False)


def test_the_last_that_qualifies_counts_and_later_failures_are_still_shown():
    old = replace(DONE, done_on=TODAY - timedelta(days=100))
    failed = replace(DONE, outcome=Outcome.FAILURE)
    proof = proof_of(old, failed)
    assert [one.exercise for one in proof.judged] == [failed, old]
    assert proof.last is not None
    assert proof.last.exercise is old


@pytest.mark.parametrize(("days", "in_date"), [(YEARLY_DAYS, True), (YEARLY_DAYS + 1, False)])
def test_a_test_holds_through_its_last_day(days, in_date):
    proof = proof_of(replace(DONE, done_on=TODAY - timedelta(days=days)))
    assert proof.in_date is in_date


def test_mission_critical_systems_are_tested_every_quarter():
    full = replace(DONE, type=ExerciseType.FULL)
    proof = proof_of(full, system=replace(ERP, tier=1))
    assert proof.due == TODAY + timedelta(days=QUARTERLY_DAYS)


def test_a_structural_change_brings_the_next_test_forward():
    old = replace(DONE, done_on=TODAY - timedelta(days=50))
    changed = replace(ERP, changed_on=TODAY - timedelta(days=10))
    proof = proof_of(old, system=changed)
    assert (proof.due, proof.changed) == (TODAY + timedelta(days=20), True)
    before = replace(ERP, changed_on=TODAY - timedelta(days=60))
    assert not proof_of(old, system=before).changed


def test_a_change_never_puts_a_test_off():
    old = replace(DONE, done_on=TODAY - timedelta(days=YEARLY_DAYS - 5))
    assert proof_of(old, system=replace(ERP, changed_on=TODAY)).due == TODAY + timedelta(days=5)


def test_a_tiers_policy_goes_before_the_default_and_leaves_the_rest_alone():
    policy = TierPolicy(2, "two", cadence_days=30, scenarios=("system",))
    rules = tier_rules(estate_of(tier_policies=(policy,)))
    assert (rules[2].cadence_days, rules[2].scenarios) == (30, ("system",))
    assert rules[2].minimum_exercise is default_rules(2).minimum_exercise
    assert rules[3] == default_rules(3)


def test_no_tier_is_held_to_the_least():
    assert default_rules(None) == default_rules(4)
    assert default_rules(None).minimum_exercise is ExerciseType.TABLETOP


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (YEARLY_DAYS + 1, DueState.OVERDUE),
        (YEARLY_DAYS, DueState.SOON),
        (YEARLY_DAYS - SOON_DAYS, DueState.SOON),
        (YEARLY_DAYS - SOON_DAYS - 1, DueState.LATER),
    ],
)
def test_how_a_system_stands_turns_with_the_day(days_ago, state):
    proof = proof_of(replace(DONE, done_on=TODAY - timedelta(days=days_ago)))
    assert due_state(proof, TODAY) is state


def test_what_never_qualified_is_due_now_whatever_was_tried():
    assert due_state(proof_of(replace(DONE, outcome=None)), TODAY) is DueState.NEVER


def test_why_it_is_due_names_what_counted_what_changed_and_what_did_not():
    spring, summer, autumn = (TODAY - timedelta(days=days) for days in (90, 60, 30))
    system = replace(ERP, changed_on=summer)
    proof = proof_of(
        replace(DONE, done_on=TODAY - timedelta(days=200), outcome=Outcome.FAILURE),
        replace(DONE, done_on=spring),
        replace(DONE, done_on=autumn, type=ExerciseType.TABLETOP, outcome=Outcome.PARTIAL),
        system=system,
    )
    assert list(map(str, explain_due(system, proof, default_rules(2)))) == [
        f"A functional exercise of {spring} proved that it comes back. Its tier asks for a"
        " functional exercise, or more, every 365 days.",
        f"It was changed on {summer}: after that, a test is due within 30 days.",
        f"The tabletop exercise of {autumn} does not count: a tabletop exercise is less than the"
        " functional exercise that its tier asks for; its objectives were not met: partial.",
    ]


def test_what_nobody_tried_says_what_its_tier_asks_for():
    assert list(map(str, explain_due(ERP, proof_of(), default_rules(1)))) == [
        "No exercise has proved yet that it comes back. Its tier asks for a full fail-over, or"
        " more, every 92 days."
    ]
