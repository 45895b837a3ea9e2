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


def smallest_cut(knot: Knot, work: int) -> tuple[list[Arc], int] | None:
    """The cheapest cut and the work done, counted in exits tried; `None` beyond `work`."""
    masks = _masks(knot)
    rounds = _separate_rounds(masks)
    known = _good_cut(knot)
    best = knot.cost_of(known)
    if sum(cost for _, cost in rounds) >= best:
        return known, 0
    everybody = _without_free(masks, (1 << len(knot)) - 1)
    layers: list[dict[int, int]] = [{} for _ in range(len(knot) + 1)]
    layers[everybody.bit_count()][everybody] = 0
    came_from: dict[int, tuple[int, int]] = {}
    tried = 0
    for layer in reversed(layers):
        for left, cost in layer.items():
            if cost + sum([low for mask, low in rounds if mask & left == mask]) >= best:
                continue
            if tried > work:
                return None
            members = left
            while members:
                bit = members & -members
                members ^= bit
                leaver = bit.bit_length() - 1
                tried += 1
                total = (
                    cost
                    + masks.arc_cost * (masks.needs[leaver] & left).bit_count()
                    + (masks.rebuild[leaver] & left).bit_count()
                )
                if total >= best:
                    continue
                rest = _without_free(masks, left ^ bit)
                if not rest:
                    best = total
                elif total >= layers[rest.bit_count()].get(rest, best):
                    continue
                else:
                    layers[rest.bit_count()][rest] = total
                came_from[rest] = (left, leaver)
        layer.clear()
    return (_retraced(masks, came_from) if 0 in came_from else known), tried


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


def _retraced(masks: _Masks, came_from: dict[int, tuple[int, int]]) -> list[Arc]:
    """The arcs opened on the cheapest way from everybody to nobody left."""
    cut: list[Arc] = []
    left = 0
    while left in came_from:
        left, leaver = came_from[left]
        needs = masks.needs[leaver] & left
        cut += [(leaver, need) for need in range(needs.bit_length()) if needs >> need & 1]
    return sorted(cut)
