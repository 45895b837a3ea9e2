"""What a proposed target asks for, laid out for a page: positions become names and links, long
lists their worst entries and a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bcp.engine.downtime_cost import CostOfPeak
from bcp.engine.harm import Harm, harm_after
from bcp.engine.messages import Message
from bcp.engine.proposal import Demand, Turn
from bcp.engine.results import Conflict, SystemResult
from bcp.engine.target_figures import TargetFigures
from bcp.engine.wording import explain_chain
from bcp.queries import target_figures
from bcp.queries.target_figures import Answered

MOST_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Named:
    """A system as a link."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Some:
    """The first of many entries, and how many more there are."""

    shown: list[Any]
    more: int

    @property
    def count(self) -> int:
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True)
class DemandRow:
    system: Named
    demand: Demand


@dataclass(frozen=True, slots=True)
class TurnRow:
    system: Named
    turn: Turn


@dataclass(frozen=True, slots=True)
class CostRow:
    """One process that stands still, with whose answer the cost of an hour is."""

    process: Named
    is_itself: bool
    cost: Any
    peaks: list[CostOfPeak]
    answered: Answered | None


@dataclass(frozen=True, slots=True)
class HarmRow:
    """A category after the outage as it is, and as it would be at the target."""

    label: Message
    achievable: Harm | None
    target: Harm | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`figures` with everything that a template cannot look up by itself."""

    figures: TargetFigures
    result: SystemResult
    why: tuple[Message, ...]
    required_by: Named | None
    chain: list[Named]
    demands: Some
    turns: Some
    appeared: Some
    disappeared: Some
    costs: Some
    harm: list[HarmRow]
    ended: list[tuple[str, int]]
    """Figures that are approved and that the proposal leaves out: they would end with it."""
    is_met: bool


def shown_of(figures: TargetFigures, organisation: Any) -> Shown:
    """One more query than the figures took: whose the answers on business impact are."""
    named = _namer(figures, organisation.slug)
    result, cost = figures.result, figures.cost
    costly = sorted(cost.processes, key=lambda one: -(one.per_hour or 0))
    keys = [figures.estate.systems[one.process].key for one in costly[:MOST_SHOWN]]
    answered = target_figures.answered(organisation, keys) if keys else {}
    after = figures.consequences.after
    return Shown(
        figures=figures,
        result=result,
        why=explain_chain(after, figures.index),
        required_by=None if result.required_by is None else named(result.required_by),
        chain=[named(link.system) for link in figures.chain],
        demands=_some(figures.demands, lambda one: DemandRow(named(one.system), one)),
        turns=_some(figures.turns, lambda one: TurnRow(named(one.system), one)),
        appeared=_some(figures.appeared, _says),
        disappeared=_some(figures.disappeared, _says),
        costs=_some(
            costly,
            lambda one: CostRow(
                named(one.process),
                one.process == figures.index,
                one,
                list(one.peaks),
                answered.get(figures.estate.systems[one.process].key),
            ),
        ),
        harm=_harm(figures),
        ended=_ended(figures),
        is_met=figures.misses_minutes == 0 and not result.at_least,
    )


def _namer(figures: TargetFigures, slug: str) -> Callable[[int], Named]:
    def named(index: int) -> Named:
        system = figures.estate.systems[index]
        return Named(system.name, reverse("systems-detail", args=[slug, system.key]))

    return named


def _some(entries: Iterable[Any], shown: Callable[[Any], Any]) -> Some:
    every = list(entries)
    return Some([shown(one) for one in every[:MOST_SHOWN]], max(0, len(every) - MOST_SHOWN))


def _says(conflict: Conflict) -> Message:
    return conflict.says


def _harm(figures: TargetFigures) -> list[HarmRow]:
    impact, rto = figures.impact, figures.proposed.rto_minutes
    if impact is None:
        return []
    now = {one.category: one for one in harm_after(impact, figures.result.restored_minutes)}
    then = {} if rto is None else {one.category: one for one in harm_after(impact, rto)}
    return [
        HarmRow((now.get(one) or then[one]).label, now.get(one), then.get(one))
        for one in now | then
    ]


def _ended(figures: TargetFigures) -> list[tuple[str, int]]:
    before, then = figures.approved, figures.proposed
    pairs: Mapping[str, tuple[int | None, int | None]] = {
        "RTO": (before.rto_minutes, then.rto_minutes),
        "RPO": (before.rpo_minutes, then.rpo_minutes),
        "MTD": (before.mtd_minutes, then.mtd_minutes),
    }
    return [(name, was) for name, (was, now) in pairs.items() if was is not None and now is None]
