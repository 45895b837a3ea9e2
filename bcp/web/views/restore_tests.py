"""Restore tests: who restored what from which copy, and what came back."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.queries import restore_tests as reads
from bcp.queries.filters import RestoreTestFilter
from bcp.services import restore_tests as writes
from bcp.web.copying import result_in_words
from bcp.web.forms.restore_tests import RestoreTestForm
from bcp.web.nouns import Noun
from bcp.web.proofs import Proofs
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.lists import Column, ListView

RESTORE_TESTS = Noun(
    "restore-tests",
    _("restore test"),
    _("Restore tests"),
    "restoretest",
    reads.listing,
    writes,
    adding=_("Record a restore test"),
)


def _result(test: Any) -> str:
    return result_in_words(test.outcome)


class RestoreTestList(ListView):
    noun = RESTORE_TESTS
    filter_class = RestoreTestFilter
    columns = (
        Column("done_on", _("Done on"), sort="done_on", kind="link"),
        Column("system", _("System"), "copy_system_name", "system", lambda one: one.copy.system),
        Column("copy", _("Copy"), sort="copy_name", value=lambda one: one.copy.name),
        Column("result", _("Result"), sort="outcome", value=_result),
        Column("counts", _("As proof"), value=lambda one: one.proof.counts),
        Column("age", _("Age"), value=lambda one: one.proof.age),
        Column("minutes", _("Took"), "minutes", "minutes"),
        Column("restored_bytes", _("Restored"), "restored_bytes", "bytes"),
        Column("done_by", _("Done by")),
    )
    export_columns = (
        Column("system", "system", value=lambda one: one.copy.system),
        Column("copy", "copy", value=lambda one: one.copy.name),
        *(Column(name, name) for name in ("done_on", "outcome")),
        Column("minutes", "minutes", kind="minutes"),
        *(Column(name, name) for name in ("restored_bytes", "done_by", "note")),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        for row, proof in zip(rows, Proofs(self.organisation, self.now).of(rows), strict=True):
            row.proof = proof
        return rows


class RestoreTestDetail(DetailView):
    noun = RESTORE_TESTS
    columns = (
        Column("system", _("System"), kind="system", value=lambda one: one.copy.system),
        Column("done_on", _("Done on")),
        Column("result", _("Result"), value=_result),
        Column("minutes", _("Took"), kind="minutes"),
        Column("restored_bytes", _("Restored"), kind="bytes"),
        Column("done_by", _("Done by")),
        Column("note", _("Note")),
    )

    def context(self, record: Any) -> dict[str, Any]:
        return {"proof": Proofs(self.organisation, self.now).of([record])[0]}


class RestoreTestCreate(CreateView):
    """`?copy=KEY` names the copy; done today by oneself, unless one says otherwise."""

    noun = RESTORE_TESTS
    form_class = RestoreTestForm

    def form(self, **options: Any) -> Any:
        usual = {"done_on": self.today, "done_by": self.membership.user.name}
        options["initial"] = usual | options.get("initial", {})
        return super().form(**options)


class RestoreTestEdit(EditView):
    noun = RESTORE_TESTS
    form_class = RestoreTestForm


class RestoreTestDelete(DeleteView):
    noun = RESTORE_TESTS


class RestoreTestHistory(HistoryView):
    noun = RESTORE_TESTS


_ONE = "restore-tests/<str:key>/"

urls = [
    path("restore-tests/", RestoreTestList.as_view(), name="restore-tests-list"),
    path("restore-tests/new/", RestoreTestCreate.as_view(), name="restore-tests-create"),
    path(_ONE, RestoreTestDetail.as_view(), name="restore-tests-detail"),
    path(f"{_ONE}edit/", RestoreTestEdit.as_view(), name="restore-tests-edit"),
    path(f"{_ONE}delete/", RestoreTestDelete.as_view(), name="restore-tests-delete"),
    path(f"{_ONE}history/", RestoreTestHistory.as_view(), name="restore-tests-history"),
]
