"""Giving a copy a new secret reporting address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict
from bcp.services import reporting
from bcp.web.views.base import NounView, seen_version
from bcp.web.views.copies import COPIES


class CopyRoll(NounView):
    """Asks once; the new address is on the copy's page."""

    noun = COPIES
    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.page("roll", {"record": self.record(key)})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        seen = seen_version(request)
        try:
            reporting.roll(self.organisation, key, seen_version=seen, by=self.by)
        except Conflict as error:
            return self.page("roll", {"record": self.record(key), "fault": str(error)}, 409)
        self.succeed(_("The old reporting address is dead. Give the backup job the new one."))
        return redirect(f"{self.detail_url(record)}#reporting")


urls = [path("copies/<str:key>/roll/", CopyRoll.as_view(), name="copies-roll")]
