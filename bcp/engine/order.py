"""The order of restoring (rule G4): needs first; ties by latest finish, then tier, then name."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from bcp.engine.estate import System
from bcp.engine.graph import Graph

_NO_TIER = 9


def restore_order(
    graph: Graph,
    touched: Sequence[int],
    latest_minutes: Sequence[int],
    systems: Sequence[System],
) -> tuple[int, ...]:
    """`touched` so that every system follows what it needs; `graph` has no other edges.

    Of the systems that could come next, the one with the earliest latest finish does (none:
    last), then the more critical tier (none: last), then the name.
    """
    by_rank = sorted(touched, key=[system.name for system in systems].__getitem__)
    # One whole number instead of a pair: tiers are single digits, from 1.
    urgency = [
        late * 10 + (system.tier or _NO_TIER)
        for late, system in zip(latest_minutes, systems, strict=True)
    ]
    by_rank.sort(key=urgency.__getitem__)
    rank = [0] * len(graph)
    for position, system in enumerate(by_rank):
        rank[system] = position
    edges, waits_for = graph.edges, graph.waits_for.copy()
    free = [rank[system] for system in touched if not waits_for[system]]
    heapify(free)
    order = []
    while free:
        system = by_rank[heappop(free)]
        order.append(system)
        for edge in edges[system]:
            dependent = edge if edge >= 0 else ~edge
            waits_for[dependent] = still = waits_for[dependent] - 1
            if not still:
                heappush(free, rank[dependent])
    return tuple(order)
