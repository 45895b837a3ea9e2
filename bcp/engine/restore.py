"""How long restores take that share a repository (rule G9: volume ÷ throughput + fixed part).

A repository gives one restore alone the throughput of its copy, and each of n that run at once
an n-th of that. Who runs at once depends on when systems can start, and that depends on how long
the restores below them take. So both are worked out together, event by event, from the
disruption on: every system starts when rule G2 lets it, whatever has begun is shared until it is
done, and a system is restored at the next whole minute. The durations that come out give exactly
this timeline when they are put back into rule G2.

A system whose duration was measured or written down keeps it, but reads its volume all the same
and slows the others down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import ceil

from bcp.engine.graph import Graph
from bcp.engine.survival import Verdict
from bcp.engine.timeline import Work

_HAIR = 1e-6
"""Less than any time that matters: what floating point leaves over is not a minute more."""


@dataclass(frozen=True, slots=True)
class Read:
    """One restore: `minutes` is what reading the volume takes alone, after the fixed minutes.

    `decides`: it is the system's recovery duration; if not, the system has another one.
    """

    repository: str
    minutes: float
    fixed_minutes: int = 0
    decides: bool = True

    @property
    def alone_minutes(self) -> int:
        """Whole minutes of the restore if nothing else is read from its repository."""
        return self.fixed_minutes + ceil(self.minutes - _HAIR)


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of a restore: its whole minutes, and beside how many others it ran."""

    minutes: int
    beside: int


def shared_minutes(
    graph: Graph, touched: Sequence[int], work: Work, reads: Mapping[int, Read]
) -> dict[int, Shared]:
    """The restores of one scenario, by system. `work` has the minutes of all that do not decide
    by their restore; `graph` has no edge to a system that is not in `touched`, and no loop."""
    if len({read.repository for read in reads.values()}) == len(reads):
        return {system: Shared(read.alone_minutes, 0) for system, read in reads.items()}
    return _Simulation(graph, touched, work, reads).run()


@dataclass(frozen=True, slots=True)
class Restore:
    """The restore of one system: from which copy, how long alone and beside others.

    `beside` counts the other restores from the same repository during that time. `verdict` is
    what the scenario does to the copy: of one that is lost, the figure says only how long reading
    it would take.
    """

    copy: int
    repository: str
    alone_minutes: int
    minutes: int
    beside: int
    verdict: Verdict


_ARRIVES, _DONE, _READ = 2, 1, 0
"""Kinds of events; at one moment what ends comes before what begins."""


class _Simulation:
    """Rule G2 as events: (minute, kind, system or repository's turn, repository)."""

    def __init__(
        self, graph: Graph, touched: Sequence[int], work: Work, reads: Mapping[int, Read]
    ) -> None:
        self._graph, self._work, self._reads = graph, work, reads
        self._to_start, self._to_run = _needs_of_both_kinds(graph)
        self._start: dict[int, int] = {}
        self._working = set(touched)
        self._up: set[int] = set()
        self._repositories = {read.repository: _Repository() for read in reads.values()}
        self._events: list[tuple[float, int, int, str]] = []
        self._found: dict[int, Shared] = {}
        for system in touched:
            if not self._to_start[system]:
                self._begin(system, 0)

    def run(self) -> dict[int, Shared]:
        while self._events:
            minute, kind, number, repository = heappop(self._events)
            if kind == _ARRIVES:
                self._repositories[repository].join(number, self._reads[number].minutes, minute)
                self._expect(repository, minute)
            elif kind == _DONE:
                self._working.discard(number)
                self._restored(number, int(minute))
            elif self._repositories[repository].turn == number:
                self._read(repository, minute)
        return self._found

    def _begin(self, system: int, minute: int) -> None:
        start = max(minute, self._work.activation_minutes[system])
        self._start[system] = start
        read = self._reads.get(system)
        if read is not None:
            event = (start + read.fixed_minutes, _ARRIVES, system, read.repository)
            heappush(self._events, event)
        if read is None or not read.decides:
            heappush(self._events, (start + self._work.minutes[system], _DONE, system, ""))

    def _expect(self, repository: str, minute: float) -> None:
        """Only the event of the repository's latest turn counts: any change outdates the others."""
        place = self._repositories[repository]
        place.turn += 1
        if place.active:
            heappush(self._events, (place.next_end(minute), _READ, place.turn, repository))

    def _read(self, repository: str, minute: float) -> None:
        for system, beside in self._repositories[repository].finished(minute):
            end = ceil(minute - _HAIR)
            self._found[system] = Shared(end - self._start[system], beside)
            if self._reads[system].decides:
                heappush(self._events, (end, _DONE, system, ""))
        self._expect(repository, minute)

    def _restored(self, system: int, minute: int) -> None:
        """Tell those that need it, once its own work is done and all it needs to run is up."""
        queue = [system]
        for one in queue:
            if one in self._working or self._to_run[one] or one in self._up:
                continue
            self._up.add(one)
            for edge in self._graph.edges[one]:
                if edge >= 0:
                    self._to_start[edge] -= 1
                    if not self._to_start[edge]:
                        self._begin(edge, minute)
                else:
                    self._to_run[~edge] -= 1
                    queue.append(~edge)


def _needs_of_both_kinds(graph: Graph) -> tuple[list[int], list[int]]:
    """Per system, how many needs to rebuild and to run it waits for."""
    to_start, to_run = [0] * len(graph), [0] * len(graph)
    for edges in graph.edges:
        for edge in edges:
            if edge >= 0:
                to_start[edge] += 1
            else:
                to_run[~edge] += 1
    return to_start, to_run


@dataclass(slots=True)
class _Repository:
    """Restores that share one throughput.

    `served` is how many minutes of reading each of those in `active` has been given since the
    first came; one is done when that has grown by its own minutes since it came itself.
    """

    served: float = 0.0
    seen: float = 0.0
    turn: int = 0
    arrived: int = 0
    left: int = 0
    active: list[tuple[float, int, int]] = field(default_factory=list)
    """Heap of (served when done, system, how many had left before it came)."""

    def join(self, system: int, minutes: float, now: float) -> None:
        self._advance(now)
        self.arrived += 1
        heappush(self.active, (self.served + minutes, system, self.left))

    def next_end(self, now: float) -> float:
        return now + max(0.0, self.active[0][0] - self.served) * len(self.active)

    def finished(self, now: float) -> Iterator[tuple[int, int]]:
        """Those that are done, each with the number of others it shared with."""
        self._advance(now)
        done = []
        while self.active and self.active[0][0] <= self.served + _HAIR:
            done.append(heappop(self.active))
        for _, system, left_before in done:
            yield system, self.arrived - left_before - 1
        self.left += len(done)

    def _advance(self, now: float) -> None:
        if self.active:
            self.served += (now - self.seen) / len(self.active)
        self.seen = now
