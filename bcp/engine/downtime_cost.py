"""What an outage costs while a system is down: at the time that is achievable, and at a target.

Counted are the system itself, if it is a business process, and every process that cannot be
restored without it: each stands still at least as long as the system is down. Every hour is taken
to cost the same; nothing is subtracted for work that goes on by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bcp.engine.estate import GATING, Estate, Kind
from bcp.engine.impacts import ProcessImpact, cost_of


@dataclass(frozen=True, slots=True)
class CostOfPeak:
    """The same outage in a peak; amounts are `None` where nobody knows what an hour costs then."""

    name: str
    when: str
    per_hour: Decimal | None
    achievable: Decimal | None
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class ProcessCost:
    """What the outage costs one process, by its position in the estate.

    Amounts are `None` where the cost of an hour, or the target, is not known. `confirmed_on`: when
    somebody signed the answers, `None` while they are a draft or nobody answered.
    """

    process: int
    per_hour: Decimal | None
    achievable: Decimal | None
    target: Decimal | None
    peaks: tuple[CostOfPeak, ...]
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class DowntimeCost:
    """All processes that stand still. The sums are of what is known, `None` if nothing is;
    `unknown` processes are not in them."""

    processes: tuple[ProcessCost, ...]
    achievable: Decimal | None
    target: Decimal | None
    unknown: int

    @property
    def saved(self) -> Decimal | None:
        """How much less the outage costs at the target; negative if the target is later."""
        if self.achievable is None or self.target is None:
            return None
        return self.achievable - self.target


def downtime_cost(
    estate: Estate, system: int, *, achievable_minutes: int, target_minutes: int | None
) -> DowntimeCost:
    """The cost of the outage of the system at that position until it is back."""
    answered = {impact.system: impact for impact in estate.impacts}
    costs = tuple(
        _cost(one, answered.get(one), achievable_minutes, target_minutes)
        for one in processes_on(estate, system)
    )
    return DowntimeCost(
        processes=costs,
        achievable=_sum(one.achievable for one in costs),
        target=_sum(one.target for one in costs),
        unknown=sum(one.per_hour is None for one in costs),
    )


def processes_on(estate: Estate, system: int) -> list[int]:
    """The business processes that cannot be restored without the system, itself among them, in
    the order of the estate. A dependency with a bootstrap note holds nothing up (G5)."""
    dependents: dict[int, list[int]] = {}
    for edge in estate.dependencies:
        if edge.needed_to in GATING and not edge.bootstrap:
            dependents.setdefault(edge.dependency, []).append(edge.dependent)
    reached, queue = {system}, [system]
    for one in queue:
        for above in dependents.get(one, ()):
            if above not in reached:
                reached.add(above)
                queue.append(above)
    return sorted(one for one in reached if estate.systems[one].kind is Kind.PROCESS)


def _cost(
    process: int, impact: ProcessImpact | None, achievable: int, target: int | None
) -> ProcessCost:
    per_hour = impact.cost_per_hour if impact else None
    return ProcessCost(
        process=process,
        per_hour=per_hour,
        achievable=cost_of(achievable, per_hour),
        target=None if target is None else cost_of(target, per_hour),
        peaks=tuple(
            CostOfPeak(
                peak.name,
                peak.when,
                peak.cost_per_hour,
                cost_of(achievable, peak.cost_per_hour),
                None if target is None else cost_of(target, peak.cost_per_hour),
            )
            for peak in (impact.peaks if impact else ())
        ),
        confirmed_on=impact.confirmed_on if impact else None,
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if known else None
