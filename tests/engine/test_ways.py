"""What would fix it: every offered set of changes suffices, and no part of it does."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.changes import (
    STANDBY_MINUTES,
    Change,
    Open,
    Shorten,
    StandBy,
    Tighten,
    changed,
    with_target,
)
from bcp.engine.estate import (
    Dependency,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    NeededTo,
    Outcome,
    Procedure,
    Step,
    System,
)
from bcp.engine.ways import LEAST_PART, MOST_CHANGES, ways_to_meet
from tests.engine.estates import TODAY, estates, minutes, with_authority


def meets(estate: Estate, system: int, rto: int) -> bool:
    """The rules read literally on the analysis: in time, and no promise below it in the way."""
    analysis = analyse(estate, today=TODAY)
    if analysis.systems[system].restored_minutes > rto:
        return False
    # Only its own promise counts: those of others are not what is asked about. The work takes what
    # it takes with all promises in force, for a promise decides which tests count.
    alone = replace(
        estate,
        systems=tuple(
            replace(
                one,
                rto_minutes=one.rto_minutes if position == system else None,
                duration_minutes=analysis.systems[position].duration_minutes,
            )
            for position, one in enumerate(estate.systems)
        ),
        exercises=(),
        procedures=(),
    )
    required = [one.required_rto_minutes for one in analyse(alone, today=TODAY).systems]
    return all(
        one.rto_minutes is None or limit is None or one.rto_minutes <= max(0, limit)
        for one, limit in zip(estate.systems, required, strict=True)
    )


def parts(changes: tuple[Change, ...]) -> list[tuple[Change, ...]]:
    return list(chain.from_iterable(combinations(changes, n) for n in range(len(changes))))


@st.composite
def busy_estates(draw, largest: int) -> Estate:
    """Systems that wait for each other in several lanes, the last one for most of them; nobody
    waits for people, so that what is done to systems decides."""
    count = draw(st.integers(3, largest))
    systems = tuple(
        System(
            str(place),
            f"system {place}",
            kind=draw(st.sampled_from((Kind.APPLICATION, Kind.APPLICATION, Kind.SUPPLIER))),
            rto_minutes=draw(st.none() | st.integers(0, 900)),
            duration_minutes=draw(st.sampled_from((None, 0, 10, 40, 90, 120, 200, 300))),
        )
        for place in range(count)
    )
    kinds = (NeededTo.REBUILD, NeededTo.REBUILD, NeededTo.RUN, NeededTo.FULL_SERVICE)
    edges = tuple(
        Dependency(u, v, draw(st.sampled_from(kinds)), draw(st.sampled_from(("", "", "", "note"))))
        for u in range(1, count)
        for v in sorted(draw(st.sets(st.integers(0, u - 1), min_size=1, max_size=3)))
    )
    return with_authority(Estate("acme", systems, edges))


@st.composite
def rehearsed(draw, estate: Estate) -> Estate:
    """The estate with tests whose result qualifies under some targets and not under others, and
    with procedures that count where none does."""
    systems = st.integers(0, len(estate.systems) - 1)
    return replace(
        estate,
        exercises=tuple(
            Exercise(one, "drill", ExerciseType.FULL, TODAY, Outcome.SUCCESS, draw(minutes), 0)
            for one in draw(st.lists(systems, max_size=2, unique=True))
        ),
        procedures=tuple(
            Procedure(one, (Step(draw(minutes)),), frozenset(), True, TODAY)
            for one in draw(st.lists(systems, max_size=2, unique=True))
        ),
    )


def slowest(estate: Estate) -> tuple[int, int]:
    """The system that is back last, and when."""
    restored = [one.restored_minutes for one in analyse(estate, today=TODAY).systems]
    return restored.index(max(restored)), max(restored)


@settings(max_examples=200)
@given(busy_estates(largest=6), st.data())
def test_every_offer_suffices_and_no_part_of_it_does(estate, data):
    estate = data.draw(rehearsed(estate))
    system, achieved = slowest(estate)
    rto = data.draw(st.integers(achieved // 8, achieved))
    wanted = with_target(estate, system, rto)
    for offer in ways_to_meet(estate, system, rto, today=TODAY).offers[:3]:
        every = (*offer.changes, *offer.targets)
        then = changed(wanted, every)
        assert meets(then, system, rto)
        restored = analyse(then, today=TODAY).systems[system].restored_minutes
        assert restored == offer.restored_minutes
        for part in parts(every):
            assert not meets(changed(wanted, part), system, rto)


@settings(max_examples=150)
@given(estates(loops=True, largest=6), st.data())
def test_offers_hold_whatever_the_estate_is_like(estate, data):
    """Loops, people who are not reached, systems that nothing waits for."""
    system = data.draw(st.integers(0, len(estate.systems) - 1))
    achieved = analyse(estate, today=TODAY).systems[system].restored_minutes
    rto = data.draw(st.integers(0, achieved))
    wanted = with_target(estate, system, rto)
    for offer in ways_to_meet(estate, system, rto, today=TODAY).offers[:2]:
        assert meets(changed(wanted, (*offer.changes, *offer.targets)), system, rto)


def every_change(estate: Estate) -> list[Change]:
    """Whatever could be changed of the times, each as far as it goes."""
    found: list[Change] = []
    for position, result in enumerate(analyse(estate, today=TODAY).systems):
        takes = result.duration_minutes or 0
        if takes > 1:
            found.append(Shorten(position, takes, -(-takes // LEAST_PART)))
        if takes > STANDBY_MINUTES and estate.systems[position].kind is not Kind.SUPPLIER:
            found.append(StandBy(position, takes))
    pairs = {
        (edge.dependent, edge.dependency)
        for edge in estate.dependencies
        if edge.needed_to is not NeededTo.FULL_SERVICE and not edge.bootstrap
    }
    return found + [Open(*pair) for pair in sorted(pairs) if pair[0] != pair[1]]


def one_each(some: tuple[Change, ...]) -> bool:
    """Nobody shortens the work of a system and lets a standby take over for it."""
    retimed = [one.system for one in some if not isinstance(one, Open)]
    return len(set(retimed)) == len(retimed)


@settings(max_examples=150)
@given(busy_estates(largest=5), st.data())
def test_the_smallest_offer_is_as_small_as_trying_everything_finds(estate, data):
    estate = replace(
        estate, systems=tuple(replace(one, rto_minutes=None) for one in estate.systems)
    )
    system, achieved = slowest(estate)
    assume(achieved > 0)
    rto = data.draw(st.integers(achieved // 8, achieved - 1))
    ways = ways_to_meet(estate, system, rto, today=TODAY)
    possible = every_change(estate)
    smallest = next(
        (
            size
            for size in range(1, MOST_CHANGES + 1)
            for some in combinations(possible, size)
            if one_each(some)
            and analyse(changed(estate, some), today=TODAY).systems[system].restored_minutes <= rto
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


def test_a_target_that_is_met_and_asks_nothing_of_others_needs_nothing():
    alone = with_authority(Estate("acme", (System("1", "ERP", duration_minutes=60),)))
    ways = ways_to_meet(alone, 0, 90, today=TODAY)
    assert (ways.is_met, ways.offers, ways.exhausted) == (True, (), True)


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


def test_what_is_just_enough_at_its_full_power_is_offered():
    """Three suppliers, of whom none can be replaced by a standby: a quarter of 540 minutes."""
    estate = chain_of_three()
    suppliers = tuple(replace(one, kind=Kind.SUPPLIER) for one in estate.systems)
    ways = ways_to_meet(replace(estate, systems=suppliers), 2, 135, today=TODAY)
    all_of_them = (Shorten(0, 360, 90), Shorten(1, 120, 30), Shorten(2, 60, 15))
    assert all_of_them in [one.changes for one in ways.offers]
    assert ways.exhausted
    late = ways_to_meet(replace(estate, systems=suppliers), 2, 134, today=TODAY)
    assert all_of_them not in [one.changes for one in late.offers]


def test_nothing_is_offered_where_waiting_for_people_alone_takes_longer():
    estate = replace(chain_of_three(), detection_minutes=300)
    assert ways_to_meet(estate, 2, 240, today=TODAY).offers == ()


def test_among_sets_of_one_size_those_come_first_that_show_another_way():
    offers = ways_to_meet(chain_of_three(), 2, 240, today=TODAY).offers
    first, second, third = (set(one.changes) for one in offers[:3])
    assert not first & second
    assert not (first | second) & third


def test_it_says_that_offers_rest_on_what_nobody_knows():
    systems = list(chain_of_three().systems)
    systems[0] = replace(systems[0], duration_minutes=None)
    estate = replace(chain_of_three(), systems=tuple(systems))
    ways = ways_to_meet(estate, 2, 100, today=TODAY)
    assert ways.at_least
    assert ways.offers
    assert not ways_to_meet(chain_of_three(), 2, 240, today=TODAY).at_least


def test_it_says_that_a_loop_is_to_be_opened_first_if_one_is_on_the_way():
    estate = chain_of_three()
    looped = replace(estate, dependencies=(*estate.dependencies, Dependency(0, 1)))
    assert ways_to_meet(looped, 2, 240, today=TODAY).provisional
    beside = replace(
        estate,
        systems=(*estate.systems, System("d", "Mail", duration_minutes=5)),
        dependencies=(*estate.dependencies, Dependency(3, 3)),
    )
    assert not ways_to_meet(beside, 2, 240, today=TODAY).provisional


def test_a_search_that_is_too_wide_stops_and_says_so():
    """Three long chains side by side: each must be broken somewhere, and there are very many
    places to do it."""
    systems, edges = [System("top", "Orders", duration_minutes=10)], []
    for chain_of_forty in range(3):
        above = 0
        for number in range(40):
            name = f"{chain_of_forty}.{number}"
            systems.append(System(name, name, duration_minutes=100))
            edges.append(Dependency(above, len(systems) - 1))
            above = len(systems) - 1
    estate = with_authority(Estate("acme", tuple(systems), tuple(edges)))
    assert not ways_to_meet(estate, 0, 60, today=TODAY).exhausted
    assert ways_to_meet(chain_of_three(), 2, 60, today=TODAY).exhausted
