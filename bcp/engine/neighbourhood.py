"""The part of an estate around one system, for the map: who it needs and who needs it."""

from __future__ import annotations

from enum import StrEnum

from bcp.engine.estate import Estate
from bcp.engine.rejection import Rejected, gettext_noop


class Direction(StrEnum):
    NEEDS = "needs"
    NEEDED_BY = "needed by"
    BOTH = "both"


def neighbourhood(
    estate: Estate, focus: int, depth: int, direction: Direction = Direction.BOTH
) -> dict[int, int]:
    """Systems within `depth` steps of `focus` over dependencies of every kind, by position in
    `Estate.systems`, nearest first, with their distance in steps.

    `BOTH` is what lies upstream together with what lies downstream; it does not turn around on
    the way, or everything that shares the network would be a neighbour. Raises `Rejected` for a
    focus outside the estate or a negative depth.
    """
    if not 0 <= focus < len(estate.systems) or depth < 0:
        raise Rejected(
            gettext_noop("there is no system %(focus)s at depth %(depth)s"),
            focus=focus,
            depth=depth,
        )
    needs = _reached(estate, focus, depth, towards_needs=True)
    needed_by = _reached(estate, focus, depth, towards_needs=False)
    return {
        Direction.NEEDS: needs,
        Direction.NEEDED_BY: needed_by,
        Direction.BOTH: _nearest(needs, needed_by),
    }[direction]


def _reached(estate: Estate, focus: int, depth: int, *, towards_needs: bool) -> dict[int, int]:
    neighbours: dict[int, list[int]] = {}
    for edge in estate.dependencies:
        if towards_needs:
            neighbours.setdefault(edge.dependent, []).append(edge.dependency)
        else:
            neighbours.setdefault(edge.dependency, []).append(edge.dependent)
    distance = {focus: 0}
    frontier = [focus]
    for step in range(1, depth + 1):
        found = {one for system in frontier for one in neighbours.get(system, ())}
        frontier = sorted(found - distance.keys())
        if not frontier:
            break
        distance |= dict.fromkeys(frontier, step)
    return distance


def _nearest(one: dict[int, int], other: dict[int, int]) -> dict[int, int]:
    both = {
        system: min(distances[system] for distances in (one, other) if system in distances)
        for system in one | other
    }
    return dict(sorted(both.items(), key=lambda item: (item[1], item[0])))
