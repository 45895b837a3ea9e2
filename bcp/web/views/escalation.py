"""Escalation paths: whom to call in which order, and at which hours that reaches authority."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.activation import AuthoritySpan, authority_week
from bcp.engine.durations import MINUTES_PER_DAY, MINUTES_PER_HOUR, format_minutes
from bcp.queries import analysis as answers
from bcp.queries import escalation as reads
from bcp.queries import systems
from bcp.queries.filters import EscalationPathFilter
from bcp.services import escalation as writes
from bcp.web.forms.escalation import BUTTON, EscalationPathForm
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
from bcp.web.week import days_of

PATHS = Noun(
    "escalation",
    _("escalation path"),
    _("Escalation paths"),
    "escalationpath",
    reads.listing,
    writes,
    adding=_("Add a path"),
)


def ladder(record: Any) -> str:
    """The rungs in one line, as the spreadsheet of a list has room for."""
    return " → ".join(step.contact.name for step in record.steps.all())


class PathList(ListView):
    noun = PATHS
    filter_class = EscalationPathFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("default", _("Default"), sort="is_default", value="is_default"),
        Column("ladder", _("Called in this order"), value=ladder),
        Column("worst", _("Authority after"), kind="number", value="worst"),
        Column("holes", _("Hours with nobody"), value="holes"),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        """At the worst hour of the week, with everything lost (Rules E1, E2)."""
        found = answers.analysis(self.organisation, now=self.now)
        for row in rows:
            activation = found.path_activations.get(row.name)
            minutes = activation.authority_minutes if activation else None
            row.worst = gettext("nobody at some hours")
            if minutes is not None:
                row.worst = format_minutes(minutes)
            row.holes = "; ".join(
                f"{gap.from_hour} – {gap.to_hour}"
                for gap in found.people_gaps
                if gap.path == row.name
            )
        return rows


class PathDetail(DetailView):
    noun = PATHS

    def context(self, record: Any) -> dict[str, Any]:
        found = answers.analysis(self.organisation, now=self.now)
        kept = next((one for one in found.estate.paths if one.name == record.name), None)
        spans = authority_week(found.estate, kept) if kept else ()
        minute = (
            self.now.weekday() * MINUTES_PER_DAY
            + self.now.hour * MINUTES_PER_HOUR
            + self.now.minute
        )
        return {
            "steps": list(record.steps.all()),
            "activation": found.path_activations.get(record.name),
            "holes": [gap for gap in found.people_gaps if gap.path == record.name],
            "at_this_hour": next((one for one in spans if one.start <= minute < one.end), None),
            "week": days_of((one.start, one.end, _says(one)) for one in spans),
            "systems": list(systems.listing(self.organisation).filter(escalation_path=record)),
        }


def _says(span: AuthoritySpan) -> str:
    if span.authority_minutes is None:
        return gettext("nobody")
    if span.authority_minutes == 0:
        return gettext("at once")
    return gettext("after %(time)s") % {"time": format_minutes(span.authority_minutes)}


class PathCreate(CreateView):
    """A button of a row shows the form again, rearranged; so when editing."""

    noun = PATHS
    form_class = EscalationPathForm

    def post(self, request: HttpRequest) -> HttpResponse:
        if BUTTON in request.POST:
            typed = self.form(data=request.POST).rearranged(request.POST[BUTTON])
            return self.form_page(self.form(initial=typed), self.context())
        return super().post(request)

    def save(self, form: Any) -> Any:
        values, steps = form.apart()
        return writes.create(self.organisation, values, steps=steps, by=self.by)


class PathEdit(EditView):
    noun = PATHS
    form_class = EscalationPathForm

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if BUTTON in request.POST:
            record = self.record(key)
            typed = self.form(data=request.POST, instance=record).rearranged(request.POST[BUTTON])
            form = self.form(initial=typed, instance=record)
            return self.form_page(form, self.context(record, seen_version(request)))
        return super().post(request, key)

    def save(self, form: Any, key: str, version: int) -> Any:
        values, steps = form.apart()
        return writes.change(
            self.organisation, key, values, steps=steps, seen_version=version, by=self.by
        )


class PathDelete(DeleteView):
    noun = PATHS

    def context(self, record: Any) -> dict[str, Any]:
        return {"systems": list(systems.listing(self.organisation).filter(escalation_path=record))}


class PathHistory(HistoryView):
    noun = PATHS


urls = [
    path("escalation/", PathList.as_view(), name="escalation-list"),
    path("escalation/new/", PathCreate.as_view(), name="escalation-create"),
    path("escalation/<str:key>/", PathDetail.as_view(), name="escalation-detail"),
    path("escalation/<str:key>/edit/", PathEdit.as_view(), name="escalation-edit"),
    path("escalation/<str:key>/delete/", PathDelete.as_view(), name="escalation-delete"),
    path("escalation/<str:key>/history/", PathHistory.as_view(), name="escalation-history"),
]
