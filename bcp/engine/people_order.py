"""Looks for an order of recovery in which the people there are bring all tiers back in time.

Tried are the more critical tiers first, then whatever has to be back earliest, then, again and
again, that with the systems that came too late asked for earlier by as much as they were late
(squeaky wheel optimisation; Joslin and Clements 1999). The best is the one with the fewest missed
minutes in the most critical tier, then in the next. It need not be the best there is: what no
order can do is for `people_bound` to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bcp.engine.order import restore_order
from bcp.engine.people import People
from bcp.engine.people_schedule import placed_in
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER
from bcp.engine.targets import NO_LIMIT, requirements

_TRIES = 200
"""For one tier."""
_PLACED_AT_MOST = 40_000
"""Activities placed for all tiers together, so that large estates answer while a person waits."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An order, needs first, and when each of its systems is back (`people_schedule`).

    `missed` has for each promised tier, most critical first, the sum of minutes by which its
    systems are too late.
    """

    order: tuple[int, ...]
    restored: Mapping[int, int]
    missed: tuple[int, ...]


class Orders:
    """Orders of the systems of one scenario; `people` are those of `recovery`."""

    def __init__(self, recovery: Recovery, people: People) -> None:
        self._recovery, self._people = recovery, people
        activities = sum(map(len, people.activities.values()))
        self._left = _PLACED_AT_MOST // (activities or 1)

    def latest(self, promises: Mapping[int, int]) -> list[int]:
        """Rule G3 from the minutes promised by tier: when each system must be back at the latest,
        `NO_LIMIT` for those that no promise waits for."""
        return self._latest(self._due(promises))

    def best(
        self, promises: Mapping[int, int], settled: Sequence[int], *, thorough: bool
    ) -> Placed:
        """The best order found of all systems that `promises` wait for, given by tier in the order
        of the tiers. `settled` is one for all but the last of them: none of these misses more
        than with it. Only a `thorough` search tries again and again."""
        due = self._due(promises)
        asked, first = due.copy(), set(settled)
        others = (system for system in self._by_urgency(due) if system not in first)
        best = self._placed([*settled, *others], promises)
        for _ in range(max(1, min(_TRIES, self._left)) if thorough else 1):
            if not best.missed[-1]:
                break
            self._left -= 1
            placed = self._placed(self._by_urgency(asked), promises)
            if placed.missed < best.missed:
                best = placed
            for system, promise in due.items():
                if promise < placed.restored[system] < NEVER:
                    asked[system] -= placed.restored[system] - promise
        return best

    def _due(self, promises: Mapping[int, int]) -> dict[int, int]:
        """By system, what its tier promises."""
        systems = self._recovery.estate.systems
        touched = self._recovery.timeline.sequence
        tiers = ((system, systems[system].tier) for system in touched)
        return {system: promises[tier] for system, tier in tiers if tier and tier in promises}

    def _latest(self, due: Mapping[int, int]) -> list[int]:
        recovery = self._recovery
        limits = [due.get(system) for system in range(len(recovery.graph))]
        sequence, minutes = recovery.timeline.sequence, recovery.work.minutes
        return requirements(recovery.graph, sequence, limits, minutes, ()).latest

    def _by_urgency(self, due: Mapping[int, int]) -> list[int]:
        """What is due and all that it needs, by latest finish as in rule G4."""
        latest, recovery = self._latest(due), self._recovery
        order = restore_order(
            recovery.graph, recovery.timeline.sequence, latest, recovery.estate.systems
        )
        return [system for system in order if latest[system] != NO_LIMIT]

    def _placed(self, order: Sequence[int], promises: Mapping[int, int]) -> Placed:
        placements = placed_in(order, self._recovery, self._people)
        restored = {system: one.restored for system, one in placements.items()}
        systems = self._recovery.estate.systems
        missed = dict.fromkeys(promises, 0)
        for system, minutes in restored.items():
            tier = systems[system].tier
            if tier and tier in promises:
                missed[tier] += max(0, minutes - promises[tier])
        return Placed(tuple(order), restored, tuple(missed.values()))
