"""Procedures: drafts that are written whole, and what somebody else decides about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.procedures import (
    DraftSerializer,
    ProcedureSendBackSerializer,
    ProcedureSerializer,
)
from bcp.api.views.records import DetailView, ListView, LockedView
from bcp.engine.permissions import Capability
from bcp.queries import procedures as reads
from bcp.queries.filters import ProcedureFilter
from bcp.services import procedures

TAG = "Procedures"


class ProcedureList(ListView):
    tag = TAG
    needs = {"GET": Capability.READ, "POST": Capability.EDIT_ESTATE}
    serializer_class = ProcedureSerializer
    takes = {"POST": DraftSerializer}
    tagged = {"POST": [201]}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}
    filterset_class = ProcedureFilter
    listing = staticmethod(reads.listing)

    def post(self, request: Request, slug: str) -> Response:
        """Open the draft of a system; a system has one at a time."""
        values = self.checked(request).validated_data
        source = values.get("copy_of")
        draft = procedures.start(
            self.organisation,
            values["system"].pk,
            copy_of=source.pk if source else None,
            steps=values.get("steps", ()),
            summary=values.get("summary", ""),
            by=self.by,
        )
        response = self.tagged_response(self.row(draft.pk), status.HTTP_201_CREATED)
        address = reverse("api-procedures-detail", kwargs={"slug": slug, "key": draft.pk})
        response["Location"] = request.build_absolute_uri(address)
        return response


class ProcedureDetail(DetailView):
    """Only drafts are changed and deleted: any other version answers 409."""

    tag = TAG
    serializer_class = ProcedureSerializer
    more_errors = {method: [status.HTTP_409_CONFLICT] for method in ("PUT", "PATCH", "DELETE")}
    listing = staticmethod(reads.listing)
    service = procedures

    def _change(self, request: Request, key: str, read: Callable[[], dict[str, Any]]) -> Response:
        def save(seen_version: int) -> None:
            given = read()
            procedures.save(
                self.organisation,
                key,
                given.get("steps"),
                summary=given["values"].get("summary"),
                seen_version=seen_version,
                by=self.by,
            )

        self.write(request, key, save)
        return self.tagged_response(self.row(key))


class Decision(LockedView):
    """One way to decide about a draft."""

    tag = TAG
    needs = {"POST": Capability.APPROVE_PROCEDURE}
    serializer_class = ProcedureSerializer
    takes: Mapping[str, Any] = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: ProcedureSerializer}}
    tagged = {"POST": [200]}
    locked_methods = ("POST",)
    listing = staticmethod(reads.listing)
    http_method_names = ["post"]


class Approve(Decision):
    def post(self, request: Request, slug: str, key: str) -> Response:
        """Approve the version of the draft that was read. Nobody who has written at it may."""
        self.write(
            request,
            key,
            lambda seen: procedures.approve(self.organisation, key, seen_version=seen, by=self.by),
        )
        return self.tagged_response(self.row(key))


class SendBack(Decision):
    takes = {"POST": ProcedureSendBackSerializer}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Say why a draft cannot be approved as it is."""

        def send_back(seen: int) -> None:
            reason = self.checked(request).validated_data["reason"]
            procedures.send_back(self.organisation, key, reason, seen_version=seen, by=self.by)

        self.write(request, key, send_back)
        return self.tagged_response(self.row(key))
