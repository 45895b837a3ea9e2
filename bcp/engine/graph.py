"""The gating graph of an estate as integer adjacency, built once per analysis.

Only edges that gate are in it: `rebuild` and `run` without a bootstrap note (rules G5, G6).
Plain lists and no recursion: rings of ten thousand and paths of sixty thousand are ordinary
input. The inner loops hold the product's speed; see `benchmarks/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import add

from bcp.engine.estate import Estate, NeededTo
from bcp.engine.rejection import Rejected, gettext_noop

Adjacency = list[list[int]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Who needs whom. Each field has one list of positions per system; treat them as frozen.

    `rebuild[u]` and `run[u]` are what u needs; `dependents[v]` is who needs v, in either way.
    """

    rebuild: Adjacency
    run: Adjacency
    dependents: Adjacency

    def __len__(self) -> int:
        return len(self.dependents)

    def needs(self, system: int) -> list[int]:
        """Everything that gates `system`, in the order of the estate, `rebuild` first."""
        return self.rebuild[system] + self.run[system]

    def without(self, edges: Iterable[tuple[int, int]]) -> Graph:
        """A copy in which the (dependent, dependency) pairs no longer gate, whatever kind."""
        gone = set(edges)
        rebuild, run = self.rebuild.copy(), self.run.copy()
        dependents = self.dependents.copy()
        for u in {u for u, _ in gone}:
            rebuild[u] = [v for v in rebuild[u] if (u, v) not in gone]
            run[u] = [v for v in run[u] if (u, v) not in gone]
        for v in {v for _, v in gone}:
            dependents[v] = [u for u in dependents[v] if (u, v) not in gone]
        return Graph(rebuild, run, dependents)

    def within(self, systems: Iterable[int]) -> Graph:
        """A copy with only the edges between two of `systems`; the numbering stays."""
        kept = set(systems)

        def only(lists: Adjacency) -> Adjacency:
            return [
                [other for other in others if other in kept] if system in kept else []
                for system, others in enumerate(lists)
            ]

        return Graph(only(self.rebuild), only(self.run), only(self.dependents))


def gating_graph(estate: Estate) -> Graph:
    """The gating edges of `estate`, in its order.

    An edge from a system to itself says nothing and is left out (`validation` reports it).
    Raises `Rejected` for an edge that names a position outside the estate.
    """
    count = len(estate.systems)
    rebuild: Adjacency = [[] for _ in range(count)]
    run: Adjacency = [[] for _ in range(count)]
    dependents: Adjacency = [[] for _ in range(count)]
    to_rebuild, to_run = NeededTo.REBUILD, NeededTo.RUN
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
        if edge.bootstrap or u == v:
            continue
        if needed_to is to_rebuild:
            rebuild[u].append(v)
        elif needed_to is to_run:
            run[u].append(v)
        else:
            continue
        dependents[v].append(u)
    return Graph(rebuild, run, dependents)


def dependencies_first(graph: Graph) -> list[int]:
    """Systems so that each comes after all it needs; those that a loop holds up are left out."""
    dependents = graph.dependents
    waiting = list(map(add, map(len, graph.rebuild), map(len, graph.run)))
    ready = [system for system, needs in enumerate(waiting) if not needs]
    for system in ready:  # grows while it is read: a queue without the cost of one
        for dependent in dependents[system]:
            waiting[dependent] -= 1
            if not waiting[dependent]:
                ready.append(dependent)
    return ready


def loops(graph: Graph, resolved: Sequence[int]) -> list[list[int]]:
    """The sets of systems that wait for each other, dependencies first, each ascending.

    `resolved` is what `dependencies_first` reached. Of the rest, whatever nothing in the rest
    waits for is peeled off as well, so that Tarjan sees only what lies in or between loops:
    a loop at the bottom holds up nearly the whole estate.
    """
    if len(resolved) == len(graph):
        return []
    done = bytearray(len(graph))
    for system in resolved:
        done[system] = 1
    wanted = [len(dependents) for dependents in graph.dependents]
    free = [system for system, count in enumerate(wanted) if not count and not done[system]]
    for system in free:
        done[system] = 1
        for needs in (graph.rebuild[system], graph.run[system]):
            for dependency in needs:
                wanted[dependency] -= 1
                if not wanted[dependency] and not done[dependency]:
                    free.append(dependency)
    core = [system for system, flag in enumerate(done) if not flag]
    local = {system: position for position, system in enumerate(core)}
    adjacency = [
        [local[needed] for needed in graph.needs(system) if needed in local] for system in core
    ]
    return [
        sorted(core[position] for position in component)
        for component in strong_components(adjacency)
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


def closure(adjacency: Sequence[Sequence[int]], starts: Iterable[int]) -> bytearray:
    """A flag per system: 1 for the starts and everything reached from them."""
    reached = bytearray(len(adjacency))
    queue = []
    for start in starts:
        if not reached[start]:
            reached[start] = 1
            queue.append(start)
    for system in queue:
        for neighbour in adjacency[system]:
            if not reached[neighbour]:
                reached[neighbour] = 1
                queue.append(neighbour)
    return reached
