"""The part of an estate around one system, for the map: who it needs and who needs it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bcp.engine.estate import Estate
from bcp.engine.rejection import Rejected, gettext_noop


class Direction(StrEnum):
    NEEDS = "needs"
    NEEDED_BY = "needed by"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """`distance` in steps from the focus, by position in `Estate.systems`; `edges` are positions
    in `Estate.dependencies` and include every one between two of the nodes."""

    focus: int
    distance: dict[int, int]
    edges: tuple[int, ...]

    @property
    def nodes(self) -> tuple[int, ...]:
        """The systems, nearest first."""
        return tuple(self.distance)


def neighbourhood(
    estate: Estate, focus: int, depth: int, direction: Direction = Direction.BOTH
) -> Neighbourhood:
    """Systems within `depth` steps of `focus` over dependencies of every kind.

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
    distance = {
        Direction.NEEDS: needs,
        Direction.NEEDED_BY: needed_by,
        Direction.BOTH: _nearest(needs, needed_by),
    }[direction]
    edges = tuple(
        position
        for position, edge in enumerate(estate.dependencies)
        if edge.dependent in distance and edge.dependency in distance
    )
    return Neighbourhood(focus, distance, edges)


def _reached(estate: Estate, focus: int, depth: int, *, towards_needs: bool) -> dict[int, int]:
    """One pass over all edges per step: cheaper than an adjacency for the few steps of a map."""
    distance = {focus: 0}
    frontier = {focus}
    for step in range(1, depth + 1):
        if towards_needs:
            found = {e.dependency for e in estate.dependencies if e.dependent in frontier}
        else:
            found = {e.dependent for e in estate.dependencies if e.dependency in frontier}
        frontier = found - distance.keys()
        if not frontier:
            break
        distance |= dict.fromkeys(sorted(frontier), step)
    return distance


def _nearest(one: dict[int, int], other: dict[int, int]) -> dict[int, int]:
    both = {
        system: min(distances[system] for distances in (one, other) if system in distances)
        for system in one | other
    }
    return dict(sorted(both.items(), key=lambda item: (item[1], item[0])))
