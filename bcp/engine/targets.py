"""What dependents require of the systems below them, and promises that cannot both hold.

Rules G1, G3 and G4. Requirements are those of one scenario: only systems that it touches
require anything or are required, and a system that is only down adds no work of its own. For
`everything` that is the whole estate. A promise that contradicts another (G1, G4) does so in
every scenario and is listed in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.estate import Estate, NeededTo, System
from bcp.engine.graph import Graph
from bcp.engine.messages import Message, Minutes, at_least, at_most, gettext_noop
from bcp.engine.results import Conflict
from bcp.engine.timeline import Timeline

NO_LIMIT = 1 << 60
"""Stands for "nothing is required": larger than any time, so that `min` needs no case."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """Per system, in minutes, `NO_LIMIT` where nothing is asked.

    `own`: the approved RTO. `required`: rule G3, may be negative if the work above takes longer
    than its target. `latest`: the lesser of both. `at_most`: the requirement rests on an unknown
    duration above (G8). `asked` is indexed by edge: what u asks of its needs, `asked[u]` of
    those to rebuild and `asked[~u]` of those to run.
    """

    graph: Graph
    own: list[int]
    required: list[int]
    latest: list[int]
    at_most: Sequence[int]
    asked: list[int]

    def required_by(self, system: int) -> int | None:
        """The dependent that decides what is required of `system`; the first, if several do."""
        limit = self.required[system]
        if limit == NO_LIMIT:
            return None
        edge = next(edge for edge in self.graph.edges[system] if self.asked[edge] == limit)
        return edge if edge >= 0 else ~edge


def requirements(
    graph: Graph,
    sequence: Sequence[int],
    rto_minutes: Sequence[int | None],
    minutes: Sequence[int],
    unknown: Sequence[int],
) -> Requirements:
    """Rule G3, from the top of the graph down; `sequence` has needs first."""
    own = [NO_LIMIT if rto is None else rto for rto in rto_minutes]
    latest, required = own.copy(), [NO_LIMIT] * len(graph)
    asked = [NO_LIMIT] * (2 * len(graph))
    asked_by, edges = asked.__getitem__, graph.edges
    for system in reversed(sequence):
        limit = own[system]
        if dependents := edges[system]:
            required[system] = tightest = min(map(asked_by, dependents))
            if tightest < limit:
                latest[system] = limit = tightest
        if limit != NO_LIMIT:
            asked[~system] = limit
            asked[system] = limit - minutes[system]
    at_most = _at_most(graph, sequence, latest, unknown)
    return Requirements(graph, own, required, latest, at_most, asked)


def _at_most(
    graph: Graph, sequence: Sequence[int], latest: Sequence[int], unknown: Sequence[int]
) -> bytearray:
    """Rule G8: whatever a system of unknown duration asks of its `rebuild` needs may be less,
    and so may whatever those ask further down."""
    unsure = bytearray(2 * len(graph))  # indexed by edge
    for system in unknown:
        unsure[system] = latest[system] != NO_LIMIT
    flags = bytearray(len(graph))
    if any(unsure):
        for system in reversed(sequence):
            if any(map(unsure.__getitem__, graph.edges[system])):
                flags[system] = unsure[system] = unsure[~system] = 1
    return flags


def conflicts(
    estate: Estate, wanted: Requirements, timeline: Timeline, unsure: Sequence[int]
) -> tuple[Conflict, ...]:
    """Every contradiction between promises, each named once: pairwise, chain, tier. `unsure` flags
    the systems whose restored time rests on an unknown (G8)."""
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
        *_chains(estate, wanted, timeline, unsure, pairs),
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
    wanted: Requirements,
    timeline: Timeline,
    unsure: Sequence[int],
    pairs: dict[tuple[int, int], None],
) -> list[Conflict]:
    """Rule G3 where no pair shows it: the work in between uses the time up.

    Either the system's own approved target is later than its dependents can accept, or it has
    none and is back later than they can accept. Named together with the system whose own target
    the requirement comes from, however far above it stands.
    """
    found = []
    promise_of: dict[int, int] = {}
    for system in reversed(timeline.sequence):
        by = wanted.required_by(system)
        required, own = wanted.required[system], wanted.own[system]
        if by is None or own <= required:
            promise_of[system] = system
        if by is None:
            continue
        promise_of.setdefault(system, promise_of[by])
        if (by, system) in pairs:
            continue
        if own != NO_LIMIT and required < own:
            found.append(_chain_of_targets(estate, promise_of[by], system, wanted))
        elif own == NO_LIMIT and required < timeline.restored[system]:
            restored = at_least(timeline.restored[system], unsure[system])
            found.append(_chain_of_times(estate, promise_of[by], system, wanted, restored))
    return found[::-1]


def _chain_of_targets(estate: Estate, u: int, v: int, wanted: Requirements) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    if wanted.required[v] < 0:
        return _never_in_time(above, below, u, v, wanted)
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
                "required": at_most(wanted.required[v], wanted.at_most[v]),
            },
        ),
    )


def _never_in_time(above: System, below: System, u: int, v: int, wanted: Requirements) -> Conflict:
    """A requirement before the disruption itself: the work in between is already too long."""
    return Conflict(
        "G3",
        u,
        v,
        Message(
            gettext_noop(
                "“%(dependent)s” cannot be restored within %(dependent_rto)s even if "
                "“%(dependency)s” never failed: the work that follows it is %(over)s too long"
            ),
            {
                "dependent": above.name,
                "dependent_rto": Minutes(above.rto_minutes),
                "dependency": below.name,
                "over": at_least(-wanted.required[v], wanted.at_most[v]),
            },
        ),
    )


def _chain_of_times(
    estate: Estate, u: int, v: int, wanted: Requirements, restored: Minutes | Message
) -> Conflict:
    above, below = estate.systems[u], estate.systems[v]
    if wanted.required[v] < 0:
        return _never_in_time(above, below, u, v, wanted)
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
                "required": at_most(wanted.required[v], wanted.at_most[v]),
                "restored": restored,
            },
        ),
    )
