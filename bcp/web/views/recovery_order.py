"""The recovery order of a scenario: waves, times, slack, and why each system is back when it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import DurationSource, System
from bcp.engine.messages import Message
from bcp.engine.results import Analysis, Effect, Loop, SystemResult
from bcp.engine.scenario import EVERYTHING, UnknownScenario
from bcp.engine.wording import explain_chain
from bcp.engine.words import scenario_words
from bcp.services import timeline
from bcp.web.forms.answers import RecoveryFilter, ScenarioForm, tier_fits
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList
from bcp.web.views.lists import Column

SOURCES = {
    DurationSource.TEST: _("measured in a test"),
    DurationSource.PROCEDURE: _("sum of its procedure"),
    DurationSource.RESTORE: _("restore volume by throughput"),
    DurationSource.ESTIMATE: _("estimate"),
    DurationSource.CONTRACT: _("supplier contract"),
}
LONGEST_WHY = 30
"""A chain of more systems is told on the system's own page; in a row it would be a novel."""

_MOST_NAMED = 20
_MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One touched system. `why` is made for the rows of one page only."""

    system: System
    result: SystemResult
    answer: Analysis
    why: tuple[Message, ...] = ()

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def tier(self) -> int | None:
        return self.system.tier

    @property
    def source(self) -> str | None:
        if self.result.effect is Effect.DOWN:
            return gettext("down with what it needs")
        source = self.result.duration_source
        return None if source is None else str(SOURCES[source])

    @property
    def chain(self) -> str:
        """The end of the chain; of a longer one the beginning is left out, because a cell of a
        spreadsheet holds only so much."""
        indices = self.result.binding_chain
        names = [self.answer.estate.systems[index].name for index in indices[-LONGEST_WHY:]]
        return " → ".join(["…", *names] if len(indices) > LONGEST_WHY else names)

    @property
    def required_by(self) -> str | None:
        by = self.result.required_by
        return None if by is None else self.answer.estate.systems[by].name

    @property
    def degraded_until(self) -> list[str]:
        return [self.answer.estate.systems[one].name for one in self.result.degraded_until]


@dataclass(frozen=True, slots=True)
class EdgeToOpen:
    dependent: str
    dependency: str
    url: str
    """The list of dependencies, narrowed to this one."""


@dataclass(frozen=True, slots=True)
class LoopStory:
    """A loop in names: one round through it, and the dependencies to open."""

    names: list[str]
    more: int
    round: str
    edges: list[EdgeToOpen]
    exact: bool
    url: str
    """The page that explains it and opens it."""
    map_url: str


def _of_result(name: str) -> Any:
    return lambda row: getattr(row.result, name)


def _minutes(key: str, label: Any, name: str) -> Column:
    return Column(key, label, sort=key, kind="minutes", value=_of_result(name))


class RecoveryOrder(AnswerList):
    noun = Noun(
        "recovery_order", _("system"), _("Recovery order"), "", lambda organisation: None, None
    )
    filter_class = RecoveryFilter
    columns = (
        Column("system", _("System"), sort="system", value="name"),
        Column("wave", _("Wave"), sort="wave", kind="number", value=_of_result("wave")),
        _minutes("start", _("Start"), "start_minutes"),
        _minutes("restored", _("Restored"), "restored_minutes"),
        _minutes("target", _("Target"), "rto_minutes"),
        _minutes("required", _("Required"), "required_rto_minutes"),
        _minutes("latest", _("Latest"), "latest_minutes"),
        _minutes("slack", _("Slack"), "slack_minutes"),
        _minutes("misses", _("Misses by"), "misses_minutes"),
        _minutes("duration", _("Own work"), "duration_minutes"),
    )
    exported_too = (
        Column("source", _("Source")),
        Column("at_least", _("At least"), value=_of_result("at_least")),
        Column("standing", _("Standing"), value=lambda row: row.result.standing.value),
        Column("tier", _("Tier"), kind="number"),
        Column("required_by", _("Required by")),
        Column("chain", _("Binding chain")),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        lost = request.GET.get("lost_system", "").strip()
        if lost:
            chosen = urlencode({"scenario": f"system:{lost}"})
            return redirect(f"{request.path}?{chosen}")
        return super().get(request)

    def answered(self) -> Analysis:
        """The wanted scenario, or everything if there is none like it; `self.fault` says so."""
        self.fault = ""
        try:
            return self.answer(self.request.GET.get("scenario", "").strip() or EVERYTHING)
        except UnknownScenario as error:
            fault = gettext(error.template) % error.values
            self.fault = fault[:1].upper() + fault[1:] + "."
            return self.answer()

    def rows(self) -> Iterable[OrderRow]:
        answer = self.analysis
        systems, results = answer.estate.systems, answer.systems
        return (OrderRow(systems[index], results[index], answer) for index in answer.order)

    def fits(self, row: OrderRow, wanted: Mapping[str, Any]) -> bool:
        if wanted.get("standing") and row.result.standing.value not in wanted["standing"]:
            return False
        if wanted.get("loop") and not row.result.in_loop:
            return False
        if not tier_fits(row.system.tier, wanted.get("tier", [])):
            return False
        return (wanted.get("q") or "").casefold() in row.system.name.casefold()

    def prepare(self, rows: list[OrderRow]) -> list[OrderRow]:
        if self.request.GET.get("export"):
            return rows
        return [
            OrderRow(
                row.system, row.result, row.answer, explain_chain(row.answer, row.result.index)
            )
            if len(row.result.binding_chain) <= LONGEST_WHY
            else row
            for row in rows
        ]

    def file_name(self) -> str:
        scenario = self.analysis.scenario.name
        return f"{self.organisation.slug}-recovery-order-{slugify(scenario)[:40] or 'scenario'}"

    def frame(self, filters: Any, page: Page[Any]) -> dict[str, Any]:
        """The scenario stands in the address, but it narrows nothing."""
        context = super().frame(filters, page)
        active = context["active_filters"] - bool(self.request.GET.get("scenario"))
        narrowed = bool(active or self.request.GET.get("q"))
        everything = f"{self.request.path}?{urlencode({'scenario': self.analysis.scenario.name})}"
        return {
            **context,
            "active_filters": active,
            "is_narrowed": narrowed,
            "all_url": everything,
        }

    def context(self, page: Page[Any]) -> dict[str, Any]:
        answer = self.analysis
        context = {"analysis": answer, "scenario": answer.scenario}
        if self.request.htmx:
            return context
        return context | {
            "fault": self.fault,
            "happened": scenario_words(answer.scenario),
            "picker": self.picker(),
            "offered": [one.name for one in answer.estate.systems[:_MOST_OFFERED]],
            "untouched": len(answer.estate.systems) - len(answer.order),
            "map_url": f"{self.url('map')}?{urlencode({'scenario': answer.scenario.name})}",
            "loops": [self.loop_story(loop) for loop in answer.loops],
            "chart": timeline.chart(
                answer,
                title=gettext("Recovery order over time"),
                description=gettext(
                    "One bar per system from the start of its recovery to the moment it is"
                    " restored. The table below says the same."
                ),
                href=lambda key: self.url("systems-detail", key=key),
            ),
        }

    def picker(self) -> ScenarioForm:
        scenario = self.analysis.scenario
        by_name = scenario.kind == "system"
        return ScenarioForm(
            initial={
                "scenario": EVERYTHING if by_name else scenario.name,
                "lost_system": scenario.subject if by_name else "",
            },
            answer=self.analysis,
            auto_id="picker_%s",
        )

    def loop_story(self, loop: Loop) -> LoopStory:
        systems = self.analysis.estate.systems
        cycle = [systems[index].name for index in loop.cycle]
        shown = cycle if len(cycle) <= _MOST_NAMED else [*cycle[:_MOST_NAMED], "…"]
        return LoopStory(
            names=[systems[index].name for index in loop.systems[:_MOST_NAMED]],
            more=max(0, len(loop.systems) - _MOST_NAMED),
            round=" → ".join([*shown, cycle[0]]),
            edges=[self.edge_to_open(*edge) for edge in loop.open_edges],
            exact=loop.exact,
            url=self.url("loops-detail", key=systems[loop.cycle[0]].key),
            map_url=f"{self.url('map')}?loop={systems[loop.cycle[0]].key}",
        )

    def edge_to_open(self, dependent: int, dependency: int) -> EdgeToOpen:
        systems = self.analysis.estate.systems
        above, below = systems[dependent], systems[dependency]
        ends = urlencode({"dependent": above.key, "dependency": below.key})
        return EdgeToOpen(above.name, below.name, f"{self.url('dependencies-list')}?{ends}")


urls = [path("recovery-order/", RecoveryOrder.as_view(), name="recovery-order")]
