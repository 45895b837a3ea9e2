"""A loop to be opened, as the searches for its smallest cut see it.

Local numbering 0..n-1; `u needs v` is an arc. A cut is a set of arcs whose removal leaves no
round. Its cost counts arcs first; between cuts of equal size, the one that opens fewer `rebuild`
edges is cheaper, since going without a `run` need only delays the word "restored", while going
without a `rebuild` need means another way to rebuild.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.graph import Graph

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Knot:
    """`needs[u]` without repeats, ascending; `costs[u]` in step with it; `needed_by[v]`."""

    needs: list[list[int]]
    costs: list[list[int]]
    needed_by: list[list[int]]
    needed_by_costs: list[list[int]]
    arc_cost: int
    """What any arc costs; a `rebuild` arc costs one more. Larger than the number of arcs, so
    that no preference ever outweighs an arc."""

    def __len__(self) -> int:
        return len(self.needs)

    def cut_by(self, order: Sequence[int]) -> list[Arc]:
        """The arcs to what comes later in an order that should have needs first."""
        place = [0] * len(self)
        for position, system in enumerate(order):
            place[system] = position
        return [(u, v) for u, needs in enumerate(self.needs) for v in needs if place[v] > place[u]]

    def cost_of(self, cut: Sequence[Arc]) -> int:
        return sum(self.costs[u][self.needs[u].index(v)] for u, v in cut)

    def pairs(self) -> int:
        """How many pairs need each other: each takes an arc of its own to open."""
        mutual = (
            len(set(needs).intersection(needed_by))
            for needs, needed_by in zip(self.needs, self.needed_by, strict=True)
        )
        return sum(mutual) // 2


def tie(graph: Graph, members: Sequence[int]) -> Knot:
    """The knot of a strongly connected set of systems; local number = position in `members`."""
    local = {system: position for position, system in enumerate(members)}
    needs = [
        sorted({local[need] for need in graph.needs(system) if need in local}) for system in members
    ]
    arc_cost = sum(map(len, needs)) + 1
    costs = []
    needed_by: list[list[int]] = [[] for _ in members]
    needed_by_costs: list[list[int]] = [[] for _ in members]
    for position, system in enumerate(members):
        rebuild = {local[need] for need in graph.rebuild[system] if need in local}
        costs.append([arc_cost + (need in rebuild) for need in needs[position]])
        for need, cost in zip(needs[position], costs[position], strict=True):
            needed_by[need].append(position)
            needed_by_costs[need].append(cost)
    return Knot(needs, costs, needed_by, needed_by_costs, arc_cost)
