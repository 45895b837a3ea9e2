"""The list of recovery targets: what is approved, proposed, derived and achievable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.core.paginator import Page
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import System
from bcp.engine.impacts import Limit, derive
from bcp.engine.messages import Message
from bcp.engine.permissions import Capability
from bcp.engine.promise import Guess, TierPromise
from bcp.engine.results import Standing, SystemResult
from bcp.engine.shifts import WEEKS
from bcp.engine.wording_of_promises import explain_promise
from bcp.queries import targets
from bcp.services import targets as writes
from bcp.web.forms.answers import TargetFilter, tier_fits
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList
from bcp.web.views.lists import Column

TARGETS = Noun(
    "targets",
    _("target"),
    _("Targets"),
    "recoverytarget",
    targets.listing,
    writes,
    edited_by=Capability.PROPOSE_TARGET,
)
_MOST_NAMED = 5
_RANKS = {Standing.MISSES: 0, Standing.AT_RISK: 1, Standing.UNKNOWN: 2, Standing.MEETS: 3}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A system with what was promised, proposed and can be achieved."""

    system: System
    result: SystemResult
    proposal: Any
    limit: Limit | None
    """The RTO that follows from the business impact (T1), of a process with answers."""

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def tier(self) -> int | None:
        return self.system.tier

    @property
    def standing(self) -> str:
        return self.result.standing.value

    @property
    def standing_rank(self) -> int:
        return _RANKS[self.result.standing]

    @property
    def rto(self) -> int | None:
        return self.system.rto_minutes

    @property
    def rpo(self) -> int | None:
        return self.system.rpo_minutes

    @property
    def mtd(self) -> int | None:
        return self.system.mtd_minutes

    @property
    def achievable(self) -> int:
        return self.result.restored_minutes

    @property
    def required(self) -> int | None:
        return self.result.required_rto_minutes

    @property
    def derived(self) -> int | None:
        return self.limit.minutes if self.limit else None

    @property
    def derived_at_most(self) -> bool:
        """An answer that is missing could make the derived RTO earlier."""
        return self.limit is not None and self.limit.may_be_earlier

    @property
    def is_looser_than_impact(self) -> bool:
        """The approved RTO is later than the one that follows from the business impact."""
        return _is_looser(self.rto, self.limit)

    @property
    def proposed(self) -> int | None:
        return self.proposal.rto_minutes if self.proposal else None


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier's promise, by name the systems that break it, and why in sentences."""

    promise: TierPromise
    systems: Sequence[System]

    @property
    def late(self) -> Named:
        return Named.of(self.promise.together.late, self.systems)

    @property
    def why(self) -> list[Message]:
        return list(explain_promise(self.promise))

    @property
    def is_open(self) -> bool:
        """No order found keeps it, and nothing proves that none does."""
        return bool(self.promise.together.late) and not self.promise.together.broken


@dataclass(frozen=True, slots=True)
class Named:
    """A few systems by name, and how many more there are."""

    first: list[System]
    more: int

    @classmethod
    def of(cls, positions: Sequence[int], systems: Sequence[System]) -> Self:
        first = [systems[position] for position in positions[:_MOST_NAMED]]
        return cls(first, len(positions) - len(first))


def _guessed(promises: Sequence[TierPromise], systems: Sequence[System]) -> dict[str, Named]:
    """By what nobody said of the people, the systems of which nobody did."""
    guesses = {system: every for one in promises for system, every in one.together.guesses.items()}
    found = {}
    for guess in Guess:
        positions = [system for system in sorted(guesses) if guess in guesses[system]]
        if positions:
            found[guess.name.lower()] = Named.of(positions, systems)
    return found


def _is_looser(rto: int | None, limit: Limit | None) -> bool:
    return (
        rto is not None and limit is not None and limit.minutes is not None and rto > limit.minutes
    )


class TargetList(AnswerList):
    noun = TARGETS
    filter_class = TargetFilter
    columns = (
        Column("system", _("System"), sort="system", value="name"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("rto", _("RTO"), sort="rto", kind="minutes"),
        Column("rpo", _("RPO"), sort="rpo", kind="minutes"),
        Column("mtd", _("MTD"), sort="mtd", kind="minutes"),
        Column("achievable", _("Achievable"), sort="achievable", kind="minutes"),
        Column("derived", _("By business impact"), sort="derived", kind="minutes"),
        Column("required", _("Required by others"), sort="required", kind="minutes"),
        Column("standing", _("Standing"), sort="standing"),
        Column("proposed", _("Proposed RTO"), sort="proposed", kind="minutes"),
    )
    exported_too = (
        Column("achievable_is_at_least", "", value=lambda row: row.result.at_least),
        Column("derived_is_at_most", "", value="derived_at_most"),
        Column("required_is_at_most", "", value=lambda row: row.result.required_at_most),
    )
    sort_ranks = {"standing": "standing_rank"}

    def rows(self) -> Iterable[TargetRow]:
        open_ones = {one.system_id: one for one in targets.proposals(self.organisation)}
        estate, results = self.analysis.estate, self.analysis.systems
        limits = self.limits
        return (
            TargetRow(system, results[index], open_ones.get(system.key), limits.get(index))
            for index, system in enumerate(estate.systems)
        )

    @cached_property
    def limits(self) -> dict[int, Limit]:
        """By position, the RTO that follows from the business impact."""
        return {
            impact.system: derive(impact.answers).rto for impact in self.analysis.estate.impacts
        }

    def fits(self, row: TargetRow, wanted: Mapping[str, Any]) -> bool:
        if wanted.get("standing") and row.standing not in wanted["standing"]:
            return False
        if wanted.get("system") and row.system.key != wanted["system"]:
            return False
        if wanted.get("state") and not _states(row) & set(wanted["state"]):
            return False
        if not tier_fits(row.tier, wanted.get("tier", [])):
            return False
        return (wanted.get("q") or "").casefold() in row.name.casefold()

    def context(self, page: Page[Any]) -> dict[str, Any]:
        if self.request.htmx:
            return {}
        waiting = targets.proposals(self.organisation).count()
        systems = self.analysis.estate.systems
        without = sum(one.rto_minutes is None for one in systems)
        looser = sum(
            _is_looser(systems[index].rto_minutes, limit) for index, limit in self.limits.items()
        )
        promises = self.analysis.tier_promises
        return {
            "tiers": [TierRow(promise, systems) for promise in promises],
            "guessed": _guessed(promises, systems),
            "weeks": WEEKS,
            "broken_tiers": sum(one.standing is Standing.MISSES for one in promises),
            "waiting": waiting,
            "looser": looser,
            "missed": sum(one.standing is Standing.MISSES for one in self.analysis.systems),
            "without": without,
            "nothing_recorded": not systems,
        }


def _states(row: TargetRow) -> set[str]:
    has_target = not (row.rto is None and row.rpo is None and row.mtd is None)
    found = {"approved" if has_target else "missing"}
    if row.proposal:
        found.add("proposed")
    if row.is_looser_than_impact:
        found.add("looser")
    return found


urls = [path("targets/", TargetList.as_view(), name="targets-list")]
