"""What a map opens beside itself: the facts of one system, and its dependencies to add, change and
remove without leaving the drawing.

Every part has an address of its own. Asked for by the map's script it is a fragment; without
scripts the same address is a whole page with the same content. `back` carries the way out: of a
system's facts to the map they were opened on, of a form to the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import push_url

from bcp import access
from bcp.engine.freshness import doubts, unverified_people
from bcp.engine.map_address import Address, Show
from bcp.engine.results import Analysis
from bcp.engine.standing import Standing
from bcp.engine.wording import explain_chain
from bcp.queries import analysis as answers
from bcp.queries import dependencies, reviews
from bcp.web.forms.dependencies import NeedForm, NeedTermsForm
from bcp.web.review_rows import ReviewRow
from bcp.web.views.base import CreateView, DeleteView, EditView, NounView
from bcp.web.views.dependencies import DEPENDENCIES
from bcp.web.views.systems import SYSTEMS

MOST_EDGES = 25
"""Of each direction; the rest is one link away, in the list of dependencies."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency as one of its ends shows it."""

    record: Any
    other: Any
    url: str
    """The facts of the other end."""
    standing: Standing | None
    """Of the other end; `None` if it is not live."""


@dataclass(frozen=True, slots=True)
class Edges:
    """The dependencies in one direction: the first of them by name, and where all of them are."""

    shown: list[Edge]
    count: int
    all_url: str

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.shown)


class PanelPage(NounView):
    """A part of the panel, as a fragment or as a page."""

    def templates(self, page: str) -> list[str]:
        return [f"map/panel_{page}.html"]

    def page(
        self, page: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        is_fragment = bool(self.request.htmx) and not self.request.htmx.history_restore_request
        leave_url = self.back_url(self.url("map"))
        common = {
            "frame": "map/_panel.html" if is_fragment else "base.html",
            "heading": "h2" if is_fragment else "h1",
            "subheading": "h3" if is_fragment else "h2",
            "unchanged_url": leave_url,
            "leave_url": leave_url,
        }
        response = super().page(page, {**common, **(context or {})}, status)
        patch_vary_headers(response, ["HX-Request"])
        # The address stays that of the map.
        return push_url(response, False) if is_fragment else response

    def undo_url(self, key: str) -> str:
        """Taking it back leads to where the edit leads."""
        address = super().undo_url(key)
        return f"{address}?{urlencode({'back': self.back_url()})}" if address else ""


class MapPanel(PanelPage):
    """The facts of a system and what one may do about it from here."""

    noun = SYSTEMS

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        answer = answers.analysis(self.organisation, now=self.now)
        positions = {system.key: index for index, system in enumerate(answer.estate.systems)}
        edges = dependencies.listing(self.organisation)
        around = self.map_url(Address(Show.AROUND, focus=record.pk))
        context = {
            "record": record,
            "needs": self.edges(
                edges.filter(dependent=record).order_by("dependency__name"),
                ("dependent", "dependency"),
                answer,
                positions,
            ),
            "needed_by": self.edges(
                edges.filter(dependency=record).order_by("dependent__name"),
                ("dependency", "dependent"),
                answer,
                positions,
            ),
            "here": self.panel_url(record.pk),
            "map_url": self.back_url(around),
            "around_url": around,
            "without_url": self.map_url(Address(Show.SCENARIO, scenario=f"system:{record.name}")),
        }
        index = positions.get(record.pk)
        if index is not None:
            context |= self.facts(answer, index)
        return self.page("system", context)

    def edges(
        self,
        records: QuerySet[Any],
        ends: tuple[str, str],
        answer: Analysis,
        positions: Mapping[str, int],
    ) -> Edges:
        """`ends` names the end that is looked at, then the other."""
        here, there = ends
        key = self.kwargs["key"]
        shown = []
        for record in records[:MOST_EDGES]:
            other = getattr(record, there)
            index = positions.get(other.pk)
            standing = None if index is None else answer.systems[index].standing
            shown.append(Edge(record, other, self.panel_url(other.pk), standing))
        count = len(shown) if len(shown) < MOST_EDGES else records.count()
        every = f"{self.url('dependencies-list')}?{urlencode({here: key})}"
        return Edges(shown, count, every)

    def map_url(self, address: Address) -> str:
        return f"{self.url('map')}?{address.query}"

    def panel_url(self, key: str) -> str:
        address = self.url("map-panel", key=key)
        back = self.back_url()
        return f"{address}?{urlencode({'back': back})}" if back else address

    def facts(self, answer: Analysis, index: int) -> dict[str, Any]:
        """What the analysis says of the system."""
        result = answer.systems[index]
        unverified = unverified_people(answer.estate, self.today)
        key = answer.estate.systems[index].key
        (standing,) = reviews.standings(
            self.organisation, answer.estate, today=self.today, systems=[index]
        )
        return {
            "result": result,
            "system": answer.estate.systems[index],
            "readiness": answer.classes[index],
            "why": explain_chain(answer, index),
            "doubts": list(doubts(answer, index, unverified)),
            "review": ReviewRow(standing),
            "loop_url": self.map_url(Address(Show.LOOP, loop=key)) if result.in_loop else "",
            "chain_url": self.map_url(Address(Show.CHAIN, focus=key)),
        }


class NeedAdd(PanelPage, CreateView):
    """One more system that the one in the address needs."""

    noun = DEPENDENCIES
    form_class = NeedForm

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        self.dependent = access.find(SYSTEMS.listing(self.organisation), key)
        return super().get(request)

    def post(self, request: HttpRequest, key: str = "") -> HttpResponse:
        self.dependent = access.find(SYSTEMS.listing(self.organisation), key)
        return super().post(request)

    def save(self, form: Any) -> Any:
        values = {**form.cleaned_data, "dependent": self.dependent}
        return self.noun.writer.create(self.organisation, values, by=self.by)

    def context(self) -> dict[str, Any]:
        return {"title": _("Add what “%(system)s” needs") % {"system": self.dependent}}


class NeedEdit(PanelPage, EditView):
    """What it is needed to, and the note of how to start without it."""

    noun = DEPENDENCIES
    form_class = NeedTermsForm

    def context(self, record: Any, version: int) -> dict[str, Any]:
        ends = {"dependent": record.dependent, "dependency": record.dependency}
        title = _("What “%(dependent)s” needs “%(dependency)s” for") % ends
        return {**super().context(record, version), "title": title}


class NeedRemove(PanelPage, DeleteView):
    noun = DEPENDENCIES


urls = [
    path("map/systems/<str:key>/", MapPanel.as_view(), name="map-panel"),
    path("map/systems/<str:key>/needs/", NeedAdd.as_view(), name="map-needs-add"),
    path("map/needs/<str:key>/", NeedEdit.as_view(), name="map-needs-edit"),
    path("map/needs/<str:key>/remove/", NeedRemove.as_view(), name="map-needs-remove"),
]
