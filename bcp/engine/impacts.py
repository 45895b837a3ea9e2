"""What the downtime of a business process does, and the targets that follow (rules T1, T2).

Executives answer how bad an outage is after each band of time, category by category. An answer
may be missing: what follows then says so. Harm does not heal by waiting, so an answer is at most
the next later one; that bounds what a missing answer can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

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
    """One category: its level after each of `BANDS_MINUTES`, `None` where nobody can say.

    `at_most` and `at_least` bound what a missing level can be, band by band (somebody who cannot
    say when it is beyond repair may well know when it is intolerable); empty: nothing more is
    known.
    """

    category: Category
    levels: tuple[int | None, ...]
    at_most: tuple[int, ...] = ()
    at_least: tuple[int, ...] = ()

    def surely(self, band: int) -> int:
        """The level that it has at the least after the band at that position."""
        level = self.levels[band]
        if level is not None:
            return level
        return self.at_least[band] if self.at_least else 0

    def at_worst(self, band: int) -> int:
        """The level that it can have at the most after the band at that position."""
        level = self.levels[band]
        if level is not None:
            return level
        return self.at_most[band] if self.at_most else BEYOND_REPAIR


@dataclass(frozen=True, slots=True)
class Peak:
    """A time in which an outage costs more: `when` in words, `cost_per_hour` `None` if unknown."""

    name: str
    when: str = ""
    cost_per_hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProcessImpact:
    """What was answered for the business process at position `system` of the estate.

    `work_recovery_minutes`: until the backlog is worked off once the systems are back (T2).
    `confirmed_on`: when somebody signed the answers as complete, `None` while they are a draft.
    """

    system: int
    answers: tuple[Impact, ...] = ()
    cost_per_hour: Decimal | None = None
    peaks: tuple[Peak, ...] = ()
    work_recovery_minutes: int | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A derived target and the answer that decided it.

    `minutes` is `None` if no answer reaches the level; `level` is what the answer is at the
    least. `may_be_earlier`: an answer that is missing could reach it before, so the figure is "at
    most" (or "unknown" without a figure).
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
    answers = _of_every_category(impacts)
    return Derived(_limit(answers, INTOLERABLE), _limit(answers, BEYOND_REPAIR))


def limit_at(impacts: Iterable[Impact], level: int) -> Limit:
    """The earliest band at which any category reaches `level`, by the same reading."""
    return _limit(_of_every_category(impacts), level)


def _of_every_category(impacts: Iterable[Impact]) -> list[Impact]:
    given = {impact.category: impact for impact in impacts}
    nothing = (None,) * len(BANDS_MINUTES)
    return [given.get(category, Impact(category, nothing)) for category in Category]


def _limit(answers: Sequence[Impact], level: int) -> Limit:
    for band, minutes in enumerate(BANDS_MINUTES):
        worst = max(answers, key=lambda one: one.surely(band))
        if worst.surely(band) >= level:
            earlier = any(_may_reach(one, level, before=band) for one in answers)
            return Limit(minutes, worst.category, worst.surely(band), earlier)
    end = len(BANDS_MINUTES)
    return Limit(None, None, None, any(_may_reach(one, level, before=end) for one in answers))


def _may_reach(impact: Impact, level: int, *, before: int) -> bool:
    """Whether a missing answer at an earlier band may be that bad: no later one says less, be it
    known or only known to be no worse."""
    bands = range(len(BANDS_MINUTES))
    return any(
        impact.levels[band] is None and min(map(impact.at_worst, bands[band:])) >= level
        for band in bands[:before]
    )


def fall(impact: Impact) -> tuple[int, int] | None:
    """The positions of two bands of which the later says less than the earlier, or `None`: harm
    would heal by waiting."""
    worst = 0
    for band in range(len(BANDS_MINUTES)):
        if impact.at_worst(band) < impact.surely(worst):
            return worst, band
        if impact.surely(band) >= impact.surely(worst):
            worst = band
    return None


def contradictions(impacts: Iterable[Impact]) -> list[tuple[Category, Message]]:
    """Answers by which harm would heal by waiting: a later band says less than an earlier one."""
    found = []
    for impact in impacts:
        bands = fall(impact)
        if bands is not None:
            early, late = bands
            says = Message(
                gettext_noop(
                    "after %(early)s the impact is %(worse)s and after %(late)s only "
                    "%(better)s; harm does not heal while the outage goes on"
                ),
                {
                    "early": Minutes(BANDS_MINUTES[early]),
                    "worse": impact.surely(early),
                    "late": Minutes(BANDS_MINUTES[late]),
                    "better": impact.at_worst(late),
                },
            )
            found.append((impact.category, says))
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


def rto_in_time(derived: Derived, work_recovery_minutes: int | None) -> int | None:
    """The longest RTO that the answers allow: the derived one (T1), or less where the backlog could
    otherwise not be worked off before the MTD (T2). Where no RTO could, T1 stands; `None` if no RTO
    follows from the answers."""
    rto, mtd = derived.rto.minutes, derived.mtd.minutes
    left = None if mtd is None else mtd - (work_recovery_minutes or 0)
    if rto is None or left is None or left <= 0:
        return rto
    return min(rto, left)
