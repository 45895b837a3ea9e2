"""Loops are named, and the edges offered to open them are the fewest (rule G5)."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.graph import gating_graph
from bcp.engine.loops import find_loops
from bcp.engine.results import Loop
from tests.engine import brute_force
from tests.engine.estates import TODAY, estates

often = settings(max_examples=200)


def estate_of(count: int, edges: list[Dependency]) -> Estate:
    systems = tuple(System(str(i), f"system {i}", duration_minutes=1) for i in range(count))
    return Estate("acme", systems, tuple(edges))


def loops_of(estate: Estate) -> tuple[Loop, ...]:
    return find_loops(gating_graph(estate))


def complete(members: range) -> list[Dependency]:
    return [Dependency(u, v) for u in members for v in members if u != v]


def ring(count: int) -> list[Dependency]:
    return [Dependency(i, (i + 1) % count) for i in range(count)]


@st.composite
def arrows(draw, largest: int) -> tuple[int, list[Dependency]]:
    count = draw(st.integers(min_value=2, max_value=largest))
    position = st.integers(min_value=0, max_value=count - 1)
    kinds = st.sampled_from((NeededTo.REBUILD, NeededTo.RUN))
    pairs = draw(st.sets(st.tuples(position, position), max_size=5 * count))
    edges = [Dependency(u, v, draw(kinds)) for u, v in sorted(pairs) if u != v]
    return count, edges


@often
@given(estates())
def test_the_offered_edges_leave_no_loop_and_are_the_fewest(estate):
    edges = brute_force.gating(estate)
    pairs = {(edge.dependent, edge.dependency) for edge in edges}
    rebuild = {
        (edge.dependent, edge.dependency) for edge in edges if edge.needed_to is NeededTo.REBUILD
    }
    offered = {edge for loop in loops_of(estate) for edge in loop.open_edges}
    assert offered <= pairs
    assert not brute_force.has_round(pairs - offered)
    size, fewest_rebuild = brute_force.fewest_rebuild_among_smallest(pairs, rebuild)
    assert len(offered) == size
    assert len(offered & rebuild) == fewest_rebuild


def assert_fewest(count: int, edges: list[Dependency]) -> None:
    loops = loops_of(estate_of(count, edges))
    pairs = {(edge.dependent, edge.dependency) for edge in edges}
    rebuild = {(e.dependent, e.dependency) for e in edges if e.needed_to is NeededTo.REBUILD}
    offered = {edge for loop in loops for edge in loop.open_edges}
    assert all(loop.exact for loop in loops)
    assert not brute_force.has_round(pairs - offered)
    found = len(offered), len(offered & rebuild)
    assert found == brute_force.fewest_by_order(count, pairs, rebuild)


@settings(max_examples=60)
@given(arrows(largest=9))
def test_denser_loops_are_opened_with_the_fewest_edges_too(drawn):
    assert_fewest(*drawn)


@pytest.mark.parametrize(("count", "seed"), [(10, 43), (10, 245), (10, 391), (10, 395), (11, 76)])
def test_loops_on_which_every_good_guess_fails_are_opened_with_the_fewest_edges(count, seed):
    """Found by trying thousands: moving single systems about never reaches the best order."""
    edges = []
    for i in range(count):
        for j in range(i):
            forwards = (i * i * seed + j * 31 * seed + i * j * 7) % 10007 % 2
            u, v = (i, j) if forwards else (j, i)
            run = (u * 7 + v * 3) % 4 == 0
            edges.append(Dependency(u, v, NeededTo.RUN if run else NeededTo.REBUILD))
    assert_fewest(count, edges)


@often
@given(estates())
def test_each_loop_names_a_round_of_its_own_members(estate):
    pairs = {(edge.dependent, edge.dependency) for edge in brute_force.gating(estate)}
    for loop in loops_of(estate):
        steps = set(pairwise((*loop.cycle, loop.cycle[0])))
        assert steps <= pairs
        assert set(loop.cycle) <= set(loop.systems)
        assert len(set(loop.cycle)) == len(loop.cycle) > 1
        assert loop.open_edges[0] in steps


@often
@given(estates())
def test_loops_are_exactly_the_systems_that_reach_each_other(estate):
    reach = {
        i: {j for j in range(len(estate.systems)) if i in brute_force.affected(estate, j)}
        for i in range(len(estate.systems))
    }
    together = {frozenset({i, *(j for j in reach[i] if i in reach[j])}) for i in range(len(reach))}
    expected = {group for group in together if len(group) > 1}
    assert {frozenset(loop.systems) for loop in loops_of(estate)} == expected


def test_twenty_systems_that_all_need_each_other_are_exact():
    (loop,) = loops_of(estate_of(20, complete(range(20))))
    assert loop.exact
    assert len(loop.open_edges) == 20 * 19 // 2


def test_a_hard_tournament_of_sixteen_is_proven():
    """Sixteen of nineteen that each need those at a distance which is a square modulo 19: as even
    as a loop can be. Every set of leavers is tried for comparison."""
    squares = {x * x % 19 for x in range(1, 19)}
    needs = [{v for v in range(16) if v != u and (v - u) % 19 in squares} for u in range(16)]
    (loop,) = loops_of(estate_of(16, [Dependency(u, v) for u in range(16) for v in needs[u]]))
    assert loop.exact
    assert len(loop.open_edges) == fewest_opened(needs)


def fewest_opened(needs: list[set[int]]) -> int:
    """The fewest edges to open so that all can leave one by one: over every set still there."""
    masks = [sum(1 << need for need in each) for each in needs]
    fewest = [0] * (1 << len(needs))
    for left in range(1, len(fewest)):
        fewest[left] = min(
            fewest[left & ~(1 << one)] + (mask & left).bit_count()
            for one, mask in enumerate(masks)
            if left >> one & 1
        )
    return fewest[-1]


def test_a_run_edge_is_offered_before_a_rebuild_edge():
    edges = [Dependency(0, 1), Dependency(1, 2, NeededTo.RUN), Dependency(2, 0)]
    (loop,) = loops_of(estate_of(3, edges))
    assert loop.open_edges == ((1, 2),)
    assert loop.cycle == (1, 2, 0)


def test_one_edge_of_two_kinds_is_opened_as_one():
    edges = [Dependency(0, 1), Dependency(0, 1, NeededTo.RUN), Dependency(1, 0)]
    (loop,) = loops_of(estate_of(2, edges))
    assert loop.open_edges == ((1, 0),) or loop.open_edges == ((0, 1),)


def test_a_bootstrap_note_opens_the_loop():
    edges = [Dependency(0, 1), Dependency(1, 0, bootstrap="local administrator account")]
    assert loops_of(estate_of(2, edges)) == ()


def test_the_order_inside_a_loop_is_given_and_marked_provisional():
    estate = estate_of(3, [Dependency(0, 1), Dependency(1, 2), Dependency(2, 0)])
    analysis = analyse(estate, today=TODAY)
    assert analysis.provisional
    assert sorted(analysis.order) == [0, 1, 2]
    assert all(result.in_loop for result in analysis.systems)
    assert [gap.code for gap in analysis.gaps].count("loop") == 1


def test_a_loop_that_the_scenario_does_not_touch_leaves_the_order_firm():
    estate = estate_of(3, [Dependency(0, 1), Dependency(1, 0)])
    analysis = analyse(estate, "system:system 2", today=TODAY)
    assert analysis.loops
    assert not analysis.provisional


def test_a_ring_of_ten_thousand_needs_one_edge_opened():
    analysis = analyse(estate_of(10_000, ring(10_000)), today=TODAY)
    (loop,) = analysis.loops
    assert loop.exact
    assert len(loop.open_edges) == 1
    assert len(loop.cycle) == 10_000
    assert analysis.restored_minutes == 10_000


def test_two_interlocked_cliques_are_opened_by_half_of_their_edges():
    """300 systems that all need each other, twice, with 50 in common."""
    one, other = range(300), range(250, 550)
    edges = set(complete(one)) | set(complete(other))
    (loop,) = loops_of(estate_of(550, sorted(edges, key=lambda e: (e.dependent, e.dependency))))
    assert len(loop.systems) == 550
    assert len(loop.open_edges) == len(edges) // 2
    assert loop.exact


def test_many_loops_are_each_found():
    edges = [edge for i in range(0, 3000, 2) for edge in complete(range(i, i + 2))]
    assert len(loops_of(estate_of(3000, edges))) == 1500


def test_a_large_loop_is_opened_well_if_not_provably():
    """Planted: a random-looking order with all edges allowed by it, and 40 against it."""
    allowed = {(u, (u * 7 + k * 13) % u) for u in range(1, 200) for k in range(6)}
    against = {(v, v + 100 + v % 50) for v in range(40)}
    edges = [Dependency(u, v) for u, v in sorted(allowed | against)]
    loops = loops_of(estate_of(200, edges))
    offered = {edge for loop in loops for edge in loop.open_edges}
    pairs = {(edge.dependent, edge.dependency) for edge in edges}
    assert not brute_force.has_round(pairs - offered)
    assert len(offered) <= len(against)


@given(arrows(largest=9))
def test_what_is_offered_is_never_more_than_needed(drawn):
    """Putting any one offered edge back closes a round again."""
    count, edges = drawn
    pairs = {(edge.dependent, edge.dependency) for edge in edges}
    offered = {e for loop in loops_of(estate_of(count, edges)) for e in loop.open_edges}
    for kept_open in combinations(sorted(offered), max(0, len(offered) - 1)):
        if offered:
            assert brute_force.has_round(pairs - set(kept_open))


def test_a_loop_too_large_to_prove_says_that_a_smaller_set_may_exist():
    """A ring of 25 with two short cuts back that share no edge: three rounds, two to open."""
    edges = [*ring(25), Dependency(6, 1), Dependency(18, 12)]
    (loop,) = loops_of(estate_of(25, edges))
    pairs = {(edge.dependent, edge.dependency) for edge in edges}
    assert not brute_force.has_round(pairs - set(loop.open_edges))
    assert len(loop.open_edges) == 2
    assert not loop.exact
