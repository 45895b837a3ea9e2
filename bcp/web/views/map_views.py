"""The saved views of the map: shared by everybody in the organisation, found by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.map_address import BadAddress, read
from bcp.engine.results import Analysis
from bcp.queries import map_views as reads
from bcp.queries.analysis import analysis
from bcp.queries.filters import SavedViewFilter
from bcp.services import map_views as writes
from bcp.web.forms.map_views import SavedViewForm, SavedViewNameForm
from bcp.web.map_choices import NotThere, has_been_deleted, title
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, EditView, HistoryView, NounView
from bcp.web.views.lists import Column, ListView

SAVED_VIEWS = Noun(
    "map-views",
    _("saved view"),
    _("Saved views"),
    "savedview",
    reads.listing,
    writes,
    adding=_("Save this view"),
)


def map_address_of(page: NounView, query: str) -> str:
    """The map of a saved view."""
    return f"{page.url('map')}?{query}" if query else page.url("map")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view is of, in words, and whether that is (still) there; `system` is the key of the
    system that is not."""

    words: str
    is_there: bool
    system: str = ""


def shown(query: str, answer: Analysis) -> Shown:
    try:
        return Shown(title(read(query), answer), True)
    except NotThere as error:
        return Shown(str(error), False, error.system)
    except BadAddress as error:
        return Shown(gettext(error.template) % error.values, False)


class SavedViewList(ListView):
    noun = SAVED_VIEWS
    filter_class = SavedViewFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("shows", _("What it shows")),
    )
    row_edit = True

    def prepare(self, rows: list[Any]) -> list[Any]:
        answer = analysis(self.organisation, now=self.now)
        found = [shown(row.query, answer) for row in rows]
        missing = {one.system for one in found if one.system}
        deleted = reads.deleted_systems(self.organisation, missing)
        for row, one in zip(rows, found, strict=True):
            row.is_there = one.is_there
            row.shows = one.words
            if one.system in deleted:
                row.shows = has_been_deleted(deleted[one.system])
        return rows


class SavedViewOpen(NounView):
    """A saved view for ever has this address, whatever its name."""

    noun = SAVED_VIEWS

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return redirect(map_address_of(self, self.record(key).query))


class SavedViewCreate(CreateView):
    """Comes from the map with what is shown there; without that it leads there."""

    noun = SAVED_VIEWS
    form_class = SavedViewForm

    def get(self, request: HttpRequest) -> HttpResponse:
        if "query" not in request.GET:
            return redirect(self.url("map"))
        return super().get(request)

    def context(self) -> dict[str, Any]:
        query = self.request.POST.get("query", self.request.GET.get("query", ""))
        answer = analysis(self.organisation, now=self.now)
        return {**super().context(), "shows": shown(query, answer).words}


class SavedViewEdit(EditView):
    noun = SAVED_VIEWS
    form_class = SavedViewNameForm

    def next_url(self, record: Any) -> str:
        return self.back_url(self.url("map-views-list"))


class SavedViewDelete(DeleteView):
    noun = SAVED_VIEWS


class SavedViewHistory(HistoryView):
    noun = SAVED_VIEWS


urls = [
    path("map/views/", SavedViewList.as_view(), name="map-views-list"),
    path("map/views/new/", SavedViewCreate.as_view(), name="map-views-create"),
    path("map/views/<str:key>/", SavedViewOpen.as_view(), name="map-views-detail"),
    path("map/views/<str:key>/edit/", SavedViewEdit.as_view(), name="map-views-edit"),
    path("map/views/<str:key>/delete/", SavedViewDelete.as_view(), name="map-views-delete"),
    path("map/views/<str:key>/history/", SavedViewHistory.as_view(), name="map-views-history"),
]
