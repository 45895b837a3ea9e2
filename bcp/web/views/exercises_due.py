"""Tests, first view: which systems are to be tried next, and why (rules X2 to X4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.exercises import DueState, due_state
from bcp.engine.permissions import Capability
from bcp.queries import exercises
from bcp.queries.exercises_due import DueRow, due_rows
from bcp.web.forms.answers import tier_fits
from bcp.web.forms.exercises import DueFilter
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList
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
