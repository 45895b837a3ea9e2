"""What the backup job of a copy reported, and its secret address."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp import access
from bcp.api.serializers.reports import ReportingAddressSerializer, ReportSerializer
from bcp.api.views.records import ListView, LockedView, Row
from bcp.engine.permissions import Capability
from bcp.queries import copies, reports
from bcp.services import reporting

TAG = "Backup copies"


class ReportList(ListView):
    """The latest 500 calls of a copy's job, the latest first."""

    tag = TAG
    operation = "copies_reports"
    serializer_class = ReportSerializer

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        copy = access.find(copies.listing(self.organisation), self.kwargs["key"])
        return reports.calls(self.organisation, copy.pk)


class ReportingAddress(LockedView):
    tag = TAG
    operation = "copies_reporting_address"
    needs = {"GET": Capability.EDIT_ESTATE, "POST": Capability.EDIT_ESTATE}
    serializer_class = ReportingAddressSerializer
    takes = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: ReportingAddressSerializer}}
    tagged = {"GET": [200], "POST": [200]}
    locked_methods = ("POST",)
    listing = staticmethod(copies.listing)
    http_method_names = ["get", "head", "post"]

    def rows(self, records: QuerySet[Any]) -> list[Row]:
        return [
            {
                "id": copy.pk,
                "version": copy.version,
                "address": self.request.build_absolute_uri(
                    reverse("report", args=[reporting.address_of(copy)])
                ),
            }
            for copy in records
        ]

    def get(self, request: Request, slug: str, key: str) -> Response:
        """Where the copy's job reports. Whoever may edit the copy may know it."""
        return super().get(request, slug, key)

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Roll the address: the answer has a new one, and the old one is dead."""

        def roll(seen_version: int) -> None:
            reporting.roll(self.organisation, key, seen_version=seen_version, by=self.by)

        self.write(request, key, roll)
        return self.tagged_response(self.row(key))
