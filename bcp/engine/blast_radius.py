"""What happens when chosen systems and sites are lost at once: what stops, what goes on only by
its break-glass way, and what only degrades (rules G5, G6, G10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.engine.effects import Scenario
from bcp.engine.estate import Estate, Kind, NeededTo
from bcp.engine.graph import dependents_of_all, gating_graph
from bcp.engine.scenario import COMBINATION, SITE, SUPPLIER, SYSTEM

_LAST_TIER = 9

Reasons = dict[int, tuple[int, ...]]
"""System → what it has to go without, ascending."""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """`waves[0]` are the systems that are lost themselves; each further wave stops because it
    needs one of the wave before, so its number is how many steps away it is. Within a wave the
    most critical come first.

    `through` names for each system that stops, but is not lost, one of those needs. What has a
    way to start without a stopped system is in `by_hand`; what misses a stopped system only for
    full service in `degraded`. Neither is passed on: whoever needs those is not in the answer.
    """

    waves: tuple[tuple[int, ...], ...]
    through: dict[int, int]
    by_hand: Reasons
    degraded: Reasons

    @property
    def stopped(self) -> list[int]:
        """All that are lost or stop, in the order of the waves."""
        return [system for wave in self.waves for system in wave]


def affected_by(estate: Estate, indices: Iterable[int]) -> set[int]:
    """The systems that go down with the given ones, which are not in the answer themselves."""
    lost = set(indices)
    reached = dependents_of_all(gating_graph(estate), lost)
    return {index for index, flag in enumerate(reached) if flag} - lost


def strike(estate: Estate, lost: Iterable[int]) -> BlastRadius:
    """The blast radius of losing the systems at these positions; without any, nothing happens."""
    graph = gating_graph(estate)
    stops = bytearray(len(graph))
    wave = sorted(set(lost))
    for system in wave:
        stops[system] = 1
    waves = []
    through: dict[int, int] = {}
    while wave:
        waves.append(tuple(sorted(wave, key=lambda one: _rank(estate, one))))
        following = []
        for system in waves[-1]:
            for dependent in graph.dependents(system):
                if not stops[dependent]:
                    stops[dependent] = 1
                    through[dependent] = system
                    following.append(dependent)
        wave = following
    by_hand, degraded = _spared(estate, stops)
    return BlastRadius(tuple(waves), through, by_hand, degraded)


def _spared(estate: Estate, stops: bytearray) -> tuple[Reasons, Reasons]:
    by_hand: dict[int, set[int]] = {}
    degraded: dict[int, set[int]] = {}
    for edge in estate.dependencies:
        if stops[edge.dependency] and not stops[edge.dependent]:
            # A dependency that gates would have stopped it.
            kind = degraded if edge.needed_to is NeededTo.FULL_SERVICE else by_hand
            kind.setdefault(edge.dependent, set()).add(edge.dependency)
    return _ordered(estate, by_hand), _ordered(estate, degraded)


def _ordered(estate: Estate, found: dict[int, set[int]]) -> Reasons:
    return {
        system: tuple(sorted(found[system]))
        for system in sorted(found, key=lambda one: _rank(estate, one))
    }


def _rank(estate: Estate, system: int) -> tuple[int, int]:
    return estate.systems[system].tier or _LAST_TIER, system


def scenario_of(estate: Estate, systems: Sequence[int], sites: Sequence[str]) -> Scenario:
    """The loss of these systems and sites as one scenario; a site takes its zone along (G10)."""
    parts = [Scenario(f"{SITE}:{name}", SITE, name) for name in sites]
    for position in systems:
        system = estate.systems[position]
        kind = SUPPLIER if system.kind is Kind.SUPPLIER else SYSTEM
        parts.append(Scenario(f"{kind}:{system.name}", kind, system.name))
    name = "; ".join(part.name for part in parts)
    return Scenario(name, COMBINATION, name, parts=tuple(parts))
