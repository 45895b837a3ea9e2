"""Promised against possible as a bar in SVG, all bars of a summary on one scale.

Told apart without colour: what is in time is grey, what is late is solid, an open end is dashed,
the target is a tick. The look is in literal attributes, so that it prints; classes let the page
on screen recolour it.
"""

from __future__ import annotations

from django.utils.safestring import SafeString

from bcp.documents import map_shapes as shapes
from bcp.documents.map_shapes import escaped, number

WIDTH, _HEIGHT, _BAR, _OPEN, _RIGHT = 280.0, 16.0, 8.0, 14.0, 24.0
_IN_TIME = "#9aa0a6"


def bar(
    restored_minutes: int,
    rto_minutes: int | None,
    *,
    at_least: bool,
    longest_minutes: int,
    says: str,
) -> SafeString:
    """`longest_minutes` is what the whole width stands for; a target beyond it is an arrow at the
    edge. `says` is the same in words, for those who do not see it."""

    def x(minutes: int) -> float:
        return (WIDTH - _RIGHT) * min(minutes, longest_minutes) / max(1, longest_minutes)

    top, end = (_HEIGHT - _BAR) / 2, max(1.0, x(restored_minutes))
    limit = end if rto_minutes is None else min(end, x(rto_minutes))
    parts = []
    if limit > 0:
        parts.append(_box("summary-in-time", 0, top, limit, _IN_TIME))
    if end > limit:
        parts.append(_box("summary-late", limit, top, end - limit, shapes.INK))
    if at_least:
        parts.append(
            f'<path class="summary-open" d="M{number(end)},{number(top)}h{number(_OPEN)}'
            f'm0,{number(_BAR)}h-{number(_OPEN)}" fill="none" stroke="{shapes.INK}"'
            ' stroke-width="1.2" stroke-dasharray="3 2"/>'
        )
    if rto_minutes is not None:
        parts.append(_target(x(rto_minutes), beyond=rto_minutes > longest_minutes))
    # Names are not part of it: figures, words of ours and escaped text alone.
    return SafeString(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="summary-bar" role="img"'
        f' aria-label="{escaped(says)}" width="{number(WIDTH)}" height="{number(_HEIGHT)}"'
        f' viewBox="0 0 {number(WIDTH)} {number(_HEIGHT)}" preserveAspectRatio="xMinYMid">'
        f"<title>{escaped(says)}</title>"
        f"{''.join(parts)}</svg>"
    )


def _box(name: str, x: float, y: float, width: float, fill: str) -> str:
    return (
        f'<rect class="{name}" x="{number(x)}" y="{number(y)}" width="{number(width)}"'
        f' height="{number(_BAR)}" fill="{fill}"/>'
    )


def _target(x: float, *, beyond: bool) -> str:
    if beyond:
        tip = f"M{number(WIDTH - 2)},{number(_HEIGHT / 2)}l-7,-5v10Z"
        return f'<path class="summary-target" d="{tip}" fill="{shapes.INK}"/>'
    place = max(1.2, x)
    return (
        f'<path class="summary-target" d="M{number(place)},0V{number(_HEIGHT)}"'
        f' stroke="{shapes.INK}" stroke-width="2.4"/>'
    )
