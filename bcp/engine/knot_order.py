"""A good order for a loop of any size: few arcs point to what comes later (rule G5).

Eades, Lin and Smyth's greedy order in time linear in the arcs, then single systems are moved to
their best place until none gains or the allowed work is spent. Not proven smallest.
"""

from __future__ import annotations

from collections.abc import Sequence

from bcp.engine.knot import Knot

_ARCS_LOOKED_AT = 8_000_000
"""Bounds the moves: a loop of 2,000 systems that all need each other gets one round."""


def good_order(knot: Knot) -> list[int]:
    return improved(knot, _greedy_order(knot))


def _greedy_order(knot: Knot) -> list[int]:
    """Eades–Lin–Smyth: who needs nobody left goes first, who is needed by nobody left last; else
    the one that most others need, by how many more than it needs itself, goes first."""
    left = _Left(knot)
    head: list[int] = []
    tail: list[int] = []
    for _ in range(len(knot)):
        system = left.next()
        (tail if left.needs[system] and not left.needed_by[system] else head).append(system)
        left.remove(system)
    return head + tail[::-1]


class _Left:
    """The systems not placed yet, in buckets by how many more need them than they need."""

    def __init__(self, knot: Knot) -> None:
        self._knot = knot
        self.needs = [len(needs) for needs in knot.needs]
        self.needed_by = [len(needed_by) for needed_by in knot.needed_by]
        self._placed = bytearray(len(knot))
        # Dicts as ordered sets: the same answer every time. Index 0 stands for −n.
        self._buckets: list[dict[int, None]] = [{} for _ in range(2 * len(knot) + 1)]
        for system in range(len(knot)):
            self._buckets[self._rank(system)][system] = None
        self._top = 2 * len(knot)
        self._free = [s for s in range(len(knot)) if not self.needs[s] or not self.needed_by[s]]

    def _rank(self, system: int) -> int:
        return self.needed_by[system] - self.needs[system] + len(self._knot)

    def next(self) -> int:
        while self._free:
            system = self._free.pop()
            if not self._placed[system]:
                return system
        while not self._buckets[self._top]:
            self._top -= 1
        return next(iter(self._buckets[self._top]))

    def remove(self, system: int) -> None:
        self._placed[system] = 1
        del self._buckets[self._rank(system)][system]
        for dependent in self._knot.needed_by[system]:
            if not self._placed[dependent]:
                self._one_less(self.needs, dependent)
        for need in self._knot.needs[system]:
            if not self._placed[need]:
                self._one_less(self.needed_by, need)

    def _one_less(self, counts: list[int], system: int) -> None:
        del self._buckets[self._rank(system)][system]
        counts[system] -= 1
        rank = self._rank(system)
        self._buckets[rank][system] = None
        self._top = max(self._top, rank)
        if not counts[system]:
            self._free.append(system)


def improved(knot: Knot, order: Sequence[int]) -> list[int]:
    """`order` after moving single systems to their cheapest place as long as that gains."""
    best = list(order)
    arcs = 2 * sum(map(len, knot.needs))
    for _ in range(max(1, _ARCS_LOOKED_AT // arcs)):
        place = [0.0] * len(knot)
        for position, system in enumerate(best):
            place[system] = float(position)
        gained = sum(_move(knot, place, system) for system in best)
        if not gained:
            break
        best.sort(key=place.__getitem__)
    return best


def _move(knot: Knot, place: list[float], system: int) -> int:
    """Put one system at its cheapest place; returns what that gains.

    Only its neighbours matter: behind a need it costs less, behind a dependent more. Systems
    that are not neighbours may come to share a place; no one is put between such a pair, so
    that neighbours never do and every gain is real.
    """
    step: dict[int, int] = {}
    for need, cost in zip(knot.needs[system], knot.costs[system], strict=True):
        step[need] = -cost
    for dependent, cost in zip(knot.needed_by[system], knot.needed_by_costs[system], strict=True):
        step[dependent] = step.get(dependent, 0) + cost
    neighbours = sorted(step, key=place.__getitem__)
    here = place[system]
    places = [place[neighbour] for neighbour in neighbours]
    places = [places[0] - 2, *places, places[-1] + 2]
    cost = cheapest = current = 0  # against standing before all neighbours
    gap = 0
    for position, neighbour in enumerate(neighbours, start=1):
        cost += step[neighbour]
        if places[position] < here:
            current = cost
        if cost < cheapest and places[position] < places[position + 1]:
            cheapest, gap = cost, position
    middle = (places[gap] + places[gap + 1]) / 2
    if cheapest >= current or not places[gap] < middle < places[gap + 1]:
        return 0
    place[system] = middle
    return current - cheapest
