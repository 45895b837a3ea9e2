"""A row of levels as somebody states it: some known, some only between two levels, some missing.

What is missing is bounded by what is known before and after it, since harm does not heal.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from bcp.engine.impacts import BEYOND_REPAIR, Category, Impact

Stated = tuple[int, int] | None
"""The lowest and the highest level after one band; `None`: nothing is said of it."""

ANYTHING: Stated = (0, BEYOND_REPAIR)


def impact_from(category: Category, stated: Sequence[Stated]) -> Impact:
    """One category from what is stated after each of `BANDS_MINUTES`. Whether it contradicts
    itself says `impacts.fall`."""
    pairs = [one or (0, BEYOND_REPAIR) for one in stated]
    return Impact(
        category,
        tuple(low if low == high else None for low, high in pairs),
        at_most=tuple(high for _low, high in pairs),
        at_least=tuple(low for low, _high in pairs),
    )


def tightened(impact: Impact) -> Impact:
    """The same with every level bounded by those around it, and known where that leaves one."""
    bands = range(len(impact.levels))
    lows = list(accumulate((impact.surely(band) for band in bands), max))
    highs = list(accumulate((impact.at_worst(band) for band in reversed(bands)), min))[::-1]
    return impact_from(impact.category, list(zip(lows, highs, strict=True)))


def stated_of(impact: Impact) -> tuple[Stated, ...]:
    """The least that has to be stated to get `tightened(impact)` back: the known levels, and
    bounds where they say more than their neighbours. Of an answer of which nothing is known at
    all the last band says so."""
    tight = tightened(impact)
    last = len(tight.levels) - 1
    stated: list[Stated] = []
    for band in range(last + 1):
        low, high = tight.surely(band), tight.at_worst(band)
        lower = tight.surely(band - 1) if band else 0
        higher = tight.at_worst(band + 1) if band < last else BEYOND_REPAIR
        says_more = low == high or low > lower or high < higher
        stated.append((low, high) if says_more else None)
    return tuple(stated) if any(stated) else (*stated[:-1], ANYTHING)
