"""Where a recovery duration comes from, and from when it is (rule G9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    DurationSource,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    Outcome,
    Procedure,
    Step,
)
from bcp.engine.results import SystemResult
from tests.engine.backup_cast import DATABASE, DAY, HOUR, NIGHTLY, TODAY, estate_of

JANUARY = date(2026, 1, 5)
SYSTEM = replace(
    DATABASE,
    tier=2,
    rto_minutes=8 * HOUR,
    rpo_minutes=2 * DAY,
    data_gb=Decimal(360),
    duration_minutes=40,
    duration_source=DurationSource.ESTIMATE,
    duration_as_of=JANUARY,
)
TESTED = Exercise(0, "spring", ExerciseType.FUNCTIONAL, TODAY, Outcome.SUCCESS, 10, DAY)
WRITTEN = Procedure(0, (Step(5, 4, 9), Step(15, 10, 31)), approved=True, approved_on=JANUARY)
COPY = replace(NIGHTLY, restore_mb_s=Decimal(200))
EVERY_SOURCE = estate_of(COPY, systems=(SYSTEM,), exercises=(TESTED,), procedures=(WRITTEN,))


def result_of(estate: Estate) -> SystemResult:
    return analyse(estate, today=TODAY).systems[0]


def found(estate: Estate) -> tuple[object, ...]:
    result = result_of(estate)
    return result.duration_minutes, result.duration_source, result.duration_as_of


def test_a_qualifying_test_goes_before_everything_else():
    assert found(EVERY_SOURCE) == (10, DurationSource.TEST, TODAY)


def test_the_last_test_that_qualifies_counts_however_old_it_is():
    long_ago = replace(TESTED, done_on=TODAY - timedelta(days=1000))
    failed = replace(TESTED, outcome=Outcome.FAILURE, rta_minutes=99)
    estate = replace(EVERY_SOURCE, exercises=(long_ago, failed))
    assert found(estate) == (10, DurationSource.TEST, long_ago.done_on)


def test_a_real_incident_counts_as_a_test():
    incident = replace(TESTED, type=ExerciseType.INCIDENT, rta_minutes=77)
    assert found(replace(EVERY_SOURCE, exercises=(incident,))) == (77, DurationSource.TEST, TODAY)


def test_a_procedure_goes_before_the_restore_and_sums_its_steps():
    estate = replace(EVERY_SOURCE, exercises=())
    assert found(estate) == (20, DurationSource.PROCEDURE, JANUARY)


def test_a_sum_with_a_step_that_nobody_timed_does_not_exist():
    vague = replace(WRITTEN, steps=(*WRITTEN.steps, Step()))
    estate = replace(EVERY_SOURCE, exercises=(), procedures=(vague,))
    assert found(estate)[1] is DurationSource.RESTORE
    empty = replace(WRITTEN, steps=())
    assert found(replace(estate, procedures=(empty,)))[1] is DurationSource.RESTORE


def test_a_draft_is_better_than_a_guess():
    draft = replace(WRITTEN, approved=False, approved_on=None)
    estate = replace(EVERY_SOURCE, exercises=(), procedures=(draft,))
    assert found(estate) == (20, DurationSource.PROCEDURE, None)


def test_the_restore_goes_before_what_was_typed_in():
    estate = replace(EVERY_SOURCE, exercises=(), procedures=())
    assert found(estate) == (30, DurationSource.RESTORE, TODAY)


def test_what_was_typed_in_is_the_last_resort():
    assert found(estate_of(systems=(SYSTEM,))) == (40, DurationSource.ESTIMATE, JANUARY)


def test_nothing_known_stays_unknown():
    bare = replace(SYSTEM, duration_minutes=None, duration_source=None, duration_as_of=None)
    assert found(estate_of(systems=(bare,))) == (None, None, None)


def test_a_supplier_recovers_in_the_time_of_its_contract():
    supplier = replace(SYSTEM, kind=Kind.SUPPLIER, duration_source=DurationSource.CONTRACT)
    estate = replace(EVERY_SOURCE, systems=(supplier,), exercises=(), procedures=())
    assert found(estate) == (40, DurationSource.CONTRACT, JANUARY)


def test_a_figure_typed_in_as_measured_is_not_replaced_by_a_procedure():
    measured = replace(SYSTEM, duration_source=DurationSource.TEST)
    estate = replace(EVERY_SOURCE, systems=(measured,), exercises=())
    assert found(estate) == (40, DurationSource.TEST, JANUARY)


def test_the_chosen_duration_moves_the_timeline():
    assert result_of(EVERY_SOURCE).restored_minutes == 10
    assert result_of(replace(EVERY_SOURCE, exercises=())).restored_minutes == 20


def test_a_known_duration_is_no_longer_at_least():
    bare = replace(SYSTEM, duration_minutes=None)
    kept = replace(EVERY_SOURCE, systems=(bare,), detection_minutes=0)
    assert result_of(kept).unknown_count == 0
    assert result_of(estate_of(systems=(bare,))).unknown_count == 1


@pytest.mark.parametrize("scenario", ["everything", "site:Vault"])
def test_a_system_that_is_spared_shows_the_same_kind_of_duration(scenario):
    estate = replace(EVERY_SOURCE, exercises=(), procedures=())
    result = analyse(estate, scenario, today=TODAY).systems[0]
    assert (result.duration_minutes, result.duration_source) == (30, DurationSource.RESTORE)
