"""Recovery targets: proposed by one person, decided by another, never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.targets import ProposalSerializer, SendBackSerializer, TargetSerializer
from bcp.api.views.records import ListView, LockedView
from bcp.engine.permissions import Capability
from bcp.queries import targets as reads
from bcp.queries.filters import RecoveryTargetFilter
from bcp.services import targets

TAG = "Recovery targets"


class TargetList(ListView):
    tag = TAG
    needs = {"GET": Capability.READ, "POST": Capability.PROPOSE_TARGET}
    serializer_class = TargetSerializer
    takes = {"POST": ProposalSerializer}
    tagged = {"POST": [201]}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}
    filterset_class = RecoveryTargetFilter
    listing = staticmethod(reads.listing)

    def post(self, request: Request, slug: str) -> Response:
        """Propose a target. It takes the place of an open proposal of the same system."""
        values = dict(self.checked(request).validated_data)
        target = targets.propose(
            self.organisation,
            values["system"].pk,
            rto_minutes=values.get("rto_minutes"),
            rpo_minutes=values.get("rpo_minutes"),
            mtd_minutes=values.get("mtd_minutes"),
            reason=values.get("reason", ""),
            by=self.by,
        )
        response = self.tagged_response(self.row(target.pk), status.HTTP_201_CREATED)
        address = reverse("api-targets-detail", kwargs={"slug": slug, "key": target.pk})
        response["Location"] = request.build_absolute_uri(address)
        return response


class TargetDetail(LockedView):
    tag = TAG
    serializer_class = TargetSerializer
    listing = staticmethod(reads.listing)
    tagged = {"GET": [200]}


class Decision(LockedView):
    """One way to decide a proposal."""

    tag = TAG
    needs = {"POST": Capability.APPROVE_TARGET}
    serializer_class = TargetSerializer
    takes: Mapping[str, Any] = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: TargetSerializer}}
    tagged = {"POST": [200]}
    locked_methods = ("POST",)
    listing = staticmethod(reads.listing)
    http_method_names = ["post"]

    def decide(self, request: Request, key: str, decision: Callable[..., Any]) -> Response:
        self.write(
            request,
            key,
            lambda seen: decision(self.organisation, key, seen_version=seen, by=self.by),
        )
        return self.tagged_response(self.row(key))


class Approve(Decision):
    def post(self, request: Request, slug: str, key: str) -> Response:
        """Make a proposal the target. Its own proposer may not."""
        return self.decide(request, key, targets.approve)


class SendBack(Decision):
    takes = {"POST": SendBackSerializer}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Refuse a proposal and say why."""

        def send_back(organisation: Any, key: str, **named: Any) -> Any:
            reason = self.checked(request).validated_data["reason"]
            return targets.send_back(organisation, key, reason, **named)

        return self.decide(request, key, send_back)


class Withdraw(Decision):
    needs = {"POST": Capability.PROPOSE_TARGET}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Take back one's own proposal."""
        return self.decide(request, key, targets.withdraw)
