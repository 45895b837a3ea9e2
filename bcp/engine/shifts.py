"""How many of a team are there as time goes on, if the disruption comes on a Friday at 18:00.

That is when the longest off hours begin: there is nothing else until Monday 08:00. As for
mobilisation (rule T3), day is `activation.WORKING_HOURS` and all the rest is off hours. Minutes
count from the disruption.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from bcp.engine.activation import WORKING_HOURS
from bcp.engine.durations import MINUTES_PER_WEEK

NEVER = 1 << 60
"""Stands for a time that does not come."""

WEEKS = 8
"""How far ahead work is planned."""

_FRIDAY_EVENING = WORKING_HOURS[-1][1]


def _days() -> Iterator[tuple[int, int]]:
    for week in range(WEEKS + 1):
        for start, end in WORKING_HOURS:
            begins = week * MINUTES_PER_WEEK + start - _FRIDAY_EVENING
            if 0 <= begins < WEEKS * MINUTES_PER_WEEK:
                yield begins, begins + end - start


_CHANGES = (0, *(minute for day in _days() for minute in day), WEEKS * MINUTES_PER_WEEK)
"""Off hours, day, off hours and so on; each begins where the one before it ends."""


class Shifts:
    """The people of one team: `heads[i]` from minute `since[i]` on, until the next or the `end`."""

    def __init__(self, day: int, night: int) -> None:
        self.day, self.night = day, night
        self.since, self.end = _CHANGES[:-1], _CHANGES[-1]
        self.heads = tuple(day if place % 2 else night for place in range(len(self.since)))
        self.most = max(day, night)
        self._worked = [0]
        for heads, (start, end) in zip(self.heads, pairwise(_CHANGES), strict=True):
            self._worked.append(self._worked[-1] + heads * (end - start))

    def worked(self, minute: int) -> int:
        """The minutes that all of them together can have worked by then, or by the end."""
        place = bisect_right(self.since, minute) - 1
        return self._worked[place] + self.heads[place] * (min(minute, self.end) - self.since[place])

    def through(self, worked: int) -> int:
        """The first minute by which they can have worked so many minutes together; the end, if
        that comes only after it."""
        if worked > self._worked[-1]:
            return self.end
        place = max(0, bisect_left(self._worked, worked) - 1)
        rest = worked - self._worked[place]
        return self.since[place] + (-(-rest // self.heads[place]) if rest else 0)
