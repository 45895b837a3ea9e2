"""How many systems each one takes down with it, for all of them at once.

Only gating edges carry the effect (rules G5, G6, G10): a `full service` need degrades, a
bootstrap note stands in. What exactly stops with chosen ones is in `blast_radius`.
"""

from __future__ import annotations

from bisect import bisect_left

from bcp.engine.estate import Estate
from bcp.engine.graph import (
    Graph,
    dependencies_first,
    gating_graph,
    strong_components,
)

_CHUNK = 4096


def blast_counts(estate: Estate) -> list[int]:
    """How many other systems each system takes down with it, for everybody at once.

    Sets are bits of big integers, a few thousand systems at a time: memory stays at half a
    kilobyte per system, and time at one union per edge and chunk.
    """
    graph = gating_graph(estate)
    groups = _groups(graph)
    dependents = _between(graph, groups)
    first_place, places = [], 0
    for members in groups:
        first_place.append(places)
        places += len(members)
    counts = [-1] * len(groups)  # a system is not counted among those that it affects
    for chunk in range(0, places, _CHUNK):
        # Only groups up to the chunk's end come before, that is below, a system in it.
        last = bisect_left(first_place, chunk + _CHUNK)
        affected = [0] * last
        for group in range(last - 1, -1, -1):
            bits = _bits(first_place[group] - chunk, len(groups[group]))
            for dependent in dependents[group]:
                if dependent < last:
                    bits |= affected[dependent]
            affected[group] = bits
            counts[group] += bits.bit_count()
    answer = [0] * len(graph)
    for members, count in zip(groups, counts, strict=True):
        for system in members:
            answer[system] = count
    return answer


def _groups(graph: Graph) -> list[list[int]]:
    """Systems that stand and fall together, dependencies first: singles, or whole loops."""
    order = dependencies_first(graph)
    if len(order) == len(graph):
        return [[system] for system in order]
    upwards = strong_components([graph.dependents(system) for system in range(len(graph))])
    return upwards[::-1]


def _between(graph: Graph, groups: list[list[int]]) -> list[list[int]]:
    """Per group the groups that need it; those are further on in the list."""
    group_of = [0] * len(graph)
    for position, group in enumerate(groups):
        for system in group:
            group_of[system] = position
    return [
        list({group_of[u] for v in group for u in graph.dependents(v)} - {position})
        for position, group in enumerate(groups)
    ]


def _bits(first: int, count: int) -> int:
    """`count` bits from bit `first` on, of which only those of the chunk are kept."""
    start, end = max(first, 0), min(first + count, _CHUNK)
    return (1 << end) - (1 << start) if start < end else 0
