"""Readiness classes on a map: a circle of two halves, full where that half is there (rule B5).

The backups are the left half, the recovery plan the right one; the word stands beside it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bcp.documents import map_text
from bcp.documents.map_layout import Point
from bcp.documents.map_parts import SMALLEST_TEXT
from bcp.engine.messages import gettext_noop
from bcp.engine.readiness import ReadinessClass

COLOURS = {
    ReadinessClass.BOTH: "#1a7f4b",
    ReadinessClass.ONLY_BACKUPS: "#8a5a00",
    ReadinessClass.ONLY_PLAN: "#8a5a00",
    ReadinessClass.NEITHER: "#b3261e",
}
_SHORT_WORDS = {
    ReadinessClass.BOTH: gettext_noop("both"),
    ReadinessClass.ONLY_BACKUPS: gettext_noop("backups"),
    ReadinessClass.ONLY_PLAN: gettext_noop("plan"),
    ReadinessClass.NEITHER: gettext_noop("neither"),
}
_RADIUS = 4.0
_SWEEPS = {ReadinessClass.ONLY_BACKUPS: 0, ReadinessClass.ONLY_PLAN: 1}


def class_name(kind: ReadinessClass) -> str:
    return f"map-class map-class-{kind.name.lower().replace('_', '-')}"


def short_word(kind: ReadinessClass) -> str:
    """As there is room for in a box; the legend and the title say it in full."""
    return _(_SHORT_WORDS[kind])


def mark(kind: ReadinessClass, centre: Point) -> str:
    x, y = centre
    colour = COLOURS[kind]
    ring = (
        f'<circle class="map-class-ring" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" fill="none"'
        f' stroke="{colour}" stroke-width="1.3"/>'
    )
    if kind is ReadinessClass.NEITHER:
        return ring
    if kind is ReadinessClass.BOTH:
        return ring + (
            f'<circle class="map-class-half" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}"'
            f' fill="{colour}"/>'
        )
    top, bottom = f"{x:.1f},{y - _RADIUS:.1f}", f"{x:.1f},{y + _RADIUS:.1f}"
    return ring + (
        f'<path class="map-class-half" d="M{top}A{_RADIUS} {_RADIUS} 0 0 {_SWEEPS[kind]}'
        f' {bottom}Z" fill="{colour}"/>'
    )


def labelled(kind: ReadinessClass, left: float, baseline: float) -> str:
    """Mark and word, beginning at `left`; `width` says how wide that is."""
    return (
        f'<g class="{class_name(kind)}">{mark(kind, (left + _RADIUS, baseline - 4))}'
        f'<text class="map-class-word" x="{left + 2 * _RADIUS + 4:.1f}" y="{baseline:.1f}"'
        f' fill="{COLOURS[kind]}" font-size="{SMALLEST_TEXT}">{short_word(kind)}</text></g>'
    )


def width(kind: ReadinessClass) -> float:
    return 2 * _RADIUS + 4 + map_text.width(short_word(kind)) * SMALLEST_TEXT * 0.95
