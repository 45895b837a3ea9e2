"""What a proposed target asks for, against the analysis run by hand on the changed estate."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System
from bcp.engine.proposal import Demand, Target, Turn, consequences
from bcp.engine.results import Standing
from bcp.engine.targets import NO_LIMIT
from tests.engine.estates import TODAY, estates, with_authority


def four_hours_for_a_chain_of_nine() -> Estate:
    systems = (
        System("db", "Database", duration_minutes=360, rto_minutes=480),
        System("erp", "ERP", duration_minutes=120),
        System("orders", "Orders", duration_minutes=60),
    )
    return with_authority(Estate("acme", systems, (Dependency(1, 0), Dependency(2, 1))))


def test_the_demands_reach_every_system_below_most_pressing_first():
    before = analyse(four_hours_for_a_chain_of_nine(), today=TODAY)
    found = consequences(before, {"orders": Target(240, None, None)}, today=TODAY)
    assert found.demands == (
        Demand(0, None, 60, 360, False, 480, False, False),
        Demand(1, None, 180, 480, False, None, False, False),
    )
    assert not any(one.is_met for one in found.demands)
    assert found.turns == (
        Turn(0, Standing.MEETS, Standing.AT_RISK),
        Turn(2, Standing.UNKNOWN, Standing.MISSES),
    )
    assert {(one.dependent, one.dependency) for one in found.appeared} == {(2, 0), (2, 1)}
    assert found.disappeared == ()


def test_nobody_says_that_a_demand_is_met_while_work_that_follows_is_unknown():
    """Nobody knows what the application takes, so the database may have less than four hours."""
    systems = (
        System("db", "Database", duration_minutes=60),
        System("erp", "ERP", duration_minutes=None),
        System("orders", "Orders", duration_minutes=0),
    )
    edges = (Dependency(1, 0), Dependency(2, 1))
    before = analyse(with_authority(Estate("acme", systems, edges)), today=TODAY)
    found = consequences(before, {"orders": Target(240, None, None)}, today=TODAY)
    database = next(one for one in found.demands if one.system == 0)
    assert (database.now_minutes, database.now_at_most, database.before_at_most) == (
        240,
        True,
        False,
    )
    assert database.restored_minutes == 60
    assert not database.at_least
    assert not database.is_met
    application = next(one for one in found.demands if one.system == 1)
    assert (application.now_at_most, application.at_least) == (False, True)
    assert not application.is_met


def test_a_looser_target_makes_a_conflict_disappear():
    estate = four_hours_for_a_chain_of_nine()
    systems = (*estate.systems[:2], replace(estate.systems[2], rto_minutes=240))
    before = analyse(replace(estate, systems=systems), today=TODAY)
    found = consequences(before, {"orders": Target(660, None, None)}, today=TODAY)
    assert found.appeared == ()
    assert len(found.disappeared) == len(before.conflicts) == 2


def test_the_same_target_again_changes_nothing():
    estate = four_hours_for_a_chain_of_nine()
    before = analyse(estate, today=TODAY)
    assert consequences(before, {"db": Target(480, None, None)}, today=TODAY).change_nothing


def test_a_system_that_takes_no_part_asks_nothing():
    before = analyse(four_hours_for_a_chain_of_nine(), today=TODAY)
    assert consequences(before, {"retired": Target(0, 0, 0)}, today=TODAY).change_nothing


@settings(max_examples=100)
@given(estates())
def test_what_whole_estates_are_compared_by_is_what_each_result_says(estate):
    answer = analyse(estate, today=TODAY)
    assert list(answer.standings) == [one.standing for one in answer.systems]
    assert [None if one == NO_LIMIT else one for one in answer.required] == [
        one.required_rto_minutes for one in answer.systems
    ]


@settings(max_examples=100)
@given(estates(), st.data())
def test_proposals_together_are_the_analysis_of_the_estate_that_has_them(estate, data):
    before = analyse(estate, today=TODAY)
    chosen = data.draw(st.sets(st.integers(0, len(estate.systems) - 1), min_size=1))
    rto = data.draw(st.integers(0, 900))
    targets = {estate.systems[one].key: Target(rto, None, None) for one in chosen}
    found = consequences(before, targets, today=TODAY)
    by_hand = analyse(
        replace(
            estate,
            systems=tuple(
                replace(one, rto_minutes=rto, rpo_minutes=None, mtd_minutes=None)
                if position in chosen
                else one
                for position, one in enumerate(estate.systems)
            ),
        ),
        today=TODAY,
    )
    assert found.proposed == tuple(sorted(chosen))
    for position, result in enumerate(by_hand.systems):
        was = before.systems[position].required_rto_minutes
        required = result.required_rto_minutes
        demanded = [one for one in found.demands if one.system == position]
        tighter = required is not None and (was is None or required < was)
        assert [one.now_minutes for one in demanded] == ([required] if tighter else [])


def test_a_stricter_promise_does_not_make_the_one_before_it_go_away():
    """Two processes need the same database; each promise alone contradicts what it promises."""
    systems = (
        System("db", "Database", duration_minutes=360, rto_minutes=900),
        System("erp", "ERP", duration_minutes=120),
        System("orders", "Orders", duration_minutes=60, rto_minutes=480),
        System("shop", "Shop", duration_minutes=60),
    )
    edges = (Dependency(1, 0), Dependency(2, 1), Dependency(3, 1))
    before = analyse(with_authority(Estate("acme", systems, edges)), today=TODAY)
    tighter = consequences(before, {"shop": Target(240, None, None)}, today=TODAY)
    assert {(one.dependent, one.dependency) for one in tighter.appeared} == {(3, 0), (3, 1)}
    assert tighter.disappeared == ()
    back = consequences(tighter.after, {"shop": Target(None, None, None)}, today=TODAY)
    assert back.appeared == (), "it was there all along, behind the stricter one"
    assert {(one.dependent, one.dependency) for one in back.disappeared} == {(3, 0), (3, 1)}
