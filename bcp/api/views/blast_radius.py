"""What stops when systems and sites are lost at once, when it hurts, and who is to be told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import refuse_unknown
from bcp.api.serializers.blast_radius import BlastRadiusSerializer
from bcp.api.views.base import OrganisationView
from bcp.queries.analysis import analysis
from bcp.queries.blast_radius import Blast, chosen, told

_SYSTEM = OpenApiParameter(
    "system", str, many=True, description="Key of a live system or supplier that is lost."
)
_SITE = OpenApiParameter(
    "site", str, many=True, description="Name of a site that is lost, with its shared-fate zone."
)


class BlastRadius(OrganisationView):
    tag = "Analysis"
    operation = "blast_radius"
    serializer_class = BlastRadiusSerializer
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    @extend_schema(parameters=[_SYSTEM, _SITE])
    def get(self, request: Request, slug: str) -> Response:
        """What stops, what only degrades, after how long it hurts. `null` is unknown."""
        refuse_unknown(request, {_SYSTEM.name, _SITE.name})
        now = self.now.astimezone(ZoneInfo(self.organisation.time_zone))
        found = analysis(self.organisation, now=now)
        keys, sites = (request.query_params.getlist(one.name) for one in (_SYSTEM, _SITE))
        choice = chosen(found, keys, sites)
        faults = {
            name: [_("There is no live system or site “%(name)s”.") % {"name": value[:80]}]
            for name, values in ((_SYSTEM.name, keys), (_SITE.name, sites))
            for value in values
            if value in choice.unknown
        }
        if not keys and not sites:
            faults = {_SYSTEM.name: [_("Name at least one system or site that is lost.")]}
        if faults:
            raise ValidationError(faults)
        return Response(told(Blast(found, choice, today=now.date())))
