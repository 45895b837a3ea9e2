"""Loops: systems that wait for each other, told in words and drawn, and the way to open them.

A loop is addressed by any system in it, because its number changes when another one is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext

from bcp import access
from bcp.engine import map_views
from bcp.engine.loop_openings import MOST_COMPARED, OneLoop, Pair, held_open, loop_of
from bcp.engine.permissions import Capability
from bcp.engine.results import Analysis
from bcp.engine.wording_of_loops import waits
from bcp.errors import Conflict, InvalidInput
from bcp.queries import dependencies, history, loops, procedures, systems
from bcp.services import loops as writes
from bcp.services import map as maps
from bcp.services import undo
from bcp.services.loops import SeenDraft
from bcp.web.forms.loops import OpenForm
from bcp.web.loop_rows import edge_rows, loop_row, names_of, story_of
from bcp.web.views.answers import AnswerView
from bcp.web.views.base import seen_version

LOOPS_A_PAGE = 20
EDGES_A_PAGE = 50
MOST_NOTES = 100


class LoopView(AnswerView):
    """What the pages of loops share."""

    def rows_of(self, answer: Analysis, pairs: Iterable[Pair]) -> dict[Pair, Any]:
        return loops.dependencies_between(self.organisation, answer, pairs)

    def opening_url(self, edge: Any) -> str:
        """Where a dependency is opened; empty for a reader who may not edit."""
        may_edit = access.can(self.membership, Capability.EDIT_ESTATE)
        return self.url("loops-open", key=edge.pk) if may_edit else ""

    def position(self, answer: Analysis, key: str) -> int | None:
        """Where a system stands in the estate; `None` if it is not live."""
        places = enumerate(answer.estate.systems)
        return next((position for position, one in places if one.key == key), None)

    def noted(self, answer: Analysis, only: int | None = None) -> list[Any]:
        """The dependencies whose notes keep a round open, of one system or of all; at most
        `MOST_NOTES`."""
        edges = (answer.estate.dependencies[position] for position in held_open(answer.estate))
        pairs = [
            (edge.dependent, edge.dependency) for edge in edges if only in (None, edge.dependent)
        ][:MOST_NOTES]
        rows = self.rows_of(answer, pairs)
        return [rows[pair] for pair in pairs if pair in rows]


class LoopList(LoopView):
    def get(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer()
        page: Page[Any] = Paginator(range(len(answer.loops)), LOOPS_A_PAGE).get_page(
            request.GET.get("page")
        )
        ones = [OneLoop(answer.estate, answer.loops[number]) for number in page]
        rows = self.rows_of(answer, (pair for one in ones for pair in one.loop.open_edges))
        shown = [
            loop_row(
                answer,
                one.loop,
                edge_rows(answer, one, one.loop.open_edges, rows, self.opening_url),
                url=self.url("loops-detail", key=answer.estate.systems[one.loop.cycle[0]].key),
                map_url=f"{self.url('map')}?loop={answer.estate.systems[one.loop.cycle[0]].key}",
            )
            for one in ones
        ]
        context = {
            "title": gettext("Loops"),
            "loops": shown,
            "count": len(answer.loops),
            "in_loops": sum(len(loop.systems) for loop in answer.loops),
            "pages": page,
            "notes": self.noted(answer),
            "nothing_recorded": not answer.estate.dependencies,
        }
        return self.render("loops/list.html", context)


class LoopDetail(LoopView):
    """The loop in which a system is; of a system in none, what keeps it open."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        answer = self.answer()
        position = self.position(answer, key)
        number = None if position is None else loop_of(answer.loops, position)
        if number is None:
            context = {
                "title": gettext("“%(system)s” is in no loop") % {"system": system},
                "system": system,
                "is_live": position is not None,
                "loops_left": len(answer.loops),
                "notes": [] if position is None else self.noted(answer, position),
            }
            return self.render("loops/open_now.html", context)
        return self.render("loops/detail.html", self.context(answer, number))

    def context(self, answer: Analysis, number: int) -> dict[str, Any]:
        one = OneLoop(answer.estate, answer.loops[number])
        wanted = self.request.GET.get("q", "").strip()
        pairs = self.fitting(answer, one, wanted)
        page: Page[Any] = Paginator(pairs, EDGES_A_PAGE).get_page(self.request.GET.get("page"))
        others = one.alternatives()
        needed = {*page, *one.loop.open_edges, *(pair for group in others.sets for pair in group)}
        rows = self.rows_of(answer, needed)
        count = len(one.loop.systems)
        title = ngettext(
            "%(count)s system that waits for itself",
            "%(count)s systems that wait for each other",
            count,
        ) % {"count": count}
        names, more = names_of(answer, one.loop.systems)
        view = map_views.loop(answer, number)
        return {
            "title": title,
            "count": count,
            "names": names,
            "more": more,
            "story": story_of(answer, one),
            "exact": one.loop.exact,
            "offered": edge_rows(answer, one, one.loop.open_edges, rows, self.opening_url),
            "alternatives": [
                edge_rows(answer, one, group, rows, self.opening_url) for group in others.sets
            ],
            "every_alternative": others.complete,
            "is_too_large": count > MOST_COMPARED,
            "most_compared": MOST_COMPARED,
            "edges": edge_rows(answer, one, page, rows, self.opening_url, tried=True),
            "edge_count": len(one.edges),
            "pages": page,
            "wanted": wanted,
            "drawing": self.drawing(answer, view, title),
            "left_out": view.left_out,
            "map_url": f"{self.url('map')}?loop={answer.estate.systems[one.loop.cycle[0]].key}",
        }

    def fitting(self, answer: Analysis, one: OneLoop, wanted: str) -> list[Pair]:
        """The dependencies of the loop with `wanted` in a name at either end, by name."""
        estate, folded = answer.estate, wanted.casefold()
        edges = (estate.dependencies[position] for position in one.edges)
        pairs = sorted(
            {(edge.dependent, edge.dependency) for edge in edges},
            key=lambda pair: [estate.systems[end].name.casefold() for end in pair],
        )
        if not folded:
            return pairs
        return [
            pair
            for pair in pairs
            if any(folded in estate.systems[end].name.casefold() for end in pair)
        ]

    def drawing(self, answer: Analysis, view: map_views.View, title: str) -> maps.Drawing:
        scene = maps.scene_of_view(
            answer,
            view,
            today=self.today,
            href=lambda key: self.url("systems-detail", key=key),
        )
        return maps.picture(
            self.organisation,
            scene,
            title=title,
            description=gettext(
                "An arrow runs from each system to what it needs. The sentences and the table on"
                " this page say the same in words."
            ),
        )


class LoopOpen(LoopView):
    """GET: what opening a dependency would leave closed, and a form for the note and the step.
    POST writes both or nothing."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        edge = access.find(dependencies.listing(self.organisation), key)
        return self.opening(edge, OpenForm(organisation=self.organisation))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        version, draft = seen_version(request), _seen_draft(request)
        form = OpenForm(request.POST, organisation=self.organisation)
        edge = dependencies.listing(self.organisation).filter(pk=key).first()
        if edge is None:
            return self.gone(key, form)
        answer = self.answer()
        one, _pair = self.located(answer, edge)
        if one is None:
            fault = gettext("The loop was opened meanwhile, or this dependency was changed.")
            return self.opening(edge, form, fault=fault, status=409)
        if not form.is_valid():
            return self.opening(edge, form, status=422)
        try:
            written = writes.open_dependency(
                self.organisation,
                key,
                form.cleaned_data["note"],
                form.step(),
                seen_version=version,
                seen_draft=draft,
                by=self.by,
            )
        except InvalidInput as error:
            form.add_faults(error)
            return self.opening(edge, form, status=422)
        except Conflict as conflict:
            edge = dependencies.listing(self.organisation).filter(pk=key).first()
            if edge is None:
                return self.gone(key, form)
            return self.opening(edge, form, fault=str(conflict), status=409)
        latest = history.of_record(self.organisation, "dependency", key).first()
        can_undo = latest is not None and undo.can_undo(latest)
        self.succeed(
            gettext(
                "“%(dependent)s” can now be started without “%(dependency)s”. The step stands in"
                " draft %(number)d of its procedure; somebody else approves it. Undo takes the"
                " note back, the draft stays."
            )
            % {
                "dependent": edge.dependent,
                "dependency": edge.dependency,
                "number": written.number,
            },
            self.url("history-undo", key=latest.pk) if latest is not None and can_undo else "",
        )
        return redirect(self.url("loops-detail", key=self.what_is_left(answer, one, edge)))

    def what_is_left(self, before: Analysis, one: OneLoop, edge: Any) -> str:
        """The key of a system of the former loop that still waits, or else of the dependent."""
        waiting = {
            system.key
            for loop in self.answer().loops
            for system in map(before.estate.systems.__getitem__, loop.systems)
        }
        keys = (before.estate.systems[member].key for member in one.loop.systems)
        return next((key for key in keys if key in waiting), edge.dependent_id)

    def located(self, answer: Analysis, edge: Any) -> tuple[OneLoop, Pair] | tuple[None, None]:
        """The loop that the dependency holds closed, and the dependency in it."""
        above = self.position(answer, edge.dependent_id)
        below = self.position(answer, edge.dependency_id)
        number = None if above is None else loop_of(answer.loops, above)
        if above is None or below is None or number is None:
            return None, None
        one = OneLoop(answer.estate, answer.loops[number])
        try:
            one.needed_to((above, below))
        except KeyError:
            return None, None
        return one, (above, below)

    def opening(
        self, edge: Any, form: OpenForm, *, fault: str = "", status: int = 200
    ) -> HttpResponse:
        answer = self.answer()
        one, pair = self.located(answer, edge)
        versions = list(procedures.of_system(self.organisation, edge.dependent_id))
        context: dict[str, Any] = {
            "title": gettext("Start “%(dependent)s” without “%(dependency)s”")
            % {"dependent": edge.dependent, "dependency": edge.dependency},
            "edge": edge,
            "form": form,
            "fault": fault,
            "draft": next((row for row in versions if row.state == "draft"), None),
            "approved": next((row for row in versions if row.state == "approved"), None),
        }
        if one is None or pair is None:
            return self.render("loops/open.html", context | {"is_closed": False}, status)
        context |= {
            "is_closed": True,
            "says": waits(answer.estate, one, pair),
            "left": [
                loop_row(
                    answer,
                    loop,
                    edge_rows(answer, one, loop.open_edges, {}, self.opening_url),
                    url="",
                    map_url="",
                )
                for loop in one.left_after([pair])
            ],
        }
        return self.render("loops/open.html", context, status)

    def gone(self, key: str, form: OpenForm) -> HttpResponse:
        """The dependency was deleted meanwhile: what was typed is still shown, to be copied."""
        latest = history.of_record(self.organisation, "dependency", key).first()
        if latest is None:
            raise Http404(gettext("There is no such page."))
        context = {
            "title": gettext("“%(dependency)s” is gone") % {"dependency": latest.record_label},
            "form": form,
            "fault": gettext("Somebody has deleted this dependency in the meantime."),
            "is_closed": False,
            "edge": None,
        }
        return self.render("loops/open.html", context, 409)


def _seen_draft(request: HttpRequest) -> SeenDraft | None:
    """The draft and its version that the page which was sent in had shown, if there was one."""
    key, _colon, version = request.POST.get("draft", "").partition(":")
    if not key:
        return None
    try:
        return SeenDraft(key, int(version))
    except ValueError as error:
        raise SuspiciousOperation("the form lacks the draft it was made from") from error


urls = [
    path("loops/", LoopList.as_view(), name="loops-list"),
    path("loops/open/<str:key>/", LoopOpen.as_view(), name="loops-open"),
    path("loops/<str:key>/", LoopDetail.as_view(), name="loops-detail"),
]
