"""Backup copies: what is copied where, and what is known of the last run and the last restore."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.queries import copies as reads
from bcp.queries.filters import BackupCopyFilter
from bcp.services import copies as writes
from bcp.web.forms.copies import BackupCopyForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.lists import Column, ListView

COPIES = Noun(
    "copies",
    _("backup copy"),
    _("Backups"),
    "backupcopy",
    reads.listing,
    writes,
    adding=_("Add a copy"),
)


_RESULTS = {"success": _("Success"), "partial": _("Partial"), "failure": _("Failure")}
_MARKS = {"success": "●", "partial": "▲", "failure": "■"}


def restored(copy: Any) -> str:
    """What the last restore from a copy showed. Never tried is no result, and is said."""
    if copy.last_restore_test is None:
        return gettext("▲ untested")
    result = _RESULTS.get(copy.last_restore_result, gettext("result not recorded"))
    mark = _MARKS.get(copy.last_restore_result, "◌")
    day = date_format(copy.last_restore_test, "DATE_FORMAT")
    return gettext("%(mark)s %(result)s, %(day)s") % {"mark": mark, "result": result, "day": day}


def kept(copy: Any) -> str:
    """On what and where."""
    return ", ".join(str(one) for one in (copy.medium, copy.site) if one)


def protection(copy: Any) -> str:
    words = []
    if copy.locked_minutes:
        words.append(gettext("locked"))
    if copy.offline:
        words.append(gettext("offline"))
    if copy.separate_credentials:
        words.append(gettext("separate credentials"))
    return ", ".join(words)


class CopyList(ListView):
    noun = COPIES
    filter_class = BackupCopyFilter
    columns = (
        Column("system", _("System"), sort="system_name", kind="system"),
        Column("name", _("Copy"), sort="name", kind="link", value="name"),
        Column("content", _("Content"), value="get_content_display"),
        Column("kept", _("Kept on"), value=kept),
        Column("interval", _("Every"), "interval_minutes", "minutes", "interval_minutes"),
        Column("protection", _("Protected by"), value=protection),
        Column("succeeded_at", _("Last success"), sort="last_success"),
        Column("restored", _("Last restore"), value=restored),
    )
    export_columns = (
        *(Column(name, name) for name in ("system", "name", "content", "medium", "site")),
        Column("interval", "interval", kind="minutes", value="interval_minutes"),
        Column("run", "run", kind="minutes", value="run_minutes"),
        Column("lag", "lag", kind="minutes", value="lag_minutes"),
        Column("retention", "retention", kind="minutes", value="retention_minutes"),
        Column("locked", "locked", kind="minutes", value="locked_minutes"),
        *(Column(name, name) for name in ("offline", "separate_credentials", "kind")),
        *(Column(name, name) for name in ("restore_mb_s", "last_success")),
        *(Column(name, name) for name in ("last_restore_test", "last_restore_result")),
    )


class CopyDetail(DetailView):
    noun = COPIES
    columns = (
        Column("system", _("System"), kind="system"),
        Column("content", _("Content"), value="get_content_display"),
        Column("medium", _("Medium")),
        Column("site", _("Destination")),
        Column("interval", _("Runs every"), kind="minutes", value="interval_minutes"),
        Column("run", _("One run takes"), kind="minutes", value="run_minutes"),
        Column("lag", _("Shipping lag"), kind="minutes", value="lag_minutes"),
        Column("retention", _("Kept for"), kind="minutes", value="retention_minutes"),
        Column("locked", _("Locked for"), kind="minutes", value="locked_minutes"),
        Column("offline", _("Offline")),
        Column("separate_credentials", _("Separate credentials")),
        Column("kind", _("Kind"), value="get_kind_display"),
        Column("restore_mb_s", _("Restores at MB/s")),
        Column("succeeded_at", _("Last success")),
        Column("restored", _("Last restore"), value=restored),
    )

    def context(self, record: Any) -> dict[str, Any]:
        return {"is_untested": record.last_restore_test is None}


class CopyCreate(CreateView):
    noun = COPIES
    form_class = BackupCopyForm


class CopyEdit(EditView):
    noun = COPIES
    form_class = BackupCopyForm


class CopyDelete(DeleteView):
    noun = COPIES


class CopyHistory(HistoryView):
    noun = COPIES


urls = [
    path("copies/", CopyList.as_view(), name="copies-list"),
    path("copies/new/", CopyCreate.as_view(), name="copies-create"),
    path("copies/<str:key>/", CopyDetail.as_view(), name="copies-detail"),
    path("copies/<str:key>/edit/", CopyEdit.as_view(), name="copies-edit"),
    path("copies/<str:key>/delete/", CopyDelete.as_view(), name="copies-delete"),
    path("copies/<str:key>/history/", CopyHistory.as_view(), name="copies-history"),
]
