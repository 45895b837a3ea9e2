"""Gaps of backups and plans: their codes, how bad they are, and what closes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Area,
    Content,
    CopyKind,
    Dependency,
    Estate,
    Exercise,
    ExerciseType,
    Outcome,
    Procedure,
    Step,
    Strategy,
    System,
    TierPolicy,
)
from bcp.engine.results import Gap, Severity
from tests.engine.backup_cast import DATABASE, DAY, HOUR, LOCKED, NIGHTLY, TODAY, estate_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SYSTEM = replace(
    DATABASE,
    strategy=Strategy.RESTORE,
    owner="Ada",
    technical_owner="Bo",
    rto_minutes=4 * HOUR,
    rpo_minutes=2 * DAY,
)
SAFE = replace(LOCKED, separate_credentials=True, last_success=NOW)
TAPE = replace(SAFE, key="t", name="tape", medium="tape", offline=True)
APPROVED = Procedure(0, (Step(HOUR),), frozenset(Area), approved=True)
PROVED = Exercise(0, "fail-over", ExerciseType.FULL, TODAY, Outcome.SUCCESS, 3 * HOUR, DAY)
OF_THE_RECORDS = {"no_default_path", "strategy_missing", "owner_missing", "site_missing"}


def estate(*copies, system: System = SYSTEM, **others: object) -> Estate:
    facts = {"procedures": (APPROVED,), "exercises": (PROVED,), **others}
    return estate_of(*(copies or (SAFE, TAPE)), systems=(system,), **facts)


def gaps_of(one: Estate) -> list[Gap]:
    gaps = analyse(one, "system:ERP DB", today=TODAY, now=NOW).gaps
    return [gap for gap in gaps if gap.code not in OF_THE_RECORDS]


def codes(one: Estate) -> list[str]:
    return [gap.code for gap in gaps_of(one)]


def test_a_well_kept_system_has_no_gap():
    assert codes(estate()) == []


def only_gap(one: Estate) -> Gap:
    (gap,) = gaps_of(one)
    assert (gap.subject_kind, gap.subject_key, gap.system) == ("system", "db", 0)
    return gap


def test_a_system_without_a_copy_has_that_gap_and_none_of_the_digits():
    gap = only_gap(replace(estate(), copies=()))
    assert (gap.code, gap.severity) == ("no_copy", Severity.HIGH)
    assert str(gap.says) == "“ERP DB”: there is no copy of its data"


def test_replicas_alone_are_one_gap_that_says_why():
    mirror = replace(SAFE, kind=CopyKind.REPLICA, interval_minutes=0, run_minutes=0, lag_minutes=0)
    found = codes(estate(mirror, replace(mirror, key="m", name="second", medium="flash")))
    assert found == ["replica_only", "copies_rule_1_offline"]


def test_each_demanded_scenario_without_a_surviving_copy_says_what_would_survive_it():
    beside = replace(SAFE, site="HQ", locked_minutes=0, separate_credentials=False)
    fixes = {
        str(gap.says): str(gap.fix)
        for gap in gaps_of(estate(beside, replace(beside, key="b", name="b", medium="tape")))
        if gap.code == "nothing_survives"
    }
    assert fixes == {
        "“ERP DB”: after the loss of the site “HQ” no copy is left": (
            "Keep a copy in a zone that the loss of the site “HQ” spares"
        ),
        "“ERP DB”: after ransomware that was inside for 14 d no copy is left": (
            "Add a copy that is offline, or locked for longer than 14 d and its interval, and "
            "keep it as long"
        ),
        "“ERP DB”: after the theft of administrator credentials no copy is left": (
            "Put a copy under credentials of its own, lock it against deletion, or take one offline"
        ),
    }


def test_a_snapshot_alone_does_not_survive_the_failure_of_its_storage():
    snapshot = replace(SAFE, kind=CopyKind.SNAPSHOT, site="HQ")
    fixes = [str(gap.fix) for gap in gaps_of(estate(snapshot)) if gap.code == "nothing_survives"]
    assert fixes[0] == "Add a copy that does not lie on the storage of production"


def test_a_missed_rpo_says_how_often_to_copy():
    gaps = gaps_of(estate(system=replace(SYSTEM, rpo_minutes=DAY), exercises=(PROVED,)))
    missed = [gap for gap in gaps if gap.code == "rpo_missed"]
    assert len(missed) == 4, "one for each scenario that the tier demands"
    assert str(missed[0].fix) == (
        "Make a copy that survives at least every 1 d, run time and shipping included, or "
        "approve an RPO of 1 d 1 h 30 min or more"
    )


def test_where_a_test_would_do_the_gap_says_so():
    weekly = replace(TAPE, interval_minutes=7 * DAY)
    untested = replace(SAFE, restore_tested_on=None)
    gaps = gaps_of(estate(weekly, untested))
    fix = next(gap.fix for gap in gaps if gap.code == "rpo_missed")
    assert str(fix) == (
        "Restore “locked” in a test: it survives and would lose at most 1 d 1 h 30 min"
    )


@pytest.mark.parametrize(
    ("one", "code", "severity"),
    [
        (estate(procedures=()), "procedure_missing", Severity.HIGH),
        (
            estate(procedures=(replace(APPROVED, approved=False),)),
            "procedure_unapproved",
            Severity.MEDIUM,
        ),
        (estate(exercises=()), "exercise_never", Severity.HIGH),
        (
            estate(exercises=(replace(PROVED, done_on=TODAY - timedelta(days=93)),)),
            "exercise_overdue",
            Severity.MEDIUM,
        ),
        (
            estate(tier_policies=(TierPolicy(1, "one", scenarios=("flood",)),)),
            "scenario_unknown",
            Severity.MEDIUM,
        ),
        (
            estate(SAFE, replace(TAPE, restore_outcome=Outcome.FAILURE)),
            "restore_test_failed",
            Severity.HIGH,
        ),
        (estate(SAFE, replace(TAPE, restore_tested_on=None)), "untested_copy", Severity.LOW),
        (
            estate(replace(SAFE, restore_tested_on=None), replace(TAPE, restore_tested_on=None)),
            "untested_copy",
            Severity.HIGH,
        ),
        (estate(SAFE, replace(TAPE, medium="object")), "copies_rule_2", Severity.MEDIUM),
        (
            estate(SAFE, replace(TAPE, last_failure=NOW + timedelta(1))),
            "failed_copy",
            Severity.HIGH,
        ),
        (
            estate(SAFE, replace(TAPE, last_success=NOW - timedelta(days=3))),
            "late_copy",
            Severity.HIGH,
        ),
        (estate(SAFE, replace(TAPE, last_success=None)), "silent_copy", Severity.MEDIUM),
    ],
)
def test_each_gap_is_the_only_one_of_its_system(one, code, severity):
    gap = only_gap(one)
    assert (gap.code, gap.severity) == (code, severity)
    assert str(gap.says)
    assert str(gap.fix)


def test_two_copies_are_one_short_with_production():
    assert codes(estate(SAFE)) == ["copies_rule_3", "copies_rule_2"]


def test_untested_copies_are_named_in_one_gap():
    one = estate(replace(SAFE, restore_tested_on=None), replace(TAPE, restore_tested_on=None))
    assert str(only_gap(one).says) == (
        "nobody restored these copies of “ERP DB” within 92 days: locked, tape"
    )


def test_a_late_copy_says_for_how_long():
    late = replace(TAPE, last_success=NOW - timedelta(days=3))
    assert "it reported success 3 d ago and runs every 1 d" in str(
        only_gap(estate(SAFE, late)).says
    )


def test_without_the_time_of_day_nothing_is_said_of_lateness():
    late = estate(SAFE, replace(TAPE, last_success=NOW - timedelta(days=3)))
    assert "late_copy" not in [gap.code for gap in analyse(late, today=TODAY).gaps]


def test_copies_of_any_content_may_be_late():
    other = replace(
        TAPE, key="o", name="config", content=Content.CONFIGURATION, last_success=NOW - timedelta(9)
    )
    assert codes(estate(SAFE, TAPE, other)) == ["late_copy"]


def test_a_store_that_cannot_follow_its_fellow_back_is_a_gap_of_that_store():
    documents = replace(SYSTEM, key="docs", name="Documents")
    weekly = replace(SAFE, system=1, key="w", interval_minutes=7 * DAY)
    short = replace(NIGHTLY, retention_minutes=2 * DAY)
    one = estate_of(short, weekly, systems=(SYSTEM, documents), dependencies=(Dependency(0, 1),))
    gaps = [gap for gap in gaps_of(one) if gap.code == "no_common_point"]
    assert [gap.system for gap in gaps] == [0]
    assert "“Documents” come back up to 7 d 1 h 30 min old" in str(gaps[0].says)


def test_an_exercise_that_took_longer_than_planned_is_not_forgotten():
    slow = replace(PROVED, outcome=Outcome.PARTIAL, rta_minutes=3 * HOUR)
    gaps = gaps_of(estate(exercises=(slow,)))
    (gap,) = [gap for gap in gaps if gap.code == "measured_slower"]
    assert str(gap.says) == (
        "“ERP DB” took 3 h in the exercise of 2026-03-02; the plan counts on 1 h"
    )


def test_a_procedure_that_allows_less_than_the_restore_takes_is_a_gap():
    large = replace(SYSTEM, data_gb=Decimal(720))
    slow = replace(SAFE, restore_mb_s=Decimal(100))
    one = estate(slow, TAPE, system=large, exercises=())
    (gap,) = [gap for gap in gaps_of(one) if gap.code == "restore_longer"]
    assert "takes 1 h, but restoring its data alone takes 2 h" in str(gap.says)


def test_the_worst_gaps_of_recovery_and_backups_come_first_together():
    lower = replace(SYSTEM, key="low", name="Wiki", tier=4)
    one = estate_of(systems=(lower, SYSTEM))
    gaps = analyse(one, today=TODAY).gaps
    ranks = [list(Severity).index(gap.severity) for gap in gaps]
    assert ranks == sorted(ranks)
    of_systems = [gap.subject_key for gap in gaps if gap.severity is Severity.HIGH and gap.system]
    assert set(of_systems) == {"db"}


def test_gaps_are_found_once_and_can_be_counted_sliced_and_read_again():
    gaps = analyse(estate(SAFE), today=TODAY).gaps
    assert len(gaps) == len(list(gaps)) == len(gaps[:]) > 0
    assert gaps[0] is gaps[0]
