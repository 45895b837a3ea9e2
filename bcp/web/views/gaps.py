"""The gap list: what is missing or wrong, why it matters, and the page that fixes it; and the
promises that cannot both hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.messages import Message
from bcp.engine.permissions import CAPABILITIES, Role
from bcp.engine.results import Analysis, Conflict, Gap, Severity
from bcp.web.fixes import Fixes, Link
from bcp.web.forms.answers import GAP_CODES, GAP_GROUPS, SEVERITIES, GapFilter, tier_fits
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList, sentence
from bcp.web.views.lists import Column

_RANKS = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}
_SEVERITY_WORDS = dict(SEVERITIES)

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
class GapRow:
    """A gap as a list shows it. `links` are made for the rows of one page only."""

    gap: Gap
    severity: str
    rank: int
    subject: str
    tier: int | None
    what: str
    links: tuple[Link, ...] = ()

    @property
    def says(self) -> str:
        return sentence(self.gap.says)

    @property
    def fix(self) -> str:
        return sentence(self.gap.fix)


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


def gap_rows(answer: Analysis, gaps: Iterable[Gap]) -> list[GapRow]:
    """Rows without their links."""
    contacts = {contact.key: contact.name for contact in answer.estate.contacts}
    systems = answer.estate.systems
    severities = {one: str(_SEVERITY_WORDS[one.value]) for one in Severity}
    codes = {code: str(label) for code, label in GAP_CODES.items()}
    rows = []
    for gap in gaps:
        system = None if gap.system is None else systems[gap.system]
        rows.append(
            GapRow(
                gap=gap,
                severity=severities[gap.severity],
                rank=_RANKS[gap.severity],
                subject=system.name if system else contacts.get(gap.subject_key, gap.subject_key),
                tier=system.tier if system else None,
                what=codes.get(gap.code, gap.code),
            )
        )
    return rows


def with_links(rows: Iterable[GapRow], organisation: Any, role: Role) -> list[GapRow]:
    shown = list(rows)
    fixes = Fixes(organisation, CAPABILITIES[role], [row.gap for row in shown])
    return [replace(row, links=tuple(fixes.of(row.gap))) for row in shown]


class GapList(AnswerList):
    noun = Noun("gaps", _("gap"), _("Gaps"), "", lambda organisation: None, None)
    filter_class = GapFilter
    columns = (
        Column("subject", _("Where"), sort="subject"),
        Column("severity", _("Severity"), sort="severity"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("what", _("What is wrong"), sort="what"),
        Column("fix", _("What fixes it")),
    )
    exported_too = (
        Column("says", _("Why")),
        Column("code", _("Code"), value=lambda row: row.gap.code),
    )
    sort_ranks = {"severity": "rank"}

    def rows(self) -> list[GapRow]:
        return gap_rows(self.analysis, self.analysis.gaps)

    def fits(self, row: GapRow, wanted: Mapping[str, Any]) -> bool:
        gap = row.gap
        if wanted.get("severity") and gap.severity.value not in wanted["severity"]:
            return False
        if wanted.get("group") and not any(
            gap.code in GAP_GROUPS[group][1] for group in wanted["group"]
        ):
            return False
        if wanted.get("code") and gap.code not in wanted["code"]:
            return False
        if wanted.get("system") and gap.subject_key != wanted["system"]:
            return False
        if not tier_fits(row.tier, wanted.get("tier", [])):
            return False
        text = (wanted.get("q") or "").casefold()
        return not text or any(
            text in said.casefold() for said in (row.subject, row.what, row.says, row.fix)
        )

    def prepare(self, rows: list[GapRow]) -> list[GapRow]:
        return with_links(rows, self.organisation, Role(self.membership.role))

    def context(self, page: Page[Any]) -> dict[str, Any]:
        if self.request.htmx:
            return {}
        found = self.analysis.gaps
        return {
            "counts": [
                (severity, word, sum(gap.severity is severity for gap in found))
                for severity, word in ((one, _SEVERITY_WORDS[one.value]) for one in Severity)
            ],
            "conflicts": list(self.conflict_sections()),
            "nothing_recorded": not self.analysis.estate.systems,
        }

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
