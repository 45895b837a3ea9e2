"""The proposals that wait for a decision, as rows of one table: what is asked for, what it would
change, and whether this reader may decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.alone import Effect
from bcp.engine.downtime_cost import downtime_cost
from bcp.engine.durations import format_minutes, unbroken
from bcp.engine.estate import Estate, TierPolicy
from bcp.engine.impacts import ProcessImpact, derive
from bcp.engine.results import Analysis, Conflict, SystemResult
from bcp.engine.standing import Standing
from bcp.engine.target_figures import looser_than_tier
from bcp.queries import target_effects
from bcp.queries.target_figures import target_of

_WORST_FIRST = (Standing.MISSES, Standing.AT_RISK, Standing.UNKNOWN, Standing.MEETS)


@dataclass(frozen=True)
class ReviewRow:
    """One open proposal. Of a system that takes no part in the recovery `index` is `None`, and so
    is everything that only an analysis can say."""

    proposal: Any
    current: Any
    """The approved target that it would replace, `None` for the first one."""
    is_own: bool
    index: int | None
    board: target_effects.Board
    tier_policy: TierPolicy | None
    impact: ProcessImpact | None

    @property
    def pk(self) -> str:
        return str(self.proposal.pk)

    @property
    def name(self) -> str:
        return str(self.proposal.system.name)

    @property
    def tier(self) -> int | None:
        tier: int | None = self.proposal.system.tier
        return tier

    @property
    def proposed_on(self) -> datetime:
        moment: datetime = self.proposal.created_at
        return moment

    @property
    def proposed_by(self) -> str:
        return str(self.proposal.proposed_by or _("an import"))

    @property
    def reason(self) -> str:
        return str(self.proposal.reason)

    @property
    def rto(self) -> int | None:
        return target_of(self.proposal).rto_minutes

    @property
    def rpo(self) -> int | None:
        return target_of(self.proposal).rpo_minutes

    @property
    def mtd(self) -> int | None:
        return target_of(self.proposal).mtd_minutes

    @property
    def rto_approved(self) -> int | None:
        return target_of(self.current).rto_minutes if self.current else None

    @property
    def rpo_approved(self) -> int | None:
        return target_of(self.current).rpo_minutes if self.current else None

    @property
    def mtd_approved(self) -> int | None:
        return target_of(self.current).mtd_minutes if self.current else None

    @property
    def estate(self) -> Estate:
        return self.board.answer.estate

    @cached_property
    def result(self) -> SystemResult | None:
        return None if self.index is None else self.board.answer.systems[self.index]

    @property
    def achievable(self) -> int | None:
        return self.result.restored_minutes if self.result else None

    @property
    def misses(self) -> int | None:
        """By how much the achievable time is later than the proposed RTO; `None`: cannot be
        said, or no RTO is proposed."""
        if self.rto is None or self.achievable is None:
            return None
        return max(0, self.achievable - self.rto)

    @property
    def effect(self) -> Effect | None:
        return self.board.effect(self.proposal)

    @property
    def standing(self) -> str | None:
        return self.effect.standing.value if self.effect else None

    @property
    def lateness_rank(self) -> int:
        """The latest first; of those in time, the one that stands worse."""
        rank = _WORST_FIRST.index(self.effect.standing) if self.effect else len(_WORST_FIRST)
        return rank - (self.misses or 0) * 2 * len(_WORST_FIRST)

    @property
    def chain(self) -> list[str]:
        """What decides when it is back, deepest first, itself last."""
        chain = self.result.binding_chain if self.result else ()
        return [self.estate.systems[one].name for one in chain]

    @property
    def asks_more_of(self) -> int | None:
        return len(self.effect.tightened) if self.effect else None

    @property
    def asked_late(self) -> int | None:
        return self.effect.late if self.effect else None

    @property
    def asked_unsure(self) -> int | None:
        return self.effect.unsure if self.effect else None

    @property
    def late(self) -> list[str]:
        """Systems that would be asked for more than they can do, the worst first."""
        return self._tightened(slice(0, self.effect.late)) if self.effect else []

    @property
    def unsure(self) -> list[str]:
        """Systems that would be asked for more, of which nobody knows whether they can."""
        if self.effect is None:
            return []
        return self._tightened(slice(self.effect.late, self.effect.late + self.effect.unsure))

    @property
    def in_time(self) -> list[str]:
        """Systems that would be asked for more, and can."""
        if self.effect is None:
            return []
        return self._tightened(slice(self.effect.late + self.effect.unsure, None))

    def _tightened(self, part: slice) -> list[str]:
        tightened = self.effect.tightened if self.effect else ()
        return [self.estate.systems[one].name for one in tightened[part]]

    @property
    def contradictions(self) -> int | None:
        return len(self.effect.appeared) if self.effect else None

    @property
    def appeared(self) -> tuple[Conflict, ...]:
        return self.effect.appeared if self.effect else ()

    @property
    def contradictions_gone(self) -> int | None:
        return self.effect.disappeared if self.effect else None

    @cached_property
    def looser(self) -> list[str]:
        """What it is looser than, in words: its tier, and what follows from the answers on
        business impact (rule T1; an answer that is missing can only make that earlier)."""
        found = []
        proposed, tier = target_of(self.proposal), self.tier_policy
        if tier is not None:
            promised = {"rto": tier.rto_minutes, "rpo": tier.rpo_minutes}
            for name in looser_than_tier(proposed, tier):
                found.append(
                    _("%(figure)s looser than tier %(tier)s (%(promised)s)")
                    % {
                        "figure": name.upper(),
                        "tier": tier.tier,
                        "promised": unbroken(format_minutes(promised[name])),
                    }
                )
        limits = derive(self.impact.answers) if self.impact else None
        for name, wanted, limit in (
            ("RTO", proposed.rto_minutes, limits.rto.minutes if limits else None),
            ("MTD", proposed.mtd_minutes, limits.mtd.minutes if limits else None),
        ):
            if wanted is not None and limit is not None and wanted > limit:
                found.append(
                    _("%(figure)s looser than the business impact (%(limit)s)")
                    % {"figure": name, "limit": unbroken(format_minutes(limit))}
                )
        return found

    @property
    def looser_words(self) -> str:
        return "; ".join(self.looser)

    @cached_property
    def cost_beyond(self) -> Decimal | None:
        """What an outage costs from the target until it is over; `None`: unknown, or no RTO."""
        if self.index is None or self.achievable is None or self.rto is None:
            return None
        until = max(self.achievable, self.rto)
        cost = downtime_cost(
            self.estate, self.index, achievable_minutes=until, target_minutes=self.rto
        )
        return cost.saved


def review_rows(
    proposals: Iterable[Any],
    approved: Mapping[str, Any],
    answer: Analysis,
    *,
    reader: Any,
    today: date,
) -> list[ReviewRow]:
    """The rows of `proposals`, in their order. `reader` is the user who looks at them."""
    estate = answer.estate
    positions = {system.key: at for at, system in enumerate(estate.systems)}
    tiers = {policy.tier: policy for policy in estate.tier_policies}
    impacts = {impact.system: impact for impact in estate.impacts}
    board = target_effects.board(answer, today=today)
    rows = []
    for proposal in proposals:
        index = positions.get(proposal.system_id)
        rows.append(
            ReviewRow(
                proposal=proposal,
                current=approved.get(proposal.system_id),
                is_own=proposal.proposed_by_id == reader.pk,
                index=index,
                board=board,
                tier_policy=tiers.get(proposal.system.tier),
                impact=None if index is None else impacts.get(index),
            )
        )
    return sorted(rows, key=lambda row: (row.tier or 9, -(row.misses or 0), row.name.casefold()))
