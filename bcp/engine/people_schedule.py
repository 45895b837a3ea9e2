"""When each system is back if its people can only do so much at once (rules G2, S1).

The systems are placed one after the other, in an order in which each follows what it needs; every
activity begins as early as what is placed already leaves enough of its crew free until it is
done. It is put down only where too few of the crew are there at all, in the evening say, and gone
on with as soon as there are enough again. Whatever comes later in the order changes nothing for
what comes earlier. This is the serial schedule generation of project scheduling (Kolisch 1996).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bcp.engine.people import Activity, Crew, People
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER, Shifts


@dataclass(frozen=True, slots=True)
class Placement:
    """When each activity of a system begins and ends, and when the system is back, in minutes from
    the disruption; `shifts.NEVER` from the first on for which there are not enough people."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    restored: int


def placed_in(order: Iterable[int], recovery: Recovery, people: People) -> dict[int, Placement]:
    """The systems of `order`, which has every need of its systems before them.

    A system that finds no end within `shifts.WEEKS` is never back and keeps nobody busy.
    """
    return _placed(order, recovery, people, _in_turn)


def each_alone(recovery: Recovery, people: People) -> dict[int, Placement]:
    """Every system as if no other kept its people busy: no order of work does better.

    What finds no end within `shifts.WEEKS` counts as ending there, unless there never are as many
    people as it takes.
    """
    return _placed(recovery.timeline.sequence, recovery, people, _by_itself)


def each_crew_alone(recovery: Recovery, people: People) -> dict[int, Placement]:
    """As `each_alone`, but every activity as if all that comes before it had as many people as it
    takes: what one crew by itself lets begin and end when. `restored` is with unlimited people."""
    unlimited = replace(people, crews=tuple(Crew(crew.name, None) for crew in people.crews))
    crews = _crews(people)
    placements = {}
    for system, placed in each_alone(recovery, unlimited).items():
        activities = people.activities.get(system, ())
        spans = [
            _by_itself(ready, [activity], crews)[0]
            for ready, activity in zip(placed.begins, activities, strict=True)
        ]
        placements[system] = _placement(spans, placed.restored)
    return placements


_Crews = Mapping[int | None, "_Crew"]


def _placed(
    order: Iterable[int],
    recovery: Recovery,
    people: People,
    place: Callable[[int, Sequence[Activity], _Crews], list[tuple[int, int]]],
) -> dict[int, Placement]:
    graph, crews = recovery.graph, _crews(people)
    # Indexed by edge as in `timeline.forward`: when the last need of either kind is back.
    back = recovery.work.activation_minutes + [0] * len(graph)
    placements = {}
    for system in order:
        ready = max(0, back[system])
        spans = place(ready, people.activities.get(system, ()), crews)
        done = max(spans[-1][1] if spans else ready, back[~system])
        placements[system] = _placement(spans, done)
        for edge in graph.edges[system]:
            if done > back[edge]:
                back[edge] = done
    return placements


def _crews(people: People) -> _Crews:
    """Those of known size, by their position."""
    known = enumerate(people.crews)
    return {place: _Crew(crew.shifts) for place, crew in known if crew.shifts is not None}


def _placement(spans: Sequence[tuple[int, int]], restored: int) -> Placement:
    begins, ends = zip(*spans, strict=True) if spans else ((), ())
    return Placement(begins, ends, restored)


def _in_turn(ready: int, activities: Sequence[Activity], crews: _Crews) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for activity in activities:
        span = _span(ready, activity, crews)
        if span is None:
            return [(NEVER, NEVER)] * len(activities)
        spans.append(span)
        ready = span[1]
    for activity, (begin, end) in zip(activities, spans, strict=True):
        if activity.crew in crews:
            crews[activity.crew].book(begin, end, activity.heads)
    return spans


def _by_itself(ready: int, activities: Sequence[Activity], crews: _Crews) -> list[tuple[int, int]]:
    spans = []
    for activity in activities:
        span = _span(ready, activity, crews) or crews[activity.crew].at_the_end(
            ready, activity.heads
        )
        spans.append(span)
        ready = span[1]
    return spans


def _span(ready: int, activity: Activity, crews: _Crews) -> tuple[int, int] | None:
    """The first minute at which it can begin, and when it is done then."""
    if ready >= NEVER:
        return NEVER, NEVER
    if activity.crew in crews:
        return crews[activity.crew].first_free(ready, activity.minutes, activity.heads)
    return ready, ready + activity.minutes


class _Crew:
    """How many of a crew are there, and how many of them free, from minute `since[i]` until the
    next; from the last on, nobody."""

    def __init__(self, shifts: Shifts) -> None:
        self._most, self._end = shifts.most, shifts.end
        self._since = [*shifts.since, shifts.end]
        self._there, self._free = [*shifts.heads, 0], [*shifts.heads, 0]

    def first_free(self, ready: int, minutes: int, heads: int) -> tuple[int, int] | None:
        """The first minute from `ready` on from which, whenever so many are there at all, so many
        are free until they have worked `minutes`; and when that is. `None`: not before the end."""
        since, there, free = self._since, self._there, self._free
        begin, left = NEVER, minutes
        for place in range(bisect_right(since, ready) - 1, len(since) - 1):
            if free[place] < heads:
                if there[place] >= heads:
                    begin, left = NEVER, minutes
                continue
            start = since[place] if since[place] > ready else ready
            if begin == NEVER:
                begin = start
            if start + left <= since[place + 1]:
                return begin, start + left
            left -= since[place + 1] - start
        return None

    def at_the_end(self, ready: int, heads: int) -> tuple[int, int]:
        """What is sure of that for which there is no such minute."""
        return ready, max(ready, NEVER if heads > self._most else self._end)

    def book(self, begin: int, end: int, heads: int) -> None:
        """They are no longer free; `first_free` has found that they were."""
        first, last = self._cut(begin), self._cut(end)
        for place in range(first, last):
            if self._there[place] >= heads:
                self._free[place] -= heads
        self._join(last)
        self._join(first)

    def _cut(self, minute: int) -> int:
        """The position of the stretch that begins at `minute`, split off if there is none."""
        place = bisect_right(self._since, minute)
        if self._since[place - 1] == minute:
            return place - 1
        self._since.insert(place, minute)
        self._there.insert(place, self._there[place - 1])
        self._free.insert(place, self._free[place - 1])
        return place

    def _join(self, place: int) -> None:
        """Two stretches that are alike are one; the end stays."""
        before = place - 1
        alike = (
            self._free[place] == self._free[before] and self._there[place] == self._there[before]
        )
        if 0 < place < len(self._since) - 1 and alike:
            del self._since[place], self._there[place], self._free[place]
