"""One system's sheet, in tabs that are plain links: what it achieves and why, what it needs and
who needs it, its copies, its tests, its people, its history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Kind
from bcp.engine.permissions import Role
from bcp.engine.results import Analysis, SystemResult
from bcp.engine.wording import explain_chain
from bcp.engine.wording_of_backups import explain_restore
from bcp.engine.wording_of_durations import explain_duration
from bcp.queries import (
    acceptances,
    copies,
    dependencies,
    escalation,
    exercises,
    exercises_due,
    impacts,
    reports,
    reviews,
    targets,
)
from bcp.queries import analysis as answers
from bcp.web.backups_parts import losses_of
from bcp.web.forms.dependencies import DependencyForm
from bcp.web.gap_rows import GapRow, gap_rows, with_links
from bcp.web.review_rows import ReviewRow
from bcp.web.views import procedures
from bcp.web.views.base import NounView
from bcp.web.views.impacts import ImpactRow
from bcp.web.views.systems import SYSTEMS

TABS: tuple[tuple[str, str | Promise], ...] = (
    ("summary", _("Summary")),
    ("needs", _("Needs and needed by")),
    ("copies", _("Backups")),
    ("procedure", _("Procedure")),
    ("tests", _("Tests")),
    ("people", _("People")),
    ("history", _("History")),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A system as a link."""

    name: str
    url: str


class SystemDetail(NounView):
    """GET `?tab=`: one of `TABS`, the summary by default."""

    noun = SYSTEMS

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        tab = request.GET.get("tab", "")
        if tab not in dict(TABS):
            tab = "summary"
        context = {"record": record, "tabs": TABS, "tab": tab, "here": request.get_full_path()}
        return self.page("detail", {**context, **getattr(self, f"tab_{tab}")(record)})

    @cached_property
    def analysis(self) -> Analysis:
        return answers.analysis(self.organisation, now=self.now)

    def tab_summary(self, record: Any) -> dict[str, Any]:
        analysis = self.analysis
        index = _position(analysis, record.pk)
        rows = list(targets.listing(self.organisation).filter(system=record)[:20])
        context = {
            "impact": self.impact(record),
            "proposal": next((row for row in rows if row.state == "proposed"), None),
            "approved": targets.approved(self.organisation).get(record.pk),
            "review": self.review(record),
        }
        if index is not None:
            context |= self.answer(analysis, analysis.systems[index])
        return context

    def impact(self, record: Any) -> ImpactRow | None:
        """What was answered about a business process; other systems are not asked about."""
        if record.kind != Kind.PROCESS:
            return None
        about = impacts.of_process(self.organisation, record.pk)
        return ImpactRow(about, None, about.waits_for(self.membership)) if about else None

    def answer(self, analysis: Analysis, result: SystemResult) -> dict[str, Any]:
        index = result.index
        return {
            "result": result,
            "why": explain_chain(analysis, index),
            "chain": [self.named(analysis, member) for member in result.binding_chain],
            "required_by": None
            if result.required_by is None
            else self.named(analysis, result.required_by),
            "degraded_until": [self.named(analysis, one) for one in result.degraded_until],
            "gaps": self.gaps_of(analysis, index),
            # Where it is the dependency, the conflict is among its gaps already.
            "conflicts": [one for one in analysis.conflicts if one.dependent == index],
            "backups": analysis.backups[index],
            "duration_words": explain_duration(result, today=self.now.date()),
            "restore_words": ()
            if result.restore is None
            else explain_restore(analysis.estate, result.restore),
        }

    def gaps_of(self, analysis: Analysis, index: int) -> list[GapRow]:
        gaps = [gap for gap in analysis.gaps if gap.system == index]
        standings = acceptances.states(self.organisation, gaps, self.today)
        rows = gap_rows(analysis, standings)
        return with_links(rows, self.organisation, Role(self.membership.role))

    def tab_needs(self, record: Any) -> dict[str, Any]:
        edges = dependencies.listing(self.organisation)
        return {
            "needs": edges.filter(dependent=record).order_by("dependency__name"),
            "needed_by": edges.filter(dependency=record).order_by("dependent__name"),
            "new_need": self.edge_form("need", dependent=record.pk),
            "new_user": self.edge_form("user", dependency=record.pk),
            "review": self.review(record),
        }

    def review(self, record: Any) -> ReviewRow | None:
        """Whether somebody confirmed what it needs; only live systems are reviewed."""
        index = _position(self.analysis, record.pk)
        if index is None:
            return None
        estate = self.analysis.estate
        (one,) = reviews.standings(self.organisation, estate, today=self.today, systems=[index])
        return ReviewRow(one)

    def edge_form(self, prefix: str, **ends: str) -> DependencyForm:
        return DependencyForm(organisation=self.organisation, initial=ends, auto_id=f"{prefix}_%s")

    def tab_copies(self, record: Any) -> dict[str, Any]:
        rows = copies.listing(self.organisation).filter(system=record).order_by("name", "pk")
        index = _position(self.analysis, record.pk)
        losses = {} if index is None else losses_of(self.analysis, index, self.organisation.slug)
        return {"observed": reports.standing(rows, self.now), **losses}

    def tab_procedure(self, record: Any) -> dict[str, Any]:
        return procedures.standing_context(self.organisation, record)

    def tab_tests(self, record: Any) -> dict[str, Any]:
        rows = list(exercises.results(self.organisation).filter(system=record))
        index = _position(self.analysis, record.pk)
        return exercises_due.of_system(self.analysis, index, rows, self.today)

    def tab_people(self, record: Any) -> dict[str, Any]:
        paths = list(escalation.listing(self.organisation))
        own = next((one for one in paths if one.pk == record.escalation_path_id), None)
        default = next((one for one in paths if one.is_default), None)
        return {"path": own or default, "path_is_default": own is None}

    def tab_history(self, record: Any) -> dict[str, Any]:
        return {"stories": self.stories(record.pk)}

    def named(self, analysis: Analysis, index: int) -> Named:
        system = analysis.estate.systems[index]
        return Named(system.name, self.url("systems-detail", key=system.key))


def _position(analysis: Analysis, key: str) -> int | None:
    """Where a system stands in the estate; `None` if it is not live."""
    systems = enumerate(analysis.estate.systems)
    return next((index for index, system in systems if system.key == key), None)


urls = [path("systems/<str:key>/", SystemDetail.as_view(), name="systems-detail")]
