"""Systems, one at a time and many at once."""

from __future__ import annotations

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.serializers.systems import BulkResultSerializer, BulkSerializer, SystemSerializer
from bcp.api.views.base import OrganisationView
from bcp.api.views.records import DetailView, ListCreateView
from bcp.engine.permissions import Capability
from bcp.queries import systems as reads
from bcp.queries.filters import SystemFilter
from bcp.services import systems


class SystemList(ListCreateView):
    tag = "Systems"
    serializer_class = SystemSerializer
    filterset_class = SystemFilter
    listing = staticmethod(reads.listing)
    service = systems
    detail_url = "api-systems-detail"


class SystemDetail(DetailView):
    tag = "Systems"
    serializer_class = SystemSerializer
    listing = staticmethod(reads.listing)
    service = systems


class SystemBulk(OrganisationView):
    """Set the same fields on many systems, all or none. The one write without If-Match: it sets
    what it names whatever stood there, and leaves the rest of each system alone."""

    tag = "Systems"
    needs = {"POST": Capability.EDIT_ESTATE}
    serializer_class = BulkSerializer
    gives = {"POST": {status.HTTP_200_OK: BulkResultSerializer}}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}

    def post(self, request: Request, slug: str) -> Response:
        asked = self.checked(request).validated_data
        changed = systems.change_many(self.organisation, asked["keys"], asked["values"], by=self.by)
        return Response({"changed": changed})
