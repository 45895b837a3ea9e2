"""The shapes a map is made of, each as a piece of SVG: arrows, boxes, marks, lines of text.

Status is told by word, shape and colour at once, so that it survives grey print and any eyes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from django.utils.translation import gettext as _

from bcp.documents import map_classes, map_text
from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH, Point
from bcp.documents.map_parts import NAME_TEXT, SMALLEST_TEXT, MapEdge, MapNode
from bcp.engine.estate import NeededTo
from bcp.engine.results import Standing

INK, QUIET, PAPER = "#1c2024", "#5c6066", "#ffffff"
ACCENT, MISSES = "#0b5c6b", "#b3261e"
STANDING_COLOURS = {
    Standing.MEETS: "#1a7f4b",
    Standing.AT_RISK: "#8a5a00",
    Standing.MISSES: MISSES,
    Standing.UNKNOWN: QUIET,
}
SMALL_EM = SMALLEST_TEXT * 0.95
"""Estimates of `map_text` are for bold; small text is not."""

_DASHES = {NeededTo.REBUILD: "", NeededTo.RUN: "7 4", NeededTo.FULL_SERVICE: "1.5 4"}
_NAME_LINES, _NAME_LINE_HEIGHT, _PADDING = 2, 15.0, 6.0
_MARK_WIDTH, _BETWEEN_MARKS = 14.0, 8.0
_ARROW_LENGTH, _ARROW_HALF = 8.0, 3.6


def escaped(text: str) -> str:
    return escape(text, quote=True)


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def point_text(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


# --- edges ---------------------------------------------------------------------------------


def purpose(needed_to: NeededTo) -> str:
    """What a dependency is needed for, in words."""
    words = {
        NeededTo.REBUILD: _("to rebuild"),
        NeededTo.RUN: _("to run"),
        NeededTo.FULL_SERVICE: _("for full service"),
    }
    return words[needed_to]


def arrow(path: tuple[Point, ...], edge: MapEdge) -> str:
    colour = MISSES if edge.in_loop else QUIET
    dashes = _DASHES[edge.needed_to]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    round_ends = ' stroke-linecap="round"' if edge.needed_to is NeededTo.FULL_SERVICE else ""
    base, head = _arrow_head(path)
    points = [*path[:-1], base]
    curve = f"M{point_text(points[0])}C" + " ".join(map(point_text, points[1:]))
    line = (
        f'<path class="map-line" d="{curve}" fill="none" stroke="{colour}"'
        f' stroke-width="{2 if edge.in_loop else 1.3}"{dashed}{round_ends}/>'
        f'<path class="map-arrow" d="{head}" fill="{colour}"/>'
    )
    return line + (_lozenge(_middle(path)) if edge.bootstrap else "")


def _arrow_head(path: tuple[Point, ...]) -> tuple[Point, str]:
    """Where the line ends, and the outline of the head whose tip is the path's end."""
    tip = path[-1]
    behind = next((point for point in reversed(path[:-1]) if point != tip), (tip[0], tip[1] - 1))
    length = math.dist(behind, tip)
    dx, dy = (tip[0] - behind[0]) / length, (tip[1] - behind[1]) / length
    base = tip[0] - dx * _ARROW_LENGTH, tip[1] - dy * _ARROW_LENGTH
    one = base[0] - dy * _ARROW_HALF, base[1] + dx * _ARROW_HALF
    other = base[0] + dy * _ARROW_HALF, base[1] - dx * _ARROW_HALF
    return base, f"M{point_text(tip)}L{point_text(one)} {point_text(other)}Z"


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
    words = {
        Standing.MEETS: _("meets"),
        Standing.AT_RISK: _("at risk"),
        Standing.MISSES: _("misses"),
        Standing.UNKNOWN: _("unknown"),
    }
    return words[standing]


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
    has_marks = node.standing is not None or node.readiness is not None
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
