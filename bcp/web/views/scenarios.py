"""The organisation's own scenarios: several losses that happen at once, under one name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.results import Analysis
from bcp.engine.scenario import UnknownScenario, parse_scenario
from bcp.engine.standing import Standing
from bcp.engine.words import scenario_words
from bcp.queries import analysis as answers
from bcp.queries import scenarios as reads
from bcp.queries.filters import ScenarioFilter
from bcp.services import scenarios as writes
from bcp.web.backups_parts import said
from bcp.web.forms.scenarios import BUTTON, CombinationForm
from bcp.web.nouns import Noun
from bcp.web.views.base import (
    CreateView,
    DeleteView,
    DetailView,
    EditView,
    HistoryView,
    seen_version,
)
from bcp.web.views.lists import Column, ListView

SCENARIOS = Noun(
    "scenarios",
    _("own scenario"),
    _("Own scenarios"),
    "scenariocombination",
    reads.listing,
    writes,
    adding=_("Add a scenario"),
)


def parts(record: Any) -> str:
    return ", ".join(part.scenario for part in record.parts.all())


def tiers(record: Any) -> str:
    return ", ".join(map(str, record.tiers)) or gettext("none")


def misses(analysis: Analysis, name: str) -> int | None:
    """How many systems whose tier must withstand it do not; `None` if it cannot happen, because
    a part of it names what is not live any more."""
    if name not in analysis.scenarios:
        return None
    column = analysis.scenarios.index(name)
    cells = (row[column] for row in analysis.matrix)
    return sum(cell.demanded and cell.standing is Standing.MISSES for cell in cells)


class ScenarioList(ListView):
    noun = SCENARIOS
    filter_class = ScenarioFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("parts", _("Happens at once"), value=parts),
        Column("tiers", _("Tiers that must withstand it"), value=tiers),
        Column("misses", _("Of those systems miss"), kind="number"),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        analysis = answers.analysis(self.organisation, now=self.now)
        for row in rows:
            row.misses = misses(analysis, row.name)
        return rows

    def context(self, page: Any) -> dict[str, Any]:
        return {"tab": "scenarios"}


class ScenarioDetail(DetailView):
    noun = SCENARIOS
    columns = (
        Column("tiers", _("Tiers that must withstand it"), value=tiers),
        Column("description", _("Description")),
    )

    def context(self, record: Any) -> dict[str, Any]:
        analysis = answers.analysis(self.organisation, now=self.now)
        wanted = urlencode({"scenario": record.name})
        try:
            happens = parse_scenario(record.name, analysis.estate).parts
        except UnknownScenario as error:
            happens = ()
            fault = gettext(error.template) % error.values
        else:
            fault = ""
        return {
            "happens": [said(scenario_words(part)) for part in happens],
            "fault": fault,
            "misses": misses(analysis, record.name),
            "matrix_url": f"{self.url('backups-matrix')}?{urlencode({'misses': record.name})}",
            "order_url": f"{self.url('recovery-order')}?{wanted}",
            "map_url": f"{self.url('map')}?{wanted}",
        }


class ScenarioCreate(CreateView):
    """A button of a row shows the form again with a row more or less; so when editing."""

    noun = SCENARIOS
    form_class = CombinationForm

    def post(self, request: HttpRequest) -> HttpResponse:
        if BUTTON in request.POST:
            typed = self.form(data=request.POST).rearranged(request.POST[BUTTON])
            return self.form_page(self.form(initial=typed), self.context())
        return super().post(request)

    def save(self, form: Any) -> Any:
        values, happens = form.apart()
        return writes.create(self.organisation, values, parts=happens, by=self.by)


class ScenarioEdit(EditView):
    noun = SCENARIOS
    form_class = CombinationForm

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if BUTTON in request.POST:
            record = self.record(key)
            typed = self.form(data=request.POST, instance=record).rearranged(request.POST[BUTTON])
            form = self.form(initial=typed, instance=record)
            return self.form_page(form, self.context(record, seen_version(request)))
        return super().post(request, key)

    def save(self, form: Any, key: str, version: int) -> Any:
        values, happens = form.apart()
        return writes.change(
            self.organisation, key, values, parts=happens, seen_version=version, by=self.by
        )


class ScenarioDelete(DeleteView):
    noun = SCENARIOS


class ScenarioHistory(HistoryView):
    noun = SCENARIOS


urls = [
    path("scenarios/", ScenarioList.as_view(), name="scenarios-list"),
    path("scenarios/new/", ScenarioCreate.as_view(), name="scenarios-create"),
    path("scenarios/<str:key>/", ScenarioDetail.as_view(), name="scenarios-detail"),
    path("scenarios/<str:key>/edit/", ScenarioEdit.as_view(), name="scenarios-edit"),
    path("scenarios/<str:key>/delete/", ScenarioDelete.as_view(), name="scenarios-delete"),
    path("scenarios/<str:key>/history/", ScenarioHistory.as_view(), name="scenarios-history"),
]
