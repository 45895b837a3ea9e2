"""A dependency map as SVG: the same picture on a page and in a printed plan.

Tiers are rows, arrows run from a system to what it needs. Every colour and line is a literal
presentation attribute, because the PDF renderer knows no style sheets inside a picture; the
classes beside them let a page recolour it for a dark screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from bcp.documents import map_layout, map_svg
from bcp.documents.map_parts import SMALLEST_TEXT, MapEdge, MapNode

MOST_NODES = 120
"""More are a hairball in every layout: choose a focus instead."""

PRINTED_WIDTH = 800.0
"""As `max_width`: on 170 mm of paper the smallest text is then 6.6 pt."""

_MOST_ACROSS = 9
_ATTEMPTS, _MANY_EDGES = 3, 150
"""Shorter rows are tried as often as that, unless every try would take long."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`svg` is one `<svg>` element, `width` × `height` its natural size in CSS pixels."""

    svg: str
    width: float
    height: float
    plain: bool
    """Drawn on a plain grid, because graphviz gave no layout in time."""

    def smallest_text(self, printed_width: float) -> float:
        """The height of the smallest text if the drawing is printed that wide, in its unit."""
        return SMALLEST_TEXT * printed_width / self.width


def draw(
    nodes: Sequence[MapNode],
    edges: Sequence[MapEdge],
    *,
    title: str,
    description: str,
    max_width: float | None = None,
) -> Drawing:
    """The map of `nodes`; edges with an end outside of it are left out.

    `title` and `description` are read out in place of the picture. With `max_width` rows are
    kept short enough for it, if need be by drawing the boxes together.
    Raises `ValueError` above `MOST_NODES`.
    """
    if len(nodes) > MOST_NODES:
        raise ValueError(f"a map of {len(nodes)} nodes; {MOST_NODES} can be read")
    position = {node.key: index for index, node in enumerate(nodes)}
    inside = [edge for edge in edges if edge.dependent in position and edge.dependency in position]
    ends = [(position[edge.dependent], position[edge.dependency]) for edge in inside]
    rows, placement = _fitting([node.tier for node in nodes], ends, max_width)
    picture = map_svg.Picture(tuple(nodes), tuple(inside), rows, placement)
    svg, width, height = map_svg.write(picture, title=title, description=description)
    return Drawing(svg, width, height, placement.plain)


def _fitting(
    tiers: Sequence[int | None], ends: Sequence[tuple[int, int]], max_width: float | None
) -> tuple[tuple[map_layout.Row, ...], map_layout.Placement]:
    across = _across(len(tiers))
    if max_width is None:
        rows = map_layout.rows_of(tiers, ends, across)
        return rows, map_layout.place(rows, ends)
    room = max_width - map_svg.FRAME_WIDTH
    across = min(across, map_layout.most_across(room))
    tried = []
    for fewer in range(_ATTEMPTS if len(ends) <= _MANY_EDGES else 1):
        rows = map_layout.rows_of(tiers, ends, max(1, across - fewer))
        placement = map_layout.place(rows, ends)
        if placement.plain or placement.width <= room:
            return rows, placement
        tried.append((placement.width, rows, placement))
    _width, rows, placement = min(tried, key=itemgetter(0))
    return rows, map_layout.squeezed(placement, rows, ends, room)


def _across(count: int) -> int:
    """Nodes in a row: few systems make a small picture, many one that is not a ribbon."""
    return min(_MOST_ACROSS, 4 + count // 10)
