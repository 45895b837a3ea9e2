"""The map: a view of it as a picture and, for whoever cannot use one, the same in two tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.utils.translation import gettext

from bcp.engine.estate import System
from bcp.engine.map_address import (
    OF_A_SYSTEM,
    Address,
    BadAddress,
    Show,
    read_fields,
    unknown_value,
)
from bcp.engine.results import Analysis
from bcp.queries import map_views, proposed_dependencies, systems
from bcp.services import map as maps
from bcp.services import map_files
from bcp.services.exporting import Format
from bcp.web import map_picker, map_tables
from bcp.web.forms.answers import ScenarioForm
from bcp.web.forms.map import PartForm
from bcp.web.map_choices import Choice, NotThere, choose, has_been_deleted, lead
from bcp.web.views import map_csv
from bcp.web.views.answers import AnswerView

FILES = (
    ("SVG", {"export": "svg"}),
    ("PNG", {"export": "png"}),
    ("PDF A4", {"export": "pdf", "paper": "a4"}),
    ("PDF A3", {"export": "pdf", "paper": "a3"}),
    ("PDF Letter", {"export": "pdf", "paper": "letter"}),
    ("DOT", {"export": "dot"}),
    ("Mermaid", {"export": "mermaid"}),
    ("GraphML", {"export": "graphml"}),
)
MOST_FOUND = 50
OPTIONS_A_PAGE = 200
_SAVED_VIEWS = 12
_OFFERED = 300


class MapPage(AnswerView):
    """`engine.map_address` says what the address asks for; `q` is the name of a system to look
    for, `lost_system` that of one whose loss is to be drawn."""

    def get(self, request: HttpRequest) -> HttpResponse:
        fields = dict(request.GET.lists())
        try:
            address = read_fields(fields)
            wanted = request.GET.get("q", "").strip()
            if wanted:
                return self.found(address, wanted)
            lost = request.GET.get("lost_system", "").strip()
            if lost:
                scenario = Address(Show.SCENARIO, scenario=f"system:{lost}")
                return redirect(self.href(scenario))
            if address.is_choice:
                return self.choosing(address)
            return self.shown(choose(address, self.answer))
        except BadAddress as error:
            fault = gettext(error.template) % error.values
            return self.choosing(Address(), fault=f"{fault[:1].upper()}{fault[1:]}.", status=400)
        except NotThere as error:
            return self.missing(error, address)

    def shown(self, chosen: Choice) -> HttpResponse:
        wanted = self.request.GET.get("export", "")
        if wanted:
            formats = [*map_files.Format, *Format]
            if wanted not in formats:
                raise unknown_value("export", wanted, formats)
            scene = self.scene(chosen, self.proposals(chosen))
            if scene.nodes and wanted in set(Format):
                return self.table_file(chosen, scene, Format(wanted))
            if scene.nodes:
                return self.file(chosen, scene, map_files.Format(wanted))
        return self.render("map/map.html", self.context(chosen))

    # --- what is not there, and what there is instead ----------------------------------------

    def found(self, address: Address, wanted: str) -> HttpResponse:
        """The system of that name, or those with it in their names to choose from, each shown in
        the way that the address asks for."""
        like = address if address.show in OF_A_SYSTEM else Address(Show.AROUND)
        answer = self.answer()
        folded = wanted.casefold()
        named = [one for one in answer.estate.systems if folded in one.name.casefold()]
        exact = [one for one in named if one.name.casefold() == folded]
        hits = exact or named
        if len(hits) == 1:
            return redirect(self.href(replace(like, focus=hits[0].key)))

        def href(of_system: Address) -> str:
            return self.href(replace(like, focus=of_system.focus))

        listed = [map_picker.system_option(one, href) for one in hits[:MOST_FOUND]]
        context = self.frame(answer, replace(like, focus="")) | {
            "title": gettext("Map"),
            "wanted": wanted,
            "found": len(hits),
            "options": listed,
        }
        return self.render("map/map.html", context)

    def choosing(
        self,
        address: Address,
        fault: str = "",
        status: int = 200,
        saved_here: Sequence[Any] = (),
    ) -> HttpResponse:
        """What there is of the kind that is asked for, to choose from."""
        answer = self.answer()
        context = self.frame(answer, address) | {
            "title": gettext("Map"),
            "fault": fault,
            "saved_here": saved_here,
        }
        if address.show is Show.PART:
            context["turns"] = [map_picker.groupings(self.href)]
        listed = map_picker.options(address.show, answer, self.href)
        if listed is not None:
            page = self.one_page(listed.options)
            context |= {"options": list(page), "pages": page}
            context |= {"options_heading": listed.heading, "nothing": listed.nothing}
        return self.render("map/map.html", context, status)

    def missing(self, error: NotThere, address: Address) -> HttpResponse:
        """What is not there any more is named if this organisation ever had it."""
        fault = str(error)
        if error.system:
            record = systems.listing(self.organisation).filter(pk=error.system).first()
            deleted = map_views.deleted_systems(self.organisation, [error.system])
            if record is not None:
                fault = gettext("“%(system)s” is not live; the map shows live systems only.") % {
                    "system": record.name
                }
            elif deleted:
                fault = has_been_deleted(deleted[error.system])
        saved = list(map_views.of_query(self.organisation, address.query))
        return self.choosing(Address(error.show), fault=fault, status=404, saved_here=saved)

    # --- addresses -------------------------------------------------------------------------

    @cached_property
    def base(self) -> str:
        """The address of the map without a view; thousands of links begin with it."""
        return self.url("map")

    def href(self, address: Address) -> str:
        query = address.query
        return f"{self.base}?{query}" if query else self.base

    def file_url(self, chosen: Choice, **query: str) -> str:
        """The same view as a file."""
        view = chosen.address.query
        return f"{self.base}?{view}{'&' if view else ''}{urlencode(query)}"

    # --- the page --------------------------------------------------------------------------

    def frame(self, answer: Analysis, address: Address) -> dict[str, Any]:
        """What every map has: the kinds of views, what to find, and the saved views."""
        saved = list(map_views.listing(self.organisation)[: _SAVED_VIEWS + 1])
        context: dict[str, Any] = {
            "address": address,
            "is_of_a_system": address.show in OF_A_SYSTEM,
            "count": len(answer.estate.systems),
            "kinds": map_picker.kinds(address, self.href),
            "offered": [system.name for system in answer.estate.systems[:_OFFERED]],
            "saved": saved[:_SAVED_VIEWS],
            "more_saved": len(saved) > _SAVED_VIEWS,
        }
        if address.show is Show.SCENARIO:
            context["form"] = self.scenario_form(answer)
        if address.show is Show.PART and not address.within:
            context["form"] = PartForm(estate=answer.estate, auto_id="picker_%s")
        return context

    def scenario_form(self, answer: Analysis) -> ScenarioForm:
        now = answer.scenario
        by_name = now.kind == "system"
        return ScenarioForm(
            initial={
                "scenario": "everything" if by_name else now.name,
                "lost_system": now.subject if by_name else "",
            },
            answer=answer,
            auto_id="picker_%s",
        )

    def context(self, chosen: Choice) -> dict[str, Any]:
        context = self.frame(chosen.answer, chosen.address) | {
            "title": chosen.title,
            "choice": chosen,
            "lead": lead(chosen),
            "turns": map_picker.turns(chosen, self.href),
            "query": chosen.address.query,
            "saved_here": list(map_views.of_query(self.organisation, chosen.address.query)),
        }
        if chosen.focus is not None:
            context |= self.about(chosen.focus)
        if chosen.view is not None and chosen.view.hidden:
            context |= self.hidden(chosen.answer, chosen.view.hidden)
        proposals = self.proposals(chosen)
        scene = self.scene(chosen, proposals, self.page_of(chosen))
        if scene.nodes:
            context |= self.tables(chosen, scene)
            context |= self.undrawn(chosen, scene)
            context["proposals"] = map_tables.of_proposals(proposals)
            context["drawing"] = self.drawing(chosen, scene)
            context["files"] = [(label, self.file_url(chosen, **query)) for label, query in FILES]
            context["table_files"] = {
                table.value: [
                    (one.value.upper(), self.file_url(chosen, export=one.value, table=table.value))
                    for one in Format
                ]
                for table in map_csv.Table
            }
        return context

    def about(self, focus: System) -> dict[str, Any]:
        lost = Address(Show.SCENARIO, scenario=f"system:{focus.name}")
        return {"focus": focus, "lost_url": self.href(lost)}

    def hidden(self, answer: Analysis, hidden: Sequence[int]) -> dict[str, Any]:
        """What did not fit the picture, each with a map of its own."""
        page = self.one_page(hidden)
        found = [map_picker.system_option(answer.estate.systems[one], self.href) for one in page]
        return {"left_out": len(hidden), "options": found, "pages": page}

    def undrawn(self, chosen: Choice, scene: maps.Scene) -> dict[str, Any]:
        """What would make the picture a tangle, and the picture with or without it."""
        address = chosen.address
        turned = replace(address, every_arrow=not address.every_arrow)
        return {"undrawn": maps.undrawn_words(scene), "other_arrows_url": self.href(turned)}

    def one_page(self, found: Sequence[Any]) -> Page[Any]:
        return Paginator(found, OPTIONS_A_PAGE).get_page(self.request.GET.get("page"))

    # --- what is shown ---------------------------------------------------------------------

    def tables(self, chosen: Choice, scene: maps.Scene) -> dict[str, Any]:
        if chosen.groups is not None and chosen.by is not None:
            return map_tables.of_groups(chosen.groups, chosen.by, self.page_of(chosen))
        if chosen.view is None:
            return {}
        return map_tables.of_view(
            chosen.answer,
            chosen.view,
            scene,
            lambda key: self.url("systems-detail", key=key),
        )

    def page_of(self, chosen: Choice) -> Callable[[str], str]:
        """Where a node leads: a group opens, a system shows its facts beside this map."""
        by, within = chosen.by, chosen.address.within
        if chosen.groups is not None and by is not None:
            return lambda name: self.href(Address(Show.PART, within=(*within, (by, name))))
        here = urlencode({"back": self.href(chosen.address)})
        return lambda key: f"{self.url('map-panel', key=key)}?{here}"

    def proposals(self, chosen: Choice) -> list[Any]:
        """What waits for review between the systems that are shown."""
        if chosen.view is None:
            return []
        systems_shown = chosen.answer.estate.systems
        keys = [systems_shown[one].key for one in chosen.view.systems]
        return list(proposed_dependencies.between(self.organisation, keys))

    def scene(
        self,
        chosen: Choice,
        proposals: Sequence[Any],
        href: Callable[[str], str] | None = None,
    ) -> maps.Scene:
        if chosen.groups is not None and chosen.by is not None:
            return maps.scene_of_groups(
                chosen.answer,
                chosen.groups,
                chosen.by,
                every_arrow=chosen.address.every_arrow,
                href=href,
            )
        if chosen.view is None:
            return maps.Scene((), ())
        return maps.scene_of_view(
            chosen.answer, chosen.view, today=self.today, proposals=proposals, href=href
        )

    def drawing(self, chosen: Choice, scene: maps.Scene) -> maps.Drawing:
        return maps.picture(
            self.organisation,
            scene,
            title=chosen.title,
            description=gettext(
                "An arrow runs from each system to what it needs. The tables below say the"
                " same in words."
            ),
        )

    # --- files -----------------------------------------------------------------------------

    def stem(self, chosen: Choice) -> str:
        return slugify(f"{self.organisation.slug} {chosen.title}")[:80]

    def table_file(self, chosen: Choice, scene: maps.Scene, file_format: Format) -> HttpResponse:
        wanted = self.request.GET.get("table", "")
        if wanted not in set(map_csv.Table):
            raise unknown_value("table", wanted, map_csv.Table)
        tables = self.tables(chosen, scene)
        return map_csv.file_of(tables, map_csv.Table(wanted), file_format, self.stem(chosen))

    def file(
        self, chosen: Choice, scene: maps.Scene, file_format: map_files.Format
    ) -> HttpResponse:
        title = f"{self.organisation.name} · {chosen.title}"
        paper = self.request.GET.get("paper", "") or self.organisation.paper_size.lower()
        try:
            content = map_files.written(
                scene, file_format, title=title, paper=paper, today=self.today
            )
        except map_files.TooManyArrows as error:
            return self.refuse("400.html", 400, error)
        except map_files.NoPicture as error:
            return self.refuse("400.html", 503, error)
        response = HttpResponse(content, content_type=map_files.CONTENT_TYPES[file_format])
        ending = map_files.ENDINGS[file_format]
        name = content_disposition_header(True, f"{self.stem(chosen)}.{ending}")
        response["Content-Disposition"] = name or "attachment"
        return response


urls = [path("map/", MapPage.as_view(), name="map")]
