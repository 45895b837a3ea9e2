"""The blast radius: choose systems, suppliers and sites, and see what stops, what only degrades,
after how long it hurts and who is to be told.

    system=KEY (repeated, suppliers too)  site=NAME (repeated)  q=what to look for
    export=csv|xlsx  table=processes|people (which table the file holds; absent: the systems)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine import map_views
from bcp.engine.blast_counts import blast_counts
from bcp.engine.estate import Kind
from bcp.engine.results import Analysis
from bcp.engine.standing import Standing
from bcp.queries.blast_radius import Blast, Choice, chosen
from bcp.services import map as maps
from bcp.services.exporting import Format
from bcp.web import blast_rows
from bcp.web.blast_rows import BY_HAND, DEGRADES
from bcp.web.views.answers import AnswerView
from bcp.web.views.lists import Column, export

MOST_OFFERED = 12
MOST_FOUND = 30
WAVES_COUNTED = 5
MOST_ROWS = 100
"""Of one table; what comes after is counted, and stands in the file."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A box to tick: `field` and `value` as they stand in the address."""

    field: str
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Worst:
    """A system by how many others stop with it."""

    name: str
    url: str
    count: int


def _joined(field: str) -> Callable[[Any], str]:
    return lambda row: "; ".join(getattr(row, field))


SYSTEMS = (
    Column("system", _("System"), value="name"),
    Column("what", _("What happens"), value="effect_word"),
    Column("steps", _("Steps away"), kind="number"),
    Column("through", _("Through or without")),
    Column("kind", _("Kind"), value=lambda row: row.system.kind.value),
    Column("tier", _("Tier"), kind="number", value=lambda row: row.system.tier),
    Column("site", _("Site"), value=lambda row: row.system.site),
    Column("owner", _("Owner"), value=lambda row: row.system.owner),
    Column("technical_owner", _("Technical owner"), value=lambda row: row.system.technical_owner),
    Column("deputy", _("Deputy"), value=lambda row: row.system.deputy),
    Column("restored", _("Back after"), kind="minutes", value="restored_minutes"),
    Column("at_least", _("At least")),
    Column("data_lost", _("Data lost"), value="loss_said"),
)
PROCESSES = (
    Column("process", _("Business process"), value="name"),
    Column("serious", _("Serious harm"), value=lambda row: row.serious.said(gettext)),
    Column("intolerable", _("Intolerable"), value=lambda row: row.intolerable.said(gettext)),
    Column("beyond_repair", _("Beyond repair"), value=lambda row: row.beyond_repair.said(gettext)),
    Column(
        "restored", _("Back after"), kind="minutes", value=lambda row: row.process.restored_minutes
    ),
    Column("at_least", _("At least"), value=lambda row: row.process.at_least),
    Column("in_time", _("In time"), value=lambda row: row.process.standing.value),
)
PEOPLE = (
    Column("person", _("Person"), value=lambda row: row.told.name),
    Column("phone", _("First number")),
    Column("owns", _("Owns"), value=_joined("owns")),
    Column("looks_after", _("Looks after"), value=_joined("runs")),
    Column("stands_in_for", _("Stands in for"), value=_joined("deputises")),
)


class BlastPage(AnswerView):
    def get(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer()
        choice = chosen(answer, request.GET.getlist("system"), request.GET.getlist("site"))
        blast = Blast(answer, choice, today=self.today) if choice else None
        wanted = request.GET.get("export", "")
        if blast is not None and wanted in set(Format):
            return self.file(blast, Format(wanted))
        context = self.picker(answer, choice) | {
            "title": gettext("What stops if …"),
            "unknown": choice.unknown,
            "has_systems": bool(answer.estate.systems),
        }
        context |= self.radius(blast) if blast else {"worst": self.worst(answer)}
        return self.render("blast/blast.html", context)

    def file(self, blast: Blast, file_format: Format) -> HttpResponse:
        """All rows of one of the tables."""
        name = f"{self.organisation.slug}-blast-radius"
        match self.request.GET.get("table"):
            case "processes":
                processes = map(blast_rows.process_row, blast.processes)
                return export(PROCESSES, processes, file_format, f"{name}-processes")
            case "people":
                people = (blast_rows.person_row(blast, one) for one in blast.told)
                return export(PEOPLE, people, file_format, f"{name}-people")
            case _:
                return export(SYSTEMS, blast_rows.every_row(blast), file_format, name)

    # --- choosing --------------------------------------------------------------------------

    def picker(self, answer: Analysis, choice: Choice) -> dict[str, Any]:
        """Boxes to tick: what is chosen, and what may be added."""
        estate = answer.estate
        taken = [self.of_site(name) for name in choice.sites]
        taken += [self.of_system(answer, one, is_chosen=True) for one in choice.systems]
        wanted = self.request.GET.get("q", "").strip()
        folded = wanted.casefold()
        sites = [
            site.name
            for site in estate.sites
            if site.name not in choice.sites
            and (folded in site.name.casefold() or folded in site.zone.casefold())
        ]
        systems = [
            position
            for position, system in enumerate(estate.systems)
            if folded in system.name.casefold() and position not in choice.systems
        ]
        suppliers = [one for one in systems if estate.systems[one].kind is Kind.SUPPLIER]
        others = [one for one in systems if estate.systems[one].kind is not Kind.SUPPLIER]
        most = MOST_FOUND if wanted else MOST_OFFERED
        groups = [
            (gettext("Sites"), [self.of_site(name) for name in sites[:most]], len(sites)),
            (
                gettext("Suppliers"),
                [self.of_system(answer, one) for one in suppliers[:most]],
                len(suppliers),
            ),
        ]
        if wanted:
            found = [self.of_system(answer, one) for one in others[:most]]
            groups.append((gettext("Systems"), found, len(others)))
        return {
            "taken": taken,
            "wanted": wanted,
            "groups": [
                (label, offers, count - len(offers)) for label, offers, count in groups if offers
            ],
            "found_nothing": bool(wanted) and not (sites or systems),
        }

    def of_site(self, name: str) -> Offer:
        return Offer("site", name, name, gettext("site, with its zone"))

    def of_system(self, answer: Analysis, position: int, *, is_chosen: bool = False) -> Offer:
        system = answer.estate.systems[position]
        is_supplier = system.kind is Kind.SUPPLIER
        note = gettext("supplier") if is_supplier and is_chosen else system.site or ""
        return Offer("system", system.key, system.name, note)

    def worst(self, answer: Analysis) -> list[Worst]:
        """What takes most down with it: where one may begin."""
        counts = blast_counts(answer.estate)
        ranked = sorted(range(len(counts)), key=lambda one: (-counts[one], one))
        return [
            Worst(
                answer.estate.systems[one].name,
                self.blast_url([answer.estate.systems[one].key]),
                counts[one],
            )
            for one in ranked[:MOST_OFFERED]
            if counts[one]
        ]

    def blast_url(self, keys: Iterable[str]) -> str:
        return f"{self.url('blast')}?{urlencode([('system', key) for key in keys])}"

    # --- the answer ------------------------------------------------------------------------

    def radius(self, blast: Blast) -> dict[str, Any]:
        rows = list(islice(blast_rows.stopped_rows(blast), MOST_ROWS))
        processes = [blast_rows.process_row(one) for one in blast.processes[:MOST_ROWS]]
        late = sum(one.standing is Standing.MISSES for one in blast.processes)
        return {
            "blast": blast,
            "rows": rows,
            "more_rows": len(blast.stopped) - len(rows),
            "waves": [len(wave) for wave in blast.radius.waves[:WAVES_COUNTED]],
            "further": sum(map(len, blast.radius.waves[WAVES_COUNTED:])),
            "by_hand": list(islice(blast_rows.spared_rows(blast, BY_HAND), MOST_ROWS)),
            "more_by_hand": max(0, len(blast.radius.by_hand) - MOST_ROWS),
            "degraded": list(islice(blast_rows.spared_rows(blast, DEGRADES), MOST_ROWS)),
            "more_degraded": max(0, len(blast.radius.degraded) - MOST_ROWS),
            "processes": processes,
            "more_processes": len(blast.processes) - len(processes),
            "late": late,
            "unsure": sum(one.standing is Standing.UNKNOWN for one in blast.processes),
            "unanswered": sum(one.onset.is_unknown for one in blast.processes),
            "people": [blast_rows.person_row(blast, one) for one in blast.told[:MOST_ROWS]],
            "more_people": max(0, len(blast.told) - MOST_ROWS),
            "untold": [blast.found.estate.systems[one].name for one in blast.untold[:MOST_OFFERED]],
            "more_untold": max(0, len(blast.untold) - MOST_OFFERED),
            "paths": blast_rows.path_rows(blast),
            "declarers": blast_rows.declarer_rows(blast),
            "file_url": f"{self.request.get_full_path()}&export=csv",
            **self.drawn(blast),
        }

    def drawn(self, blast: Blast) -> dict[str, Any]:
        """What stops nearest first, then what goes on in another way."""
        answer, radius = blast.found, blast.radius
        view = map_views.in_order(
            answer.estate, [*blast.stopped, *radius.by_hand, *radius.degraded]
        )
        scene = maps.scene_of_view(
            answer, view, today=self.today, href=lambda key: self.blast_url([key])
        )
        lost = set(blast.lost)
        nodes = tuple(
            replace(node, is_focus=position in lost)
            for position, node in zip(view.systems, scene.nodes, strict=True)
        )
        count = len(blast.stopped)
        title = ngettext("%(count)s system stops", "%(count)s systems stop", count) % {
            "count": count
        }
        drawing = maps.picture(
            self.organisation,
            replace(scene, nodes=nodes),
            title=title,
            description=gettext(
                "An arrow runs from each system to what it needs. What is lost has a thick frame."
                " The tables say the same in words."
            ),
        )
        return {"drawing": drawing, "left_out": view.left_out}


urls = [path("blast-radius/", BlastPage.as_view(), name="blast")]
