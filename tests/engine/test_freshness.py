"""Facts that may be out of date: people whom nobody verified, tests that are too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import Contact, Estate, Exercise, ExerciseType, Outcome, System
from bcp.engine.freshness import doubts, unverified_people
from tests.engine.estates import TODAY


def said(estate: Estate) -> list[str]:
    answer = analyse(estate, today=TODAY)
    return [str(one) for one in doubts(answer, 0, unverified_people(estate, TODAY))]


def owned(verified_days_ago: int | None) -> Estate:
    verified = None if verified_days_ago is None else TODAY - timedelta(days=verified_days_ago)
    return Estate(
        "acme",
        (System("erp", "ERP", tier=2, owner="Ada", technical_owner="Ada", rto_minutes=600),),
        contacts=(Contact("ada", "Ada", verified_on=verified),),
    )


def proved(days_ago: int) -> Estate:
    exercise = Exercise(
        system=0,
        name="Spring",
        type=ExerciseType.FULL,
        done_on=TODAY - timedelta(days=days_ago),
        outcome=Outcome.SUCCESS,
        rta_minutes=60,
        rpa_minutes=0,
    )
    return replace(owned(1), exercises=(exercise,))


@pytest.mark.parametrize(("days", "is_stale"), [(None, True), (90, True), (89, False)])
def test_people_are_stale_after_ninety_days_and_named_once(days, is_stale):
    assert said(owned(days)) == (["Ada not verified for 90 days"] if is_stale else [])


def test_a_test_in_date_leaves_no_doubt_and_an_old_one_does():
    assert said(proved(10)) == []
    assert said(proved(1000)) == ["last test out of date"]


def test_a_change_since_the_last_test_is_said():
    estate = proved(300)
    system = replace(estate.systems[0], changed_on=TODAY - timedelta(days=250))
    assert said(replace(estate, systems=(system,))) == ["changed since the last test"]


def test_what_was_never_tested_is_not_stale():
    assert said(owned(1)) == []
