"""Loops: systems that wait for each other, and the fewest edges to open (rule G5).

An edge with a bootstrap note does not gate, so it never is part of a loop; that is how a loop is
opened. Between sets of equal size the one with fewer `rebuild` edges is offered (`knot` says
why). Up to 20 systems in a loop the answer is proven smallest; above, it is a good one, and
`exact` says whether it happens to be proven all the same.
"""

from __future__ import annotations

from bcp.engine.graph import Graph, loops
from bcp.engine.knot import Arc, Knot, tie
from bcp.engine.knot_exact import LARGEST, smallest_cut
from bcp.engine.knot_order import good_order
from bcp.engine.results import Loop

_WORK_PER_ANALYSIS = 20_000_000
"""Exits tried in all searches of one analysis. A random loop of 20 takes some thousands, the
worst known five million; only an estate built to be hostile is ever cut short."""


def find_loops(graph: Graph) -> tuple[Loop, ...]:
    """Every loop of the graph, dependencies first."""
    found = []
    work = _WORK_PER_ANALYSIS
    for members in loops(graph):
        knot = tie(graph, members)
        cut, exact, spent = _cut(knot, work)
        work -= spent
        cut.sort()
        found.append(
            Loop(
                systems=tuple(members),
                cycle=tuple(members[local] for local in _round_over(knot, cut[0])),
                open_edges=tuple((members[u], members[v]) for u, v in cut),
                exact=exact,
            )
        )
    return tuple(found)


def _cut(knot: Knot, work: int) -> tuple[list[Arc], bool, int]:
    """A cut, whether it is proven smallest, and the work that took."""
    spent = 0
    if len(knot) <= LARGEST and work > 0:
        smallest, spent = smallest_cut(knot, work)
        if smallest is not None:
            return smallest, True, spent
    cut = knot.cut_by(good_order(knot))
    return cut, len(cut) == max(1, knot.pairs()), spent


def _round_over(knot: Knot, arc: Arc) -> list[int]:
    """A shortest round over `arc`: each needs the next, the last needs the first."""
    start, first = arc
    came_from = {first: start}
    queue = [first]
    for system in queue:
        if system == start:
            break
        for need in knot.needs[system]:
            if need not in came_from:
                came_from[need] = system
                queue.append(need)
    backwards = []
    system = came_from[start]
    while system != start:
        backwards.append(system)
        system = came_from[system]
    return [start, *reversed(backwards)]
