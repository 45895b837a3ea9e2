"""Which half of a recovery is missing, why, and what that means (rule B5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bcp.engine.estate import (
    Area,
    Combination,
    Content,
    CopyKind,
    Dependency,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    Outcome,
    Procedure,
    Strategy,
    System,
    TierPolicy,
)
from bcp.engine.readiness import Readiness, ReadinessClass, Shortfall
from tests.engine.backup_cast import DATABASE, DAY, HOUR, LOCKED, TODAY, estate_of, result_of

SYSTEM = replace(
    DATABASE,
    strategy=Strategy.RESTORE,
    owner="Ada",
    rto_minutes=4 * HOUR,
    rpo_minutes=2 * DAY,
    data_gb=Decimal(900),
)
APPROVED = Procedure(0, covers=frozenset(Area), approved=True)
PROVED = Exercise(0, "fail-over", ExerciseType.FULL, TODAY, Outcome.SUCCESS, 3 * HOUR, DAY)
TALKED = Exercise(0, "talk", ExerciseType.TABLETOP, TODAY, Outcome.SUCCESS)
SAFE = replace(LOCKED, separate_credentials=True)


def estate(
    system: System = SYSTEM, copies=(SAFE,), procedures=(APPROVED,), exercises=(PROVED,), **others
) -> Estate:
    systems = (system, *others.pop("more", ()))
    return estate_of(*copies, systems=systems, procedures=procedures, exercises=exercises, **others)


READY = estate()
PLANLESS = estate(procedures=(), exercises=())


def readiness_of(one: Estate, system: int = 0) -> Readiness:
    return result_of(one, system).readiness


def codes(one: Estate, system: int = 0) -> list[Shortfall]:
    readiness = readiness_of(one, system)
    return [reason.code for reason in (*readiness.backups, *readiness.plan)]


def told(one: Estate, system: int = 0) -> str:
    return " ".join(map(str, readiness_of(one, system).consequence))


def test_a_system_with_safe_copies_and_a_proved_plan_has_both_halves():
    assert readiness_of(READY).kind is ReadinessClass.BOTH
    assert codes(READY) == []
    assert told(READY) == (
        "Both halves are there: at worst 15 d 1 h 30 min of data are lost (ransomware that was "
        "inside for 14 d), and a full fail-over of 2026-03-02 proved the way back."
    )


def test_safe_copies_without_a_plan_are_only_backups():
    readiness = readiness_of(PLANLESS)
    assert readiness.kind is ReadinessClass.ONLY_BACKUPS
    assert [reason.code for reason in readiness.plan] == [
        Shortfall.PROCEDURE_MISSING,
        Shortfall.EXERCISE_NEVER,
    ]
    assert "but nobody could work: nobody wrote down how it comes back" in told(PLANLESS)


def test_a_plan_without_copies_is_only_a_recovery_plan():
    one = estate(copies=())
    assert readiness_of(one).kind is ReadinessClass.ONLY_PLAN
    assert told(one) == (
        "“ERP DB” would be rebuilt and come up without its 900 GB: there is no copy of its data."
    )


def test_without_either_half_both_are_said():
    one = estate(copies=(), procedures=(), exercises=())
    assert readiness_of(one).kind is ReadinessClass.NEITHER
    assert "neither half is sure" in told(one)
    assert "there is no copy of its data" in told(one)
    assert "nobody ever proved" in told(one)


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (replace(SYSTEM, strategy=None), Shortfall.STRATEGY_MISSING),
        (replace(SYSTEM, strategy=Strategy.NONE), Shortfall.STRATEGY_MISSING),
        (replace(SYSTEM, owner=None), Shortfall.OWNER_MISSING),
        (replace(SYSTEM, site=None), Shortfall.SITE_UNKNOWN),
    ],
)
def test_each_fact_of_the_system_that_is_missing_is_the_only_reason(system, code):
    assert codes(estate(system)) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"procedures": (replace(APPROVED, approved=False),)}, Shortfall.PROCEDURE_UNAPPROVED),
        (
            {"exercises": (replace(PROVED, done_on=TODAY - timedelta(days=93)),)},
            Shortfall.EXERCISE_OVERDUE,
        ),
        ({"exercises": (replace(PROVED, rta_minutes=DAY),)}, Shortfall.EXERCISE_NEVER),
    ],
)
def test_each_missing_part_of_the_plan_is_the_only_reason(changes, code):
    assert codes(estate(**changes)) == [code]


def test_an_approved_procedure_counts_before_a_newer_draft():
    draft = replace(APPROVED, approved=False)
    assert codes(estate(procedures=(APPROVED, draft))) == []
    assert codes(estate(procedures=(draft, APPROVED))) == []


def test_every_demanded_scenario_that_misses_the_rpo_is_a_reason():
    slow = replace(SAFE, interval_minutes=7 * DAY)
    reasons = readiness_of(estate(copies=(slow,))).backups
    assert [reason.code for reason in reasons] == [Shortfall.RPO_MISSED] * 4
    assert [reason.loss.scenario.name for reason in reasons] == [
        "system",
        "site:HQ",
        "ransomware:14d",
        "stolen_credentials",
    ]
    assert str(reasons[0].says) == (
        "after a failure of the system itself the newest good point is at worst 7 d 1 h 30 min "
        "old; the RPO is 2 d"
    )
    assert "7 d 1 h 30 min older than the attack" in str(reasons[2].says)
    assert "come up with data older than accepted" in told(estate(copies=(slow,)))


def test_the_dwell_time_itself_is_not_held_against_the_rpo():
    """No copy could ever meet an RPO of hours if the attacker's fortnight counted against it."""
    assert result_of(READY).loss_minutes["ransomware:14d"] > SYSTEM.rpo_minutes
    assert readiness_of(READY).kind is ReadinessClass.BOTH


def test_adding_a_locked_copy_changes_the_class():
    weekly_tape = replace(SAFE, key="t", offline=True, interval_minutes=7 * DAY)
    daily = replace(SAFE, key="d", locked_minutes=0)
    attacked = estate(copies=(daily, weekly_tape))
    assert codes(attacked) == [Shortfall.RPO_MISSED]
    assert readiness_of(attacked).kind is ReadinessClass.ONLY_PLAN
    fixed = estate(copies=(daily, weekly_tape, SAFE))
    assert readiness_of(fixed).kind is ReadinessClass.BOTH


def test_only_what_the_tier_demands_counts():
    open_copy = replace(SAFE, locked_minutes=0, separate_credentials=False)
    assert Shortfall.NOTHING_SURVIVES in codes(estate(copies=(open_copy,)))
    modest = TierPolicy(1, "one", scenarios=("system", "site"))
    assert codes(estate(copies=(open_copy,), tier_policies=(modest,))) == []


def test_a_tier_may_demand_the_organisations_own_combination():
    fire = Combination("fire and attack", ("site:HQ", "ransomware:14d"))
    policy = TierPolicy(1, "one", scenarios=("fire and attack",))
    facts = {"combinations": (fire,), "tier_policies": (policy,)}
    assert codes(estate(**facts)) == []
    assert codes(estate(copies=(replace(SAFE, site="Annex"),), **facts)) == [
        Shortfall.NOTHING_SURVIVES
    ]


def test_a_demand_that_does_not_exist_is_said_and_not_passed_over():
    policy = TierPolicy(1, "one", scenarios=("system", "earthquake"))
    assert codes(estate(tier_policies=(policy,))) == [Shortfall.SCENARIO_UNKNOWN]


def test_without_an_approved_rpo_nobody_decided_how_much_may_be_lost():
    low = replace(SYSTEM, tier=4, rpo_minutes=None)
    one = estate(low, exercises=(TALKED,))
    assert codes(one) == [Shortfall.RPO_MISSING]
    assert "nobody knows with which data" in told(one)


def test_an_unknown_loss_is_no_loss_that_meets_the_rpo():
    vague = replace(SAFE, lag_minutes=None)
    reasons = readiness_of(estate(copies=(vague,))).backups
    assert {reason.code for reason in reasons} == {Shortfall.LOSS_UNKNOWN}
    sure = estate(replace(SYSTEM, rpo_minutes=HOUR), copies=(vague,), exercises=())
    assert "but it is more than the RPO of 1 h" in str(readiness_of(sure).backups[0].says)


def test_an_untested_copy_keeps_its_class_and_is_called_a_rumour():
    untested = estate(copies=(replace(SAFE, restore_tested_on=None),))
    readiness = readiness_of(untested)
    assert (readiness.kind, readiness.rumour) == (ReadinessClass.BOTH, True)
    assert told(untested).endswith("is a rumour: nobody tried it in time.")
    assert not readiness_of(READY).rumour


SWITCH = System(
    "s", "Core switch", kind=Kind.NETWORK, tier=4, site="HQ", strategy=Strategy.REBUILD, owner="Bo"
)


def test_a_system_without_data_needs_copies_of_its_configuration_and_no_rpo():
    copy = replace(SAFE, content=Content.NETWORK)
    one = estate(SWITCH, copies=(copy,), exercises=(TALKED,))
    assert readiness_of(one).kind is ReadinessClass.BOTH
    assert "its configuration is safe" in told(one)
    bare = estate(SWITCH, copies=(), exercises=(TALKED,))
    assert codes(bare) == [Shortfall.NO_COPY]
    assert "without the settings that it had" in told(bare)


def test_a_facility_needs_no_copies_but_a_plan():
    hall = replace(SWITCH, name="Server hall", kind=Kind.FACILITY)
    one = estate(hall, copies=(), procedures=(), exercises=(TALKED,))
    assert readiness_of(one).kind is ReadinessClass.ONLY_BACKUPS
    assert "it holds nothing that a copy could save" in told(one)


def test_an_application_answers_for_its_data_and_for_its_own_configuration():
    app = System("a", "ERP", tier=4, site="HQ", rpo_minutes=2 * DAY)
    edges = (Dependency(1, 0),)
    bare = estate(more=(app,), dependencies=edges)
    assert codes(bare, 1)[0] is Shortfall.NO_COPY
    here = replace(SAFE, system=1, key="a", content=Content.CONFIGURATION, site="HQ")
    unsafe = estate(copies=(SAFE, here), more=(app,), dependencies=edges)
    assert codes(unsafe, 1)[0] is Shortfall.CONFIGURATION_UNSAFE
    safe = estate(
        copies=(replace(SAFE, interval_minutes=7 * DAY), replace(here, site="Vault")),
        more=(app,),
        dependencies=edges,
    )
    missed = readiness_of(safe, 1).backups
    assert [reason.code for reason in missed] == [Shortfall.RPO_MISSED] * 2
    assert "the newest good point of “ERP DB” is at worst" in str(missed[0].says)


def test_the_consequence_names_what_the_procedure_leaves_out_and_who_waits():
    partly = replace(APPROVED, covers=frozenset({Area.DATA, Area.APPLICATION}))
    app = System("a", "ERP")
    one = estate(procedures=(partly,), exercises=(), more=(app,), dependencies=(Dependency(1, 0),))
    assert told(one).endswith(
        "Its procedure does not say how these come back: infrastructure, network, access. "
        "Systems that need it directly and wait with it: 1."
    )


def test_replicas_alone_are_no_backups_of_a_system_that_must_withstand_an_attack():
    mirror = replace(SAFE, kind=CopyKind.REPLICA, interval_minutes=0, run_minutes=0)
    assert codes(estate(copies=(mirror,))) == [Shortfall.NOTHING_SURVIVES] * 2
