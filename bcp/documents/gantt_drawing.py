"""The recovery order as a Gantt chart in SVG: who works when, against which target.

Like the map it carries its look in literal presentation attributes, so that it also prints;
the classes let a page recolour it. Time runs from the disruption, in minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _

from bcp.documents import map_shapes as shapes
from bcp.documents import map_text
from bcp.documents.map_parts import SMALLEST_TEXT
from bcp.documents.map_shapes import escaped, number
from bcp.engine.durations import format_minutes
from bcp.engine.results import Standing

WIDTH = 800.0
"""On 170 mm of paper the smallest text is then 6.6 pt."""

_LABELS, _RIGHT, _AXIS, _ROW, _BAR = 200.0, 26.0, 26.0, 22.0, 12.0
_PLOT = WIDTH - _LABELS - _RIGHT
_STEPS = (15, 30, 60, 120, 240, 480, 720, 1440, 2880, 5760, 10080, 20160, 43200)
_MOST_TICKS = 9
_WORK, _WAITING, _STRIP = "#8d939a", "#e4e2dc", "#f4f1ea"
_LEGEND_GAP, _SAMPLE = 18.0, 30.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. Work runs from `start` to `work_end`; from there to `restored` it waits for
    something it cannot run without. `unknown`: nobody knows how long the work takes."""

    label: str
    group: str
    start: int
    work_end: int
    restored: int
    rto: int | None = None
    standing: Standing | None = None
    critical: bool = False
    unknown: bool = False
    href: str = ""


def draw(bars: Sequence[Bar], activation_minutes: int, *, title: str, description: str) -> str:
    """The chart of `bars`, in their order, under one heading per run of equal groups."""
    last = max((bar.restored for bar in bars), default=0)
    # A target far beyond the end is an arrow at the edge: the bars would be slivers otherwise.
    targets = [bar.rto for bar in bars if bar.rto is not None and bar.rto <= 1.5 * last]
    chart = _Chart(max(last, activation_minutes, 1, *targets))
    rows: list[str] = []
    y = _AXIS
    for group, members in groupby(bars, key=attrgetter("group")):
        rows.append(
            f'<text class="gantt-group" x="0" y="{number(y + 15)}" fill="{shapes.INK}"'
            f' font-size="12" font-weight="600">{escaped(map_text.clean(group))}</text>'
        )
        y += _ROW
        for bar in members:
            rows.append(chart.row(bar, y))
            y += _ROW
    legend = "".join(_legend(bars, activation_minutes, y + 20))
    height = y + 34
    role = "group" if any(bar.href for bar in bars) else "img"
    title, description = map_text.clean(title), map_text.clean(description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gantt" role="{role}"'
        f' aria-label="{escaped(title)}" width="{number(WIDTH)}" height="{number(height)}"'
        f' viewBox="0 0 {number(WIDTH)} {number(height)}"'
        ' font-family="Inter, Noto Sans, DejaVu Sans, sans-serif">'
        f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>"
        f"{chart.axis(activation_minutes, y)}{''.join(rows)}{legend}</svg>"
    )


class _Chart:
    """The scale, and what is drawn on it."""

    def __init__(self, end: int) -> None:
        self._end = end

    def x(self, minutes: int) -> float:
        return _LABELS + _PLOT * min(minutes, self._end) / self._end

    def axis(self, activation_minutes: int, bottom: float) -> str:
        step = next(
            (step for step in _STEPS if self._end / step <= _MOST_TICKS), self._end // _MOST_TICKS
        )
        parts = []
        if activation_minutes:
            parts.append(
                f'<rect class="gantt-activation" x="{number(_LABELS)}" y="{number(_AXIS)}"'
                f' width="{number(self.x(activation_minutes) - _LABELS)}"'
                f' height="{number(bottom - _AXIS)}" fill="{_STRIP}"/>'
            )
        for minutes in range(0, self._end + 1, step):
            x = number(self.x(minutes))
            parts.append(
                f'<path class="gantt-grid" d="M{x},{number(_AXIS - 4)}V{number(bottom)}"'
                ' stroke="#dcd8cf" stroke-width="1"/>'
                f'<text class="map-small" x="{x}" y="{number(_AXIS - 10)}" fill="{shapes.QUIET}"'
                f' font-size="{SMALLEST_TEXT}" text-anchor="middle">'
                f"{escaped(format_minutes(minutes) if minutes else '0')}</text>"
            )
        return "".join(parts)

    def row(self, bar: Bar, y: float) -> str:
        middle = y + _ROW / 2
        room = (_LABELS - 34) / (SMALLEST_TEXT + 1)
        label = map_text.wrap(bar.label, room, 1)[0]
        body = "".join(
            [
                f"<title>{escaped(self._said(bar))}</title>",
                f'<rect class="gantt-row" x="0" y="{number(y)}" width="{number(WIDTH)}"'
                f' height="{number(_ROW)}" fill="none"/>',
                f'<g class="{shapes.standing_class(bar.standing)}">'
                f"{shapes.mark(bar.standing, (10, middle))}</g>"
                if bar.standing
                else "",
                f'<text class="map-name" x="20" y="{number(middle + 4)}" fill="{shapes.INK}"'
                f' font-size="{SMALLEST_TEXT + 1}" unicode-bidi="plaintext">'
                f"{escaped(label)}</text>",
                self._work(bar, middle),
                self._target(bar, middle),
            ]
        )
        group = f'<g class="gantt-bar{" gantt-critical" if bar.critical else ""}">{body}</g>'
        return f'<a href="{escaped(bar.href)}">{group}</a>' if bar.href else group

    def _work(self, bar: Bar, middle: float) -> str:
        start, end = self.x(bar.start), self.x(bar.work_end)
        top = middle - _BAR / 2
        fill = shapes.ACCENT if bar.critical else _WORK
        parts = []
        if bar.restored > bar.work_end:
            parts.append(
                f'<rect class="gantt-waiting" x="{number(end)}" y="{number(top)}"'
                f' width="{number(max(1, self.x(bar.restored) - end))}" height="{number(_BAR)}"'
                f' fill="{_WAITING}" stroke="{fill}" stroke-width="1"/>'
            )
        if bar.unknown:
            parts.append(
                f'<rect class="gantt-unknown" x="{number(start)}" y="{number(top)}" width="14"'
                f' height="{number(_BAR)}" fill="none" stroke="{fill}" stroke-width="1.3"'
                ' stroke-dasharray="3 2"/>'
            )
        else:
            parts.append(
                f'<rect class="gantt-work" x="{number(start)}" y="{number(top)}"'
                f' width="{number(max(2, end - start))}" height="{number(_BAR)}" fill="{fill}"/>'
            )
        return "".join(parts)

    def _target(self, bar: Bar, middle: float) -> str:
        if bar.rto is None:
            return ""
        colour = shapes.MISSES if bar.rto < bar.restored else shapes.INK
        missed = " gantt-missed" if bar.rto < bar.restored else ""
        x = self.x(bar.rto)
        if bar.rto > self._end:
            x += 8
            tip = f"M{number(x + 7)},{number(middle)}L{number(x)},{number(middle - 5)}V"
            return f'<path class="gantt-rto" d="{tip}{number(middle + 5)}Z" fill="{colour}"/>'
        return (
            f'<path class="gantt-rto{missed}" d="M{number(x)},{number(middle - 9)}'
            f'V{number(middle + 9)}" stroke="{colour}" stroke-width="2.4"/>'
        )

    def _said(self, bar: Bar) -> str:
        facts = [
            _("%(system)s: starts after %(start)s, restored after %(restored)s")
            % {
                "system": map_text.isolated(bar.label),
                "start": format_minutes(bar.start),
                "restored": format_minutes(bar.restored),
            }
        ]
        if bar.rto is not None:
            facts.append(_("target %(rto)s") % {"rto": format_minutes(bar.rto)})
        if bar.standing:
            facts.append(shapes.standing_word(bar.standing))
        return ", ".join(facts)


def _legend(bars: Sequence[Bar], activation_minutes: int, y: float) -> Iterator[str]:
    x = 0.0
    for sample, text in _legend_items(bars, activation_minutes):
        yield (
            f'<g transform="translate({number(x)} {number(y)})">{sample}'
            f"{shapes.small(text, _SAMPLE, 4)}</g>"
        )
        x += _SAMPLE + map_text.width(text) * shapes.SMALL_EM + _LEGEND_GAP


def _legend_items(bars: Sequence[Bar], activation_minutes: int) -> Iterator[tuple[str, str]]:
    def box(name: str, fill: str, extra: str = "") -> str:
        return f'<rect class="{name}" x="0" y="-6" width="22" height="12" fill="{fill}"{extra}/>'

    if activation_minutes:
        yield box("gantt-activation", _STRIP), _("activation")
    yield box("gantt-work", _WORK), _("recovery work")
    if any(bar.critical for bar in bars):
        critical = box("gantt-work", shapes.ACCENT)
        yield f'<g class="gantt-critical">{critical}</g>', _("the chain that decides the end")
    if any(bar.restored > bar.work_end for bar in bars):
        yield box("gantt-waiting", _WAITING, f' stroke="{_WORK}"'), _("waits to run")
    if any(bar.unknown for bar in bars):
        dashed = f' stroke="{_WORK}" stroke-dasharray="3 2"'
        yield box("gantt-unknown", "none", dashed), _("duration unknown")
    if any(bar.rto is not None for bar in bars):
        mark = f'<path class="gantt-rto" d="M11,-9V9" stroke="{shapes.INK}" stroke-width="2.4"/>'
        yield mark, _("target (RTO)")
