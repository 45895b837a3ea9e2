"""Plans: the issues there are, printing a new one, and whether one still says what is so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.engine.scenario import EVERYTHING
from bcp.errors import InvalidInput
from bcp.queries import analysis, systems
from bcp.queries import plans as reads
from bcp.queries.filters import PlanVersionFilter
from bcp.services import jobs, plans, spare_worker
from bcp.web.forms.answers import ScenarioForm
from bcp.web.nouns import Noun
from bcp.web.views.base import DetailView, OrgView
from bcp.web.views.lists import Column, ListView

PLANS = Noun("plans", _("plan"), _("Plans"), "planversion", reads.listing, None)

_FAILURES_SHOWN_FOR = jobs.SILENT_AFTER * 120  # an hour
_MOST_OFFERED = 300


def _work(view: OrgView) -> dict[str, Any]:
    """The open jobs and how they fare. Looking after them is part of looking at them."""
    open_jobs = list(reads.open_jobs(view.organisation))
    alive = spare_worker.take_care(view.now) if open_jobs else True
    return {
        "open_jobs": open_jobs,
        "worker_is_alive": alive,
        "failures": reads.recent_failures(view.organisation, view.now - _FAILURES_SHOWN_FOR)[:3],
        "can_print": access.can(view.membership, Capability.RENDER_PLAN),
    }


class PlanList(ListView):
    noun = PLANS
    filter_class = PlanVersionFilter
    columns = (
        Column("title", _("Plan"), sort="title", kind="link"),
        Column("issue", _("Issue"), sort="issue", kind="number"),
        Column("effective_on", _("Effective"), sort="effective_on"),
        Column("review_on", _("Review by"), sort="review_on"),
        Column(
            "pages",
            _("Pages"),
            sort="file_pages",
            kind="number",
            value=lambda version: version.file.pages,
        ),
    )

    def context(self, page: Page[Any]) -> dict[str, Any]:
        context = {"last_change": reads.last_change(self.organisation)}
        if self.request.htmx:
            return context
        answer = analysis.analysis(self.organisation, now=self.now)
        return {
            **context,
            **_work(self),
            "picker": ScenarioForm(initial={"scenario": EVERYTHING}, answer=answer),
            "offered": [one.name for one in answer.estate.systems[:_MOST_OFFERED]],
        }


class PlanJobs(OrgView):
    """The jobs alone, for a page that asks again and again until they have ended."""

    def get(self, request: HttpRequest) -> HttpResponse:
        work = _work(self)
        response = self.render("plans/_jobs.html", work)
        if request.GET.get("open", "") != str(len(work["open_jobs"])):
            # One has begun or ended: the list beside it changes too.
            response["HX-Refresh"] = "true"
        return response


class PlanCreate(OrgView):
    """Ask for a plan of a scenario, for the sheet of one system, by name or by key, or for the
    executive summary."""

    needs = Capability.RENDER_PLAN

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            plans.request_plan(
                self.organisation,
                scenario=self._scenario(),
                system_key=self._system(),
                is_summary="summary" in request.POST,
                by=self.by,
            )
        except InvalidInput as error:
            messages.error(request, str(error))
        else:
            messages.info(request, gettext("It is being printed; you can leave this page."))
        return redirect(self.url("plans-list"))

    def _scenario(self) -> str:
        lost = self.request.POST.get("lost_system", "").strip()
        return f"system:{lost}" if lost else self.request.POST.get("scenario") or EVERYTHING

    def _system(self) -> str | None:
        key = self.request.POST.get("system", "").strip()
        name = self.request.POST.get("sheet", "").strip()
        if not name:
            return key or None
        found = systems.by_name(self.organisation, name)
        if found is None:
            raise InvalidInput(gettext("There is no system “%(name)s”.") % {"name": name})
        return found.pk


class PlanCancel(OrgView):
    needs = Capability.RENDER_PLAN

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        access.find(reads.jobs(self.organisation), key)
        try:
            jobs.cancel(self.organisation, key, by=self.by)
        except InvalidInput as error:
            messages.error(request, str(error))
        else:
            messages.info(request, gettext("The print is being stopped."))
        return redirect(self.url("plans-list"))


class PlanDetail(DetailView):
    noun = PLANS

    def context(self, record: Any) -> dict[str, Any]:
        standing = plans.standing(self.organisation, record)
        return {
            "standing": standing,
            "is_summary": plans.is_summary_of(record),
            "changed": [plans.SECTIONS[section] for section in standing.changed],
            "is_past_review": record.review_on < self.today,
            "code": plans.code_of(record),
            "rests_on": [
                (plans.SECTIONS[section], count)
                for section, count in plans.rests_on(record).items()
            ],
            "can_print": access.can(self.membership, Capability.RENDER_PLAN),
        }


class PlanDownload(OrgView):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        version = access.find(reads.listing(self.organisation), key)
        try:
            content = plans.pdf_of(self.organisation, version)
        except plans.DamagedFile as error:
            messages.error(request, str(error))
            return redirect(self.url("plans-detail", key=key))
        name = f"{self.organisation.slug}-plan-{version.issue}.pdf"
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response


urls = [
    path("plans/", PlanList.as_view(), name="plans-list"),
    path("plans/new/", PlanCreate.as_view(), name="plans-create"),
    path("plans/jobs/", PlanJobs.as_view(), name="plans-jobs"),
    path("plans/jobs/<str:key>/cancel/", PlanCancel.as_view(), name="plans-cancel"),
    path("plans/<str:key>/", PlanDetail.as_view(), name="plans-detail"),
    path("plans/<str:key>/download/", PlanDownload.as_view(), name="plans-download"),
]
