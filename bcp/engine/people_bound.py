"""Before which time no order of work can have systems back: the people suffice for no more.

No step can begin before it could if no other system kept its people busy, and after each of
them follows at least what follows with unlimited people. In between its crew has to get through
all that it has to do. Taken as one worker who is as fast as the whole crew and may change from
step to step at any minute, it is through as early as anybody could be; which is found by always
doing the step after which most follows (Jackson's preemptive schedule; Carlier 1982). Steps that
take more than half of the crew each cannot overlap, so they are taken once more by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from bcp.engine.people import People
from bcp.engine.people_schedule import Placement, each_alone, each_crew_alone
from bcp.engine.promise import Shortage
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER, Shifts
from bcp.engine.targets import NO_LIMIT


@dataclass(frozen=True, slots=True)
class _Job:
    """A step: when it can begin and end at the earliest, how long it takes how many, and how long
    before the promised time it must be done."""

    begins: int
    ends: int
    minutes: int
    heads: int
    follows: int


class Bounds:
    """What no order of the work can do better; `people` are those of `recovery`."""

    def __init__(self, recovery: Recovery, people: People) -> None:
        self._people = people
        self._alone = each_alone(recovery, people)
        self._by_crew = each_crew_alone(recovery, people)

    def of(self, latest: Sequence[int], within_minutes: int) -> int:
        """The least `within_minutes` + x for which every system could be back x minutes after its
        `latest`, as far as each system alone and each crew alone can tell; `NEVER` if a step takes
        more people than there ever are.

        `latest` is what follows from the promises in question only (rule G3), `NO_LIMIT` for
        systems that no promise waits for. If none is in question but of systems promised
        `within_minutes`, the last of them cannot be back before.
        """
        jobs = self._jobs(self._alone, latest, within_minutes)
        by_crew = (_needed(jobs[place], shifts) for place, shifts in self._known())
        alone = _back(self._alone, latest, within_minutes)
        return min(NEVER, max((alone, *by_crew)))

    def shortage(self, latest: Sequence[int], within_minutes: int) -> Shortage | None:
        """The crew without which the systems could be back soonest, were all others unlimited;
        `None` if no crew by itself keeps them waiting. Parameters as in `of`."""
        decides = _back(self._by_crew, latest, within_minutes)
        found = None
        jobs = self._jobs(self._by_crew, latest, within_minutes)
        for place, shifts in self._known():
            needed = _needed(jobs[place], shifts)
            if needed > decides:
                decides = needed
                work = sum(job.minutes * job.heads for job in jobs[place])
                name = self._people.crews[place].name
                found = Shortage(name, shifts.day, shifts.night, work)
        return found

    def _known(self) -> Iterator[tuple[int, Shifts]]:
        for place, crew in enumerate(self._people.crews):
            if crew.shifts is not None:
                yield place, crew.shifts

    def _jobs(
        self, placements: Mapping[int, Placement], latest: Sequence[int], within_minutes: int
    ) -> list[list[_Job]]:
        """By crew."""
        found: list[list[_Job]] = [[] for _ in self._people.crews]
        for system, activities in self._people.activities.items():
            if latest[system] == NO_LIMIT:
                continue
            placed = placements[system]
            follows = within_minutes - latest[system] + sum(one.minutes for one in activities)
            for begins, ends, one in zip(placed.begins, placed.ends, activities, strict=True):
                follows -= one.minutes
                if one.crew is not None:
                    found[one.crew].append(_Job(begins, ends, one.minutes, one.heads, follows))
        return found


def _back(placements: Mapping[int, Placement], latest: Sequence[int], within_minutes: int) -> int:
    """The figure of `Bounds.of` if systems are back as placed; 0 if no promise waits for any."""
    return max(
        (
            placement.restored + within_minutes - latest[system]
            for system, placement in placements.items()
            if latest[system] != NO_LIMIT
        ),
        default=0,
    )


def _needed(jobs: Sequence[_Job], shifts: Shifts) -> int:
    by_itself = max((job.ends + job.follows for job in jobs), default=0)
    if by_itself >= NEVER:
        return NEVER
    as_one = [(shifts.worked(job.begins), job.minutes * job.heads, job.follows) for job in jobs]
    apart = [(job.begins, job.minutes, job.follows) for job in jobs if 2 * job.heads > shifts.most]
    return max(by_itself, _jackson(as_one, shifts.through), _jackson(apart, lambda end: end))


def _jackson(jobs: Sequence[tuple[int, int, int]], minute: Callable[[int], int]) -> int:
    """The least possible maximum of end + what follows, of jobs (beginning, length, what follows)
    on one worker who may interrupt. Beginnings and lengths are in the worker's own measure, of
    which `minute` tells the time. 0 for no jobs."""
    waiting = [(earliest, -follows, length) for earliest, length, follows in jobs]
    heapify(waiting)
    ready: list[tuple[int, int]] = []
    now = most = 0
    while waiting or ready:
        if not ready:
            now = waiting[0][0]
        while waiting and waiting[0][0] <= now:
            _, urgency, length = heappop(waiting)
            heappush(ready, (urgency, length))
        urgency, length = heappop(ready)
        worked = min(length, waiting[0][0] - now) if waiting else length
        now += worked
        if worked < length:
            heappush(ready, (urgency, length - worked))
        else:
            most = max(most, minute(now) - urgency)
    return most
