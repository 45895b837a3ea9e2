"""Looks for an order of recovery in which the people there are bring all tiers back in time.

Tried are the more critical tiers first, then whatever has to be back earliest, then, again and
again, that with the systems that came too late asked for earlier by as much as they were late
(squeaky wheel optimisation; Joslin and Clements 1999), and in turn with that the same shaken. It
need not find the best order there is: what none can do is for `people_bound` to say.
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
_SCATTER = 2654435761
"""Knuth's multiplier: its multiples lie scattered over 32 bits."""
_PLACED_AT_MOST = 30_000
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
    """Orders of the systems of one scenario; `people` are those of `recovery`.

    All searches share one allowance of activities to place, so that large estates answer while a
    person waits.
    """

    def __init__(self, recovery: Recovery, people: People) -> None:
        self._recovery, self._people = recovery, people
        activities = sum(map(len, people.activities.values()))
        self._left = _PLACED_AT_MOST // (activities or 1)

    def best(
        self, promises: Mapping[int, int], settled: Sequence[int], *, thorough: bool
    ) -> Placed:
        """The order found in which the last of `promises`, given by tier in the order of the
        tiers, is missed by the least, of all systems that they wait for.

        `settled` is an order for all tiers but the last, and none of these misses more than with
        it. Only a `thorough` search tries again and again.
        """
        due, first = due_by_system(self._recovery, promises), set(settled)
        asked, within = due.copy(), max(promises.values())
        others = (system for system in self._by(self._urgency(due)) if system not in first)
        best = self._placed([*settled, *others], promises)
        limits = best.missed[:-1]
        for turn in range(max(1, min(_TRIES, self._left)) if thorough else 1):
            if not best.missed[-1]:
                break
            self._left -= 1
            urgency = self._urgency(asked)
            if turn % 2:
                urgency = _shaken(urgency, within, turn)
            placed = self._placed(self._by(urgency), promises)
            if placed.missed[-1] < best.missed[-1] and _no_more(placed.missed, limits):
                best = placed
            if not turn % 2:
                for system, promise in due.items():
                    if promise < placed.restored[system] < NEVER:
                        asked[system] -= placed.restored[system] - promise
        return best

    def _urgency(self, due: Mapping[int, int]) -> list[int]:
        return latest_by_system(self._recovery, due, self._recovery.work.minutes)

    def _by(self, urgency: list[int]) -> list[int]:
        """The most urgent first, each after what it needs, as in rule G4."""
        recovery = self._recovery
        order = restore_order(
            recovery.graph, recovery.timeline.sequence, urgency, recovery.estate.systems
        )
        return [system for system in order if urgency[system] != NO_LIMIT]

    def _placed(self, order: Sequence[int], promises: Mapping[int, int]) -> Placed:
        placements = placed_in(order, self._recovery, self._people)
        restored = {system: one.restored for system, one in placements.items()}
        systems = self._recovery.estate.systems
        missed = dict.fromkeys(promises, 0)
        for system, minutes in restored.items():
            tier = systems[system].tier
            if tier is not None and tier in promises:
                missed[tier] += max(0, minutes - promises[tier])
        return Placed(tuple(order), restored, tuple(missed.values()))


def _shaken(urgency: Sequence[int], most: int, turn: int) -> list[int]:
    """Each made more urgent by some minutes, `most` at most, that differ from turn to turn."""
    return [
        limit if limit == NO_LIMIT else limit - (place + 1) * turn * _SCATTER % 2**32 % (most + 1)
        for place, limit in enumerate(urgency)
    ]


def _no_more(missed: Sequence[int], limits: Sequence[int]) -> bool:
    return all(one <= limit for one, limit in zip(missed, limits, strict=False))


def due_by_system(recovery: Recovery, promises: Mapping[int, int]) -> dict[int, int]:
    """What is promised by tier, for each system that is down."""
    systems = recovery.estate.systems
    tiers = ((system, systems[system].tier) for system in recovery.timeline.sequence)
    return {
        system: promises[tier] for system, tier in tiers if tier is not None and tier in promises
    }


def latest_by_system(
    recovery: Recovery, due: Mapping[int, int], minutes: Sequence[int]
) -> list[int]:
    """Rule G3: when each system must be back at the latest if some are `due` and the work of each
    takes so many `minutes`; `NO_LIMIT` for those that nothing due waits for."""
    limits = [due.get(system) for system in range(len(recovery.graph))]
    return requirements(recovery.graph, recovery.timeline.sequence, limits, minutes, ()).latest
