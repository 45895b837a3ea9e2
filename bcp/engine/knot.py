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
    needed_by = [
        sorted({local[u] for u in graph.dependents(system) if u in local}) for system in members
    ]
    arc_cost = sum(map(len, needed_by)) + 1
    needs: list[list[int]] = [[] for _ in members]
    costs: list[list[int]] = [[] for _ in members]
    needed_by_costs = []
    for position, system in enumerate(members):
        to_rebuild = {local[edge] for edge in graph.edges[system] if edge in local}
        needed_by_costs.append([arc_cost + (u in to_rebuild) for u in needed_by[position]])
        for dependent, cost in zip(needed_by[position], needed_by_costs[position], strict=True):
            needs[dependent].append(position)
            costs[dependent].append(cost)
    return Knot(needs, costs, needed_by, needed_by_costs, arc_cost)
