"""Backup policies: one way of copying, said once, and the systems that follow it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability
from bcp.queries import copies, reports
from bcp.queries import policies as reads
from bcp.queries.filters import BackupPolicyFilter
from bcp.services import policies as writes
from bcp.web.copying import in_one_line, restored
from bcp.web.forms.policies import BackupPolicyForm
from bcp.web.nouns import Noun
from bcp.web.views.base import (
    CreateView,
    DeleteView,
    DetailView,
    EditView,
    HistoryView,
    NounView,
)
from bcp.web.views.copies import CopyDetail
from bcp.web.views.lists import Column, ListView

POLICIES = Noun(
    "policies",
    _("backup policy"),
    _("Backup policies"),
    "backuppolicy",
    reads.listing,
    writes,
    adding=_("Add a policy"),
)

_COPIES_ONLY = {"system", "source", "succeeded_at"}


class PolicyList(ListView):
    noun = POLICIES
    filter_class = BackupPolicyFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("says", _("What it says"), sort="interval_minutes", value=in_one_line),
        Column("copies", _("Copies that follow"), "copies_count", "number", "copies_count"),
    )
    export_columns = (
        *(Column(name, name) for name in ("name", "content", "kind", "medium", "site")),
        Column("repository", "repository"),
        Column("interval", "interval", kind="minutes", value="interval_minutes"),
        Column("run", "run", kind="minutes", value="run_minutes"),
        Column("lag", "lag", kind="minutes", value="lag_minutes"),
        Column("retention", "retention", kind="minutes", value="retention_minutes"),
        Column("locked", "locked", kind="minutes", value="locked_minutes"),
        *(Column(name, name) for name in ("offline", "separate_credentials", "encrypted")),
        Column("restore_mb_s", "restore_mb_s"),
        Column("restore_fixed", "restore_fixed", kind="minutes", value="restore_fixed_minutes"),
        Column("description", "description"),
    )


class PolicyDetail(DetailView):
    """With the copies that follow it, each with what is known of it."""

    noun = POLICIES
    columns = tuple(column for column in CopyDetail.columns if column.key not in _COPIES_ONLY)

    def context(self, record: Any) -> dict[str, Any]:
        rows = list(copies.listing(self.organisation).filter(policy=record))
        for row, observed in zip(rows, reports.standing(rows, self.now), strict=True):
            row.observed, row.restored = observed, restored(row)
        return {"followers": rows, "says": in_one_line(record)}


class PolicyCreate(CreateView):
    noun = POLICIES
    form_class = BackupPolicyForm


class PolicyEdit(EditView):
    noun = POLICIES
    form_class = BackupPolicyForm

    def context(self, record: Any, version: int) -> dict[str, Any]:
        return {**super().context(record, version), "followers_count": record.copies_count}


class PolicyDelete(DeleteView):
    noun = POLICIES


class PolicyHistory(HistoryView):
    noun = POLICIES


class PolicyRelease(NounView):
    """POST: take the ticked copies out of the policy (they stay, with its figures as their own),
    or, with `delete`, ask and then delete them."""

    noun = POLICIES
    needs = Capability.EDIT_ESTATE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        policy = self.record(key)
        keys = request.POST.getlist("keys")
        chosen = list(copies.listing(self.organisation).filter(policy=policy, pk__in=keys))
        if not chosen:
            messages.warning(request, gettext("Nothing was chosen. Tick the copies first."))
        elif "delete" not in request.POST:
            count = writes.detach(self.organisation, key, [one.pk for one in chosen], by=self.by)
            text = ngettext(
                "%(count)d copy was taken out of the policy and keeps its figures.",
                "%(count)d copies were taken out of the policy and keep their figures.",
                count,
            )
            self.succeed(text % {"count": count})
        elif "sure" not in request.POST:
            return self.page("release", {"record": policy, "chosen": chosen})
        else:
            count = writes.withdraw(self.organisation, key, [one.pk for one in chosen], by=self.by)
            text = ngettext("%(count)d copy was deleted.", "%(count)d copies were deleted.", count)
            self.succeed(text % {"count": count})
        return redirect(self.detail_url(policy))


urls = [
    path("backups/policies/", PolicyList.as_view(), name="policies-list"),
    path("backups/policies/new/", PolicyCreate.as_view(), name="policies-create"),
    path("backups/policies/<str:key>/", PolicyDetail.as_view(), name="policies-detail"),
    path("backups/policies/<str:key>/edit/", PolicyEdit.as_view(), name="policies-edit"),
    path("backups/policies/<str:key>/delete/", PolicyDelete.as_view(), name="policies-delete"),
    path("backups/policies/<str:key>/history/", PolicyHistory.as_view(), name="policies-history"),
    path("backups/policies/<str:key>/release/", PolicyRelease.as_view(), name="policies-release"),
]
