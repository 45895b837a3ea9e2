"""The legend of a map: a sample and its meaning for everything that is drawn, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import map_classes, map_text
from bcp.documents import map_shapes as shapes
from bcp.documents.map_parts import MapEdge
from bcp.documents.map_picture import Picture
from bcp.documents.map_shapes import number
from bcp.engine.estate import NeededTo
from bcp.engine.messages import gettext_noop
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Standing

_READINESS = {
    ReadinessClass.BOTH: gettext_noop("backups and recovery plan"),
    ReadinessClass.ONLY_BACKUPS: gettext_noop("only backups"),
    ReadinessClass.ONLY_PLAN: gettext_noop("only a recovery plan"),
    ReadinessClass.NEITHER: gettext_noop("neither backups nor a recovery plan"),
}
_LINE, _GAP = 22.0, 18.0
SAMPLE_WIDTH = 34.0
_MOST_LETTERS, _MOST_LINES = 12, 4


LegendItem = tuple[str, str]
"""A sample as SVG, `SAMPLE_WIDTH` wide and drawn around y = 0, or "" for none; and its meaning."""


def write(picture: Picture, width: float) -> tuple[list[str], float]:
    """Only what is in the picture, in lines of `width`; and the height they take."""
    parts, x, y = [], 0.0, 0.0
    for sample, text in items(picture):
        text_x = SAMPLE_WIDTH if sample else 0.0
        lines = map_text.wrap(text, (width - text_x) / shapes.SMALL_EM, _MOST_LINES)
        needed = text_x + max(map(map_text.width, lines)) * shapes.SMALL_EM
        if x and (x + needed > width or len(lines) > 1):
            x, y = 0.0, y + _LINE
        said = "".join(
            shapes.small(line, text_x, 4 + place * _LINE) for place, line in enumerate(lines)
        )
        middle = y + _LINE / 2
        parts.append(f'<g transform="translate({number(x)} {number(middle)})">{sample}{said}</g>')
        y += (len(lines) - 1) * _LINE
        x += needed + _GAP
    return parts, (y + _LINE) if parts else 0.0


def items(picture: Picture) -> Iterator[LegendItem]:
    if picture.edges:
        yield "", _("Arrows point from a system to what it needs:")
    for needed_to in NeededTo:
        if any(edge.needed_to is needed_to and not edge.proposed for edge in picture.edges):
            yield _line_sample(MapEdge("", "", needed_to)), shapes.purpose(needed_to)
    if any(edge.bootstrap for edge in picture.edges):
        sample = _line_sample(MapEdge("", "", bootstrap=True))
        yield sample, _("has a bootstrap note, holds nothing up")
    if any(edge.proposed for edge in picture.edges):
        yield _line_sample(MapEdge("", "", proposed=True)), _("proposed: waits for review")
    if any(edge.count is not None for edge in picture.edges):
        yield (
            _counted_sample(),
            _("so many dependencies, nearer to who needs; thicker: more"),
        )
    on_chain = [edge.on_chain for edge in picture.edges]
    if any(on_chain) or any(node.on_chain for node in picture.nodes):
        sample = _line_sample(MapEdge("", "", on_chain=True))
        bar = f'<g transform="translate(0 -8)">{shapes.chain_bar(16)}</g>'
        yield f'<g class="map-on-chain">{bar}{sample}</g>', _("critical chain: decides the time")
    yield from _boxes(picture)
    yield from _flags(picture)
    yield from _marks(picture)
    for note in picture.notes:
        yield "", note


def _boxes(picture: Picture) -> Iterator[LegendItem]:
    if any(node.is_focus for node in picture.nodes):
        yield shapes.focus_sample(), _("this system")
    if any(node.in_loop for node in picture.nodes):
        yield f'<g transform="translate(9 -3)">{shapes.loop_outline(12, 6)}</g>', _("in a loop")
    if picture.zones:
        yield _zone_sample(), _("one zone: lost together")
    if picture.letters:
        yield "", _("Lost together, without a frame:")
    for zone, letter in islice(picture.letters.items(), _MOST_LETTERS):
        yield shapes.zone_letter(letter, 8, 7), map_text.clean(zone)
    if len(picture.letters) > _MOST_LETTERS:
        more = len(picture.letters) - _MOST_LETTERS
        said = ngettext(
            "%(count)s more zone has a letter; its systems name it",
            "%(count)s more zones have letters; their systems name them",
            more,
        )
        yield "", said % {"count": more}


def _flags(picture: Picture) -> Iterator[LegendItem]:
    if any(node.no_owner for node in picture.nodes):
        yield shapes.nobody((SAMPLE_WIDTH / 2, 0.0)), _("no owner")
    if any(node.stale for node in picture.nodes):
        yield shapes.clock((SAMPLE_WIDTH / 2, 0.0)), _("facts may be out of date")
    if any(node.continues_on for node in picture.nodes):
        yield shapes.small("→ 2", 6, 4, shapes.QUIET), _("continues on sheet 2")


def _marks(picture: Picture) -> Iterator[LegendItem]:
    present = {node.standing for node in picture.nodes}
    for standing in Standing:
        if standing in present:
            mark = shapes.mark(standing, (SAMPLE_WIDTH / 2, 0.0))
            sample = f'<g class="{shapes.standing_class(standing)}">{mark}</g>'
            yield sample, shapes.standing_word(standing)

    classes = {node.readiness for node in picture.nodes}
    for kind in ReadinessClass:
        if kind in classes:
            mark = map_classes.mark(kind, (SAMPLE_WIDTH / 2, 0.0))
            yield f'<g class="{map_classes.class_name(kind)}">{mark}</g>', readiness_words(kind)


def readiness_words(kind: ReadinessClass) -> str:
    """Beside the standing the bare class would not say of what it is the half."""
    return _(_READINESS[kind])


def _zone_sample() -> str:
    return (
        '<rect class="map-zone-frame" x="2" y="-8" width="26" height="16" rx="4" fill="none"'
        f' stroke="{shapes.EDGE_OF_ZONE}" stroke-width="1.2"/>'
    )


def _counted_sample() -> str:
    start, end = 13.0, SAMPLE_WIDTH - 4
    path = ((start, 0.0), (start, 0.0), (end, 0.0), (end, 0.0))
    return shapes.label("5", (6.0, 0.0)) + shapes.arrow(path, MapEdge("", "", None, count=5))


def _line_sample(edge: MapEdge) -> str:
    end = SAMPLE_WIDTH - 6
    return shapes.arrow(((0.0, 0.0), (end / 3, 0.0), (end * 2 / 3, 0.0), (end, 0.0)), edge)
