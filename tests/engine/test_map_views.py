"""What a map shows of an estate, against a search that knows no shortcuts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine import map_views
from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System
from bcp.engine.map_views import MOST_NODES, View
from bcp.engine.neighbourhood import Direction
from tests.engine import brute_force
from tests.engine.estates import TODAY, estates


def between(estate: Estate, view: View) -> set[int]:
    shown = set(view.systems)
    return {
        position
        for position, edge in enumerate(estate.dependencies)
        if edge.dependent in shown and edge.dependency in shown
    }


def hub(spokes: int) -> Estate:
    """One system that everybody else needs; the later the system, the more critical."""
    systems = [System("hub", "hub", tier=1)]
    systems += [System(f"k{n}", f"spoke {n}", tier=4 - n * 4 // spokes) for n in range(spokes)]
    return Estate("acme", tuple(systems), tuple(Dependency(n, 0) for n in range(1, spokes + 1)))


@settings(max_examples=50)
@given(estates(), st.data())
def test_down_to_the_ground_is_everything_that_is_needed_however_far(estate, data):
    focus = data.draw(st.integers(min_value=0, max_value=len(estate.systems) - 1))
    needed = {focus}
    for _ in estate.systems:
        needed |= {edge.dependency for edge in estate.dependencies if edge.dependent in needed}
    view = map_views.to_the_ground(estate, focus)
    assert set(view.systems) == needed
    assert set(view.edges) == between(estate, view)
    assert (view.focus, view.left_out) == (focus, 0)


@settings(max_examples=50)
@given(estates(), st.integers(min_value=1, max_value=3), st.data())
def test_around_looks_up_and_down_but_never_turns_around(estate, depth, data):
    focus = data.draw(st.integers(min_value=0, max_value=len(estate.systems) - 1))
    down, up = {focus}, {focus}
    for _ in range(depth):
        down |= {edge.dependency for edge in estate.dependencies if edge.dependent in down}
        up |= {edge.dependent for edge in estate.dependencies if edge.dependency in up}
    expected = {Direction.NEEDS: down, Direction.NEEDED_BY: up, Direction.BOTH: down | up}
    for direction, systems in expected.items():
        view = map_views.around(estate, focus, depth, direction)
        assert set(view.systems) == systems
        assert set(view.edges) == between(estate, view)


@settings(max_examples=40)
@given(estates(), st.sampled_from(["everything", "site:HQ", "system"]))
def test_what_a_scenario_strikes_is_what_it_loses_and_what_goes_down_with_it(estate, scenario):
    if scenario == "system":
        scenario = f"system:{estate.systems[0].name}"
    effects = brute_force.effects(estate, scenario)
    view = map_views.struck(analyse(estate, scenario, today=TODAY))
    assert set(view.systems) == {n for n, word in enumerate(effects) if word != "untouched"}
    assert set(view.edges) == between(estate, view)


@settings(max_examples=40)
@given(estates())
def test_a_loop_shows_its_systems_and_a_chain_its_links(estate):
    answer = analyse(estate, today=TODAY)
    for number, loop in enumerate(answer.loops):
        assert set(map_views.loop(answer, number).systems) == set(loop.systems)
    for index, result in enumerate(answer.systems):
        view = map_views.binding_chain(answer, index)
        assert set(view.systems) == {index, *result.binding_chain}
        assert view.focus == index


def test_of_a_hub_the_nearest_and_most_critical_are_kept_and_the_rest_is_counted():
    estate = hub(MOST_NODES + 40)
    view = map_views.around(estate, 0, 1)
    assert len(view.systems) == MOST_NODES
    assert view.left_out == 41
    assert 0 in view.systems
    left_out = set(range(len(estate.systems))) - set(view.systems)
    worst_shown = max(estate.systems[one].tier for one in view.systems)
    assert min(estate.systems[one].tier for one in left_out) >= worst_shown


def test_every_view_stays_readable_in_a_large_estate():
    """A chain of 300, each system needing the next."""
    names = [f"system {n}" for n in range(300)]
    systems = tuple(System(name, name, tier=1, duration_minutes=5) for name in names)
    chain = tuple(Dependency(n, n + 1) for n in range(299))
    estate = Estate("acme", systems, chain)
    answer = analyse(estate, today=TODAY)
    for view in (
        map_views.to_the_ground(estate, 0),
        map_views.of_systems(estate, range(300)),
        map_views.binding_chain(answer, 0),
        map_views.struck(answer),
    ):
        assert len(view.systems) == MOST_NODES
        assert view.left_out == 300 - MOST_NODES
    assert map_views.binding_chain(answer, 0).systems == tuple(range(MOST_NODES))


def test_a_loop_of_hundreds_is_cut_and_says_so():
    systems = tuple(System(str(n), f"system {n}") for n in range(200))
    ring = tuple(Dependency(n, (n + 1) % 200) for n in range(200))
    view = map_views.loop(analyse(Estate("acme", systems, ring), today=TODAY), 0)
    assert (len(view.systems), view.left_out) == (MOST_NODES, 200 - MOST_NODES)
