"""What one system waits for, worked out again and again under changes (rule G2).

A trial looks only at the systems below the one in question, and of those only at the ones that a
change reaches, so that thousands of trials take no longer than a few analyses of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from bcp.engine.changes import STANDBY_MINUTES, Change, Open, Shorten, StandBy
from bcp.engine.recovery import Recovery


@dataclass(frozen=True, slots=True)
class _Facts:
    """What some changes say: the work of systems, and the edges that are open."""

    minutes: dict[int, int]
    opened: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer under some changes: when the system is back, whose work and which (dependent,
    dependency) edges make up the chain that binds it."""

    restored_minutes: int
    working: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    facts: _Facts
    restored: dict[int, int]
    """Of each system whose time is another than without changes."""


class Below:
    """The part of a worked-out recovery that decides when `system` is back. `systems` are those
    that it waits for, itself included."""

    def __init__(self, recovery: Recovery, system: int) -> None:
        self._system = system
        self._work = recovery.work
        needs = _needs(recovery)
        reached, queue = {system}, [system]
        for one in queue:
            for need, _to_rebuild in needs[one]:
                if need not in reached:
                    reached.add(need)
                    queue.append(need)
        self.systems = frozenset(reached)
        self._sequence = [one for one in recovery.timeline.sequence if one in reached]
        self._place = {one: place for place, one in enumerate(self._sequence)}
        self._needs = {one: needs[one] for one in self._sequence}
        self._places_above: dict[int, list[int]] = {one: [] for one in self._sequence}
        for one in self._sequence:
            for need, _to_rebuild in needs[one]:
                self._places_above[need].append(self._place[one])
        self._usual: dict[int, int] = {}
        nothing = _Facts({}, frozenset())
        for one in self._sequence:
            self._usual[one] = self._back(one, nothing, self._usual, {})[0]

    def after(self, changes: Iterable[Change]) -> Tried:
        """Rule G2 with the changes made."""
        facts = _facts_of(changes)
        touched = facts.minutes.keys() | {dependent for dependent, _need in facts.opened}
        waiting = [self._place[one] for one in touched]
        seen = set(waiting)
        heapify(waiting)
        restored: dict[int, int] = {}
        while waiting:
            one = self._sequence[heappop(waiting)]
            minute = self._back(one, facts, self._usual, restored)[0]
            if minute != self._usual[one]:
                restored[one] = minute
                for place in self._places_above[one]:
                    if place not in seen:
                        seen.add(place)
                        heappush(waiting, place)
        return self._traced(facts, restored)

    def at_best(self, tried: Tried, change: Change) -> int:
        """No later than this is the system back if one more change is made: however much sooner
        one system is back, nobody gains more than that."""
        one = change.dependent if isinstance(change, Open) else change.system
        facts = _Facts(
            tried.facts.minutes | _minutes_of(change), tried.facts.opened | _opened_by(change)
        )
        sooner = self._back(one, facts, self._usual, tried.restored)[0]
        before = tried.restored.get(one, self._usual[one])
        return tried.restored_minutes - (before - sooner)

    def _back(
        self, one: int, facts: _Facts, usual: dict[int, int], restored: dict[int, int]
    ) -> tuple[int, int | None, bool]:
        """When a system is back, the need that decides it (`None`: its activation does), and
        whether its own work counts."""
        start, up = self._work.activation_minutes[one], -1
        first: int | None = None
        last: int | None = None
        for need, to_rebuild in self._needs[one]:
            if facts.opened and (one, need) in facts.opened:
                continue
            minute = restored[need] if need in restored else usual[need]
            if to_rebuild:
                if minute > start:
                    start, first = minute, need
            elif minute > up:
                up, last = minute, need
        minutes = facts.minutes
        done = start + (minutes[one] if one in minutes else self._work.minutes[one])
        return (up, last, False) if up > done else (done, first, True)

    def _traced(self, facts: _Facts, restored: dict[int, int]) -> Tried:
        working, edges = [], []
        one: int | None = self._system
        while one is not None:
            _minute, before, own_work = self._back(one, facts, self._usual, restored)
            if own_work:
                working.append(one)
            if before is not None:
                edges.append((one, before))
            one = before
        minute = restored.get(self._system, self._usual[self._system])
        return Tried(max(0, minute), tuple(working), tuple(edges), facts, restored)


def _facts_of(changes: Iterable[Change]) -> _Facts:
    minutes: dict[int, int] = {}
    opened: set[tuple[int, int]] = set()
    for change in changes:
        minutes |= _minutes_of(change)
        opened |= _opened_by(change)
    return _Facts(minutes, frozenset(opened))


def _minutes_of(change: Change) -> dict[int, int]:
    if isinstance(change, Shorten):
        return {change.system: change.to_minutes}
    return {change.system: STANDBY_MINUTES} if isinstance(change, StandBy) else {}


def _opened_by(change: Change) -> frozenset[tuple[int, int]]:
    if isinstance(change, Open):
        return frozenset({(change.dependent, change.dependency)})
    return frozenset()


def _needs(recovery: Recovery) -> list[list[tuple[int, bool]]]:
    """Per system, what it waits for and whether to rebuild (else to run)."""
    needs: list[list[tuple[int, bool]]] = [[] for _ in recovery.graph.edges]
    for need, edges in enumerate(recovery.graph.edges):
        for edge in edges:
            needs[edge if edge >= 0 else ~edge].append((need, edge >= 0))
    return needs
