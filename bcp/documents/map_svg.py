"""The SVG of a placed map: bands of tiers, edges, nodes and a legend of what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bcp.documents import map_classes, map_text
from bcp.documents import map_shapes as shapes
from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH, Placement, Row
from bcp.documents.map_parts import SMALLEST_TEXT, MapEdge, MapNode
from bcp.documents.map_shapes import escaped, number
from bcp.engine.estate import NeededTo
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Standing

_BANDS = ("#f4f1ea", shapes.PAPER)
_MARGIN, _GUTTER = 12.0, 22.0
FRAME_WIDTH = 2 * _MARGIN + _GUTTER
"""What a picture is wider than the placement inside it."""

_LEGEND_LINE, _LEGEND_GAP, _SAMPLE_WIDTH = 22.0, 18.0, 34.0


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn and where; nodes, edges and paths share their positions."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    rows: tuple[Row, ...]
    placement: Placement


def write(picture: Picture, *, title: str, description: str) -> tuple[str, float, float]:
    """The `<svg>` element, its width and its height."""
    placement = picture.placement
    width = max(placement.width, 2 * NODE_WIDTH) + FRAME_WIDTH
    legend, legend_height = _legend(picture, width - 2 * _MARGIN)
    map_height = placement.height + 2 * _MARGIN
    height = map_height + legend_height
    # Links inside must stay reachable: only a picture without any is one image.
    role = "group" if any(node.href for node in picture.nodes) else "img"
    left = _MARGIN + _GUTTER + (width - FRAME_WIDTH - placement.width) / 2
    title, description = map_text.clean(title), map_text.clean(description)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="{role}"'
        f' aria-label="{escaped(title)}" width="{number(width)}" height="{number(height)}"'
        f' viewBox="0 0 {number(width)} {number(height)}"'
        ' font-family="Inter, Noto Sans, DejaVu Sans, sans-serif">',
        f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>",
        *_bands(picture, width),
        f'<g transform="translate({number(left)} {number(_MARGIN)})">',
        *_edges(picture),
        *_nodes(picture),
        "</g>",
        f'<g class="map-legend" transform="translate({number(_MARGIN)} {number(map_height)})">',
        *legend,
        "</g>",
        "</svg>",
    ]
    return "".join(parts), width, height


def _bands(picture: Picture, width: float) -> Iterator[str]:
    """A strip per tier, every other one tinted, each named at its left edge."""
    rows, lines = picture.rows, picture.placement.rows
    firsts = [
        index for index, row in enumerate(rows) if not index or row.tier != rows[index - 1].tier
    ]
    borders = [0.0]
    borders += [(lines[index - 1] + lines[index]) / 2 + _MARGIN for index in firsts[1:]]
    borders.append(picture.placement.height + 2 * _MARGIN)
    for strip, first in enumerate(firsts):
        top, bottom = borders[strip], borders[strip + 1]
        tier = rows[first].tier
        name = _("No tier") if tier is None else _("Tier %(tier)s") % {"tier": tier}
        yield (
            f'<rect class="map-band map-band-{strip % 2}" x="0" y="{number(top)}"'
            f' width="{number(width)}" height="{number(bottom - top)}"'
            f' fill="{_BANDS[strip % 2]}"/>'
        )
        yield (
            f'<text class="map-tier" x="0" y="0" fill="{shapes.QUIET}"'
            f' font-size="{SMALLEST_TEXT}" text-anchor="middle"'
            f' transform="translate({number(_MARGIN + 6)} {number((top + bottom) / 2)})'
            f' rotate(-90)">{escaped(name)}</text>'
        )


def _edges(picture: Picture) -> Iterator[str]:
    labels = {node.key: map_text.isolated(node.label) for node in picture.nodes}
    for edge, path in zip(picture.edges, picture.placement.paths, strict=True):
        said = _("%(dependent)s needs %(dependency)s, %(purpose)s") % {
            "dependent": labels[edge.dependent],
            "dependency": labels[edge.dependency],
            "purpose": shapes.purpose(edge.needed_to),
        }
        classes = f"map-edge{' map-in-loop' if edge.in_loop else ''}"
        yield (
            f'<g class="{classes}" data-from="{escaped(edge.dependent)}"'
            f' data-to="{escaped(edge.dependency)}"><title>{escaped(said)}</title>'
            f"{shapes.arrow(path, edge)}</g>"
        )


def _nodes(picture: Picture) -> Iterator[str]:
    for node, (x, y) in zip(picture.nodes, picture.placement.nodes, strict=True):
        body = (
            f'<g class="{_node_classes(node)}" data-key="{escaped(node.key)}"'
            f' transform="translate({number(x - NODE_WIDTH / 2)}'
            f' {number(y - NODE_HEIGHT / 2)})"><title>{escaped(_node_title(node))}</title>'
            f"{shapes.box(node)}{shapes.caption(node)}</g>"
        )
        yield f'<a href="{escaped(node.href)}">{body}</a>' if node.href else body


def _node_classes(node: MapNode) -> str:
    classes = ["map-node"]
    if node.is_focus:
        classes.append("map-focus")
    if node.in_loop:
        classes.append("map-in-loop")
    if node.standing:
        classes.append(shapes.standing_class(node.standing))
    return " ".join(classes)


def _node_title(node: MapNode) -> str:
    facts = [map_text.isolated(node.label)]
    facts += [map_text.isolated(fact) for fact in (node.kind, node.site) if fact]
    if node.standing:
        facts.append(shapes.standing_word(node.standing))
    if node.readiness:
        facts.append(_readiness_words(node.readiness))
    if node.in_loop:
        facts.append(_("in a loop"))
    return ", ".join(facts)


def _legend(picture: Picture, width: float) -> tuple[list[str], float]:
    """Only what is in the picture, in lines of `width`; and the height they take."""
    parts, x, y = [], 0.0, 0.0
    for sample, text in _legend_items(picture):
        text_x = _SAMPLE_WIDTH if sample else 0.0
        needed = text_x + map_text.width(text) * shapes.SMALL_EM
        if x and x + needed > width:
            x, y = 0.0, y + _LEGEND_LINE
        middle = y + _LEGEND_LINE / 2
        parts.append(
            f'<g transform="translate({number(x)} {number(middle)})">{sample}'
            f"{shapes.small(text, text_x, 4)}</g>"
        )
        x += needed + _LEGEND_GAP
    return parts, (y + _LEGEND_LINE + _MARGIN) if parts else 0.0


def _legend_items(picture: Picture) -> Iterator[tuple[str, str]]:
    """A sample drawn around y = 0, `_SAMPLE_WIDTH` wide or empty, and what it means."""
    if picture.edges:
        yield "", _("Arrows point from a system to what it needs:")
    for needed_to in NeededTo:
        if any(edge.needed_to is needed_to for edge in picture.edges):
            yield _line_sample(MapEdge("", "", needed_to)), shapes.purpose(needed_to)
    if any(edge.bootstrap for edge in picture.edges):
        sample = _line_sample(MapEdge("", "", bootstrap=True))
        yield sample, _("has a bootstrap note, holds nothing up")
    if any(node.is_focus for node in picture.nodes):
        yield shapes.focus_sample(), _("this system")
    if any(node.in_loop for node in picture.nodes):
        yield f'<g transform="translate(9 -3)">{shapes.loop_outline(12, 6)}</g>', _("in a loop")
    yield from _legend_of_marks(picture)


def _legend_of_marks(picture: Picture) -> Iterator[tuple[str, str]]:
    present = {node.standing for node in picture.nodes}
    for standing in Standing:
        if standing in present:
            mark = shapes.mark(standing, (_SAMPLE_WIDTH / 2, 0.0))
            sample = f'<g class="{shapes.standing_class(standing)}">{mark}</g>'
            yield sample, shapes.standing_word(standing)

    classes = {node.readiness for node in picture.nodes}
    for kind in ReadinessClass:
        if kind in classes:
            mark = map_classes.mark(kind, (_SAMPLE_WIDTH / 2, 0.0))
            yield f'<g class="{map_classes.class_name(kind)}">{mark}</g>', _readiness_words(kind)


def _readiness_words(kind: ReadinessClass) -> str:
    """Beside the standing the bare class would not say of what it is the half."""
    words = {
        ReadinessClass.BOTH: _("backups and recovery plan"),
        ReadinessClass.ONLY_BACKUPS: _("only backups"),
        ReadinessClass.ONLY_PLAN: _("only a recovery plan"),
        ReadinessClass.NEITHER: _("neither backups nor a recovery plan"),
    }
    return words[kind]


def _line_sample(edge: MapEdge) -> str:
    end = _SAMPLE_WIDTH - 6
    return shapes.arrow(((0.0, 0.0), (end / 3, 0.0), (end * 2 / 3, 0.0), (end, 0.0)), edge)
