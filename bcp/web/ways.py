"""What would make a target possible, as a page shows it: each offer with what its changes take and
where they are made.

Links lead to pages that the reader's role may really use. Who may not edit sees the records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bcp.engine.changes import (
    STANDBY_MINUTES,
    Change,
    Open,
    Shorten,
    StandBy,
    Tighten,
    change_says,
)
from bcp.engine.durations import format_minutes
from bcp.engine.estate import DurationSource, Strategy
from bcp.engine.messages import Message
from bcp.engine.offers import Offer
from bcp.engine.permissions import Capability
from bcp.engine.results import Analysis, SystemResult
from bcp.engine.ways import Ways
from bcp.queries import dependencies, targets
from bcp.web.chosen_ways import address_of, can_be_written
from bcp.web.fixes import Link

TARGETS_SHOWN = 5
"""Of the targets that one offer asks to tighten; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change: the sentence, what it takes (empty where it says so itself), and where it is
    made."""

    says: Message
    takes: str
    links: list[Link]


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """`targets` are the first of those that must be tightened along with the changes, which are
    `targets_count` in all. `apply_query` names the offer to the page that writes it; empty where
    it cannot be written at once."""

    changes: list[ShownChange]
    targets: list[ShownChange]
    targets_count: int
    restored_minutes: int
    apply_query: str

    @property
    def more_targets(self) -> int:
        return self.targets_count - len(self.targets)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The records that offers are about: the dependencies to be opened, by the keys of their ends,
    and the open proposals for systems whose targets become tighter, by the keys of the systems."""

    edges: dict[tuple[str, str], str]
    proposals: dict[str, Any]


class ShownWays:
    """Puts the offers for one organisation into words; two queries, whatever their number."""

    def __init__(
        self, organisation: Any, answer: Analysis, capabilities: Collection[Capability]
    ) -> None:
        self._organisation, self._answer = organisation, answer
        self._capabilities = capabilities
        self._may_edit = Capability.EDIT_ESTATE in capabilities
        self._may_propose = Capability.PROPOSE_TARGET in capabilities

    def of(self, ways: Ways) -> list[ShownOffer]:
        recorded = Recorded(self._edges(ways.offers), self._proposals(ways.offers))
        return [
            ShownOffer(
                changes=[self._shown(change, recorded) for change in offer.changes],
                targets=[self._shown(target, recorded) for target in offer.targets[:TARGETS_SHOWN]],
                targets_count=len(offer.targets),
                restored_minutes=offer.restored_minutes,
                apply_query=address_of(self._answer, ways.rto_minutes, offer)
                if can_be_written(self._answer, offer, self._capabilities)
                else "",
            )
            for offer in ways.offers
        ]

    def _shown(self, change: Change, recorded: Recorded) -> ShownChange:
        says = change_says(self._answer.estate, change)
        return ShownChange(says, self._takes(change), list(self._links(change, recorded)))

    def _edges(self, offers: Iterable[Offer]) -> dict[tuple[str, str], str]:
        """The keys of the dependencies that are to be opened, by the keys of their ends."""
        pairs = {
            (self._key(change.dependent), self._key(change.dependency))
            for offer in offers
            for change in offer.changes
            if isinstance(change, Open)
        }
        if not pairs or not self._may_edit:
            return {}
        found = dependencies.listing(self._organisation).filter(
            dependent__in={one for one, _other in pairs},
            dependency__in={other for _one, other in pairs},
        )
        return {(edge.dependent_id, edge.dependency_id): edge.pk for edge in found}

    def _proposals(self, offers: Iterable[Offer]) -> dict[str, Any]:
        systems = {self._key(one.system) for offer in offers for one in offer.targets}
        if not systems:
            return {}
        found = targets.proposals(self._organisation).filter(system__in=systems)
        return {one.system_id: one for one in found}

    def _takes(self, change: Change) -> str:
        if isinstance(change, Shorten):
            return _what_shortens(self._answer.systems[change.system])
        if isinstance(change, StandBy):
            return _what_counts_until_then(self._answer.systems[change.system])
        return ""

    def _links(self, change: Change, recorded: Recorded) -> Iterator[Link]:
        if isinstance(change, Open):
            edge = recorded.edges.get((self._key(change.dependent), self._key(change.dependency)))
            if edge is not None:
                address = self._url("dependencies-edit", edge)
                yield Link(_("Write the note"), f"{address}#id_bootstrap")
            else:
                yield self._look(change.dependent, "needs")
        elif isinstance(change, Shorten):
            yield from self._to_shorten(change)
        elif isinstance(change, StandBy):
            yield from self._to_stand_by(change)
        elif _is_proposed(change, recorded.proposals.get(self._key(change.system))):
            proposal = recorded.proposals[self._key(change.system)]
            yield Link(_("Proposed already"), self._url("targets-approve", proposal.pk))
        elif self._may_propose:
            address = self._url("targets-propose", self._key(change.system))
            query = urlencode({"rto_minutes": change.to_minutes})
            yield Link(_("Propose this target"), f"{address}?{query}")
        else:
            yield self._look(change.system)

    def _to_shorten(self, change: Shorten) -> Iterator[Link]:
        key, source = self._key(change.system), self._answer.systems[change.system].duration_source
        if source is DurationSource.PROCEDURE:
            yield self._look(change.system, "procedure", _("Its procedure"))
        elif source is DurationSource.TEST:
            yield self._plan_a_test(change.system)
        elif source is DurationSource.RESTORE:
            yield self._look(change.system, "copies", _("Its copies"))
        elif self._may_edit:
            address = self._url("systems-edit", key)
            query = urlencode({"recovery_minutes": format_minutes(change.to_minutes)})
            yield Link(_("Change the estimate"), f"{address}?{query}#id_recovery_minutes")
        else:
            yield self._look(change.system)

    def _to_stand_by(self, change: StandBy) -> Iterator[Link]:
        if not self._may_edit:
            yield self._look(change.system)
            return
        minutes = format_minutes(STANDBY_MINUTES)
        facts = {"strategy": Strategy.HOT_STANDBY.value, "recovery_minutes": minutes}
        address = self._url("systems-edit", self._key(change.system))
        yield Link(_("Change the strategy"), f"{address}?{urlencode(facts)}#id_strategy")
        if _what_counts_until_then(self._answer.systems[change.system]):
            yield self._plan_a_test(change.system)

    def _plan_a_test(self, system: int) -> Link:
        if not self._may_edit:
            return self._look(system, "tests", _("Its tests"))
        query = urlencode({"keys": self._key(system)})
        return Link(_("Plan a test"), f"{self._url('exercises-create')}?{query}")

    def _look(self, system: int, tab: str = "", label: str = "") -> Link:
        address = self._url("systems-detail", self._key(system))
        return Link(label or _("Look at it"), f"{address}?tab={tab}" if tab else address)

    def _key(self, system: int) -> str:
        return self._answer.estate.systems[system].key

    def _url(self, name: str, *keys: str) -> str:
        return reverse(name, args=[self._organisation.slug, *keys])


def _is_proposed(change: Tighten, proposal: Any | None) -> bool:
    """Whether what is proposed asks for as much as the change does."""
    if proposal is None or proposal.rto_minutes is None:
        return False
    return bool(proposal.rto_minutes <= change.to_minutes)


def _what_shortens(result: SystemResult) -> str:
    """What it takes until the analysis believes a shorter time (rule G9)."""
    if result.duration_source is DurationSource.TEST:
        return _what_counts_until_then(result)
    if result.duration_source is DurationSource.PROCEDURE:
        return _(
            "Its time is the sum of the steps of its procedure: it takes a shorter procedure, "
            "which somebody else approves."
        )
    if result.duration_source is DurationSource.RESTORE:
        return _(
            "Its time is its data by the speed at which a copy is read: it takes a faster "
            "restore, or less to restore."
        )
    if result.duration_source is DurationSource.CONTRACT:
        return _("Its time is what the contract says: it takes another contract.")
    return _("Its time is an estimate: change it when the work is really shorter.")


def _what_counts_until_then(result: SystemResult) -> str:
    """What goes before anything typed in; empty if nothing does (rule G9)."""
    if result.duration_source is DurationSource.TEST:
        if result.duration_as_of is None:
            return _("Its time was measured in a test: only a new test will show the saving.")
        return _(
            "Its time was measured in a test on %(day)s: only a new test will show the saving."
        ) % {"day": date_format(result.duration_as_of)}
    if result.duration_source in (DurationSource.PROCEDURE, DurationSource.RESTORE):
        return _("What its procedure and its copies say counts until a test shows otherwise.")
    return ""
