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
    """`touched` so that every system follows what it needs; needs outside of it are up already.

    Of the systems that could come next, the one with the earliest latest finish does (none:
    last), then the more critical tier (none: last), then the name.
    """
    by_rank = sorted(touched, key=[system.name for system in systems].__getitem__)
    tiers = [_NO_TIER if system.tier is None else system.tier for system in systems]
    # One whole number instead of a pair: tiers are single digits.
    urgency = [late * 10 + tier for late, tier in zip(latest_minutes, tiers, strict=True)]
    by_rank.sort(key=urgency.__getitem__)
    rank = [0] * len(graph)
    for position, system in enumerate(by_rank):
        rank[system] = position
    dependents = graph.dependents
    waiting = [0] * len(graph)
    for system in touched:
        for dependent in dependents[system]:
            waiting[dependent] += 1
    free = [rank[system] for system in touched if not waiting[system]]
    heapify(free)
    order = []
    while free:
        system = by_rank[heappop(free)]
        order.append(system)
        for dependent in dependents[system]:
            waiting[dependent] -= 1
            if not waiting[dependent]:
                heappush(free, rank[dependent])
    return tuple(order)
