"""The business processes of an executive summary: promised against possible, worst first, what
holds each up, what its outage costs and what would be lost (rules G2, T1, T2, B5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bcp.documents.facts_of_impacts import limit
from bcp.documents.snapshot import say
from bcp.engine.estate import Kind
from bcp.engine.impacts import Derived, ProcessImpact, cost_of, derive, over_mtd_minutes
from bcp.engine.loss_standing import loss_standing
from bcp.engine.messages import Message
from bcp.engine.results import Analysis, Standing, SystemResult
from bcp.engine.severity import LAST_TIER
from bcp.engine.words import scenario_words

Fact = dict[str, Any]

_URGENCY = {
    Standing.MISSES.value: 1,
    Standing.AT_RISK.value: 2,
    Standing.UNKNOWN.value: 3,
    Standing.MEETS.value: 4,
}


def processes(analysis: Analysis, proposed: Mapping[str, int | None]) -> list[Fact]:
    """One fact per live business process; `proposed` has the RTO of open proposals by key.

    First those that would be out for longer than the organisation can bear, then those that miss
    their target, those at risk, those of which it is not known; within each the most critical
    tier, and then the longest overdue.
    """
    impacts = {one.system: one for one in analysis.estate.impacts}
    found = [
        _process(analysis, index, impacts.get(index), proposed)
        for index, system in enumerate(analysis.estate.systems)
        if system.kind is Kind.PROCESS
    ]
    return sorted(found, key=_urgency)


def _urgency(process: Fact) -> tuple[object, ...]:
    return (
        0 if process["beyond"] else _URGENCY[process["standing"]],
        process["tier"] or LAST_TIER,
        -(process["misses_minutes"] or 0),
        -process["restored_minutes"],
        process["name"].casefold(),
        process["key"],
    )


def _process(
    analysis: Analysis,
    index: int,
    impact: ProcessImpact | None,
    proposed: Mapping[str, int | None],
) -> Fact:
    system, result = analysis.estate.systems[index], analysis.systems[index]
    derived = derive(impact.answers if impact else ())
    rto, rto_of_impact = system.rto_minutes, derived.rto.minutes
    return {
        "key": system.key,
        "name": system.name,
        "tier": system.tier,
        "rto_minutes": rto,
        "rpo_minutes": system.rpo_minutes,
        "mtd_minutes": system.mtd_minutes,
        "proposed_minutes": proposed.get(system.key),
        "is_proposed": system.key in proposed,
        "answered": bool(impact and impact.answers),
        "derived_rto": limit(derived.rto),
        "derived_mtd": limit(derived.mtd),
        "looser": rto is not None and rto_of_impact is not None and rto > rto_of_impact,
        "restored_minutes": result.restored_minutes,
        "at_least": result.at_least,
        "unknown_count": result.unknown_count,
        "standing": result.standing.value,
        "misses_minutes": result.misses_minutes,
        "in_loop": result.in_loop,
        **_held_up(analysis, result),
        **_cost(result, impact),
        "work_recovery_minutes": impact.work_recovery_minutes if impact else None,
        "beyond": _beyond(result, system.mtd_minutes, derived, impact),
        "loss": _loss(analysis, index),
    }


def _held_up(analysis: Analysis, result: SystemResult) -> Fact:
    """The chain that binds it, deepest first, with what each link adds to the time; together with
    `begins_minutes`, when work can begin, that is when the process is back. Links that add nothing
    are left out, but those whose work nobody knows the duration of."""
    chain = [analysis.systems[index] for index in result.binding_chain]
    begins = (chain[0].start_minutes or 0) if chain else 0
    links, before = [], begins
    for link in chain:
        adds, unknown = max(0, link.restored_minutes - before), link.duration_minutes is None
        before = link.restored_minutes
        if adds or unknown:
            links.append(
                {
                    "name": link.name,
                    "adds_minutes": adds,
                    "unknown": unknown,
                    "itself": link.index == result.index,
                }
            )
    return {"begins_minutes": begins, "chain": links}


def _cost(result: SystemResult, impact: ProcessImpact | None) -> Fact:
    """What the outage costs if every hour costs the same, outside of peaks and in the dearest."""
    cost = cost_of(result.restored_minutes, impact.cost_per_hour if impact else None)
    peaks = [one for one in impact.peaks if one.cost_per_hour is not None] if impact else []
    dearest = max(peaks, key=lambda one: one.cost_per_hour or Decimal(0), default=None)
    in_peak = cost_of(result.restored_minutes, dearest.cost_per_hour) if dearest else None
    return {
        "cost": None if cost is None else f"{cost:f}",
        "peak": {"name": dearest.name, "cost": f"{in_peak:f}"} if dearest else None,
    }


def _beyond(
    result: SystemResult, mtd_minutes: int | None, derived: Derived, impact: ProcessImpact | None
) -> Fact | None:
    """By how much the outage, with the time to work off the backlog, is longer than the
    organisation can bear: than the approved MTD, or without one than the answers say (T2)."""
    bearable = derived.mtd.minutes if mtd_minutes is None else mtd_minutes
    backlog = impact.work_recovery_minutes if impact else None
    over = over_mtd_minutes(result.restored_minutes, backlog, bearable)
    if not over:
        return None
    return {
        "bearable_minutes": bearable,
        "over_minutes": over,
        "approved": mtd_minutes is not None,
        "working_minutes": result.restored_minutes + (backlog or 0),
    }


def _loss(analysis: Analysis, index: int) -> Fact | None:
    """The worst of what its tier is to withstand; `None` if nothing of that takes data."""
    answer = analysis.backups[index]
    worst = answer.worst
    if worst is None:
        return None
    scenario: Message = scenario_words(worst.scenario)
    return {
        "scenario": worst.scenario.name,
        "scenario_says": say(scenario),
        "state": worst.state.value,
        "minutes": worst.loss_minutes,
        "at_least_minutes": worst.at_least_minutes,
        "against_rpo_minutes": worst.rpo_loss_minutes,
        "standing": loss_standing(answer, worst, analysis.estate.systems[index]).value,
        "tested": worst.tested,
    }
