"""Everything a person looks at before deciding about one proposed target, as plain figures.

A page shows them, a decision freezes them (`frozen_figures`), and an approval compares them with
what the approver saw. They are read off the two answers of `proposal.consequences`; what is added
are the promises that the target is held against: the tier's, and what follows from the business
impact (rules T1, T2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bcp.engine.downtime_cost import DowntimeCost, downtime_cost
from bcp.engine.estate import Estate, TierPolicy
from bcp.engine.impacts import Derived, ProcessImpact, derive, over_mtd_minutes
from bcp.engine.proposal import Consequences, Demand, Target, Turn
from bcp.engine.results import Conflict, Standing, SystemResult
from bcp.engine.shared_loss import SystemLoss


@dataclass(frozen=True, slots=True)
class Link:
    """One system of the binding chain: its own work, and when it is back."""

    system: int
    minutes: int | None
    restored_minutes: int


@dataclass(frozen=True)
class TargetFigures:
    """One proposal, for the system at position `index`, against the analysis without it and with
    it; what only some readers need is worked out when they ask.

    `result` is how the system stands with the proposal in force. `impact` and `derived` are
    `None` for what is no business process, and where nobody answered.
    """

    consequences: Consequences
    index: int
    proposed: Target
    tier: TierPolicy | None
    impact: ProcessImpact | None
    derived: Derived | None
    result: SystemResult

    @property
    def approved(self) -> Target:
        """What is in force without the proposal."""
        system = self.estate.systems[self.index]
        return Target(system.rto_minutes, system.rpo_minutes, system.mtd_minutes)

    @cached_property
    def chain(self) -> tuple[Link, ...]:
        """The systems that decide when it is back, deepest first, itself last."""
        results = self.consequences.after.systems
        members = (results[member] for member in self.result.binding_chain)
        return tuple(Link(one.index, one.duration_minutes, one.restored_minutes) for one in members)

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """What more is required of other systems, most pressing first."""
        return tuple(one for one in self.consequences.demands if one.system != self.index)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Other systems that would stand otherwise than now."""
        return tuple(one for one in self.consequences.turns if one.system != self.index)

    @cached_property
    def cost(self) -> DowntimeCost:
        return downtime_cost(
            self.estate,
            self.index,
            achievable_minutes=self.result.restored_minutes,
            target_minutes=self.proposed.rto_minutes,
        )

    @property
    def worst_loss(self) -> SystemLoss | None:
        """The worst loss of data in what its tier is to withstand, for the RPO (B5)."""
        return self.consequences.after.backups[self.index].worst

    @property
    def work_recovery_minutes(self) -> int | None:
        return self.impact.work_recovery_minutes if self.impact else None

    @property
    def bearable_minutes(self) -> int | None:
        """The MTD that the proposed RTO is held against: the proposed one, or the one that follows
        from the answers (T1) where that is earlier."""
        derived = self.derived.mtd.minutes if self.derived else None
        known = [mtd for mtd in (self.proposed.mtd_minutes, derived) if mtd is not None]
        return min(known, default=None)

    @property
    def over_mtd_minutes(self) -> int | None:
        """Rule T2 for the proposed RTO and `bearable_minutes`, as in `impacts.over_mtd_minutes`."""
        return over_mtd_minutes(
            self.proposed.rto_minutes, self.work_recovery_minutes, self.bearable_minutes
        )

    @property
    def estate(self) -> Estate:
        return self.consequences.before.estate

    @property
    def standing_before(self) -> Standing:
        return self.consequences.before.systems[self.index].standing

    @property
    def standing_after(self) -> Standing:
        return self.result.standing

    @property
    def appeared(self) -> tuple[Conflict, ...]:
        return self.consequences.appeared

    @property
    def disappeared(self) -> tuple[Conflict, ...]:
        return self.consequences.disappeared

    @property
    def misses_minutes(self) -> int | None:
        """By how much the achievable time is later than the proposed RTO, 0 if it is not; `None`
        without one."""
        if self.proposed.rto_minutes is None:
            return None
        return max(0, self.result.restored_minutes - self.proposed.rto_minutes)

    @property
    def looser_than_impact(self) -> bool:
        """The proposed RTO is later than the one that follows from the answers (T1). An answer
        that is missing can only make that earlier."""
        limit = self.derived.rto.minutes if self.derived else None
        rto = self.proposed.rto_minutes
        return limit is not None and rto is not None and rto > limit

    @property
    def mtd_looser_than_impact(self) -> bool:
        """As `looser_than_impact`, of the MTD."""
        limit = self.derived.mtd.minutes if self.derived else None
        mtd = self.proposed.mtd_minutes
        return limit is not None and mtd is not None and mtd > limit

    @property
    def looser_than_tier(self) -> tuple[str, ...]:
        """Which of "rto" and "rpo" is looser than the tier promises."""
        return looser_than_tier(self.proposed, self.tier)

    def name(self, index: int) -> str:
        return self.estate.systems[index].name


def looser_than_tier(proposed: Target, tier: TierPolicy | None) -> tuple[str, ...]:
    """Which of "rto" and "rpo" the tier promises tighter than proposed. Where the tier promises
    nothing, or nothing is proposed, nothing is looser."""
    if tier is None:
        return ()
    pairs = {
        "rto": (proposed.rto_minutes, tier.rto_minutes),
        "rpo": (proposed.rpo_minutes, tier.rpo_minutes),
    }
    return tuple(
        name
        for name, (wanted, promised) in pairs.items()
        if wanted is not None and promised is not None and wanted > promised
    )


def figures_of(found: Consequences, targets: Mapping[str, Target]) -> dict[str, TargetFigures]:
    """The figures of each of the proposals that `found` was worked out with, by the key of its
    system. Systems that take no part in the recovery have none."""
    estate = found.before.estate
    impacts = {impact.system: impact for impact in estate.impacts}
    tiers = {policy.tier: policy for policy in estate.tier_policies}
    figures = {}
    for index in found.proposed:
        system, impact = estate.systems[index], impacts.get(index)
        figures[system.key] = TargetFigures(
            consequences=found,
            index=index,
            proposed=targets[system.key],
            tier=tiers.get(system.tier) if system.tier else None,
            impact=impact,
            derived=derive(impact.answers) if impact else None,
            result=found.after.systems[index],
        )
    return figures
