"""Recovery targets: proposed by one person, decided by another, never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.errors import ConflictWith
from bcp.api.serializers.targets import (
    ApprovalSerializer,
    ApprovedManySerializer,
    ApproveManySerializer,
    DecidedTargetSerializer,
    ProposalSerializer,
    SendBackSerializer,
    TargetSerializer,
)
from bcp.api.views.base import OrganisationView
from bcp.api.views.records import ListView, LockedView
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, NotAllowed
from bcp.queries import targets as reads
from bcp.queries.filters import RecoveryTargetFilter
from bcp.services import targets
from bcp.services.targets import Seen

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
    serializer_class = DecidedTargetSerializer
    listing = staticmethod(reads.listing)
    tagged = {"GET": [200]}


class Decision(LockedView):
    """One way to decide a proposal."""

    tag = TAG
    needs = {"POST": Capability.APPROVE_TARGET}
    serializer_class = DecidedTargetSerializer
    takes: Mapping[str, Any] = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: DecidedTargetSerializer}}
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
    takes = {"POST": ApprovalSerializer}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Make a proposal the target. Its own proposer may not, nor may a token of theirs."""

        def approve(organisation: Any, key: str, **named: Any) -> Any:
            basis = self.checked(request).validated_data["basis"]
            return targets.approve(organisation, key, seen_basis=basis, **named)

        return self.decide(request, key, approve)


class ApproveMany(OrganisationView):
    """Approve several proposals, all or none. Versions stand in the body instead of If-Match.

    For tokens alone: a browser that is still signed in is no signature, which is why the review
    page asks again who one is."""

    tag = TAG
    operation = "targets_approve_many"
    needs = {"POST": Capability.APPROVE_TARGET}
    serializer_class = ApproveManySerializer
    gives = {"POST": {status.HTTP_200_OK: ApprovedManySerializer}}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}
    http_method_names = ["post"]

    def post(self, request: Request, slug: str) -> Response:
        """With 409, `current` says of each proposal that is not what you saw what has changed."""
        asked = self.checked(request).validated_data["proposals"]
        if request.auth is None:
            raise NotAllowed(_("Several targets are signed on the review page, or with a token."))
        seen = [Seen(one["id"], one["version"], one["basis"]) for one in asked]
        try:
            approved = targets.approve_many(self.organisation, seen, by=self.by)
        except Conflict as conflict:
            raise ConflictWith(str(conflict), conflict.current) from conflict
        return Response({"approved": [one.pk for one in approved]})


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
