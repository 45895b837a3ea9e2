"""The smallest cut of a small loop, proven (rule G5, up to 20 systems).

Systems leave the loop one by one; one that leaves while some that it needs have not left yet
opens those arcs. What an exit costs depends only on who is left, so the search goes over sets
of systems (at most 2^20) and never over paths. Few of them are reached: whoever needs nobody
left, or is needed by nobody left, goes at no cost; and a set is dropped as soon as its cost and
the rounds that it must still open, no two sharing an arc, come to what is known to suffice.
"""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.knot import Arc, Knot
from bcp.engine.knot_order import good_order, improved

LARGEST = 20
_STRIDES = (1, 100, 13, 29, 37, 43, 53, 61, 67, 73, 83, 97)


@dataclass(frozen=True, slots=True)
class _Masks:
    """The knot as bit masks, one bit per system."""

    needs: list[int]
    rebuild: list[int]
    needed_by: list[int]
    arc_cost: int


def smallest_cut(knot: Knot, work: int) -> tuple[list[Arc] | None, int]:
    """The cheapest cut and the work done, counted in exits tried; no cut beyond `work`."""
    masks = _masks(knot)
    rounds = _separate_rounds(masks)
    known = _good_cut(knot)
    best = knot.cost_of(known)
    if sum(cost for _, cost in rounds) >= best:
        return known, 0
    search = _Search(masks, rounds, best)
    return (search.cut() or known if search.run(work) else None), search.tried


class _Search:
    """Sets of systems still in the loop, largest first, with the least cost of getting there."""

    def __init__(self, masks: _Masks, rounds: list[tuple[int, int]], best: int) -> None:
        self._masks = masks
        self._rounds = rounds
        self._best = best
        """The cost to beat; whatever is found has beaten it."""
        self._came_from: dict[int, tuple[int, int]] = {}
        self.tried = 0

    def run(self, work: int) -> bool:
        """Whether the search came to its end within `work` exits tried."""
        everybody = (1 << len(self._masks.needs)) - 1
        layers: list[dict[int, int]] = [{} for _ in range(everybody.bit_count() + 1)]
        layers[-1][everybody] = 0
        for size in range(len(layers) - 1, 0, -1):
            for left, cost in layers[size].items():
                tied = _without_free(self._masks, left)
                if tied != left:
                    self._file(layers[tied.bit_count()], tied, cost, self._came_from[left])
                elif cost + self._still_to_open(left) < self._best:
                    self._let_each_leave(layers[size - 1], left, cost)
            if self.tried > work:
                return False
            layers[size].clear()
        return True

    def _still_to_open(self, left: int) -> int:
        return sum([cost for mask, cost in self._rounds if mask & left == mask])

    def _let_each_leave(self, layer: dict[int, int], left: int, cost: int) -> None:
        needs, rebuild, arc_cost = self._masks.needs, self._masks.rebuild, self._masks.arc_cost
        members = left
        while members:
            bit = members & -members
            members ^= bit
            leaver = bit.bit_length() - 1
            opened = (needs[leaver] & left).bit_count() * arc_cost
            total = cost + opened + (rebuild[leaver] & left).bit_count()
            self._file(layer, left ^ bit, total, (left, leaver))
        self.tried += left.bit_count()

    def _file(self, layer: dict[int, int], left: int, cost: int, way: tuple[int, int]) -> None:
        if cost < layer.get(left, self._best):
            layer[left] = cost
            self._came_from[left] = way
            if not left:
                self._best = cost

    def cut(self) -> list[Arc]:
        """The arcs opened on the cheapest way to nobody left; none if no way beats the best."""
        cut: list[Arc] = []
        left = 0
        while left in self._came_from:
            left, leaver = self._came_from[left]
            opened = self._masks.needs[leaver] & left
            cut += [(leaver, need) for need in range(opened.bit_length()) if opened >> need & 1]
        return cut


def _masks(knot: Knot) -> _Masks:
    def mask(members: list[int]) -> int:
        return sum(1 << member for member in members)

    rebuild = [
        mask([v for v, cost in zip(needs, costs, strict=True) if cost > knot.arc_cost])
        for needs, costs in zip(knot.needs, knot.costs, strict=True)
    ]
    return _Masks(
        [mask(needs) for needs in knot.needs],
        rebuild,
        [mask(needed_by) for needed_by in knot.needed_by],
        knot.arc_cost,
    )


def _good_cut(knot: Knot) -> list[Arc]:
    """The best of several improved orders: most often it is the smallest, only unproven."""
    orders = [good_order(knot)]
    for stride in _STRIDES:  # as good as shuffled, and the same every time
        mixed = sorted(
            range(len(knot)), key=[s * stride % 101 for s in range(len(knot))].__getitem__
        )
        orders.append(improved(knot, mixed))
    return min((knot.cut_by(order) for order in orders), key=knot.cost_of)


def _separate_rounds(masks: _Masks) -> list[tuple[int, int]]:
    """Rounds of which no two share an arc, short ones first: (their systems, least cost).

    Every cut takes at least one arc of each, whoever has left, as long as all of it is left.
    """
    arcs = masks.needs.copy()
    rounds = []
    for longest in range(2, len(arcs) + 1):
        for start in range(len(arcs)):
            while found := _round_through(arcs, start, longest):
                steps = list(zip(found, found[1:] + found[:1], strict=True))
                all_rebuild = all(masks.rebuild[u] >> v & 1 for u, v in steps)
                for u, v in steps:
                    arcs[u] ^= 1 << v
                rounds.append((sum(1 << member for member in found), masks.arc_cost + all_rebuild))
    return rounds


def _round_through(arcs: list[int], start: int, longest: int) -> list[int]:
    """A shortest round of at most `longest` systems from `start` back to it, or nothing."""
    paths = {start: [start]}
    queue = [start]
    for system in queue:
        path = paths[system]
        if arcs[system] >> start & 1:
            return path
        if len(path) == longest:
            return []
        members = arcs[system]
        while members:
            bit = members & -members
            members ^= bit
            need = bit.bit_length() - 1
            if need not in paths:
                paths[need] = [*path, need]
                queue.append(need)
    return []


def _without_free(masks: _Masks, left: int) -> int:
    """`left` without those that need, or are needed by, nobody left, as often as that applies."""
    needs, needed_by = masks.needs, masks.needed_by
    while True:
        before = members = left
        while members:
            bit = members & -members
            members ^= bit
            system = bit.bit_length() - 1
            if not needs[system] & left or not needed_by[system] & left:
                left ^= bit
        if left == before:
            return left
