"""What one system waits for, worked out again and again under changes (rule G2).

A trial looks only at the systems below the one in question, so that hundreds of trials take no
longer than one analysis of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bcp.engine.changes import STANDBY_MINUTES, Change, Open, Shorten, StandBy
from bcp.engine.recovery import Recovery


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer under some changes: when the system is back, whose work and which (dependent,
    dependency) edges make up the chain that binds it."""

    restored_minutes: int
    working: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]


class Below:
    """The part of a worked-out recovery that decides when `system` is back."""

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
        self._sequence = [one for one in recovery.timeline.sequence if one in reached]
        self._needs = {one: needs[one] for one in self._sequence}

    def after(self, changes: Iterable[Change]) -> Tried:
        """Rule G2 with the changes made."""
        minutes: dict[int, int] = {}
        opened = set()
        for change in changes:
            if isinstance(change, Open):
                opened.add((change.dependent, change.dependency))
            elif isinstance(change, Shorten):
                minutes[change.system] = change.to_minutes
            elif isinstance(change, StandBy):
                minutes[change.system] = STANDBY_MINUTES
        restored: dict[int, int] = {}
        decided: dict[int, tuple[int | None, bool]] = {}
        for one in self._sequence:
            start, up = self._work.activation_minutes[one], -1
            first: int | None = None
            last: int | None = None
            for need, to_rebuild in self._needs[one]:
                if (one, need) in opened:
                    continue
                if to_rebuild and restored[need] > start:
                    start, first = restored[need], need
                elif not to_rebuild and restored[need] > up:
                    up, last = restored[need], need
            done = start + minutes.get(one, self._work.minutes[one])
            restored[one] = max(done, up)
            decided[one] = (last, False) if up > done else (first, True)
        return self._traced(restored, decided)

    def _traced(
        self, restored: dict[int, int], decided: dict[int, tuple[int | None, bool]]
    ) -> Tried:
        working, edges = [], []
        one: int | None = self._system
        while one is not None:
            before, own_work = decided[one]
            if own_work:
                working.append(one)
            if before is not None:
                edges.append((one, before))
            one = before
        return Tried(max(0, restored[self._system]), tuple(working), tuple(edges))


def _needs(recovery: Recovery) -> list[list[tuple[int, bool]]]:
    """Per system, what it waits for and whether to rebuild (else to run)."""
    needs: list[list[tuple[int, bool]]] = [[] for _ in recovery.graph.edges]
    for need, edges in enumerate(recovery.graph.edges):
        for edge in edges:
            needs[edge if edge >= 0 else ~edge].append((need, edge >= 0))
    return needs
