"""The shapes a map is made of, each as a piece of SVG: arrows, boxes, marks, lines of text.

Status is told by word, shape and colour at once, so that it survives grey print and any eyes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import map_classes, map_text
from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH, Point
from bcp.documents.map_parts import NAME_TEXT, SMALLEST_TEXT, MapEdge, MapNode
from bcp.engine.estate import NeededTo
from bcp.engine.messages import gettext_noop
from bcp.engine.results import Standing

INK, QUIET, PAPER = "#1c2024", "#5c6066", "#ffffff"
ACCENT, MISSES, STALE = "#0b5c6b", "#b3261e", "#8a5a00"
EDGE_OF_ZONE = "#86806f"
STANDING_COLOURS = {
    Standing.MEETS: "#1a7f4b",
    Standing.AT_RISK: "#8a5a00",
    Standing.MISSES: MISSES,
    Standing.UNKNOWN: QUIET,
}
SMALL_EM = SMALLEST_TEXT * 0.95
"""Estimates of `map_text` are for bold; small text is not."""

# Marked here and translated one by one: a map asks for a word of these at every system and line.
_PURPOSES = {
    NeededTo.REBUILD: gettext_noop("to rebuild"),
    NeededTo.RUN: gettext_noop("to run"),
    NeededTo.FULL_SERVICE: gettext_noop("for full service"),
}
_STANDINGS = {
    Standing.MEETS: gettext_noop("meets"),
    Standing.AT_RISK: gettext_noop("at risk"),
    Standing.MISSES: gettext_noop("misses"),
    Standing.UNKNOWN: gettext_noop("unknown"),
}
_DASHES = {NeededTo.REBUILD: "", NeededTo.RUN: "7 4", NeededTo.FULL_SERVICE: "1.5 4"}
_NAME_LINES, _NAME_LINE_HEIGHT, _PADDING = 2, 15.0, 6.0
_MARK_WIDTH, _BETWEEN_MARKS = 14.0, 8.0
_ARROW_LENGTH, _ARROW_HALF = 10.0, 4.4
_ARROW_THICKNESS = 1.3
"""Of the line that such a head belongs to; thicker lines have larger ones."""
_THIN, _THICKER = 1.1, 1.9
"""A line between groups, and what the one that counts most is thicker."""
_CHAIN_BAR = 6.0
_FLAG_ROOM = 18.0
_MOST_SHEETS = 4


def escaped(text: str) -> str:
    return escape(text, quote=True)


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def point_text(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


# --- edges ---------------------------------------------------------------------------------


def purpose(needed_to: NeededTo) -> str:
    """What a dependency is needed for, in words."""
    return _(_PURPOSES[needed_to])


def terms(edge: MapEdge) -> str:
    """What its line says, in words."""
    if edge.needed_to is None:
        said = ngettext("%(count)s dependency", "%(count)s dependencies", edge.count or 0)
        return said % {"count": edge.count}
    said = purpose(edge.needed_to)
    if edge.proposed:
        return _("%(purpose)s; proposed, waits for review") % {"purpose": said}
    if edge.bootstrap:
        return _("%(purpose)s; has a bootstrap note, holds nothing up") % {"purpose": said}
    return said


def arrow(path: tuple[Point, ...], edge: MapEdge, most: int | None = None) -> str:
    """`most` is the highest count on the map: what the thickness of a counted edge is measured
    by."""
    if edge.proposed:
        return _proposed(path)
    colour = MISSES if edge.in_loop else ACCENT if edge.on_chain else QUIET
    thickness = 2.6 if edge.on_chain else 2 if edge.in_loop else 1.3
    if edge.count is not None and most:
        thickness = _THIN + _THICKER * edge.count / most
    dashes = _DASHES[edge.needed_to] if edge.needed_to else ""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    round_ends = ' stroke-linecap="round"' if edge.needed_to is NeededTo.FULL_SERVICE else ""
    curve, head = _line_and_head(path, thickness)
    line = (
        f'<path class="map-line" d="{curve}" fill="none" stroke="{colour}"'
        f' stroke-width="{number(thickness)}"{dashed}{round_ends}/>'
        f'<path class="map-arrow" d="{head}" fill="{colour}"/>'
    )
    return line + (_lozenge(_middle(path)) if edge.bootstrap else "")


def _proposed(path: tuple[Point, ...]) -> str:
    """Dots and a head that is only outlined: nothing that holds yet."""
    curve, head = _line_and_head(path, _ARROW_THICKNESS)
    return (
        f'<path class="map-line" d="{curve}" fill="none" stroke="{QUIET}" stroke-width="2.4"'
        ' stroke-dasharray="0.1 6" stroke-linecap="round"/>'
        f'<path class="map-arrow-open" d="{head}" fill="{PAPER}" stroke="{QUIET}"'
        ' stroke-width="1.3"/>'
    )


def edge_label(edge: MapEdge) -> str:
    """What stands on the line; "" for nearly all."""
    if edge.proposed:
        return _("proposed")
    return "" if edge.count is None else str(edge.count)


def label_width(text: str) -> float:
    return map_text.width(text) * SMALLEST_TEXT + 6


def label(text: str, centre: Point) -> str:
    """On a plate, so that it can be read over lines."""
    x, y = centre
    width = label_width(text)
    return (
        f'<rect class="map-plate" x="{number(x - width / 2)}" y="{number(y - 7)}"'
        f' width="{number(width)}" height="14" rx="3" fill="{PAPER}" stroke="none"/>'
        f'<text class="map-count" x="{number(x)}" y="{number(y + 4)}" fill="{INK}"'
        f' font-size="{SMALLEST_TEXT}" text-anchor="middle">{escaped(text)}</text>'
    )


def _line_and_head(path: tuple[Point, ...], thickness: float) -> tuple[str, str]:
    """The curve up to the head, and the outline of the head, whose tip is the path's end."""
    tip = path[-1]
    behind = next((point for point in reversed(path[:-1]) if point != tip), (tip[0], tip[1] - 1))
    distance = math.dist(behind, tip)
    dx, dy = (tip[0] - behind[0]) / distance, (tip[1] - behind[1]) / distance
    wider = max(0.0, thickness - _ARROW_THICKNESS)
    length, half = _ARROW_LENGTH + 2 * wider, _ARROW_HALF + wider
    base = tip[0] - dx * length, tip[1] - dy * length
    one = base[0] - dy * half, base[1] + dx * half
    other = base[0] + dy * half, base[1] - dx * half
    points = [*path[:-1], base]
    curve = f"M{point_text(points[0])}C" + " ".join(map(point_text, points[1:]))
    return curve, f"M{point_text(tip)}L{point_text(one)} {point_text(other)}Z"


def _middle(path: tuple[Point, ...]) -> Point:
    """Half-way along the middle piece of the curve."""
    piece = 3 * ((len(path) - 1) // 3 // 2)
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = path[piece : piece + 4]
    return (x1 + 3 * x2 + 3 * x3 + x4) / 8, (y1 + 3 * y2 + 3 * y3 + y4) / 8


def _lozenge(centre: Point) -> str:
    x, y = centre
    return (
        f'<path class="map-bootstrap" d="M{point_text((x, y - 6))}L{point_text((x + 6, y))}'
        f' {point_text((x, y + 6))} {point_text((x - 6, y))}Z" fill="{PAPER}" stroke="{INK}"'
        ' stroke-width="1.3"/>'
    )


# --- nodes ---------------------------------------------------------------------------------


def standing_word(standing: Standing) -> str:
    return _(_STANDINGS[standing])


def standing_class(standing: Standing) -> str:
    return f"map-{standing.name.lower().replace('_', '-')}"


def box(node: MapNode) -> str:
    colour, thickness, dashed = INK, 1.0, ""
    if node.standing:
        colour = STANDING_COLOURS[node.standing]
        thickness = 1.8 if node.standing is Standing.MISSES else 1.2
        dashed = ' stroke-dasharray="4 3"' if node.standing is Standing.UNKNOWN else ""
    if node.is_focus:
        colour, thickness, dashed = ACCENT, 3.0, ""
    return (loop_outline(NODE_WIDTH, NODE_HEIGHT) if node.in_loop else "") + (
        f'<rect class="map-box" width="{number(NODE_WIDTH)}" height="{number(NODE_HEIGHT)}"'
        f' rx="3" fill="{PAPER}" stroke="{colour}" stroke-width="{thickness}"{dashed}/>'
        f"{chain_bar(NODE_HEIGHT) if node.on_chain else ''}"
    )


def chain_bar(height: float) -> str:
    """Thick enough to be seen in grey, where the accent is just one more dark line."""
    return (
        f'<rect class="map-chain" width="{number(_CHAIN_BAR)}" height="{number(height)}" rx="2"'
        f' fill="{ACCENT}"/>'
    )


def flags(node: MapNode) -> Iterator[str]:
    """Marks on the upper edge of the box, from its right corner on."""
    x = NODE_WIDTH - _FLAG_ROOM / 2 - 4
    if node.no_owner:
        yield nobody((x, 0.0))
        x -= _FLAG_ROOM
    if node.stale:
        yield clock((x, 0.0))


def continues(sheets: tuple[int, ...]) -> str:
    """On the lower edge of a box: the sheets on which its other neighbours stand."""
    if not sheets:
        return ""
    said = f"→ {', '.join(map(str, sheets[:_MOST_SHEETS]))}"
    if len(sheets) > _MOST_SHEETS:
        said += map_text.ELLIPSIS
    width = map_text.width(said) * SMALLEST_TEXT + 16
    left = NODE_WIDTH - width - 4
    return (
        f'<g class="map-continues"><rect class="map-plate" x="{number(left)}"'
        f' y="{number(NODE_HEIGHT - 4)}" width="{number(width)}" height="15" rx="3"'
        f' fill="{PAPER}" stroke="{QUIET}" stroke-width="0.8"/>'
        + small(said, left + 4, NODE_HEIGHT + 7.5, QUIET)
        + "</g>"
    )


def zone_letter(letter: str, left: float, bottom: float) -> str:
    """Where a zone has no frame: on the lower edge of each of its boxes."""
    width = map_text.width(letter) * SMALLEST_TEXT + 7
    return (
        f'<g class="map-zone-letter"><rect class="map-plate" x="{number(left)}"'
        f' y="{number(bottom - 14)}" width="{number(width)}" height="14" rx="3" fill="{PAPER}"'
        f' stroke="{EDGE_OF_ZONE}" stroke-width="1"/><text class="map-zone-name"'
        f' x="{number(left + width / 2)}" y="{number(bottom - 3)}" fill="{QUIET}"'
        f' font-size="{SMALLEST_TEXT}" font-weight="600" text-anchor="middle">{letter}</text></g>'
    )


def nobody(centre: Point) -> str:
    """Head and shoulders, struck through: nobody answers for it."""
    x, y = centre
    return (
        f'<g class="map-flag map-no-owner" transform="translate({number(x)} {number(y)})">'
        f'<circle class="map-plate" r="8" fill="{PAPER}" stroke="none"/>'
        f'<circle cy="-2.6" r="2.4" fill="none" stroke="{MISSES}" stroke-width="1.2"/>'
        f'<path d="M-4.6,5.4C-4.6,-0.4 4.6,-0.4 4.6,5.4" fill="none" stroke="{MISSES}"'
        ' stroke-width="1.2"/>'
        f'<path d="M-6,6L6,-6" fill="none" stroke="{MISSES}" stroke-width="1.4"/></g>'
    )


def clock(centre: Point) -> str:
    """What is recorded is of another time."""
    x, y = centre
    return (
        f'<g class="map-flag map-stale" transform="translate({number(x)} {number(y)})">'
        f'<circle class="map-plate" r="8" fill="{PAPER}" stroke="none"/>'
        f'<circle r="5.6" fill="none" stroke="{STALE}" stroke-width="1.3"/>'
        f'<path d="M0,-3.6L0,0 2.8,1.8" fill="none" stroke="{STALE}" stroke-width="1.3"/></g>'
    )


def focus_sample() -> str:
    return (
        f'<rect class="map-focus-sample" x="4" y="-6" width="22" height="12" rx="2"'
        f' fill="{PAPER}" stroke="{ACCENT}" stroke-width="3"/>'
    )


def loop_outline(width: float, height: float) -> str:
    return (
        f'<rect class="map-loop" x="-5" y="-5" width="{number(width + 10)}"'
        f' height="{number(height + 10)}" rx="6" fill="none" stroke="{MISSES}"'
        ' stroke-width="1.6" stroke-dasharray="9 3 2 3"/>'
    )


def caption(node: MapNode) -> str:
    """The name on one or two lines, and under it standing and readiness as shapes and words."""
    room = (NODE_WIDTH - 2 * _PADDING) / NAME_TEXT
    lines = map_text.wrap(node.label, room, _NAME_LINES)
    has_marks = node.standing is not None or node.readiness is not None or bool(node.note)
    used = len(lines) * _NAME_LINE_HEIGHT + (_NAME_LINE_HEIGHT if has_marks else 0)
    baseline = (NODE_HEIGHT - used) / 2 + NAME_TEXT - 1.5
    parts = []
    for line in lines:
        parts.append(
            f'<text class="map-name" x="{number(NODE_WIDTH / 2)}" y="{number(baseline)}"'
            f' fill="{INK}" font-size="{NAME_TEXT}" font-weight="600" text-anchor="middle"'
            f' unicode-bidi="plaintext">{escaped(line)}</text>'
        )
        baseline += _NAME_LINE_HEIGHT
    parts += _marks(node, baseline)
    if node.note:
        note = map_text.wrap(node.note, (NODE_WIDTH - 2 * _PADDING) / SMALL_EM, 1)[0]
        left = (NODE_WIDTH - map_text.width(note) * SMALL_EM) / 2
        parts.append(small(note, left, baseline, QUIET))
    return "".join(parts)


def _marks(node: MapNode, baseline: float) -> Iterator[str]:
    """Standing and readiness beside each other, in the middle of the box."""
    word = standing_word(node.standing) if node.standing else ""
    standing = _MARK_WIDTH + map_text.width(word) * SMALL_EM if node.standing else 0.0
    readiness = map_classes.width(node.readiness) if node.readiness else 0.0
    between = _BETWEEN_MARKS if standing and readiness else 0.0
    left = (NODE_WIDTH - standing - between - readiness) / 2
    if node.standing:
        yield mark(node.standing, (left + 4, baseline - 4))
        yield small(word, left + _MARK_WIDTH, baseline, STANDING_COLOURS[node.standing])
    if node.readiness:
        yield map_classes.labelled(node.readiness, left + standing + between, baseline)


def zone(name: str, width: float, height: float) -> str:
    """The frame around what is lost together."""
    return (
        f"<title>{escaped(map_text.clean(name))}</title>"
        f'<rect class="map-zone-frame" width="{number(width)}" height="{number(height)}" rx="5"'
        f' fill="none" stroke="{EDGE_OF_ZONE}" stroke-width="1.2"/>'
    )


def zone_name(name: str, width: float) -> str:
    """On the upper edge of the frame, on a plate, so that it can be read over lines."""
    said = map_text.wrap(name, (width - 2 * _PADDING) / SMALLEST_TEXT, 1)[0]
    plate = map_text.width(said) * SMALLEST_TEXT + 4
    return (
        f'<rect class="map-plate" x="{number(_PADDING - 2)}" y="2" width="{number(plate)}"'
        f' height="14" rx="3" fill="{PAPER}" stroke="none"/>'
        f'<text class="map-zone-name" x="{number(_PADDING)}" y="{number(SMALLEST_TEXT + 1.5)}"'
        f' fill="{QUIET}" font-size="{SMALLEST_TEXT}" font-weight="600"'
        f' unicode-bidi="plaintext">{escaped(said)}</text>'
    )


def mark(standing: Standing, centre: Point) -> str:
    """Circle, triangle, square, dashed ring: told apart without colour."""
    x, y = centre
    colour = STANDING_COLOURS[standing]
    if standing is Standing.MEETS:
        return f'<circle class="map-mark" cx="{number(x)}" cy="{number(y)}" r="4" fill="{colour}"/>'
    if standing is Standing.AT_RISK:
        corners = (
            f"M{point_text((x, y - 5))}L{point_text((x + 5, y + 4))} {point_text((x - 5, y + 4))}Z"
        )
        return f'<path class="map-mark" d="{corners}" fill="{colour}"/>'
    if standing is Standing.MISSES:
        return (
            f'<rect class="map-mark" x="{number(x - 4)}" y="{number(y - 4)}" width="8"'
            f' height="8" fill="{colour}"/>'
        )
    return (
        f'<circle class="map-mark map-mark-open" cx="{number(x)}" cy="{number(y)}" r="4"'
        f' fill="none" stroke="{colour}" stroke-width="1.3" stroke-dasharray="2 1.6"/>'
    )


def small(text: str, x: float, y: float, colour: str = INK) -> str:
    return (
        f'<text class="map-small" x="{number(x)}" y="{number(y)}" fill="{colour}"'
        f' font-size="{SMALLEST_TEXT}">{escaped(text)}</text>'
    )
