"""The map: everything while it can be read, else the surroundings of one system; and the same in
two tables, for whoever cannot use a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import NeededTo, System
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Analysis, SystemResult
from bcp.services import map as maps
from bcp.web.forms.answers import KINDS
from bcp.web.views.answers import AnswerView

NEEDED_TO = {
    NeededTo.REBUILD: _("to rebuild"),
    NeededTo.RUN: _("to run"),
    NeededTo.FULL_SERVICE: _("for full service"),
}
DEPTHS = (1, 2)
MOST_FOUND = 50
CHOICES_A_PAGE = 200
_LAST_TIER = 9


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to divide the systems when there are too many for one picture. `of` is the group
    of a system, "" where that is not known; `label_of` names a group."""

    name: str
    label: str | Promise
    of: Callable[[System], str]
    label_of: Callable[[str], str]


GROUPINGS = (
    Grouping(
        "tier",
        _("Tier"),
        lambda system: str(system.tier or ""),
        lambda group: gettext("Tier %(tier)s") % {"tier": group} if group else gettext("No tier"),
    ),
    Grouping(
        "site",
        _("Site"),
        lambda system: system.site or "",
        lambda group: group or gettext("No site"),
    ),
    Grouping("kind", _("Kind"), lambda system: system.kind.value, lambda group: str(KINDS[group])),
)


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    count: int
    query: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class MapRow:
    """A system of the map, for the table beside it."""

    system: System
    result: SystemResult
    readiness: ReadinessClass
    url: str
    is_focus: bool


@dataclass(frozen=True, slots=True)
class EdgeRow:
    dependent: MapRow
    dependency: MapRow
    needed_to: str | Promise
    bootstrap: str


class MapPage(AnswerView):
    """`focus` (a system's key) with `depth` 1 or 2; or `by` and `group`; or `q`, a name to look
    for. Without any: everything, or the groups to choose from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer()
        wanted = request.GET.get("q", "").strip()
        if wanted:
            return self.found(answer, wanted)
        focus = request.GET.get("focus", "")
        if focus:
            return self.focused(answer, focus)
        systems = answer.estate.systems
        if len(systems) <= maps.MOST_NODES:
            extent = maps.of_systems(answer, range(len(systems)))
            title = gettext("Map of all systems")
            return self.picture_page(answer, extent, title, self.chooser(answer))
        return self.grouped(answer)

    # --- one system ------------------------------------------------------------------------

    def focused(self, answer: Analysis, key: str) -> HttpResponse:
        index = next(
            (index for index, one in enumerate(answer.estate.systems) if one.key == key), None
        )
        if index is None:
            raise Http404(gettext("There is no such page."))
        depth = 2 if self.request.GET.get("depth") == "2" else 1
        extent = maps.around(answer, index, depth)
        system = answer.estate.systems[index]
        title = gettext("Map around “%(system)s”") % {"system": system.name}
        context = self.chooser(answer) | {
            "focus": system,
            "depth": depth,
            "depths": [(one, self.focus_url(key, one)) for one in DEPTHS],
        }
        return self.picture_page(answer, extent, title, context)

    def focus_url(self, key: str, depth: int = 1) -> str:
        query = {"focus": key} if depth == 1 else {"focus": key, "depth": str(depth)}
        return f"{self.url('map')}?{urlencode(query)}"

    # --- many systems ----------------------------------------------------------------------

    def grouped(self, answer: Analysis) -> HttpResponse:
        wanted = self.request.GET.get("by", "")
        grouping = next((one for one in GROUPINGS if one.name == wanted), GROUPINGS[0])
        members: defaultdict[str, list[int]] = defaultdict(list)
        for index, system in enumerate(answer.estate.systems):
            members[grouping.of(system)].append(index)
        open_group = self.request.GET.get("group")
        groups = [
            Group(
                label=grouping.label_of(name),
                count=len(members[name]),
                query=urlencode({"by": grouping.name, "group": name}),
                is_open=open_group == name,
            )
            for name in sorted(members, key=lambda name: (not name, name))
        ]
        context = self.chooser(answer) | {
            "groups": groups,
            "groupings": GROUPINGS,
            "grouping": grouping,
        }
        title = gettext("Map")
        if open_group is None:
            return self.render("map/map.html", {"title": title, **context})
        chosen = members.get(open_group, [])
        if 0 < len(chosen) <= maps.MOST_NODES:
            return self.picture_page(answer, maps.of_systems(answer, chosen), title, context)
        return self.render(
            "map/map.html", {"title": title, **context, **self.list_of(answer, chosen)}
        )

    def list_of(self, answer: Analysis, chosen: list[int]) -> dict[str, Any]:
        page: Page[Any] = Paginator(chosen, CHOICES_A_PAGE).get_page(self.request.GET.get("page"))
        systems = answer.estate.systems
        choices = [(systems[one].name, self.focus_url(systems[one].key)) for one in page]
        return {"choices": choices, "pages": page}

    def found(self, answer: Analysis, wanted: str) -> HttpResponse:
        """The system of that name, or those with it in their names to choose from."""
        folded = wanted.casefold()
        named = [one for one in answer.estate.systems if folded in one.name.casefold()]
        exact = [one for one in named if one.name.casefold() == folded]
        hits = exact or named
        if len(hits) == 1:
            return redirect(self.focus_url(hits[0].key))
        context = self.chooser(answer) | {
            "title": gettext("Map"),
            "wanted": wanted,
            "found": len(hits),
            "choices": [(one.name, self.focus_url(one.key)) for one in hits[:MOST_FOUND]],
        }
        return self.render("map/map.html", context)

    # --- what every map page has -----------------------------------------------------------

    def chooser(self, answer: Analysis) -> dict[str, Any]:
        names = [system.name for system in answer.estate.systems[:300]]
        return {"offered": names, "count": len(answer.estate.systems)}

    def picture_page(
        self, answer: Analysis, extent: maps.Extent, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        focus = None if extent.focus is None else answer.estate.systems[extent.focus].key
        drawing = None
        if extent.systems:
            drawing = maps.picture(
                self.organisation,
                answer,
                extent,
                title=title,
                description=gettext(
                    "An arrow runs from each system to what it needs. The tables below say the"
                    " same in words."
                ),
                href=lambda key: (
                    self.url("systems-detail", key=key) if key == focus else self.focus_url(key)
                ),
            )
        rows = {index: self.row(answer, index, extent.focus) for index in extent.systems}
        return self.render(
            "map/map.html",
            {
                **context,
                "title": title,
                "drawing": drawing,
                "rows": sorted(rows.values(), key=_critical_first),
                "edges": list(self.edge_rows(answer, extent, rows)),
                "left_out": extent.left_out,
            },
        )

    def row(self, answer: Analysis, index: int, focus: int | None) -> MapRow:
        system = answer.estate.systems[index]
        url = self.url("systems-detail", key=system.key)
        return MapRow(system, answer.systems[index], answer.classes[index], url, index == focus)

    def edge_rows(
        self, answer: Analysis, extent: maps.Extent, rows: dict[int, MapRow]
    ) -> Iterable[EdgeRow]:
        for position in extent.edges:
            edge = answer.estate.dependencies[position]
            yield EdgeRow(
                rows[edge.dependent],
                rows[edge.dependency],
                NEEDED_TO[edge.needed_to],
                edge.bootstrap,
            )


def _critical_first(row: MapRow) -> tuple[bool, int, str]:
    return not row.is_focus, row.system.tier or _LAST_TIER, row.system.name


urls = [path("map/", MapPage.as_view(), name="map")]
