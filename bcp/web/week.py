"""The local week, day by day, for pages that say what holds at which hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import MINUTES_PER_DAY, MINUTES_PER_HOUR

_NAMES = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """From and to in one day ("08:00", "24:00"), and what holds then."""

    first: str
    last: str
    says: object


@dataclass(frozen=True, slots=True)
class Day:
    name: str | Promise
    hours: list[Hours]


def days_of(spans: Iterable[tuple[int, int, object]]) -> list[Day]:
    """Stretches of the week (minute from, minute to, what holds) cut at midnight."""
    days: list[list[Hours]] = [[] for _name in _NAMES]
    for start, end, says in spans:
        while start < end:
            day, first = divmod(start, MINUTES_PER_DAY)
            last = min(end - day * MINUTES_PER_DAY, MINUTES_PER_DAY)
            days[day].append(Hours(_clock(first), _clock(last), says))
            start = day * MINUTES_PER_DAY + last
    return [Day(name, hours) for name, hours in zip(_NAMES, days, strict=True)]


def _clock(minute: int) -> str:
    hour, rest = divmod(minute, MINUTES_PER_HOUR)
    return f"{hour:02d}:{rest:02d}"
