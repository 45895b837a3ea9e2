"""Procedures: how each system stands, one version as a sheet, writing a draft, deciding on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.durations import format_minutes
from bcp.engine.permissions import Capability
from bcp.engine.procedures import Totals, not_covered, totals
from bcp.engine.words import area_word
from bcp.errors import Conflict, InvalidInput
from bcp.queries import procedures as reads
from bcp.queries import systems
from bcp.queries.filters import ProcedureStandingFilter
from bcp.queries.procedure_differences import differences
from bcp.services import procedures as writes
from bcp.web.forms.procedures import BUTTON, ProcedureForm, SendBackForm, StartForm
from bcp.web.nouns import Noun
from bcp.web.views.base import DeleteView, EditView, HistoryView, NounView, seen_version
from bcp.web.views.lists import Column, ListView

PROCEDURES = Noun(
    "procedures",
    _("procedure"),
    _("Procedures"),
    "procedure",
    reads.listing,
    writes,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version with what follows from its steps."""

    record: Any
    steps: list[Any]
    totals: Totals
    not_covered: list[str]


def sheet_of(record: Any) -> Sheet:
    return Sheet(
        record,
        list(record.steps.all()),
        totals(reads.minutes_of(record)),
        [area_word(area).said(gettext) for area in not_covered(reads.covered_by(record))],
    )


def _approved(row: Any) -> str:
    if row.approved_key is None:
        return gettext("■ none approved")
    return gettext("● version %(number)d") % {"number": row.approved_number}


def _waiting(row: Any) -> str:
    if row.draft_key is None:
        return ""
    if row.sent_back_reason:
        return gettext("■ version %(number)d, sent back") % {"number": row.draft_number}
    return gettext("▲ version %(number)d, waits for approval") % {"number": row.draft_number}


def changed_since(system: Any, approved_on: date | None) -> date | None:
    """The day of a structural change of the system that is younger than the approval."""
    changed: date | None = system.structure_changed_on
    return changed if changed and approved_on and changed > approved_on else None


def _takes(row: Any) -> str:
    if row.sheet is None or not row.sheet.steps:
        return ""
    likely = row.sheet.totals.likely
    if likely.unknown == len(row.sheet.steps):
        return gettext("unknown")
    if likely.unknown:
        text = format_minutes(likely.known_minutes)
        return gettext("at least %(time)s") % {"time": text}
    return format_minutes(likely.known_minutes)


class ProcedureList(ListView):
    """All systems that are in use, with how their procedure stands."""

    noun = PROCEDURES
    filter_class = ProcedureStandingFilter
    columns = (
        Column("system", _("System"), sort="name", value="name"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("approved", _("Procedure"), value=_approved),
        Column("approved_on", _("Approved on"), sort="approved_on"),
        Column("changed_since", _("Changed since")),
        Column("draft", _("Draft"), sort="draft_number", value=_waiting),
        Column("takes", _("Takes"), kind="number"),
        Column(
            "not_covered",
            _("Not covered"),
            value=lambda row: ", ".join(row.sheet.not_covered) if row.sheet else "",
        ),
    )

    def records(self) -> QuerySet[Any]:
        return reads.standing(self.organisation)

    def prepare(self, rows: list[Any]) -> list[Any]:
        keys = [row.approved_key or row.draft_key for row in rows]
        found = reads.listing(self.organisation).filter(pk__in=[key for key in keys if key])
        sheets = {one.system_id: sheet_of(one) for one in found}
        for row in rows:
            row.sheet = sheets.get(row.pk)
            row.takes = _takes(row)
            row.changed_since = changed_since(row, row.approved_on)
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        if self.request.htmx:
            return {}
        rows = reads.standing(self.organisation)
        counted = {
            name: ProcedureStandingFilter(
                {"standing": name}, queryset=rows, organisation=self.organisation
            ).qs.count()
            for name in ("missing", "waiting", "changed")
        }
        return {"counted": counted, "nothing_recorded": not page.paginator.count}


def standing_context(organisation: Any, system: Any) -> dict[str, Any]:
    """What the sheet of a system shows of its procedure: every version, the approved one whole."""
    versions = list(reads.of_system(organisation, system.pk))
    approved = next((one for one in versions if one.state == "approved"), None)
    draft = next((one for one in versions if one.state == "draft"), None)
    approved_on = localdate(approved.approved_at) if approved else None
    return {
        "versions": versions,
        "approved": approved,
        "sheet": sheet_of(approved) if approved else None,
        "draft": draft,
        "differences": differences(approved, draft) if approved and draft else [],
        "changed_since": changed_since(system, approved_on),
    }


class ProcedureDetail(NounView):
    """One version. Of a draft also what differs from the approved one, and what to do with it."""

    noun = PROCEDURES

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        form = SendBackForm(organisation=self.organisation)
        return self.version_page(self.record(key), form)

    def version_page(self, record: Any, form: SendBackForm) -> HttpResponse:
        versions = list(reads.of_system(self.organisation, record.system_id))
        is_draft = record.state == "draft"
        approved = next((one for one in versions if one.state == "approved"), None)
        older = [one for one in versions if one.number < record.number and one.state != "draft"]
        compared = approved if is_draft else next(iter(older), None)
        writers = reads.editors(self.organisation, record.pk) if is_draft else set()
        has_written = self.membership.user_id in {*writers, record.author_id}
        may_approve = access.can(self.membership, Capability.APPROVE_PROCEDURE)
        context = {
            "record": record,
            "sheet": sheet_of(record),
            "versions": versions,
            "approved": approved,
            "has_draft": any(one.state == "draft" for one in versions),
            "compared": compared,
            "differences": differences(compared, record) if compared else [],
            "form": form,
            "is_draft": is_draft,
            "has_written": has_written,
            "may_decide": is_draft and may_approve and not has_written,
        }
        return self.page("detail", context, 422 if form.errors else 200)


class ProcedureStart(NounView):
    """Opens a draft for a system."""

    noun = PROCEDURES
    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        return self.start_page(system, self.form(system))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        form = self.form(system, data=request.POST)
        if form.is_valid():
            try:
                source = self.source(system, form.cleaned_data)
                draft = writes.start(self.organisation, key, copy_of=source, by=self.by)
            except InvalidInput as error:
                form.add_faults(error)
            else:
                return redirect(self.url("procedures-edit", key=draft.pk))
        return self.start_page(system, form)

    def form(self, system: Any, **options: Any) -> StartForm:
        approved = reads.of_system(self.organisation, system.pk).filter(state="approved").first()
        return StartForm(organisation=self.organisation, approved=approved, **options)

    def source(self, system: Any, chosen: dict[str, Any]) -> str | None:
        """The key of the version to copy, if one is to be copied."""
        if chosen["begin"] == StartForm.EMPTY:
            return None
        begins_with_own = chosen["begin"] == StartForm.APPROVED
        versions = reads.of_system(
            self.organisation, system.pk if begins_with_own else chosen["other"].pk
        ).exclude(state="superseded")
        version = versions.order_by("state").first()
        if version is None:
            fault = gettext("“%(system)s” has no procedure yet.") % {"system": chosen["other"]}
            raise InvalidInput(fault, {"other": [fault]})
        return str(version.pk)

    def start_page(self, system: Any, form: StartForm) -> HttpResponse:
        draft = reads.of_system(self.organisation, system.pk).filter(state="draft").first()
        context = {"system": system, "form": form, "draft": draft}
        return self.page("start", context, 422 if form.errors else 200)


class ProcedureEdit(EditView):
    """The steps of a draft. A button of a row shows the form again, rearranged."""

    noun = PROCEDURES
    form_class = ProcedureForm

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        if record.state != "draft":
            return redirect(self.detail_url(record))
        return super().get(request, key)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if BUTTON not in request.POST:
            return super().post(request, key)
        record = self.record(key)
        typed, focus = self.form(data=request.POST, instance=record).rearranged(
            request.POST[BUTTON]
        )
        form = self.form(initial=typed, instance=record)
        form.begin_at(focus)
        return self.form_page(form, self.context(record, seen_version(request)))

    def save(self, form: Any, key: str, version: int) -> Any:
        values = dict(form.cleaned_data)
        steps = values.pop("steps")
        if "reopen" in self.request.POST:
            draft = writes.start(self.organisation, self.record(key).system_id, by=self.by)
            key, version = draft.pk, draft.version
        return writes.save(
            self.organisation, key, steps, **values, seen_version=version, by=self.by
        )

    def conflict_page(self, form: Any, key: str, conflict: Conflict) -> HttpResponse:
        """If it was approved meanwhile, what was typed can become the next draft."""
        current = self.record(key)
        if current.state == "draft":
            return super().conflict_page(form, key, conflict)
        context = self.context(current, current.version)
        return self.form_page(form, {**context, "decided": conflict}, status=409)

    def context(self, record: Any, version: int) -> dict[str, Any]:
        title = gettext("Procedure of “%(system)s”, draft %(number)d")
        values = {"system": record.system, "number": record.number}
        return {**super().context(record, version), "title": title % values}


class ProcedureApprove(ProcedureDetail):
    needs = Capability.APPROVE_PROCEDURE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        version = seen_version(request)
        approved = writes.approve(self.organisation, key, seen_version=version, by=self.by)
        self.succeed(
            gettext("Version %(number)d is the procedure of “%(system)s” now.")
            % {"number": approved.number, "system": record.system}
        )
        return redirect(self.detail_url(record))


class ProcedureSendBack(ProcedureDetail):
    needs = Capability.APPROVE_PROCEDURE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        version = seen_version(request)
        form = SendBackForm(organisation=self.organisation, data=request.POST)
        if not form.is_valid():
            return self.version_page(record, form)
        reason = form.cleaned_data["reason"]
        writes.send_back(self.organisation, key, reason, seen_version=version, by=self.by)
        self.succeed(gettext("The draft of “%(system)s” is sent back.") % {"system": record.system})
        return redirect(self.detail_url(record))


class ProcedureDelete(DeleteView):
    noun = PROCEDURES

    def next_url(self, record: Any) -> str:
        return self.back_url(f"{self.url('systems-detail', key=record.system_id)}?tab=procedure")


class ProcedureHistory(HistoryView):
    noun = PROCEDURES


urls = [
    path("procedures/", ProcedureList.as_view(), name="procedures-list"),
    path("procedures/of/<str:key>/start/", ProcedureStart.as_view(), name="procedures-start"),
    path("procedures/<str:key>/", ProcedureDetail.as_view(), name="procedures-detail"),
    path("procedures/<str:key>/edit/", ProcedureEdit.as_view(), name="procedures-edit"),
    path("procedures/<str:key>/approve/", ProcedureApprove.as_view(), name="procedures-approve"),
    path(
        "procedures/<str:key>/send-back/", ProcedureSendBack.as_view(), name="procedures-send-back"
    ),
    path("procedures/<str:key>/delete/", ProcedureDelete.as_view(), name="procedures-delete"),
    path("procedures/<str:key>/history/", ProcedureHistory.as_view(), name="procedures-history"),
]
