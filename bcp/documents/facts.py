"""The facts of a plan, taken from an analysis: the parts of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bcp.documents.edges import Edge
from bcp.engine.acceptance import identity_of
from bcp.engine.estate import Dependency
from bcp.engine.messages import Message
from bcp.engine.results import Activation, Analysis, Effect, SystemResult

Fact = dict[str, Any]

_CHAIN_SHOWN = 12
_UNKNOWN_SHOWN = 8
OF_THE_MOMENT = ("late_copy", "failed_copy", "silent_copy")
"""Gaps that come and go with every run of a backup job: a plan that named them would be out of
date the next morning (rule P2). They stand on the pages, not on paper."""


def systems(analysis: Analysis, records: Mapping[str, Mapping[str, Any]]) -> list[Fact]:
    """One fact per system: touched ones in restore order (rule G4), then the others by name."""
    touched = list(analysis.order)
    seen = set(touched)
    others = [index for index in range(len(analysis.estate.systems)) if index not in seen]
    others.sort(key=lambda index: analysis.estate.systems[index].name.casefold())
    return [
        _system(analysis, analysis.systems[index], records, sheet)
        for sheet, index in enumerate([*touched, *others], start=1)
    ]


def _system(
    analysis: Analysis,
    result: SystemResult,
    records: Mapping[str, Mapping[str, Any]],
    sheet: int,
) -> Fact:
    estate = analysis.estate
    system = estate.systems[result.index]
    record = records.get(system.key, {})
    path = system.escalation or analysis.activation.path
    activation = analysis.path_activations.get(path or "", analysis.activation)

    def name(index: int | None) -> str | None:
        return None if index is None else estate.systems[index].name

    return {
        "key": system.key,
        "sheet": sheet,
        "name": system.name,
        "kind": system.kind.value,
        "kind_label": record.get("kind_label", system.kind.value),
        "strategy_label": record.get("strategy_label", ""),
        "description": record.get("description", ""),
        "tier": system.tier,
        "site": system.site,
        "owner": system.owner,
        "technical_owner": system.technical_owner,
        "deputy": system.deputy,
        "team": system.team,
        "path": path,
        "activation_minutes": activation.total_minutes,
        "effect": result.effect.value,
        "wave": result.wave,
        "start_minutes": result.start_minutes,
        "restored_minutes": result.restored_minutes,
        "at_least": result.at_least,
        "unknown": [estate.systems[i].name for i in result.unknown_durations[:_UNKNOWN_SHOWN]],
        "unknown_count": result.unknown_count,
        "rto_minutes": result.rto_minutes,
        "rpo_minutes": system.rpo_minutes,
        "mtd_minutes": system.mtd_minutes,
        "required_minutes": result.required_rto_minutes,
        "required_at_most": result.required_at_most,
        "required_by": name(result.required_by),
        "latest_minutes": result.latest_minutes,
        "slack_minutes": result.slack_minutes,
        "misses_minutes": result.misses_minutes,
        "standing": result.standing.value,
        "duration_minutes": result.duration_minutes,
        "duration_source": result.duration_source.value if result.duration_source else None,
        "duration_as_of": result.duration_as_of.isoformat() if result.duration_as_of else None,
        "in_loop": result.in_loop,
        "degraded_until": [
            [estate.systems[i].name, analysis.systems[i].restored_minutes]
            for i in result.degraded_until
        ],
        "chain": _chain(analysis, result.binding_chain),
        "chain_before": max(0, len(result.binding_chain) - _CHAIN_SHOWN),
    }


def _chain(analysis: Analysis, chain: Sequence[int]) -> list[Fact]:
    """The last links of the binding chain; what a system that was not lost adds is nothing."""
    links = []
    for index in chain[-_CHAIN_SHOWN:]:
        result = analysis.systems[index]
        links.append(
            {
                "name": result.name,
                "lost": result.effect is Effect.LOST,
                "duration_minutes": result.duration_minutes,
                "restored_minutes": result.restored_minutes,
            }
        )
    return links


def dependencies(analysis: Analysis) -> list[Edge]:
    """All edges, by the names of their ends."""
    names = [system.name for system in analysis.estate.systems]

    def edge(one: Dependency) -> Edge:
        ends = [names[one.dependent], names[one.dependency]]
        return [*ends, one.needed_to.value, one.bootstrap]

    return sorted(
        (edge(one) for one in analysis.estate.dependencies),
        key=lambda one: (one[0].casefold(), one[1].casefold(), one[0], one[1]),
    )


def activation(analysis: Analysis, channels: Mapping[str, str]) -> Fact:
    """The way to a decision: each path with its rungs and its own worst hour (T3, E1, E2)."""
    return {
        **_worst(analysis.activation),
        "restored_minutes": analysis.restored_minutes,
        "restored_at_least": analysis.at_least,
        "provisional": analysis.provisional,
        "tiers": [
            [tier.tier, tier.name, tier.rto_minutes, tier.rpo_minutes]
            for tier in analysis.estate.tier_policies
        ],
        "paths": [
            {
                "name": path.name,
                "is_default": path.is_default,
                **_worst(analysis.path_activations.get(path.name, analysis.activation)),
                "steps": [
                    {
                        "contact": step.contact,
                        "channel": channels.get(step.channel, step.channel),
                        "channel_system": step.channel_system,
                        "wait_minutes": step.wait_minutes,
                    }
                    for step in path.steps
                ],
                "holes": [
                    [gap.from_hour, gap.to_hour]
                    for gap in analysis.people_gaps
                    if gap.path == path.name
                ],
            }
            for path in sorted(
                analysis.estate.paths, key=lambda path: (not path.is_default, path.name)
            )
        ],
    }


def _worst(answer: Activation) -> Fact:
    return {
        "path": answer.path,
        "detect_minutes": answer.detect_minutes,
        "authority_minutes": answer.authority_minutes,
        "mobilise_minutes": answer.mobilise_minutes,
        "total_minutes": answer.total_minutes,
        "at_least": answer.at_least,
        "worst_hour": answer.worst_hour,
    }


def problems(
    analysis: Analysis,
    accepted: Mapping[str, Mapping[str, Any]],
    say: Callable[[Message], str],
    *,
    only: str | None = None,
) -> dict[str, list[Fact]]:
    """Gaps, conflicts and loops in sentences; `only` keeps those of one system. `accepted` is as
    in `snapshot.Surroundings`."""
    names = [system.name for system in analysis.estate.systems]

    def concerns(*indexes: int | None) -> bool:
        return only is None or only in [names[i] for i in indexes if i is not None]

    return {
        "gaps": [
            {
                "code": gap.code,
                "severity": gap.severity.value,
                "system": None if gap.system is None else names[gap.system],
                "says": say(gap.says),
                "fix": say(gap.fix),
                "accepted": accepted.get(identity_of(gap)),
            }
            for gap in analysis.gaps
            if gap.code not in OF_THE_MOMENT and concerns(gap.system)
        ],
        "conflicts": [
            {
                "rule": conflict.rule,
                "dependent": names[conflict.dependent],
                "dependency": names[conflict.dependency],
                "says": say(conflict.says),
            }
            for conflict in analysis.conflicts
            if concerns(conflict.dependent, conflict.dependency)
        ],
        "loops": [
            {
                "systems": [names[index] for index in loop.systems],
                "cycle": [names[index] for index in loop.cycle],
                "open": [[names[one], names[other]] for one, other in loop.open_edges],
                "exact": loop.exact,
            }
            for loop in analysis.loops
            if concerns(*loop.systems)
        ],
    }
