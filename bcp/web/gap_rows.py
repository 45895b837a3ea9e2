"""Gaps as lists show them: in words, with the pages that close them and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext

from bcp.engine.acceptance import AcceptanceState, address_of, subject_of
from bcp.engine.permissions import CAPABILITIES, Role
from bcp.engine.results import Analysis, Gap, Severity
from bcp.queries.acceptances import GapStanding
from bcp.web.fixes import Fixes, Link
from bcp.web.forms.answers import GAP_CODES, GAP_GROUPS, SEVERITIES, state_fits, tier_fits

SEVERITY_WORDS = dict(SEVERITIES)
RANKS = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap as a list shows it. `links` are made for the rows of one page only."""

    standing: GapStanding
    severity: str
    rank: int
    subject: str
    tier: int | None
    what: str
    links: tuple[Link, ...] = ()

    @property
    def gap(self) -> Gap:
        return self.standing.gap

    @property
    def says(self) -> str:
        return self.gap.says.said(gettext)

    @property
    def fix(self) -> str:
        return self.gap.fix.said(gettext)

    @property
    def key(self) -> str:
        """The gap in addresses and boxes to tick."""
        return address_of(self.gap)

    @property
    def state(self) -> AcceptanceState:
        return self.standing.state

    @property
    def acceptance(self) -> Any:
        return self.standing.acceptance

    @property
    def accepted_by(self) -> str:
        return str(self.acceptance.accepted_by) if self.acceptance else ""

    @property
    def accepted_until(self) -> date | None:
        return self.acceptance.until if self.acceptance else None

    @property
    def accepted_because(self) -> str:
        return self.acceptance.reason if self.acceptance else ""

    @property
    def accepted_said(self) -> str:
        """What the gap said when it was accepted."""
        return self.acceptance.says if self.acceptance else ""


def gap_rows(answer: Analysis, standings: Iterable[GapStanding]) -> list[GapRow]:
    """Rows without their links."""
    systems, name = answer.estate.systems, subject_of(answer.estate)
    severities = {one: str(SEVERITY_WORDS[one.value]) for one in Severity}
    codes = {code: str(label) for code, label in GAP_CODES.items()}
    rows = []
    for one in standings:
        gap = one.gap
        rows.append(
            GapRow(
                standing=one,
                severity=severities[gap.severity],
                rank=RANKS[gap.severity],
                subject=name(gap),
                tier=None if gap.system is None else systems[gap.system].tier,
                what=codes.get(gap.code, gap.code),
            )
        )
    return rows


def with_links(rows: Iterable[GapRow], organisation: Any, role: Role) -> list[GapRow]:
    shown = list(rows)
    fixes = Fixes(organisation, CAPABILITIES[role], [row.gap for row in shown])
    return [replace(row, links=tuple(fixes.of(row.gap))) for row in shown]


def gap_fits(row: GapRow, wanted: Mapping[str, Any]) -> bool:
    """Whether a row is among those that the cleaned `GapFilter` asks for."""
    gap = row.gap
    if not state_fits(row.standing, wanted.get("state", "")):
        return False
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
