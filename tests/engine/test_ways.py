"""What would fix it: every offered set of changes suffices, and no part of it does."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.changes import Change, Open, Shorten, Tighten, changed, with_target
from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.ways import LEAST_PART, MOST_CHANGES, ways_to_meet
from tests.engine.estates import TODAY, estates, with_authority


def meets(estate: Estate, system: int, rto: int) -> bool:
    """The rules read literally on the analysis: in time, and no promise below it in the way."""
    analysis = analyse(estate, today=TODAY)
    if analysis.systems[system].restored_minutes > rto:
        return False
    # Only its own promise counts: those of others are not what is asked about.
    alone = replace(
        estate,
        systems=tuple(
            one if position == system else replace(one, rto_minutes=None)
            for position, one in enumerate(estate.systems)
        ),
    )
    required = [one.required_rto_minutes for one in analyse(alone, today=TODAY).systems]
    return all(
        one.rto_minutes is None or limit is None or one.rto_minutes <= max(0, limit)
        for one, limit in zip(estate.systems, required, strict=True)
    )


def parts(changes: tuple[Change, ...]) -> list[tuple[Change, ...]]:
    return list(chain.from_iterable(combinations(changes, n) for n in range(len(changes))))


@settings(max_examples=200)
@given(estates(loops=False, largest=6), st.data())
def test_every_offer_suffices_and_no_part_of_it_does(estate, data):
    system = data.draw(st.integers(0, len(estate.systems) - 1))
    achieved = analyse(estate, today=TODAY).systems[system].restored_minutes
    rto = data.draw(st.integers(0, achieved))
    wanted = with_target(estate, system, rto)
    for offer in ways_to_meet(estate, system, rto, today=TODAY).offers:
        every = (*offer.changes, *offer.targets)
        assume(len(every) <= 8)
        then = changed(wanted, every)
        assert meets(then, system, rto)
        restored = analyse(then, today=TODAY).systems[system].restored_minutes
        assert restored == offer.restored_minutes
        for part in parts(every):
            assert not meets(changed(wanted, part), system, rto)


def every_change(estate: Estate) -> list[Change]:
    """Whatever could be changed of the times, each as far as it goes."""
    found: list[Change] = []
    for position, result in enumerate(analyse(estate, today=TODAY).systems):
        minutes = result.duration_minutes or 0
        if minutes > 1:
            found.append(Shorten(position, minutes, -(-minutes // LEAST_PART)))
    pairs = {
        (edge.dependent, edge.dependency)
        for edge in estate.dependencies
        if edge.needed_to is not NeededTo.FULL_SERVICE and not edge.bootstrap
    }
    return found + [Open(*pair) for pair in sorted(pairs) if pair[0] != pair[1]]


@settings(max_examples=200, deadline=None)
@given(estates(loops=False, largest=5), st.data())
def test_the_smallest_offer_is_as_small_as_trying_everything_finds(estate, data):
    # Suppliers cannot stand by and no work is long enough for a standby to be the better way.
    estate = replace(
        with_authority(estate),
        systems=tuple(
            replace(one, rto_minutes=None, duration_minutes=(one.duration_minutes or 0) % 40)
            for one in estate.systems
        ),
    )
    system = data.draw(st.integers(0, len(estate.systems) - 1))
    achieved = analyse(estate, today=TODAY).systems[system].restored_minutes
    assume(achieved > 0)
    rto = data.draw(st.integers(0, achieved - 1))
    ways = ways_to_meet(estate, system, rto, today=TODAY)
    possible = every_change(estate)
    assume(len(possible) <= 10)
    smallest = next(
        (
            size
            for size in range(1, MOST_CHANGES + 1)
            for some in combinations(possible, size)
            if analyse(changed(estate, some), today=TODAY).systems[system].restored_minutes <= rto
        ),
        None,
    )
    assert ways.exhausted
    assert (min(len(one.changes) for one in ways.offers) if ways.offers else None) == smallest


def chain_of_three() -> Estate:
    """A process on an application on a database: 60 + 120 + 360 minutes, nobody to wait for."""
    systems = (
        System("a", "Database", duration_minutes=360, rto_minutes=480),
        System("b", "ERP", duration_minutes=120),
        System("c", "Orders", duration_minutes=60),
    )
    return with_authority(Estate("acme", systems, (Dependency(1, 0), Dependency(2, 1))))


def test_a_target_that_is_met_needs_no_changes_but_the_targets_that_follow():
    ways = ways_to_meet(chain_of_three(), 2, 600, today=TODAY)
    assert ways.restored_minutes == 540
    (offer,) = ways.offers
    assert offer.changes == ()
    assert offer.targets == (Tighten(0, 480, 420),)


def test_a_chain_of_nine_hours_is_brought_to_four():
    ways = ways_to_meet(chain_of_three(), 2, 240, today=TODAY)
    assert ways.exhausted
    assert {len(one.changes) for one in ways.offers} == {1, 2}
    opened = next(one for one in ways.offers if one.changes == (Open(1, 0),))
    assert opened.restored_minutes == 180
    assert opened.targets == ()


def test_the_savings_asked_for_are_no_greater_than_needed():
    ways = ways_to_meet(chain_of_three(), 2, 500, today=TODAY)
    saved = next(one for one in ways.offers if one.changes == (Shorten(0, 360, 320),))
    assert saved.restored_minutes == 500


def test_nothing_is_offered_where_waiting_for_people_alone_takes_longer():
    estate = replace(chain_of_three(), detection_minutes=300)
    assert ways_to_meet(estate, 2, 240, today=TODAY).offers == ()
