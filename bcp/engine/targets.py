"""What dependents require of the systems below them, and promises that cannot both hold.

Rules G1, G3 and G4. Requirements are those of one scenario: only systems that it touches
require anything or are required, and a system that is only down adds no work of its own. For
`everything` that is the whole estate. A promise that contradicts another (G1, G4) does so in
every scenario and is listed in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.estate import Estate, NeededTo
from bcp.engine.graph import Graph
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.results import Conflict
from bcp.engine.timeline import NOBODY, Timeline

NO_LIMIT = 1 << 60
"""Stands for "nothing is required": larger than any time, so that `min` needs no case."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """Per system, in minutes, `NO_LIMIT` where nothing is asked.

    `own`: the approved RTO. `required`: rule G3, may be negative if the work above takes longer
    than its target. `latest`: the lesser of both. `required_by`: the dependent that decides.
    `at_most`: the requirement rests on an unknown duration above (G8).
    """

    own: list[int]
    required: list[int]
    latest: list[int]
    required_by: list[int]
    at_most: bytearray


def requirements(
    graph: Graph,
    touched: Sequence[int],
    rto_minutes: Sequence[int | None],
    minutes: Sequence[int],
    unknown: Sequence[int],
) -> Requirements:
    """Rule G3, from the top of the graph down; `touched` comes dependencies first."""
    own = [NO_LIMIT if rto is None else rto for rto in rto_minutes]
    latest = own.copy()
    required = [NO_LIMIT] * len(graph)
    required_by = [NOBODY] * len(graph)
    rebuild, run = graph.rebuild, graph.run
    for system in reversed(touched):
        limit = required[system]
        if limit < latest[system]:
            latest[system] = limit
        else:
            limit = latest[system]
        if limit == NO_LIMIT:
            continue
        for need in run[system]:
            if limit < required[need]:
                required[need] = limit
                required_by[need] = system
        limit -= minutes[system]
        for need in rebuild[system]:
            if limit < required[need]:
                required[need] = limit
                required_by[need] = system
    return Requirements(own, required, latest, required_by, _at_most(graph, latest, unknown))


def _at_most(graph: Graph, latest: Sequence[int], unknown: Sequence[int]) -> bytearray:
    """Rule G8: whatever a system of unknown duration asks of its `rebuild` needs may be less,
    and so may whatever those ask further down."""
    flags = bytearray(len(graph))
    queue = []
    for system in unknown:
        if latest[system] != NO_LIMIT:
            queue += graph.rebuild[system]
    for system in queue:
        if not flags[system]:
            flags[system] = 1
            queue += graph.rebuild[system]
            queue += graph.run[system]
    return flags


def conflicts(
    estate: Estate, touched: Sequence[int], wanted: Requirements, timeline: Timeline
) -> tuple[Conflict, ...]:
    """Every contradiction between promises, each named once: pairwise, chain, tier."""
    pairs: dict[tuple[int, int], None] = {}
    own = wanted.own
    tiers = [system.tier or 0 for system in estate.systems]
    tier_pairs: dict[tuple[int, int], None] = {}
    for edge in estate.dependencies:
        if edge.needed_to is NeededTo.FULL_SERVICE or edge.bootstrap:
            continue
        u, v = edge.dependent, edge.dependency
        if own[u] < own[v] != NO_LIMIT:
            pairs[u, v] = None
        if 0 < tiers[u] < tiers[v]:
            tier_pairs[u, v] = None
    return (
        *(_pairwise(estate, u, v) for u, v in pairs),
        *_chains(estate, touched, wanted, timeline, pairs),
        *(_tier(estate, u, v) for u, v in tier_pairs),
    )


def _pairwise(estate: Estate, u: int, v: int) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    return Conflict(
        "G1",
        u,
        v,
        Message(
            gettext_noop(
                "“%(dependent)s” is to be restored within %(dependent_rto)s and needs "
                "“%(dependency)s”, which may take %(dependency_rto)s"
            ),
            {
                "dependent": above.name,
                "dependent_rto": Minutes(above.rto_minutes),
                "dependency": below.name,
                "dependency_rto": Minutes(below.rto_minutes),
            },
        ),
    )


def _tier(estate: Estate, u: int, v: int) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    return Conflict(
        "G4",
        u,
        v,
        Message(
            gettext_noop(
                "“%(dependent)s” is tier %(dependent_tier)s and needs “%(dependency)s”, which "
                "is only tier %(dependency_tier)s; the dependency is restored first all the same"
            ),
            {
                "dependent": above.name,
                "dependent_tier": above.tier,
                "dependency": below.name,
                "dependency_tier": below.tier,
            },
        ),
    )


def _chains(
    estate: Estate,
    touched: Sequence[int],
    wanted: Requirements,
    timeline: Timeline,
    pairs: dict[tuple[int, int], None],
) -> list[Conflict]:
    """Rule G3 where no pair shows it: the work in between uses the time up.

    Either the system's own approved target is later than its dependents can accept, or it has
    none and is back later than they can accept.
    """
    found = []
    source = _sources(touched, wanted)
    for system in touched:
        required, own = wanted.required[system], wanted.own[system]
        by = wanted.required_by[system]
        if by == NOBODY or (by, system) in pairs:
            continue
        if own != NO_LIMIT and required < own:
            found.append(_chain_of_targets(estate, source[system], system, required))
        elif own == NO_LIMIT and required < timeline.restored[system]:
            found.append(_chain_of_times(estate, source[system], system, required, timeline))
    return found


def _sources(touched: Sequence[int], wanted: Requirements) -> list[int]:
    """For each system, the one whose own target its requirement comes from."""
    source = list(range(len(wanted.own)))
    for system in reversed(touched):
        by = wanted.required_by[system]
        if by != NOBODY and wanted.required[system] < wanted.own[system]:
            source[system] = source[by]
    return [source[by] if by != NOBODY else system for system, by in enumerate(wanted.required_by)]


def _chain_of_targets(estate: Estate, u: int, v: int, required: int) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    return Conflict(
        "G3",
        u,
        v,
        Message(
            gettext_noop(
                "for “%(dependent)s” to be restored within %(dependent_rto)s, “%(dependency)s” "
                "must be back within %(required)s, but its target allows %(dependency_rto)s"
            ),
            {
                "dependent": above.name,
                "dependent_rto": Minutes(above.rto_minutes),
                "dependency": below.name,
                "dependency_rto": Minutes(below.rto_minutes),
                "required": Minutes(required),
            },
        ),
    )


def _chain_of_times(estate: Estate, u: int, v: int, required: int, timeline: Timeline) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    return Conflict(
        "G3",
        u,
        v,
        Message(
            gettext_noop(
                "for “%(dependent)s” to be restored within %(dependent_rto)s, “%(dependency)s” "
                "must be back within %(required)s, but it is back after %(restored)s"
            ),
            {
                "dependent": above.name,
                "dependent_rto": Minutes(above.rto_minutes),
                "dependency": below.name,
                "required": Minutes(required),
                "restored": Minutes(timeline.restored[v]),
            },
        ),
    )
