"""A map on paper: one sheet if it can be read there, else several that refer to each other.

Text is never smaller than `SMALLEST_POINTS`. What does not fit is divided by neighbourhood, so
that systems which need each other stand on one sheet as far as there is room; a system with
neighbours elsewhere names their sheets, and the last pages list every dependency that runs from
one sheet to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from weasyprint import HTML

from bcp.documents import map_shapes, map_text
from bcp.documents.layout import DataOnly
from bcp.documents.map_drawing import Drawing, draw, least_height
from bcp.documents.map_parts import SMALLEST_TEXT, MapEdge, MapNode

SMALLEST_POINTS = 6.5

PAPERS = {"a4": (297.0, 210.0), "a3": (420.0, 297.0), "letter": (279.4, 215.9)}
"""Width and height in mm, laid on its side; a map that is tall takes fewer sheets upright."""

_MARGIN, _HEADING = 10.0, 13.0
_SLACK = 1.0
"""Or a picture that fills the sheet to a hair would begin a second one."""

_PIXELS_PER_MM = 96 / 25.4
_SMALLEST_SCALE = SMALLEST_POINTS / (SMALLEST_TEXT * 72 / 96)


@dataclass(frozen=True, slots=True)
class _Sheet:
    nodes: tuple[MapNode, ...]
    drawing: Drawing


def map_pdf(
    nodes: Sequence[MapNode], edges: Sequence[MapEdge], *, title: str, footer: str, paper: str
) -> bytes:
    """The map of `nodes` as a PDF on `paper`, one of `PAPERS`."""
    lying = PAPERS[paper]
    tried = [
        (sides, _divided(list(nodes), edges, _room(sides), title)) for sides in (lying, lying[::-1])
    ]
    (width, height), parts = min(tried, key=lambda one: len(one[1]))
    room = _room((width, height))
    home = {node.key: number for number, part in enumerate(parts, start=1) for node in part}
    crossing = [
        edge
        for edge in edges
        if edge.dependent in home
        and edge.dependency in home
        and home[edge.dependent] != home[edge.dependency]
    ]
    elsewhere: defaultdict[str, set[int]] = defaultdict(set)
    for edge in crossing:
        elsewhere[edge.dependent].add(home[edge.dependency])
        elsewhere[edge.dependency].add(home[edge.dependent])
    sheets = []
    for part in parts:
        own = [replace(one, continues_on=tuple(sorted(elsewhere[one.key]))) for one in part]
        sheets.append(_Sheet(tuple(own), _drawn(own, edges, room[0], title)))
    body = [
        _page(sheet, number, len(sheets), title, room)
        for number, sheet in enumerate(sheets, start=1)
    ]
    if crossing:
        names = {node.key: node.label for node in nodes}
        body.append(_references(crossing, names, home))
    html = (
        f'<html lang="{escape(get_language() or "en")}"><head>'
        f"<title>{_text(title)}</title><style>{_style(width, height, footer)}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )
    pdf: bytes = HTML(string=html, url_fetcher=DataOnly()).write_pdf()
    return pdf


def whole_map_pdf(drawing: Drawing) -> bytes:
    """One page exactly as large as the drawing: what a picture in dots is made from."""
    style = f"@page {{ size: {drawing.width}px {drawing.height}px; margin: 0 }}"
    html = f"<style>{style} svg {{ display: block }}</style>{drawing.svg}"
    pdf: bytes = HTML(string=html, url_fetcher=DataOnly()).write_pdf()
    return pdf


def _room(sides: tuple[float, float]) -> tuple[float, float]:
    """What a drawing may take of the paper, in mm."""
    return sides[0] - 2 * _MARGIN, sides[1] - 2 * _MARGIN - _HEADING - _SLACK


# --- dividing ------------------------------------------------------------------------------


def _divided(
    nodes: list[MapNode], edges: Sequence[MapEdge], room: tuple[float, float], title: str
) -> list[list[MapNode]]:
    """As few parts of about one size as each fit a sheet, neighbours together."""
    neighbours = _neighbours(nodes, edges)
    for count in range(1, len(nodes)):
        parts = [
            [nodes[one] for one in part] for part in _grown(neighbours, -(-len(nodes) // count))
        ]
        if all(_may_fit(part, edges, room) for part in parts) and all(
            _fits(_drawn(part, edges, room[0], title), room) for part in parts
        ):
            return parts
    return [[node] for node in nodes]


def _neighbours(nodes: Sequence[MapNode], edges: Sequence[MapEdge]) -> list[set[int]]:
    position = {node.key: index for index, node in enumerate(nodes)}
    neighbours: list[set[int]] = [set() for _node in nodes]
    for edge in edges:
        if edge.dependent in position and edge.dependency in position:
            above, below = position[edge.dependent], position[edge.dependency]
            neighbours[above].add(below)
            neighbours[below].add(above)
    return neighbours


def _grown(neighbours: Sequence[set[int]], size: int) -> list[list[int]]:
    """Parts of `size`, each grown from whoever has the fewest neighbours left, by whoever has
    the most neighbours in it and the fewest outside."""
    left = set(range(len(neighbours)))
    parts = []
    while left:
        part = {min(left, key=lambda one: (len(neighbours[one] & left), one))}
        left -= part
        while left and len(part) < size:
            found = min(
                left,
                key=lambda one: (
                    len(neighbours[one] & left) - 2 * len(neighbours[one] & part),
                    one,
                ),
            )
            part.add(found)
            left.discard(found)
        # In the order of the map, so that a sheet is laid out like the whole.
        parts.append(sorted(part))
    return parts


def _may_fit(nodes: Sequence[MapNode], edges: Sequence[MapEdge], room: tuple[float, float]) -> bool:
    across, down = (side * _PIXELS_PER_MM / _SMALLEST_SCALE for side in room)
    return least_height(nodes, edges, across) <= down


def _fits(drawing: Drawing, room: tuple[float, float]) -> bool:
    return _scale(drawing, room) >= _SMALLEST_SCALE


def _scale(drawing: Drawing, room: tuple[float, float]) -> float:
    """How large the drawing is printed, 1 being its natural size; never larger than that."""
    across, down = (side * _PIXELS_PER_MM for side in room)
    return min(1.0, across / drawing.width, down / drawing.height)


def _drawn(nodes: Sequence[MapNode], edges: Sequence[MapEdge], width: float, title: str) -> Drawing:
    widest = width * _PIXELS_PER_MM / _SMALLEST_SCALE
    return draw(
        nodes,
        edges,
        title=title,
        description="",
        max_width=widest,
        min_width=width * _PIXELS_PER_MM,
    )


# --- pages ---------------------------------------------------------------------------------


def _page(sheet: _Sheet, number: int, count: int, title: str, room: tuple[float, float]) -> str:
    scale = _scale(sheet.drawing, room)
    size = f"width:{sheet.drawing.width * scale:.1f}px;height:{sheet.drawing.height * scale:.1f}px"
    which = _("sheet %(number)s of %(count)s") % {"number": number, "count": count}
    heading = _text(title) + (f" <small>{escape(which)}</small>" if count > 1 else "")
    return (
        f'<section><h1>{heading}</h1><div class="map-page" style="{size}">'
        f"{sheet.drawing.svg}</div></section>"
    )


def _references(crossing: Sequence[MapEdge], names: dict[str, str], home: dict[str, int]) -> str:
    """What the lines would say if both ends stood on one sheet."""
    rows = sorted(
        (
            (home[edge.dependent], names[edge.dependent]),
            (home[edge.dependency], names[edge.dependency]),
            map_shapes.terms(edge),
        )
        for edge in crossing
    )
    sentence = escape(
        _("%(dependent)s (sheet %(own)s) needs %(dependency)s (sheet %(other)s): %(terms)s")
    )
    items = "".join(
        "<li>"
        + sentence
        % {
            "dependent": _text(above),
            "own": own,
            "dependency": _text(below),
            "other": other,
            "terms": escape(terms),
        }
        + "</li>"
        for (own, above), (other, below), terms in rows
    )
    heading = escape(_("Dependencies from one sheet to another"))
    return f"<section><h1>{heading}</h1><ul>{items}</ul></section>"


def _text(text: str) -> str:
    return f"<bdi>{map_shapes.escaped(map_text.clean(text))}</bdi>"


def _style(width: float, height: float, footer: str) -> str:
    said = map_text.clean(footer).replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f"""
@page {{ size: {width}mm {height}mm; margin: {_MARGIN}mm;
  @bottom-left {{ content: "{said}"; font: 7pt sans-serif; color: #5c6066 }}
  @bottom-right {{ content: counter(page) " / " counter(pages); font: 7pt sans-serif;
    color: #5c6066 }} }}
body {{ margin: 0; font: 8pt/1.35 Inter, "Noto Sans", "DejaVu Sans", sans-serif; color: #1c2024 }}
section + section {{ break-before: page }}
h1 {{ margin: 0; height: {_HEADING}mm; overflow: hidden; font: 600 13pt/1.2 serif }}
h1 small {{ font: 8pt sans-serif; color: #5c6066 }}
.map-page {{ margin: 0 auto }}
.map-page svg {{ display: block; width: 100%; height: 100% }}
ul {{ margin: 0; padding: 0; list-style: none; columns: 3; column-gap: 8mm }}
li {{ padding: 1.2pt 0; border-bottom: 0.4pt solid #dcd8cf; break-inside: avoid }}
"""
