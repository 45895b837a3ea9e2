"""Taking back one write, from wherever its history is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.queries import history
from bcp.services import undo
from bcp.web.views.base import OrgView

# Where the records of each kind are shown.
_PAGES = {
    "system": "systems-detail",
    "dependency": "dependencies-detail",
    "site": "sites-detail",
    "contact": "contacts-detail",
    "backupcopy": "copies-detail",
    "backuppolicy": "policies-detail",
    "restoretest": "restore-tests-detail",
    "exerciseresult": "exercises-detail",
    "savedview": "map-views-detail",
}


class HistoryUndo(OrgView):
    """POST: write the opposite of one audit event, unless it has been written over since. Leads
    `back` where the page that offered it wants, else to the record."""

    needs = Capability.EDIT_ESTATE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        event = access.find(history.events(self.organisation), key)
        record = undo.undo(self.organisation, event, by=self.by)
        if record.pk is None:
            self.succeed(_("“%(record)s” has been removed again.") % {"record": record})
            return redirect(self.back_url(self.url("dependencies-list")))
        self.succeed(_("“%(record)s” is as it was before.") % {"record": record})
        # A result has no page of its own.
        shown_with = getattr(record, "exercise", record)
        return redirect(self.back_url(self.url(_PAGES[event.record_type], key=shown_with.pk)))


urls = [path("history/<str:key>/undo/", HistoryUndo.as_view(), name="history-undo")]
