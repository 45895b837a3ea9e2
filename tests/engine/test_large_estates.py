"""Shapes that break recursion and enumeration of paths, at sizes beyond any real estate."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.wording import explain_chain
from tests.engine.estates import TODAY, with_authority

TRAIN_TICKET = Path(__file__).parents[3] / "shared" / "data" / "train-ticket.csv"


def estate_of(count: int, edges: list[Dependency], **of_system: object) -> Estate:
    systems = tuple(System(str(i), f"system {i}", **of_system) for i in range(count))
    return with_authority(Estate("acme", systems, tuple(edges)))


def test_a_path_of_sixty_thousand_adds_up():
    count = 60_000
    edges = [Dependency(i, i - 1) for i in range(1, count)]
    analysis = analyse(estate_of(count, edges, duration_minutes=1), today=TODAY)
    assert analysis.restored_minutes == count
    assert analysis.order == tuple(range(count))
    top = analysis.systems[count - 1]
    assert top.wave == count
    assert top.binding_chain == tuple(range(count))


def test_a_path_of_unknowns_counts_them_all_and_names_the_first():
    count = 10_000
    edges = [Dependency(i, i - 1, NeededTo.RUN) for i in range(1, count)]
    top = analyse(estate_of(count, edges), today=TODAY).systems[count - 1]
    assert top.at_least
    assert top.unknown_count == count
    assert top.unknown_durations == tuple(range(20))


def test_a_ladder_with_more_paths_than_can_be_counted():
    """Every rung needs both sides of the one below: 2 to the power of 5,000 paths."""
    edges = [
        Dependency(2 * rung + side, 2 * (rung - 1) + other)
        for rung in range(1, 5_000)
        for side in (0, 1)
        for other in (0, 1)
    ]
    analysis = analyse(estate_of(10_000, edges, duration_minutes=1), today=TODAY)
    assert analysis.restored_minutes == 5_000


def test_the_explanation_of_a_very_long_chain_is_cut_short_in_the_middle():
    count = 10_000
    edges = [Dependency(i, (i + 1) % count) for i in range(count)]
    analysis = analyse(estate_of(count, edges, duration_minutes=1), today=TODAY)
    last = analysis.order[-1]
    sentences = [str(sentence) for sentence in explain_chain(analysis, last)]
    assert len(sentences) == 44
    assert sentences[21] == "Systems in between, each waiting for the one before: 9960."


def test_conflicts_up_a_long_path_all_name_the_promise_at_its_top():
    """Everybody promises an hour; the work in between leaves ever less of it."""
    count = 20_000
    edges = [Dependency(i, i - 1) for i in range(1, count)]
    systems = [
        System(str(i), f"system {i}", rto_minutes=60, duration_minutes=1) for i in range(count)
    ]
    estate = with_authority(Estate("acme", tuple(systems), tuple(edges)))
    conflicts = analyse(estate, today=TODAY).conflicts
    assert len(conflicts) == count - 1
    assert {conflict.dependent for conflict in conflicts} == {count - 1}


@pytest.mark.skipif(not TRAIN_TICKET.exists(), reason="the real inputs in ../shared are not here")
def test_a_real_microservice_system_is_ordered_without_breaking_an_edge():
    with TRAIN_TICKET.open(newline="") as file:
        rows = [(row["dependent"], row["depends_on"]) for row in csv.DictReader(file)]
    names = sorted({name for row in rows for name in row})
    place = {name: position for position, name in enumerate(names)}
    systems = tuple(System(name, name, duration_minutes=10) for name in names)
    edges = tuple(Dependency(place[u], place[v]) for u, v in rows)
    analysis = analyse(with_authority(Estate("train ticket", systems, edges)), today=TODAY)
    opened = {edge for loop in analysis.loops for edge in loop.open_edges}
    position = {system: step for step, system in enumerate(analysis.order)}
    assert sorted(analysis.order) == list(range(len(names)))
    for edge in edges:
        if (edge.dependent, edge.dependency) not in opened:
            assert position[edge.dependency] < position[edge.dependent]
