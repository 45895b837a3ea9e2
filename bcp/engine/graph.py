"""The gating graph of an estate as lists of whole numbers, built once per analysis.

Only edges that gate are in it: `rebuild` and `run` without a bootstrap note (rules G5, G6). They
lie from the needed to the needing, which is the way in which times, effects and order flow.

An edge is one number: u if u needs the system to be rebuilt, ~u (that is −1 − u) if it needs it
to run. A table of 2n entries then holds a value for either kind, `table[u]` and `table[~u]`,
and a pass over the edges looks one up without asking which kind it has.

No recursion: rings of ten thousand and paths of sixty thousand are ordinary input. The inner
loops hold the product's speed; `benchmarks/README.md` has the measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.engine.estate import Estate, NeededTo
from bcp.engine.rejection import Rejected, gettext_noop


@dataclass(frozen=True, slots=True)
class Graph:
    """Who waits for whom, by position in the estate; treat the lists as frozen.

    `edges[v]` are those who wait for v, coded as above; `waits_for[u]` counts u's needs.
    """

    edges: list[list[int]]
    waits_for: list[int]

    def __len__(self) -> int:
        return len(self.waits_for)

    def dependents(self, system: int) -> list[int]:
        """Everybody who waits for `system`, in either way."""
        return [edge if edge >= 0 else ~edge for edge in self.edges[system]]

    def without(self, pairs: Iterable[tuple[int, int]]) -> Graph:
        """A copy in which the (dependent, dependency) pairs no longer gate, whatever kind."""
        gone: dict[int, set[int]] = {}
        for u, v in pairs:
            gone.setdefault(v, set()).update((u, ~u))
        edges, waits_for = self.edges.copy(), self.waits_for.copy()
        for v, dependents in gone.items():
            edges[v] = [edge for edge in self.edges[v] if edge not in dependents]
            for edge in self.edges[v]:
                if edge in dependents:
                    waits_for[edge if edge >= 0 else ~edge] -= 1
        return Graph(edges, waits_for)

    def upwards_from(self, systems: Iterable[int]) -> Graph:
        """A copy with only the edges by which somebody waits for one of `systems`."""
        edges: list[list[int]] = [[] for _ in self.edges]
        waits_for = [0] * len(self)
        for system in systems:
            edges[system] = self.edges[system]
            for edge in self.edges[system]:
                waits_for[edge if edge >= 0 else ~edge] += 1
        return Graph(edges, waits_for)

    def upside_down(self, kept: bytearray) -> Graph:
        """The edges between two systems that are flagged, from the needing to the needed."""
        edges: list[list[int]] = [[] for _ in self.edges]
        waits_for = [0] * len(self)
        for v, flag in enumerate(kept):
            if flag:
                for edge in self.edges[v]:
                    u = edge if edge >= 0 else ~edge
                    if kept[u]:
                        edges[u].append(v if edge >= 0 else ~v)
                        waits_for[v] += 1
        return Graph(edges, waits_for)


def gating_graph(estate: Estate) -> Graph:
    """The gating edges of `estate`, in its order.

    An edge from a system to itself says nothing and is left out (`validation` reports it).
    Raises `Rejected` for an edge that names a position outside the estate.
    """
    count = len(estate.systems)
    edges: list[list[int]] = [[] for _ in range(count)]
    waits_for = [0] * count
    # `number[edge]` is `edge`, but one object for each, side by side in memory: the passes over
    # a large estate then take a fifth less time than over numbers that lie scattered about.
    number = [*range(count), *range(-count, 0)]
    rebuild, full_service = NeededTo.REBUILD, NeededTo.FULL_SERVICE
    u = v = 0
    try:
        for dependency in estate.dependencies:
            u, v = dependency.dependent, dependency.dependency
            if (u | v) < 0:  # either is
                raise IndexError
            needed_to = dependency.needed_to
            if needed_to is full_service or dependency.bootstrap or u == v:
                if max(u, v) >= count:
                    raise IndexError
                continue
            waits_for[u] += 1
            edges[v].append(number[u if needed_to is rebuild else ~u])
    except IndexError:
        raise Rejected(
            gettext_noop("a dependency names system %(u)s or %(v)s of only %(count)s"),
            u=u,
            v=v,
            count=count,
        ) from None
    return Graph(edges, waits_for)


def dependencies_first(graph: Graph) -> list[int]:
    """Systems so that each comes after all it needs; those that a loop holds up are left out."""
    edges, waits_for = graph.edges, graph.waits_for.copy()
    ready = [system for system, needs in enumerate(waits_for) if not needs]
    for system in ready:  # grows while it is read: a queue without the cost of one
        for edge in edges[system]:
            dependent = edge if edge >= 0 else ~edge
            waits_for[dependent] = still = waits_for[dependent] - 1
            if not still:
                ready.append(dependent)
    return ready


def loops(graph: Graph) -> list[list[int]]:
    """The sets of systems that wait for each other, dependencies first, each ascending.

    Only what a loop holds up from below and from above can be in one. A loop at the bottom of
    an estate holds up nearly all of it from below but little from above, so few are left for
    Tarjan to look at.
    """
    held_up = bytearray(map(bool, graph.edges))  # somebody waits for it
    for system in dependencies_first(graph):
        held_up[system] = 0
    downwards = graph.upside_down(held_up)
    for system in dependencies_first(downwards):
        held_up[system] = 0
    members = [system for system, flag in enumerate(held_up) if flag]
    local = {system: position for position, system in enumerate(members)}
    needs = [
        [local[need] for need in downwards.dependents(system) if need in local]
        for system in members
    ]
    return [
        sorted(members[position] for position in component)
        for component in strong_components(needs)
        if len(component) > 1
    ]


def strong_components(adjacency: Sequence[Sequence[int]]) -> list[list[int]]:
    """Tarjan's strongly connected components; a component comes after all those it points to."""
    count = len(adjacency)
    finished = count + 1
    number = [0] * count  # order of discovery from 1; 0: not seen; `finished`: in a component
    low = [0] * count
    stack: list[int] = []
    components: list[list[int]] = []
    seen = 0
    for root in range(count):
        path = [] if number[root] else [(root, iter(adjacency[root]))]
        while path:
            node, targets = path[-1]
            if not number[node]:
                seen += 1
                number[node] = low[node] = seen
                stack.append(node)
            for target in targets:
                if not number[target]:
                    path.append((target, iter(adjacency[target])))
                    break
                if number[target] < low[node]:
                    low[node] = number[target]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == number[node]:
                    components.append(_pop_through(stack, node))
                    for member in components[-1]:
                        number[member] = finished
    return components


def _pop_through(stack: list[int], node: int) -> list[int]:
    start = len(stack) - 1
    while stack[start] != node:
        start -= 1
    popped = stack[start:]
    del stack[start:]
    return popped


def dependents_of_all(graph: Graph, starts: Iterable[int]) -> bytearray:
    """A flag per system: 1 for the starts and for everybody who waits for one, near or far."""
    reached = bytearray(len(graph))
    queue = []
    for start in starts:
        if not reached[start]:
            reached[start] = 1
            queue.append(start)
    for system in queue:
        for dependent in graph.dependents(system):
            if not reached[dependent]:
                reached[dependent] = 1
                queue.append(dependent)
    return reached
