"""Tests, first view: which systems are to be tried next, and why (rules X2 to X4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.estate import System
from bcp.engine.exercises import DueState, Proof, due_state
from bcp.engine.permissions import Capability
from bcp.engine.policies import TierRules, tier_rules
from bcp.engine.results import Analysis
from bcp.engine.wording_of_exercises import explain_due
from bcp.engine.words import type_word
from bcp.queries import exercises
from bcp.web.forms.answers import tier_fits
from bcp.web.forms.exercises import DueFilter
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList, sentence
from bcp.web.views.lists import Column

DUE = Noun(
    "exercises_due",
    _("system"),
    _("Tests"),
    "",
    lambda organisation: None,
    None,
    adding=_("Plan an exercise"),
)

_WORST_FIRST = tuple(DueState)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A live system, what its exercises prove, and the next one that is planned, if any."""

    system: System
    proof: Proof
    rules: TierRules
    state: DueState
    planned: Any

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def tier(self) -> int | None:
        return self.system.tier

    @property
    def owner(self) -> str | None:
        return self.system.owner

    @property
    def rank(self) -> int:
        return _WORST_FIRST.index(self.state)

    @property
    def due(self) -> date:
        return self.proof.due

    @property
    def last(self) -> date | None:
        return self.proof.last.done_on if self.proof.last else None

    @property
    def planned_on(self) -> date | None:
        return self.planned.planned_on if self.planned else None

    @property
    def minimum(self) -> str:
        return sentence(type_word(self.rules.minimum_exercise))

    @property
    def cadence(self) -> int:
        return self.rules.cadence_days

    @property
    def reasons(self) -> list[str]:
        return [sentence(one) for one in explain_due(self.system, self.proof, self.rules)]

    @property
    def why(self) -> str:
        return " ".join(self.reasons)


def due_rows(analysis: Analysis, planned: Mapping[str, Any], today: date) -> list[DueRow]:
    """Every live system, what is due first at the top; equally due: the more critical first."""
    estate, rules = analysis.estate, tier_rules(analysis.estate)
    rows = [
        DueRow(
            system,
            result.proof,
            rules[system.tier],
            due_state(result.proof, today),
            planned.get(system.key),
        )
        for system, result in zip(estate.systems, analysis.backups, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.rank, row.due, row.tier or 5, row.name.casefold()))


def fits(row: DueRow, wanted: Mapping[str, Any]) -> bool:
    """Whether a row is among those that the cleaned `DueFilter` asks for."""
    if wanted.get("state") and row.state.value not in wanted["state"]:
        return False
    if wanted.get("owner") and row.owner != wanted["owner"]:
        return False
    if wanted.get("unplanned") and row.planned is not None:
        return False
    if not tier_fits(row.tier, wanted.get("tier", [])):
        return False
    text = (wanted.get("q") or "").casefold()
    return text in row.name.casefold() or text in (row.owner or "").casefold()


def of_system(analysis: Analysis, index: int | None, rows: list[Any], today: date) -> Any:
    """What a system's sheet says of tests: how it stands (`due`; `None` if it is not live), and
    every exercise that it is in, planned or done, latest first, with how each counts."""
    planned = [row.exercise for row in rows if row.exercise.done_on is None]
    due, judged = None, {}
    if index is not None:
        system, proof = analysis.estate.systems[index], analysis.backups[index].proof
        rules = tier_rules(analysis.estate)[system.tier]
        following = min(planned, key=lambda one: one.planned_on, default=None)
        due = DueRow(system, proof, rules, due_state(proof, today), following)
        judged = {one.exercise.name: one for one in proof.judged}
    for row in rows:
        row.judged = judged.get(row.exercise.name)
    held = sorted(rows, key=lambda row: row.exercise.done_on or row.exercise.planned_on)
    return {"due": due, "held": held[::-1]}


class DueList(AnswerList):
    noun = DUE
    filter_class = DueFilter
    columns = (
        Column("system", _("System"), sort="system", value="name"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("state", _("State"), sort="state", value=lambda row: row.state.value),
        Column("due", _("Due on"), sort="due"),
        Column("last", _("Last proved"), sort="last"),
        Column("minimum", _("Asked for"), sort="minimum"),
        Column("planned_on", _("Planned for"), sort="planned_on"),
        Column("owner", _("Owner"), sort="owner"),
    )
    exported_too = (
        Column("cadence", _("Every so many days"), kind="number"),
        Column("why", _("Why")),
    )
    sort_ranks = {"state": "rank", "due": "due", "last": "last", "planned_on": "planned_on"}

    def rows(self) -> Iterable[DueRow]:
        return due_rows(self.analysis, exercises.planned(self.organisation), self.today)

    def fits(self, row: DueRow, wanted: Mapping[str, Any]) -> bool:
        return fits(row, wanted)

    def file_name(self) -> str:
        return f"{self.organisation.slug}-tests-due"

    def context(self, page: Page[Any]) -> dict[str, Any]:
        can_edit = access.can(self.membership, Capability.EDIT_ESTATE)
        context = {
            "can_edit": can_edit,
            "create_name": "exercises-create",
            "bulk_url": self.url("exercises-create"),
        }
        if self.request.htmx:
            return context
        states = [due_state(one.proof, self.today) for one in self.analysis.backups]
        return context | {
            "view": "due",
            "never": states.count(DueState.NEVER),
            "overdue": states.count(DueState.OVERDUE),
            "soon": states.count(DueState.SOON),
            "in_date": states.count(DueState.LATER),
            "nothing_recorded": not states,
        }


urls = [path("tests/", DueList.as_view(), name="exercises-due")]
