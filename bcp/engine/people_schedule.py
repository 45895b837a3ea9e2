"""When each system is back if its people can only do so much at once (rules G2, S1).

The systems are placed one after the other, in an order in which each follows what it needs; every
activity begins as early as what is placed already leaves enough of its crew free for all of its
minutes. Whatever comes later in the order changes nothing for what comes earlier. This is the
serial schedule generation of project scheduling (Kolisch 1996).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bcp.engine.people import Activity, People
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER, Shifts


@dataclass(frozen=True, slots=True)
class Placement:
    """When each activity of a system begins, and when the system is back, in minutes from the
    disruption; `shifts.NEVER` if a step takes more people than are ever free for so long."""

    begins: tuple[int, ...]
    restored: int


def placed_in(
    order: Iterable[int], recovery: Recovery, people: People, *, each_alone: bool = False
) -> dict[int, Placement]:
    """The systems of `order`, which has every need of its systems before them.

    A system that can never be done keeps nobody busy. `each_alone` places every system as if no
    other kept its people busy, which no order of work can do better than.
    """
    graph, crews = recovery.graph, _crews(people)
    # Indexed by edge as in `timeline.forward`: when the last need of either kind is back.
    back = recovery.work.activation_minutes + [0] * len(graph)
    placements = {}
    for system in order:
        activities = people.activities.get(system, ())
        begins, done = _begins(max(0, back[system]), activities, crews)
        if done < NEVER and not each_alone:
            _book(begins, activities, crews)
        done = max(done, back[~system])
        placements[system] = Placement(tuple(begins), done)
        for edge in graph.edges[system]:
            if done > back[edge]:
                back[edge] = done
    return placements


_Crews = Mapping[int | None, "_Crew"]


def _crews(people: People) -> _Crews:
    """Those of known size, by their position."""
    known = enumerate(people.crews)
    return {place: _Crew(crew.shifts) for place, crew in known if crew.shifts is not None}


def _begins(ready: int, activities: Sequence[Activity], crews: _Crews) -> tuple[list[int], int]:
    """When each activity can begin after the one before it, and when the last is done."""
    begins = []
    for activity in activities:
        if activity.crew in crews and ready < NEVER:
            ready = crews[activity.crew].first_free(ready, activity.minutes, activity.heads)
        begins.append(ready)
        ready = min(NEVER, ready + activity.minutes)
    return begins, ready


def _book(begins: Sequence[int], activities: Sequence[Activity], crews: _Crews) -> None:
    for begin, activity in zip(begins, activities, strict=True):
        if activity.crew in crews:
            crews[activity.crew].book(begin, begin + activity.minutes, activity.heads)


class _Crew:
    """How many of a crew are free: `free[i]` from minute `since[i]` until the next, or the end."""

    def __init__(self, shifts: Shifts) -> None:
        self._since = [*shifts.since, shifts.end]
        self._free = [*shifts.heads, 0]

    def first_free(self, ready: int, minutes: int, heads: int) -> int:
        """The first minute from `ready` on at which so many of them are free for `minutes`."""
        since, free = self._since, self._free
        place = bisect_right(since, ready) - 1
        begin = ready
        while since[place] < begin + minutes:
            if free[place] < heads:
                if place + 1 == len(since):
                    return NEVER
                begin = since[place + 1]
            place += 1
        return begin

    def book(self, begin: int, end: int, heads: int) -> None:
        """They are no longer free; `first_free` has found that they were."""
        first, last = self._cut(begin), self._cut(end)
        for place in range(first, last):
            self._free[place] -= heads
        self._join(last)
        self._join(first)

    def _cut(self, minute: int) -> int:
        """The position of the stretch that begins at `minute`, split off if there is none."""
        place = bisect_right(self._since, minute)
        if self._since[place - 1] == minute:
            return place - 1
        self._since.insert(place, minute)
        self._free.insert(place, self._free[place - 1])
        return place

    def _join(self, place: int) -> None:
        """Two stretches with as many free are one."""
        if place and self._free[place] == self._free[place - 1]:
            del self._since[place], self._free[place]
