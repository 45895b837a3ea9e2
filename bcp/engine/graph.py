"""The gating graph of an estate as whole numbers in flat arrays, built once per analysis.

Only edges that gate are in it: `rebuild` and `run` without a bootstrap note (rules G5, G6). They
lie from the needed to the needing, which is the way in which times, effects and order flow.

An edge is one number: u if u needs the system to be rebuilt, ~u (that is −1 − u) if it needs it
to run. A table of 2n entries then holds a value for either kind, `table[u]` and `table[~u]`,
and a pass over the edges looks one up without asking which kind it has.

No recursion: rings of ten thousand and paths of sixty thousand are ordinary input. The inner
loops hold the product's speed; `benchmarks/README.md` has the measurements.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bcp.engine.estate import Estate, NeededTo
from bcp.engine.rejection import Rejected, gettext_noop

Adjacency = list[list[int]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Who waits for whom, by position in the estate; treat as frozen.

    Those who wait for v are `edges[starts[v] : starts[v + 1]]`, coded as above; `waits_for[u]`
    counts u's needs.
    """

    edges: array[int]
    starts: list[int]
    waits_for: list[int]

    def __len__(self) -> int:
        return len(self.waits_for)

    def coded(self, system: int) -> array[int]:
        """The edges of everybody who waits for `system`."""
        return self.edges[self.starts[system] : self.starts[system + 1]]

    def dependents(self, system: int) -> list[int]:
        """Everybody who waits for `system`, in either way."""
        return [code if code >= 0 else ~code for code in self.coded(system)]

    def without(self, edges: Iterable[tuple[int, int]]) -> Graph:
        """A copy in which the (dependent, dependency) pairs no longer gate, whatever kind."""
        gone: dict[int, set[int]] = {}
        for u, v in edges:
            gone.setdefault(v, set()).update((u, ~u))
        return _joined(
            array("i", [code for code in self.coded(v) if code not in gone[v]])
            if v in gone
            else self.coded(v)
            for v in range(len(self))
        )

    def upwards_from(self, systems: Iterable[int]) -> Graph:
        """A copy with only the edges by which somebody waits for one of `systems`."""
        kept = set(systems)
        nobody = array("i")
        return _joined(self.coded(v) if v in kept else nobody for v in range(len(self)))


def _joined(parts: Iterable[array[int]]) -> Graph:
    edges, starts = array("i"), [0]
    for part in parts:
        edges.extend(part)
        starts.append(len(edges))
    waits_for = [0] * (len(starts) - 1)
    for code in edges:
        waits_for[code if code >= 0 else ~code] += 1
    return Graph(edges, starts, waits_for)


def gating_graph(estate: Estate) -> Graph:
    """The gating edges of `estate`, in its order.

    An edge from a system to itself says nothing and is left out (`validation` reports it).
    Raises `Rejected` for an edge that names a position outside the estate.
    """
    count = len(estate.systems)
    starts, waits_for = [0] * (count + 1), [0] * count
    needed: list[int] = []
    codes: list[int] = []
    rebuild, full_service = NeededTo.REBUILD, NeededTo.FULL_SERVICE
    for edge in estate.dependencies:
        u, v = edge.dependent, edge.dependency
        if u < 0 or v < 0 or u >= count or v >= count:
            raise Rejected(
                gettext_noop("a dependency names system %(u)s or %(v)s of only %(count)s"),
                u=u,
                v=v,
                count=count,
            )
        needed_to = edge.needed_to
        if needed_to is full_service or edge.bootstrap or u == v:
            continue
        needed.append(v)
        codes.append(u if needed_to is rebuild else ~u)
        starts[v] += 1
        waits_for[u] += 1
    # Counting sort by the needed system; from the back, so that each start ends up as such.
    starts = list(accumulate(starts))
    edges = array("i", [0]) * len(codes)
    for v, code in zip(reversed(needed), reversed(codes), strict=True):
        starts[v] -= 1
        edges[starts[v]] = code
    return Graph(edges, starts, waits_for)


def dependencies_first(graph: Graph) -> list[int]:
    """Systems so that each comes after all it needs; those that a loop holds up are left out."""
    waits_for = graph.waits_for.copy()
    ready = [system for system, needs in enumerate(waits_for) if not needs]
    for system in ready:  # grows while it is read: a queue without the cost of one
        for dependent in graph.dependents(system):
            waits_for[dependent] -= 1
            if not waits_for[dependent]:
                ready.append(dependent)
    return ready


def loops(graph: Graph) -> list[list[int]]:
    """The sets of systems that wait for each other, dependencies first, each ascending.

    Whatever needs nothing in a loop and whatever nothing in a loop needs is peeled off first, so
    that Tarjan sees only what lies in or between loops: a loop at the bottom of an estate holds
    up nearly all of it.
    """
    core = _not_below(graph, set(range(len(graph))).difference(dependencies_first(graph)))
    members = sorted(core)
    local = {system: position for position, system in enumerate(members)}
    needs: Adjacency = [[] for _ in members]
    for system in members:
        for dependent in graph.dependents(system):
            if dependent in local:
                needs[local[dependent]].append(local[system])
    return [
        sorted(members[position] for position in component)
        for component in strong_components(needs)
        if len(component) > 1
    ]


def _not_below(graph: Graph, stuck: set[int]) -> set[int]:
    """`stuck` without those that nobody in it waits for, as often as that applies."""
    waited_by = {}
    needs: dict[int, list[int]] = {system: [] for system in stuck}
    for system in stuck:
        dependents = [u for u in graph.dependents(system) if u in stuck]
        waited_by[system] = len(dependents)
        for dependent in dependents:
            needs[dependent].append(system)
    free = [system for system, count in waited_by.items() if not count]
    for system in free:
        for need in needs[system]:
            waited_by[need] -= 1
            if not waited_by[need]:
                free.append(need)
    return stuck.difference(free)


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
