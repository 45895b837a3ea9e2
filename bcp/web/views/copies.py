"""Backup copies: what is copied where, and what is known of the last run and the last restore."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from bcp import access
from bcp.queries import copies as reads
from bcp.queries import reports, restore_tests
from bcp.queries.filters import BackupCopyFilter
from bcp.services import copies as writes
from bcp.web.copying import in_one_line, kept, protection, restored, throughput, what
from bcp.web.forms.copies import BackupCopyForm, CopyBulkForm
from bcp.web.nouns import Noun
from bcp.web.proofs import Proofs
from bcp.web.reports import panel
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.bulk import BulkView
from bcp.web.views.lists import Column, ListView

COPIES = Noun(
    "copies",
    _("backup copy"),
    _("Backup copies"),
    "backupcopy",
    reads.listing,
    writes,
    adding=_("Add a copy"),
)


class CopyList(ListView):
    noun = COPIES
    filter_class = BackupCopyFilter
    bulk = True
    columns = (
        Column("system", _("System"), sort="system_name", kind="system"),
        Column("name", _("Copy"), sort="name", kind="link"),
        Column("observed", _("Last run"), kind="copy state"),
        Column("content", _("Content"), value=what),
        Column("kept", _("Kept on"), value=kept),
        Column("interval", _("Every"), "interval_minutes", "minutes", "interval_minutes"),
        Column("retention", _("Kept for"), "retention_minutes", "minutes", "retention_minutes"),
        Column("protection", _("Protected by"), value=protection),
        Column("policy", _("Policy"), sort="policy_name"),
        Column("succeeded_at", _("Last success"), sort="succeeded_at"),
        Column("restored", _("Last restore"), "last_restore_test", value=restored),
    )
    export_columns = (
        *(Column(name, name) for name in ("system", "name", "policy", "content", "kind")),
        *(Column(name, name) for name in ("source", "medium", "site", "repository")),
        Column("interval", "interval", kind="minutes", value="interval_minutes"),
        Column("run", "run", kind="minutes", value="run_minutes"),
        Column("lag", "lag", kind="minutes", value="lag_minutes"),
        Column("retention", "retention", kind="minutes", value="retention_minutes"),
        Column("locked", "locked", kind="minutes", value="locked_minutes"),
        *(Column(name, name) for name in ("offline", "separate_credentials", "encrypted")),
        Column("restore_mb_s", "restore_mb_s"),
        Column("restore_fixed", "restore_fixed", kind="minutes", value="restore_fixed_minutes"),
        *(Column(name, name) for name in ("last_success", "last_restore_test")),
        Column("last_restore_result", "last_restore_result"),
        Column("last_restore_minutes", "last_restore_minutes", "", "minutes"),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        for row, observed in zip(rows, reports.standing(rows, self.now), strict=True):
            row.observed = observed
        return rows


@method_decorator(never_cache, name="dispatch")
class CopyDetail(DetailView):
    """With the secret reporting address for who may edit: no cache may keep the page."""

    noun = COPIES
    columns = (
        Column("system", _("System"), kind="system"),
        Column("source", _("Source")),
        Column("content", _("Content"), value="get_content_display"),
        Column("kind", _("Kind"), value="get_kind_display"),
        Column("medium", _("Medium")),
        Column("site", _("Destination")),
        Column("interval_minutes", _("Runs every"), kind="minutes"),
        Column("run_minutes", _("One run takes"), kind="minutes"),
        Column("lag_minutes", _("Shipping lag"), kind="minutes"),
        Column("retention_minutes", _("Kept for"), kind="minutes"),
        Column("locked_minutes", _("Locked for"), kind="minutes"),
        Column("offline", _("Offline"), kind="yes or no"),
        Column("separate_credentials", _("Separate credentials"), kind="yes or no"),
        Column("encrypted", _("Encrypted"), kind="yes or no"),
        Column("repository", _("Repository")),
        Column("restore_mb_s", _("Restores at MB/s"), value=throughput),
        Column("restore_fixed_minutes", _("Fixed part of a restore"), kind="minutes"),
        Column("succeeded_at", _("Last success")),
    )

    def context(self, record: Any) -> dict[str, Any]:
        tests = list(restore_tests.listing(self.organisation).filter(copy=record))
        return {
            "observed": reports.standing([record], self.now)[0],
            "ruled": writes.POLICY_FIELDS if record.policy_id else (),
            "is_untested": record.last_restore_test is None,
            "tests": Proofs(self.organisation, self.now).of(tests),
            "here": self.request.get_full_path(),
            "reporting": panel(
                record,
                self.now,
                self.request,
                may_edit=access.can(self.membership, self.noun.edited_by),
            ),
        }


class CopyCreate(CreateView):
    noun = COPIES
    form_class = BackupCopyForm


class CopyEdit(EditView):
    noun = COPIES
    form_class = BackupCopyForm

    def context(self, record: Any, version: int) -> dict[str, Any]:
        said = in_one_line(record.policy) if record.policy_id else ""
        return {**super().context(record, version), "policy_says": said}


class CopyBulk(BulkView):
    noun = COPIES
    filter_class = BackupCopyFilter
    form_class = CopyBulkForm
    can_delete = True


class CopyDelete(DeleteView):
    noun = COPIES


class CopyHistory(HistoryView):
    noun = COPIES


urls = [
    path("copies/", CopyList.as_view(), name="copies-list"),
    path("copies/new/", CopyCreate.as_view(), name="copies-create"),
    path("copies/bulk/", CopyBulk.as_view(), name="copies-bulk"),
    path("copies/<str:key>/", CopyDetail.as_view(), name="copies-detail"),
    path("copies/<str:key>/edit/", CopyEdit.as_view(), name="copies-edit"),
    path("copies/<str:key>/delete/", CopyDelete.as_view(), name="copies-delete"),
    path("copies/<str:key>/history/", CopyHistory.as_view(), name="copies-history"),
]
