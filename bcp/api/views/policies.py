"""Backup policies, and giving many systems a copy that follows one."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.policies import (
    AssignedSerializer,
    AssignSerializer,
    PolicySerializer,
    ReleasedSerializer,
    ReleaseSerializer,
)
from bcp.api.views.base import OrganisationView
from bcp.api.views.records import DetailView, ListCreateView
from bcp.engine.permissions import Capability
from bcp.queries import policies as reads
from bcp.queries.filters import BackupPolicyFilter
from bcp.services import policies

TAG = "Backup policies"


class PolicyList(ListCreateView):
    tag = TAG
    serializer_class = PolicySerializer
    filterset_class = BackupPolicyFilter
    listing = staticmethod(reads.listing)
    service = policies
    detail_url = "api-policies-detail"


class PolicyDetail(DetailView):
    tag = TAG
    serializer_class = PolicySerializer
    listing = staticmethod(reads.listing)
    service = policies


class OfPolicy(OrganisationView):
    """An action on many records at once. Without If-Match: it does what it says whatever else
    was changed, and does it to all of them or to none."""

    tag = TAG
    needs = {"POST": Capability.EDIT_ESTATE}
    more_errors = {"POST": [status.HTTP_404_NOT_FOUND, status.HTTP_409_CONFLICT]}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not reads.listing(self.organisation).filter(pk=kwargs["key"]).exists():
            raise Http404(_("There is no such page."))


class Assign(OfPolicy):
    serializer_class = AssignSerializer
    gives = {"POST": {status.HTTP_200_OK: AssignedSerializer}}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Give each system a copy that follows the policy; one that has it already is left."""
        keys = self.checked(request).validated_data["systems"]
        made = policies.assign(self.organisation, key, keys, by=self.by)
        return Response({"copies": [copy.pk for copy in made]})


class Release(OfPolicy):
    serializer_class = ReleaseSerializer
    gives = {"POST": {status.HTTP_200_OK: ReleasedSerializer}}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Take copies out of the policy, or delete them."""
        asked = self.checked(request).validated_data
        release = policies.withdraw if asked["delete"] else policies.detach
        count = release(self.organisation, key, asked["copies"], by=self.by)
        return Response({"released": count})
