"""The questions an executive answers, and the levels of impact that follow from the answers.

Nobody thinks in a grid of bands and levels. Asked is, category by category, how long the process
can be down before the harm reaches a level; a grid follows from it, and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from bcp.engine.impact_levels import tightened
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact

THRESHOLDS = (1, 2, 3, 4)
"""Noticeable, serious, intolerable, beyond repair."""

NEVER = -1
"""Not within the longest band."""

Reached = Mapping[int, int | None]
"""Threshold → the band in minutes by which it is reached, `NEVER`, or `None` for "I don't know".
A threshold that is missing was not asked yet."""


def impact_of(category: Category, reached: Reached) -> Impact:
    """The level after each band. A band whose level the answers leave open is `None`, with the
    lowest and the highest level that it can have."""
    least = [
        max((level for level in THRESHOLDS if _is_by(reached.get(level), band)), default=0)
        for band in BANDS_MINUTES
    ]
    most = [
        min((level - 1 for level in THRESHOLDS if _is_after(reached.get(level), band)), default=4)
        for band in BANDS_MINUTES
    ]
    pairs = list(zip(least, most, strict=True))
    return Impact(
        category,
        tuple(low if low == high else None for low, high in pairs),
        at_most=tuple(high for _low, high in pairs),
        at_least=tuple(low for low, _high in pairs),
    )


def reached_of(impact: Impact) -> dict[int, int | None]:
    """The answers that levels amount to, for each threshold: `None` where a missing level leaves
    it open."""
    tight = tightened(impact)
    return {threshold: _first(tight, threshold) for threshold in THRESHOLDS}


def choices_after(reached: Reached, threshold: int) -> tuple[int, ...]:
    """The bands that an answer to `threshold` can have, given the answers to lower ones: harm
    does not grow backwards. Empty: it is not asked, for a lower level is never reached."""
    lower = [reached.get(level) for level in THRESHOLDS if level < threshold]
    if NEVER in lower:
        return ()
    earliest = max((band for band in lower if band is not None), default=0)
    return tuple(band for band in BANDS_MINUTES if band >= earliest)


def contradicted(reached: Reached) -> tuple[int, int] | None:
    """Two thresholds of which the higher is said to be reached before the lower, or `None`."""
    known = [(level, band) for level in THRESHOLDS if (band := reached.get(level)) is not None]
    for (low, early), (high, late) in pairwise(known):
        if late != NEVER and (early == NEVER or late < early):
            return low, high
    return None


def _first(impact: Impact, threshold: int) -> int | None:
    for position, band in enumerate(BANDS_MINUTES):
        if impact.surely(position) >= threshold:
            return band
        if impact.at_worst(position) >= threshold:
            return None
    return NEVER


def _is_by(answer: int | None, band: int) -> bool:
    return answer is not None and answer != NEVER and answer <= band


def _is_after(answer: int | None, band: int) -> bool:
    return answer is not None and (answer == NEVER or answer > band)
