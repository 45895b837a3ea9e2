"""What the downtime of a business process does, and the targets that follow (rules T1, T2).

Executives answer how bad an outage is after each band of time, category by category. An answer
may be missing: what follows then says so. Harm does not heal by waiting, so an answer is at most
the next later one; that bounds what a missing answer can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from bcp.engine.messages import Message, Minutes, gettext_noop

BANDS_MINUTES = (60, 240, 480, 1440, 4320, 10080, 20160)
"""After which an outage is judged: 1 h, 4 h, 8 h, 1 d, 3 d, 1 wk, 2 wk."""

LEVELS = (0, 1, 2, 3, 4)
INTOLERABLE = 3
"""From this level on an outage must be over: the RTO follows (T1)."""
BEYOND_REPAIR = 4
"""From this level on the organisation does not recover from it: the MTD follows (T1)."""

_MINUTES_PER_HOUR = 60


class Category(StrEnum):
    FINANCIAL = "financial"
    OPERATIONS = "operations"
    CLIENTS = "clients"
    LEGAL = "legal"
    REPUTATION = "reputation"


@dataclass(frozen=True, slots=True)
class Impact:
    """One category: its level after each of `BANDS_MINUTES`, `None` where nobody can say."""

    category: Category
    levels: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A derived target and the answer that decided it.

    `minutes` is `None` if no answer reaches the level. `may_be_earlier`: an answer that is
    missing could reach it before, so the figure is "at most" (or "unknown" without a figure).
    """

    minutes: int | None
    category: Category | None
    level: int | None
    may_be_earlier: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """Rule T1 for one process."""

    rto: Limit
    mtd: Limit


def derive(impacts: Iterable[Impact]) -> Derived:
    """The earliest band at which any category is intolerable, and at which it is beyond repair.

    Categories that are not among `impacts` were not asked about and count as unanswered.
    """
    given = {impact.category: impact for impact in impacts}
    nothing = (None,) * len(BANDS_MINUTES)
    answers = [given.get(category, Impact(category, nothing)) for category in Category]
    return Derived(_limit(answers, INTOLERABLE), _limit(answers, BEYOND_REPAIR))


def _limit(answers: Sequence[Impact], level: int) -> Limit:
    for band, minutes in enumerate(BANDS_MINUTES):
        reached = [one for one in answers if _at_least(one.levels[band], level)]
        if reached:
            worst = max(reached, key=lambda one: one.levels[band] or 0)
            earlier = any(_may_reach(one, level, before=band) for one in answers)
            return Limit(minutes, worst.category, worst.levels[band], earlier)
    end = len(BANDS_MINUTES)
    return Limit(None, None, None, any(_may_reach(one, level, before=end) for one in answers))


def _may_reach(impact: Impact, level: int, *, before: int) -> bool:
    """Whether a missing answer at an earlier band may be that bad: no later one says less."""
    for band in range(before):
        if impact.levels[band] is None:
            later = next((one for one in impact.levels[band:] if one is not None), None)
            if later is None or later >= level:
                return True
    return False


def _at_least(given: int | None, level: int) -> bool:
    return given is not None and given >= level


def contradictions(impacts: Iterable[Impact]) -> list[tuple[Category, Message]]:
    """Answers by which harm would heal by waiting: a later band says less than an earlier one."""
    found = []
    for impact in impacts:
        known = [
            (band, level)
            for band, level in zip(BANDS_MINUTES, impact.levels, strict=True)
            if level is not None
        ]
        for (early, worse), (late, better) in pairwise(known):
            if better < worse:
                says = Message(
                    gettext_noop(
                        "after %(early)s the impact is %(worse)s and after %(late)s only "
                        "%(better)s; harm does not heal while the outage goes on"
                    ),
                    {
                        "early": Minutes(early),
                        "worse": worse,
                        "late": Minutes(late),
                        "better": better,
                    },
                )
                found.append((impact.category, says))
                break
    return found


def cost_of(minutes: int, cost_per_hour: Decimal | None) -> Decimal | None:
    """What an outage of so many minutes costs if every hour costs the same; `None`: unknown."""
    if cost_per_hour is None:
        return None
    return (cost_per_hour * minutes / _MINUTES_PER_HOUR).quantize(Decimal("0.01"))


def over_mtd_minutes(
    rto_minutes: int | None, work_recovery_minutes: int | None, mtd_minutes: int | None
) -> int | None:
    """Rule T2: by how many minutes RTO + work recovery exceed the MTD, 0 if they do not; `None`
    where a target is missing. Unknown work recovery counts 0: the excess is then "at least"."""
    if rto_minutes is None or mtd_minutes is None:
        return None
    return max(0, rto_minutes + (work_recovery_minutes or 0) - mtd_minutes)
