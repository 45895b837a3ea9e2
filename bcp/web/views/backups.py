"""Backups: the matrix system by scenario, and the reasoning behind each of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import inf
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from bcp.engine.loss import LossState
from bcp.engine.matrix import Cell
from bcp.engine.results import Analysis
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.scenario import UnknownScenario
from bcp.engine.standing import Standing
from bcp.engine.three_two_one import Digit
from bcp.engine.wording_of_matrix import cell_figure, column_heading
from bcp.web.backups_parts import (
    ShownCell,
    ShownDigit,
    columns_told,
    losses_of,
    reasoning,
    said,
    shown_digits,
    shown_row,
)
from bcp.web.forms.answers import tier_fits
from bcp.web.forms.backups import DEMANDED, MatrixFilter
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.lists import Column

_BADNESS = {
    None: 0,
    Standing.MEETS: 1,
    Standing.AT_RISK: 2,
    Standing.UNKNOWN: 3,
    Standing.MISSES: 4,
}

LOSS = "loss:"
"""Begins the keys of the columns of scenarios: one may be called as another column is."""
WORST = "worst"
"""The order by the worst of what a system's tier is to withstand."""


class MatrixRow:
    """One live system; what it loses and how ready it is is worked out when asked for."""

    def __init__(self, analysis: Analysis, index: int, slug: str) -> None:
        self.index = index
        self.system = analysis.estate.systems[index]
        self._analysis = analysis
        self._slug = slug

    @property
    def name(self) -> str:
        return self.system.name

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return self._analysis.matrix[self.index]

    @cached_property
    def answer(self) -> BackupResult:
        return self._analysis.backups[self.index]

    @property
    def readiness(self) -> str:
        return self.answer.readiness.kind.value

    @cached_property
    def shown(self) -> list[ShownCell]:
        return shown_row(self._analysis, self.index, self._slug)

    @cached_property
    def digits(self) -> list[ShownDigit]:
        return shown_digits(self.answer.copies_rule)

    def misses(self, scenario: str) -> bool:
        return any(
            cell.standing is Standing.MISSES
            for cell in self.cells
            if (cell.demanded if scenario == DEMANDED else cell.column == scenario)
        )


def _badness(cell: Cell) -> tuple[int, float]:
    """By standing, then by how much is lost; where no copy is left that is everything."""
    minutes: float = 0
    if cell.loss is not None:
        total = cell.loss.state is LossState.TOTAL
        minutes = inf if total else cell.loss.at_least_minutes or 0
    return _BADNESS[cell.standing], minutes


def _worst(row: MatrixRow) -> tuple[tuple[int, float], tuple[int, float]]:
    demanded = (_badness(cell) for cell in row.cells if cell.demanded)
    return max(demanded, default=(0, 0)), max(map(_badness, row.cells), default=(0, 0))


def _of_system(name: str) -> Any:
    return lambda row: getattr(row.system, name)


def _cell(position: int) -> Any:
    return lambda row: said(cell_figure(row.cells[position]))


def _digit(digit: Digit) -> Any:
    def there(row: MatrixRow) -> str:
        rule = row.answer.copies_rule
        if rule is None:
            return ""
        found = rule.digits[digit]
        return _t("unknown") if found is None else _t("yes") if found else _t("no")

    return there


class Matrix(AnswerList):
    noun = Noun("backups", _("system"), _("Backups"), "", lambda organisation: None, None)
    filter_class = MatrixFilter
    exported_too = tuple(
        Column(f"copies_rule_{digit.value}", digit.value, value=_digit(digit)) for digit in Digit
    )

    def answered(self) -> Analysis:
        """Also the columns, which are the scenarios of this organisation."""
        found = self.answer()
        scenarios = [
            Column(
                f"{LOSS}{name}", said(column_heading(name)), f"{LOSS}{name}", value=_cell(position)
            )
            for position, name in enumerate(found.scenarios)
        ]
        self.columns = (
            Column("system", _("System"), sort="system", value="name"),
            Column("tier", _("Tier"), sort="tier", kind="number", value=_of_system("tier")),
            Column("readiness", _("Readiness"), sort="readiness"),
            Column("rpo", "RPO", sort="rpo", kind="minutes", value=_of_system("rpo_minutes")),
            *scenarios,
        )
        return found

    def ordered(self, rows: list[MatrixRow], sort: str) -> list[MatrixRow]:
        """By a scenario, or by the worst of all that is demanded: the worst comes first."""
        chosen, is_turned = sort.lstrip("-"), sort.startswith("-")
        if chosen == WORST:
            return sorted(rows, key=_worst, reverse=not is_turned)
        name = chosen.removeprefix(LOSS)
        if name == chosen or name not in self.analysis.scenarios:
            return super().ordered(rows, sort)
        column = self.analysis.scenarios.index(name)
        return sorted(rows, key=lambda row: _badness(row.cells[column]), reverse=not is_turned)

    def rows(self) -> Iterable[MatrixRow]:
        count, slug = len(self.analysis.estate.systems), self.organisation.slug
        rows = [MatrixRow(self.analysis, index, slug) for index in range(count)]
        return sorted(rows, key=lambda row: (row.system.tier or 9, row.name.casefold()))

    def fits(self, row: MatrixRow, wanted: Mapping[str, Any]) -> bool:
        system = row.system
        if not tier_fits(system.tier, wanted.get("tier", [])):
            return False
        if any(
            wanted.get(name) and wanted[name] != value
            for name, value in (("owner", system.owner), ("site", system.site))
        ):
            return False
        if (wanted.get("q") or "").casefold() not in system.name.casefold():
            return False
        if wanted.get("readiness") and row.readiness not in wanted["readiness"]:
            return False
        return not wanted.get("misses") or row.misses(wanted["misses"])

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {
            "tab": "matrix",
            "columns_told": columns_told(self.analysis),
            "has_systems": bool(self.analysis.estate.systems),
        }


class SystemLosses(AnswerView):
    """One system: its losses by scenario, its digits, and with `?scenario=` why one is as it is.

    Opened from the matrix with script, only the reasoning is sent.
    """

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        analysis = self.answer()
        systems = enumerate(analysis.estate.systems)
        index = next((index for index, system in systems if system.key == key), None)
        if index is None:
            raise Http404
        slug, scenario = self.organisation.slug, request.GET.get("scenario", "").strip()
        context = {"system": analysis.estate.systems[index], "tab": "matrix"}
        if scenario:
            try:
                found, cell = self.cell(analysis, index, scenario)
            except UnknownScenario as error:
                fault = _t(error.template) % error.values
                context["fault"] = fault[:1].upper() + fault[1:] + "."
            else:
                context |= reasoning(found, cell, slug)
        if self.request.htmx:
            return self.render("backups/_reasoning.html", context)
        context |= losses_of(analysis, index, slug)
        return self.render("backups/system.html", context)

    def cell(self, analysis: Analysis, index: int, scenario: str) -> tuple[Analysis, Cell]:
        """A column of the matrix, or any other scenario, which is analysed for it."""
        for cell in analysis.matrix[index]:
            if cell.column == scenario:
                return analysis, cell
        other = self.answer(scenario)
        return other, other.backups[index].analysed


urls = [
    path("backups/", Matrix.as_view(), name="backups-matrix"),
    path("backups/<str:key>/", SystemLosses.as_view(), name="backups-system"),
]
