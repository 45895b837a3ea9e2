"""A dependency map as SVG: the same picture on a page and in a printed plan.

Tiers are rows, zones are boxes, arrows run from a system to what it needs. Every
colour and line is a literal presentation attribute, because the PDF renderer knows no style
sheets inside a picture; the classes beside them let a page recolour it for a dark screen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import count, product
from math import isqrt
from operator import itemgetter
from string import ascii_uppercase

from bcp.documents import map_layout, map_legend, map_svg
from bcp.documents.map_legend import LegendItem
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.documents.map_picture import Picture
from bcp.engine.map_views import MOST_NODES

PRINTED_WIDTH = 800.0
"""As `max_width`: on 170 mm of paper the smallest text is then 6.6 pt."""

_MOST_ACROSS = 9
_MOST_ZONES = 8
"""Every box keeps a strip of its own in the picture: more of them make it too wide to read."""
_MOST_BETWEEN_GROUPS = 300
_ATTEMPTS, _MANY_EDGES = 3, 150
"""Shorter rows are tried as often as that, unless every try would take long."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`svg` is one `<svg>` element, `width` × `height` its natural size in CSS pixels."""

    svg: str
    width: float
    height: float
    plain: bool
    """Drawn on a plain grid, because graphviz gave no layout in time or would not."""
    legend: tuple[LegendItem, ...] = ()
    """What a page shows beside the picture, if it is not drawn in it."""


def draw(
    nodes: Sequence[MapNode],
    edges: Sequence[MapEdge],
    *,
    title: str,
    description: str,
    max_width: float | None = None,
    min_width: float = 0.0,
    notes: Sequence[str] = (),
    legend_inside: bool = True,
) -> Drawing:
    """The map of `nodes`; edges with an end outside of it are left out.

    `title` and `description` are read out in place of the picture. With `max_width` rows are
    kept short enough for it, if need be by drawing the boxes together; `min_width` gives a
    small map more room for its legend. `notes` are sentences about what is left out, which the
    legend says. The legend is drawn in the picture or, not `legend_inside`, given beside it.
    Raises `ValueError` above `MOST_NODES`.
    """
    if len(nodes) > MOST_NODES:
        raise ValueError(f"a map of {len(nodes)} nodes; {MOST_NODES} can be read")
    inside, ends = _inside(nodes, edges)
    zones = _zones(nodes)
    layers = _Layers([node.tier for node in nodes], _downward(inside, ends))
    rows, placement = _fitting(layers, ends, [members for _name, members in zones], max_width)
    frames = tuple(zip((name for name, _members in zones), placement.zones, strict=False))
    letters = _letters(nodes, {name for name, _frame in frames})
    picture = Picture(tuple(nodes), tuple(inside), rows, placement, frames, letters, tuple(notes))
    svg, width, height = map_svg.write(
        picture,
        title=title,
        description=description,
        min_width=min_width,
        legend_inside=legend_inside,
    )
    legend = () if legend_inside else tuple(map_legend.items(picture))
    return Drawing(svg, width, height, placement.plain, legend)


def least_height(nodes: Sequence[MapNode], edges: Sequence[MapEdge], max_width: float) -> float:
    """No drawing that is at most `max_width` wide is lower than this: what its rows take. Far
    quicker than a drawing."""
    inside, ends = _inside(nodes, edges)
    layers = _Layers([node.tier for node in nodes], _downward(inside, ends))
    across = map_layout.most_across(max_width - map_svg.FRAME_WIDTH)
    return map_layout.height_of(len(layers.rows(min(across, row_length(len(nodes))))))


def _inside(
    nodes: Sequence[MapNode], edges: Sequence[MapEdge]
) -> tuple[list[MapEdge], list[tuple[int, int]]]:
    """The edges between two of the nodes, and their ends by position."""
    position = {node.key: index for index, node in enumerate(nodes)}
    inside = [edge for edge in edges if edge.dependent in position and edge.dependency in position]
    return inside, [(position[edge.dependent], position[edge.dependency]) for edge in inside]


def _zones(nodes: Sequence[MapNode]) -> list[tuple[str, list[int]]]:
    """The zones with the most systems, each with its nodes by position."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, node in enumerate(nodes):
        if node.zone:
            members[node.zone].append(index)
    largest = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return largest[:_MOST_ZONES]


def _letters(nodes: Sequence[MapNode], framed: Set[str]) -> dict[str, str]:
    """A letter for each zone without a frame, the largest first; past Z two letters."""
    sizes = Counter(node.zone for node in nodes if node.zone and node.zone not in framed)
    ranked = sorted(sizes, key=lambda zone: (-sizes[zone], zone))
    return dict(zip(ranked, _alphabet(), strict=False))


def _alphabet() -> Iterator[str]:
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def _downward(
    edges: Sequence[MapEdge], ends: Sequence[tuple[int, int]]
) -> Sequence[tuple[int, int]]:
    """The edges, each from what stands above to what stands below: who needs above what is needed.
    Groups mostly need each other both ways: of two the one that needs more of all its
    dependencies stands above, so that no two that are connected share a row; where nearly all
    need each other there is no above, and they stand in their order."""
    if not any(edge.count for edge in edges):
        return ends
    if len(edges) > _MOST_BETWEEN_GROUPS:
        return []
    needs: Counter[int] = Counter()
    all_of: Counter[int] = Counter()
    for edge, (dependent, dependency) in zip(edges, ends, strict=True):
        share = edge.count or 0
        needs[dependent] += share
        all_of[dependent] += share
        all_of[dependency] += share
    rank = {group: (-needs[group] / all_of[group], group) for group in all_of}
    return [(min(end, key=rank.__getitem__), max(end, key=rank.__getitem__)) for end in ends]


@dataclass(frozen=True, slots=True)
class _Layers:
    """What decides the rows: the tiers, and within a tier who needs whom."""

    tiers: Sequence[int | None]
    downward: Sequence[tuple[int, int]]

    def rows(self, across: int) -> tuple[map_layout.Row, ...]:
        return map_layout.rows_of(self.tiers, self.downward, across)


def _fitting(
    layers: _Layers,
    ends: Sequence[tuple[int, int]],
    zones: Sequence[Sequence[int]],
    max_width: float | None,
) -> tuple[tuple[map_layout.Row, ...], map_layout.Placement]:
    """Rows and places; where zones side by side would be wider than `max_width`, they are
    given up first."""
    across = row_length(len(layers.tiers))
    if max_width is None:
        rows = layers.rows(across)
        return rows, map_layout.place(rows, ends, zones)
    room = max_width - map_svg.FRAME_WIDTH
    across = min(across, map_layout.most_across(room))
    if zones:
        rows = layers.rows(across)
        placement = map_layout.place(rows, ends, zones)
        if placement.plain or placement.width <= room:
            return rows, placement
    tried = []
    for fewer in range(_ATTEMPTS if len(ends) <= _MANY_EDGES else 1):
        rows = layers.rows(max(1, across - fewer))
        placement = map_layout.place(rows, ends)
        if placement.plain or placement.width <= room:
            return rows, placement
        tried.append((placement.width, rows, placement))
    _width, rows, placement = min(tried, key=itemgetter(0))
    return rows, map_layout.squeezed(placement, rows, ends, room)


def row_length(nodes: int) -> int:
    """Nodes in a row: few systems make a small picture, many one that is not a ribbon."""
    return min(max(_MOST_ACROSS, isqrt(nodes)), 4 + nodes // 10)
