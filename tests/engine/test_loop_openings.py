"""What opening a dependency leaves of a loop, and which other sets are as small (rule G5)."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.graph import gating_graph
from bcp.engine.loop_openings import (
    MOST_ALTERNATIVES,
    Alternatives,
    OneLoop,
    held_open,
    loop_of,
)
from bcp.engine.loops import find_loops
from bcp.engine.wording_of_loops import explain_round, why_nothing_starts
from tests.engine import brute_force
from tests.engine.estates import estates

often = settings(max_examples=80)


def pairs_in(estate: Estate, members: tuple[int, ...]) -> set[tuple[int, int]]:
    return {
        (edge.dependent, edge.dependency)
        for edge in brute_force.gating(estate)
        if edge.dependent in members and edge.dependency in members
    }


def on_a_round(pairs: set[tuple[int, int]]) -> set[int]:
    """The systems that reach themselves."""
    reached = {start: {v for u, v in pairs if u == start} for start, _ in pairs}
    for _ in pairs:
        for start, found in reached.items():
            reached[start] = found | {v for u, v in pairs if u in found}
    return {start for start, found in reached.items() if start in found}


def named(*edges: tuple[str, str, NeededTo]) -> Estate:
    names = sorted({name for one, other, _kind in edges for name in (one, other)})
    return Estate(
        "acme",
        tuple(System(name, name) for name in names),
        tuple(Dependency(names.index(u), names.index(v), kind) for u, v, kind in edges),
    )


def only_loop(estate: Estate) -> OneLoop:
    [loop] = find_loops(gating_graph(estate))
    return OneLoop(estate, loop)


@often
@given(estates(), st.data())
def test_what_is_left_is_what_a_plain_search_finds(estate, data):
    for loop in find_loops(gating_graph(estate)):
        one = OneLoop(estate, loop)
        pairs = pairs_in(estate, loop.systems)
        assert {
            (estate.dependencies[edge].dependent, estate.dependencies[edge].dependency)
            for edge in one.edges
        } == pairs
        opened = data.draw(st.sets(st.sampled_from(sorted(pairs))))
        left = one.left_after(opened)
        waiting = on_a_round(pairs - opened)
        assert {system for rest in left for system in rest.systems} == waiting
        assert one.still_waiting(opened) == len(waiting)
        still = {edge for rest in left for edge in rest.open_edges}
        assert not brute_force.has_round(pairs - opened - still)
        assert len(still) == brute_force.fewest_to_open(pairs - opened)


@often
@given(estates(largest=6))
def test_alternatives_are_all_other_sets_as_small_that_open_the_loop(estate):
    for loop in find_loops(gating_graph(estate)):
        one = OneLoop(estate, loop)
        pairs = pairs_in(estate, loop.systems)
        others = one.alternatives()
        found = {frozenset(pairs_of) for pairs_of in others.sets}
        assert len(found) == len(others.sets)
        smallest = {
            frozenset(chosen)
            for chosen in combinations(sorted(pairs), len(loop.open_edges))
            if not brute_force.has_round(pairs - set(chosen))
        }
        assert found <= smallest - {frozenset(loop.open_edges)}
        if others.complete:
            assert found == smallest - {frozenset(loop.open_edges)}


def test_two_loops_that_share_a_system_are_opened_in_every_combination():
    kind = NeededTo.REBUILD
    others = only_loop(
        named(
            *(("AD", "DNS", kind), ("DNS", "AD", kind)),
            *(("AD", "VM", kind), ("VM", "SAN", kind), ("SAN", "AD", kind)),
        )
    ).alternatives()
    assert others.complete
    assert len(others.sets) == 2 * 3 - 1


def test_a_set_that_is_larger_is_no_alternative():
    """Both rounds run over A → B; any other dependency opens only one of them."""
    kind = NeededTo.REBUILD
    pairs = (("A", "B"), ("B", "C"), ("C", "A"), ("B", "D"), ("D", "A"))
    one = only_loop(named(*((u, v, kind) for u, v in pairs)))
    assert one.loop.open_edges == ((0, 1),)
    assert one.alternatives() == Alternatives((), complete=True)


def test_a_note_that_leads_out_of_a_loop_holds_none_open():
    systems = tuple(System(name, name) for name in ("AD", "DNS", "Clock"))
    edges = (Dependency(0, 1), Dependency(1, 0), Dependency(0, 2, bootstrap="Set it by hand"))
    assert held_open(Estate("acme", systems, edges)) == ()


def test_more_sets_than_anybody_compares_are_not_said_to_be_all():
    kind = NeededTo.REBUILD
    hub = [("Hub", f"S{n}", kind) for n in range(6)] + [(f"S{n}", "Hub", kind) for n in range(6)]
    others = only_loop(named(*hub)).alternatives()
    assert len(others.sets) == MOST_ALTERNATIVES
    assert not others.complete


@often
@given(estates())
def test_a_note_is_named_exactly_if_systems_would_wait_for_each_other_without_it(estate):
    closed = {
        (edge.dependent, edge.dependency)
        for edge in estate.dependencies
        if edge.needed_to is not NeededTo.FULL_SERVICE and edge.dependent != edge.dependency
    }
    reaches = {start: {v for u, v in closed if u == start} for start in range(len(estate.systems))}
    for _ in estate.systems:
        for start, found in reaches.items():
            reaches[start] = found | {v for u, v in closed if u in found}
    expected = [
        position
        for position, edge in enumerate(estate.dependencies)
        if edge.bootstrap
        and edge.needed_to is not NeededTo.FULL_SERVICE
        and edge.dependent != edge.dependency
        and edge.dependent in reaches[edge.dependency]
    ]
    assert list(held_open(estate)) == expected


def test_a_round_is_told_step_by_step_and_why_nothing_starts():
    rebuild, run = NeededTo.REBUILD, NeededTo.RUN
    one = only_loop(named(("AD", "DNS", rebuild), ("DNS", "VM", rebuild), ("VM", "AD", rebuild)))
    estate = named(("AD", "DNS", rebuild), ("DNS", "VM", rebuild), ("VM", "AD", rebuild))
    said = [str(sentence) for sentence in explain_round(estate, one)]
    assert set(said) == {
        "work on “AD” cannot start before “DNS” is back",
        "work on “DNS” cannot start before “VM” is back",
        "work on “VM” cannot start before “AD” is back",
    }
    assert "work on none of them can ever start" in str(why_nothing_starts(one))
    mixed = named(("AD", "DNS", rebuild), ("DNS", "AD", run))
    one = only_loop(mixed)
    assert "“DNS” can be rebuilt, but is not back before “AD” is" in [
        str(sentence) for sentence in explain_round(mixed, one)
    ]
    assert "none of them is ever back" in str(why_nothing_starts(one))


def test_a_system_is_found_in_its_loop_or_in_none():
    kind = NeededTo.REBUILD
    estate = named(("A", "B", kind), ("B", "A", kind), ("C", "A", kind))
    found = find_loops(gating_graph(estate))
    assert [loop_of(found, system) for system in range(3)] == [0, 0, None]


def test_a_ring_of_thousands_is_opened_at_any_place():
    count = 5_000
    estate = Estate(
        "acme",
        tuple(System(str(i), str(i)) for i in range(count)),
        tuple(Dependency(i, (i + 1) % count) for i in range(count)),
    )
    one = only_loop(estate)
    assert one.left_after([(77, 78)]) == ()
    assert one.alternatives() == Alternatives((), complete=False)
