"""Where boxes and lines of a map go when there are more lines than graphviz is good for."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.documents import map_layout
from bcp.documents.map_layout import Row, on_grid
from bcp.documents.map_parts import MapEdge, MapNode
from tests.documents.drawn_maps import drawn, nodes, offset, parsed, with_class


def test_a_grid_puts_systems_over_what_they_need() -> None:
    above, below = tuple(range(6)), tuple(range(6, 12))
    crossed = [(node, 11 - node) for node in above]
    placed = on_grid([Row(1, above), Row(2, below)], crossed)
    assert all(placed.nodes[upper][0] == placed.nodes[lower][0] for upper, lower in crossed)


def test_a_system_that_nobody_needs_keeps_its_place_on_a_grid() -> None:
    placed = on_grid([Row(1, (0, 1, 2))], [])
    assert [x for x, _y in placed.nodes] == sorted(x for x, _y in placed.nodes)


def test_lines_past_very_many_rows_are_not_given_to_graphviz(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def started(*args: Any, **options: Any) -> Any:
        raise AssertionError("graphviz was started")

    monkeypatch.setattr(map_layout.subprocess, "run", started)
    estate = nodes(*range(1, 121))
    edges = [MapEdge("k0", f"k{n}") for n in range(1, 120)]
    edges += [MapEdge(f"k{n}", "k119") for n in range(1, 119)]
    drawing = drawn(estate, edges)
    assert drawing.plain
    assert len(with_class(parsed(drawing), "map-edge")) == len(edges)


@pytest.mark.parametrize("count", [20, 70, 310], ids=["curves", "corners", "straight"])
def test_every_line_ends_at_its_box_however_many_there_are(count: int) -> None:
    estate = nodes(*(n % 4 + 1 for n in range(36)))
    pairs = [(n % 36, (n * 5 + n // 36 + 1) % 36) for n in range(count)]
    edges = [MapEdge(f"k{u}", f"k{v}") for u, v in dict.fromkeys(pairs) if u != v]
    drawing = drawn(estate, edges)
    assert not drawing.plain
    root = parsed(drawing)
    boxes = {one.attrib["data-key"]: offset(one) for one in with_class(root, "map-node")}
    for edge in with_class(root, "map-edge"):
        (head,) = with_class(edge, "map-arrow")
        tip = head.attrib["d"][1:].split("L")[0]
        x, y = map(float, tip.split(","))
        left, top = boxes[edge.attrib["data-to"]]
        assert -9 <= x - left <= map_layout.NODE_WIDTH + 9
        assert -9 <= y - top <= map_layout.NODE_HEIGHT + 9


def test_groups_that_nearly_all_need_each_other_make_a_block_and_not_a_tower() -> None:
    groups = [MapNode(f"g{n}", f"Group {n}") for n in range(25)]
    edges = [
        MapEdge(f"g{u}", f"g{v}", None, count=1) for u in range(25) for v in range(25) if u != v
    ]
    root = parsed(drawn(groups, edges))
    tops = {offset(one)[1] for one in with_class(root, "map-node")}
    assert len(tops) < 7
