"""Proposed dependencies: read, accepted, refused, and put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.proposed_dependencies import (
    AcceptProposedSerializer,
    ProposedSerializer,
    RefuseProposedSerializer,
)
from bcp.api.views.records import ListView, LockedView
from bcp.engine.permissions import Capability
from bcp.queries import proposed_dependencies as reads
from bcp.queries.filters import ProposedDependencyFilter
from bcp.services import proposed_dependencies
from bcp.services.proposed_dependencies import Seen

TAG = "Proposed dependencies"


class ProposedList(ListView):
    """Whether they wait or were decided."""

    tag = TAG
    serializer_class = ProposedSerializer
    filterset_class = ProposedDependencyFilter
    listing = staticmethod(reads.listing)


class ProposedDetail(LockedView):
    tag = TAG
    serializer_class = ProposedSerializer
    listing = staticmethod(reads.listing)
    tagged = {"GET": [200]}


class Decision(LockedView):
    """One way to decide about a proposal."""

    tag = TAG
    needs = {"POST": Capability.REVIEW_DEPENDENCIES}
    serializer_class = ProposedSerializer
    takes: Mapping[str, Any] = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: ProposedSerializer}}
    tagged = {"POST": [200]}
    locked_methods = ("POST",)
    listing = staticmethod(reads.listing)
    http_method_names = ["post"]

    def decide(self, request: Request, key: str, decision: Callable[[Seen], Any]) -> Response:
        self.write(request, key, lambda version: decision((key, version)))
        return self.tagged_response(self.row(key))


class Accept(Decision):
    takes = {"POST": AcceptProposedSerializer}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Record the dependency: it counts from now on."""

        def accept(seen: Seen) -> None:
            note = self.checked(request).validated_data.get("note", "")
            proposed_dependencies.accept_many(self.organisation, [seen], note, by=self.by)

        return self.decide(request, key, accept)


class Refuse(Decision):
    takes = {"POST": RefuseProposedSerializer}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Refuse it and say why."""

        def refuse(seen: Seen) -> None:
            reason = self.checked(request).validated_data["reason"]
            proposed_dependencies.refuse_many(self.organisation, [seen], reason, by=self.by)

        return self.decide(request, key, refuse)


class PutBack(Decision):
    def post(self, request: Request, slug: str, key: str) -> Response:
        """Take a decision back: the proposal waits again, and what was accepted is as before."""

        def put_back(seen: Seen) -> None:
            proposed_dependencies.reopen_many(self.organisation, [seen], by=self.by)

        return self.decide(request, key, put_back)
