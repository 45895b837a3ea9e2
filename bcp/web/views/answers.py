"""Lists whose rows the engine answers instead of the database: gaps, recovery order, targets.

They look and behave like every other list (`views/lists.py`): search, filters, sorting and the
page stand in the address, and what is shown can be exported. Rows are narrowed and sorted in
memory, because they come from the cached analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django_htmx.http import push_url

from bcp.engine.messages import Message
from bcp.engine.results import Analysis
from bcp.engine.scenario import EVERYTHING
from bcp.queries.analysis import analysis
from bcp.services.exporting import Format
from bcp.web.views.base import OrgView
from bcp.web.views.lists import ROWS_A_PAGE, Column, ListView, export


class AnswerView(OrgView):
    """A page that shows what the engine answers."""

    def answer(self, scenario: str = EVERYTHING) -> Analysis:
        """The analysis of the organisation as it is now; kept until somebody writes."""
        return analysis(self.organisation, scenario, now=self.now)


def sentence(message: Message) -> str:
    """What the engine says, in the reader's language, where no template says it."""
    return message.said(gettext)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Stands where a list of records has its filter set."""

    form: forms.Form


class AnswerList(AnswerView, ListView):
    """Subclasses give `rows`, made from `self.analysis`, in the order in which they read best;
    say which of them `fits`; and `prepare` what only the rows of one page need.

    `filter_class` is a form made with `answer=` (`forms/answers.py`).
    """

    exported_too: ClassVar[tuple[Column, ...]] = ()
    """Columns that only an export has room for."""

    sort_ranks: ClassVar[Mapping[str, str]] = {}
    """Where a column does not sort by what it shows: its sort name → the row's attribute."""

    analysis: Analysis

    def get(self, request: HttpRequest) -> HttpResponse:
        self.analysis = self.answered()
        form = self.filter_form()
        form.is_valid()
        fitting = [row for row in self.rows() if self.fits(row, form.cleaned_data)]
        rows = self.ordered(fitting, request.GET.get("sort", ""))
        file_format = request.GET.get("export", "")
        if file_format in set(Format):
            return export(
                (*self.columns, *self.exported_too), rows, Format(file_format), self.file_name()
            )
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        page.object_list = self.prepare(list(page.object_list))
        context = {**self.frame(Narrowing(form), page), **self.context(page)}
        is_fragment = bool(self.request.htmx) and not self.request.htmx.history_restore_request
        response = self.page("_table" if is_fragment else "list", context)
        patch_vary_headers(response, ["HX-Request"])
        return push_url(response, self.address()) if is_fragment else response

    def answered(self) -> Analysis:
        return self.answer()

    def filter_form(self) -> Any:
        return self.filter_class(self.request.GET, answer=self.analysis)

    def rows(self) -> Iterable[Any]:
        return ()

    def fits(self, row: Any, wanted: Mapping[str, Any]) -> bool:
        """Whether a row is shown, by the cleaned values of the filter form."""
        return True

    def ordered(self, rows: list[Any], sort: str) -> list[Any]:
        """Sorted by the column that `sort` names; unknown values come last either way."""
        chosen = sort.lstrip("-")
        column = next((one for one in self.columns if one.sort and one.sort == chosen), None)
        if column is None:
            return rows
        known = [row for row in rows if column.of(row) is not None]
        unknown = [row for row in rows if column.of(row) is None]
        rank = self.sort_ranks.get(chosen)
        known.sort(
            key=lambda row: _comparable(getattr(row, rank) if rank else column.of(row)),
            reverse=sort.startswith("-"),
        )
        return known + unknown

    def file_name(self) -> str:
        return f"{self.organisation.slug}-{self.noun.name.replace('_', '-')}"

    def page(
        self, page: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        common = {"noun": self.noun, "can_edit": False}
        return self.render(self.templates(page), {**common, **(context or {})}, status)

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {}


def _comparable(value: Any) -> Any:
    return value if isinstance(value, int | float) else str(value).casefold()
