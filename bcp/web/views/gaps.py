"""The gap list: what is missing or wrong, why it matters, the page that fixes it, and whether
somebody accepted it; and the promises that cannot both hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.acceptance import AcceptanceState
from bcp.engine.messages import Message
from bcp.engine.permissions import Capability, Role
from bcp.engine.results import Conflict, Severity
from bcp.queries import acceptances
from bcp.queries.acceptances import GapStanding
from bcp.web.fixes import Link
from bcp.web.forms.answers import EVERY_STATE, GapFilter
from bcp.web.gap_rows import SEVERITY_WORDS, GapRow, gap_fits, gap_rows, with_links
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList
from bcp.web.views.lists import Column

CONFLICT_HEADINGS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        "G1",
        _("A target that is later than its dependent’s"),
        _("A system cannot be back before what it needs. One of the two targets must move."),
    ),
    (
        "G3",
        _("A chain that leaves too little time"),
        _("The work between the two systems uses up what the upper target allows."),
    ),
    (
        "G4",
        _("A tier that promises less than a dependency demands"),
        _("The order follows the dependency, not the tier."),
    ),
)
MOST_CONFLICTS = 25


@dataclass(frozen=True, slots=True)
class ConflictRow:
    says: Message
    dependent: Link
    dependency: Link


@dataclass(frozen=True, slots=True)
class ConflictSection:
    heading: str | Promise
    reason: str | Promise
    rows: list[ConflictRow]
    count: int
    code: str


@dataclass(frozen=True, slots=True)
class SeverityCount:
    """How many gaps of a severity there are, and how many of them are accepted."""

    severity: Severity
    word: str | Promise
    count: int
    accepted: int


class GapList(AnswerList):
    noun = Noun("gaps", _("gap"), _("Gaps"), "", lambda organisation: None, None)
    filter_class = GapFilter
    columns = (
        Column("subject", _("Where"), sort="subject"),
        Column("severity", _("Severity"), sort="severity"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("what", _("What is wrong"), sort="what"),
        Column("fix", _("What fixes it")),
        Column("state", _("State"), sort="state", value=lambda row: row.state.value),
    )
    exported_too = (
        Column("says", _("Why")),
        Column("code", _("Code"), value=lambda row: row.gap.code),
        Column("accepted_by", _("Accepted by")),
        Column("accepted_until", _("Accepted until")),
        Column("accepted_because", _("Why it was accepted")),
        Column("accepted_said", _("What it said then")),
    )
    sort_ranks = {"severity": "rank"}
    not_filters = AnswerList.not_filters | {"state"}

    @cached_property
    def standings(self) -> list[GapStanding]:
        return acceptances.of_analysis(self.organisation, self.analysis, now=self.now)

    def rows(self) -> list[GapRow]:
        return gap_rows(self.analysis, self.standings)

    def filter_form(self) -> GapFilter:
        return GapFilter(self.request.GET, answer=self.analysis, standings=self.standings)

    def fits(self, row: GapRow, wanted: Mapping[str, Any]) -> bool:
        return gap_fits(row, wanted)

    def prepare(self, rows: list[GapRow]) -> list[GapRow]:
        return with_links(rows, self.organisation, Role(self.membership.role))

    def context(self, page: Page[Any]) -> dict[str, Any]:
        may_accept = access.can(self.membership, Capability.ACCEPT_GAP)
        view = self.request.GET.get("state") or AcceptanceState.OPEN.value
        context = {
            "view": view,
            "all_url": f"?state={quote(view)}",
            "accept_url": self.url("gaps-accept") if may_accept else "",
        }
        if self.request.htmx:
            return context
        states = Counter(one.state for one in self.standings)
        accepted = states[AcceptanceState.ACCEPTED]
        return context | {
            "every_state": EVERY_STATE,
            "accepted_count": accepted,
            "expired_count": states[AcceptanceState.EXPIRED],
            "changed_count": states[AcceptanceState.CHANGED],
            "all_count": len(self.standings),
            "counts": list(self.counts()),
            "conflicts": list(self.conflict_sections()),
            "nothing_recorded": not self.analysis.estate.systems,
        }

    def counts(self) -> Iterable[SeverityCount]:
        for severity in Severity:
            of_it = [one for one in self.standings if one.gap.severity is severity]
            accepted = sum(one.is_accepted for one in of_it)
            yield SeverityCount(severity, SEVERITY_WORDS[severity.value], len(of_it), accepted)

    def conflict_sections(self) -> Iterable[ConflictSection]:
        for rule, heading, reason in CONFLICT_HEADINGS:
            of_rule = [one for one in self.analysis.conflicts if one.rule == rule]
            if of_rule:
                rows = [self.conflict_row(one) for one in of_rule[:MOST_CONFLICTS]]
                code = f"conflict_{rule.lower()}"
                yield ConflictSection(heading, reason, rows, len(of_rule), code)

    def conflict_row(self, conflict: Conflict) -> ConflictRow:
        return ConflictRow(
            conflict.says,
            self.system_link(conflict.dependent),
            self.system_link(conflict.dependency),
        )

    def system_link(self, index: int) -> Link:
        system = self.analysis.estate.systems[index]
        return Link(system.name, self.url("systems-detail", key=system.key))


urls = [path("gaps/", GapList.as_view(), name="gaps-list")]
