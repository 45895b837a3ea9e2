"""Copies, procedures, exercises, policies and combinations that make no sense are refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bcp.engine.estate import (
    Combination,
    Exercise,
    ExerciseType,
    Procedure,
    Step,
    TierPolicy,
)
from bcp.engine.validation import problems
from tests.engine.backup_cast import DATABASE, LOCKED, NIGHTLY, estate_of

GOOD = estate_of(
    NIGHTLY,
    LOCKED,
    procedures=(Procedure(0, (Step(5),)),),
    exercises=(Exercise(0, "talk", ExerciseType.TABLETOP),),
    combinations=(Combination("fire", ("site:HQ", "ransomware:14d")),),
    tier_policies=(TierPolicy(1, "one", scenarios=("system", "site", "supplier", "fire")),),
)


def test_an_estate_with_backups_that_make_sense_is_accepted():
    assert problems(GOOD) == ()


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"copies": (replace(NIGHTLY, system=1),)}, "a copy names system 1 of only 1"),
        ({"procedures": (Procedure(-1),)}, "a procedure names system -1 of only 1"),
        (
            {"exercises": (Exercise(7, "x", ExerciseType.FULL),)},
            "an exercise names system 7 of only 1",
        ),
        (
            {"copies": (NIGHTLY, replace(NIGHTLY, key="2"))},
            "two copies of one system are named “nightly”",
        ),
        ({"copies": (replace(NIGHTLY, site="Moon"),)}, "is kept at the unknown site “Moon”"),
        (
            {"copies": (replace(NIGHTLY, restore_mb_s=Decimal(-1)),)},
            "has a throughput of less than nothing",
        ),
        ({"copies": (replace(NIGHTLY, lag_minutes=-5),)}, "“nightly” has a time of −5 min"),
        ({"systems": (replace(DATABASE, data_gb=Decimal(-1)),)}, "“ERP DB” has less than no data"),
        (
            {"exercises": (Exercise(0, "x", ExerciseType.FULL, rta_minutes=-1),)},
            "“x” has a time of −1 min",
        ),
        ({"procedures": (Procedure(0, (Step(high=-1),)),)}, "“ERP DB” has a time of −1 min"),
        ({"combinations": (Combination("fire", ()),), "tier_policies": ()}, "has no parts"),
        (
            {"combinations": (*GOOD.combinations, Combination("Fire", ("site:HQ",)))},
            "two combinations of scenarios are named “Fire”",
        ),
        (
            {"combinations": (*GOOD.combinations, Combination("everything", ("site:HQ",)))},
            "the combination “everything” bears the name of a scenario",
        ),
        (
            {"combinations": (*GOOD.combinations, Combination("bad", ("flood",)))},
            "has the part “flood”, which is no scenario",
        ),
        (
            {"tier_policies": (TierPolicy(1, "one", scenarios=("flood",)),)},
            "“flood” is not a scenario",
        ),
        (
            {"tier_policies": (TierPolicy(2, "two", cadence_days=0),)},
            "tier 2 is to be tested every less than a day",
        ),
        (
            {"tier_policies": (TierPolicy(2, "two", minimum_exercise=ExerciseType.RESTORE),)},
            "tier 2 asks for a restore test",
        ),
    ],
)
def test_what_makes_no_sense_is_said(facts, says):
    assert any(says in str(problem) for problem in problems(replace(GOOD, **facts)))
