"""Accepted gaps. The gaps themselves, with what is needed to accept one, are in the analysis."""

from __future__ import annotations

from django.urls import reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.acceptances import (
    AcceptanceSerializer,
    AcceptSerializer,
    TakeBackSerializer,
)
from bcp.api.views.records import ListView, LockedView
from bcp.engine.permissions import Capability
from bcp.queries import acceptances as reads
from bcp.queries.filters import GapAcceptanceFilter
from bcp.services import acceptances

TAG = "Accepted gaps"


class AcceptanceList(ListView):
    tag = TAG
    needs = {"GET": Capability.READ, "POST": Capability.ACCEPT_GAP}
    serializer_class = AcceptanceSerializer
    takes = {"POST": AcceptSerializer}
    tagged = {"POST": [201]}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}
    filterset_class = GapAcceptanceFilter
    listing = staticmethod(reads.listing)

    def post(self, request: Request, slug: str) -> Response:
        """Accept a gap for a time. 409 if it says something else than you read."""
        given = self.checked(request).validated_data
        made = acceptances.accept(
            self.organisation,
            given["gap"],
            given["reason"],
            given["until"],
            seen_facts=given["facts"],
            seen_acceptance=given.get("acceptance"),
            by=self.by,
            now=self.now,
        )
        response = self.tagged_response(self.row(made.pk), status.HTTP_201_CREATED)
        address = reverse("api-acceptances-detail", kwargs={"slug": slug, "key": made.pk})
        response["Location"] = request.build_absolute_uri(address)
        return response


class AcceptanceDetail(LockedView):
    tag = TAG
    serializer_class = AcceptanceSerializer
    listing = staticmethod(reads.listing)
    tagged = {"GET": [200]}


class TakeBack(LockedView):
    tag = TAG
    needs = {"POST": Capability.ACCEPT_GAP}
    serializer_class = AcceptanceSerializer
    takes = {"POST": TakeBackSerializer}
    gives = {"POST": {status.HTTP_200_OK: AcceptanceSerializer}}
    tagged = {"POST": [200]}
    locked_methods = ("POST",)
    listing = staticmethod(reads.listing)
    http_method_names = ["post"]

    def post(self, request: Request, slug: str, key: str) -> Response:
        """End an acceptance before its day: the gap is open again."""

        def take_back(seen: int) -> None:
            reason = self.checked(request).validated_data["reason"]
            acceptances.take_back(self.organisation, key, reason, seen_version=seen, by=self.by)

        self.write(request, key, take_back)
        return self.tagged_response(self.row(key))
