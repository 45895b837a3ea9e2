"""Before which time no order of work can have systems back: the people suffice for no more.

No step can begin before it could if no other system kept its people busy, and after each of
them follows at least what follows with unlimited people. In between its crew has to get through
all that it has to do. Taken as one worker who is as fast as the whole crew and may change from
step to step at any minute, it is through as early as anybody could be; which is found by always
doing the step after which most follows (Jackson's preemptive schedule; Carlier 1982). Steps that
take more than half of the crew each cannot overlap, so they are taken once more by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from bcp.engine.people import People
from bcp.engine.people_schedule import placed_in
from bcp.engine.promise import Shortage
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER, Shifts
from bcp.engine.targets import NO_LIMIT


@dataclass(frozen=True, slots=True)
class Bound:
    """`minutes` from the disruption, `NEVER` if a step takes more people than there ever are. The
    `shortage` is of the crew that decides among the crews, if any has work."""

    minutes: int
    shortage: Shortage | None


@dataclass(frozen=True, slots=True)
class _Job:
    """A step: when it can begin at the earliest, how long it takes how many, and how long before
    the promised time it must be done."""

    begins: int
    minutes: int
    heads: int
    follows: int


class Bounds:
    """What no order of the work can do better; `people` are those of `recovery`."""

    def __init__(self, recovery: Recovery, people: People) -> None:
        self._people = people
        self._alone = placed_in(recovery.timeline.sequence, recovery, people, each_alone=True)

    def of(self, latest: Sequence[int], within_minutes: int) -> Bound:
        """The least `within_minutes` + x for which every system could be back x minutes after its
        `latest`, as far as each system alone and each crew alone can tell.

        `latest` is what follows from the promises in question only (rule G3), `NO_LIMIT` for
        systems that no promise waits for. If none is in question but of systems promised
        `within_minutes`, the last of them cannot be back before.
        """
        waited_for = [system for system in self._alone if latest[system] != NO_LIMIT]
        alone = (
            self._alone[system].restored + within_minutes - latest[system] for system in waited_for
        )
        minutes, shortage, decides = max(alone, default=0), None, 0
        jobs = self._jobs(waited_for, latest, within_minutes)
        for place, crew in enumerate(self._people.crews):
            if crew.shifts is None or not jobs[place]:
                continue
            needed = _needed(jobs[place], crew.shifts)
            if needed > decides:
                decides = needed
                work = sum(job.minutes * job.heads for job in jobs[place])
                shortage = Shortage(crew.name, crew.shifts.day, crew.shifts.night, work)
        return Bound(min(NEVER, max(minutes, decides)), shortage)

    def _jobs(
        self, systems: Sequence[int], latest: Sequence[int], within_minutes: int
    ) -> list[list[_Job]]:
        """By crew."""
        found: list[list[_Job]] = [[] for _ in self._people.crews]
        for system in systems:
            activities = self._people.activities.get(system, ())
            follows = within_minutes - latest[system] + sum(one.minutes for one in activities)
            for begins, one in zip(self._alone[system].begins, activities, strict=True):
                follows -= one.minutes
                if one.crew is not None:
                    found[one.crew].append(_Job(begins, one.minutes, one.heads, follows))
        return found


def _needed(jobs: Sequence[_Job], shifts: Shifts) -> int:
    by_itself = max(job.begins + job.minutes + job.follows for job in jobs)
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
