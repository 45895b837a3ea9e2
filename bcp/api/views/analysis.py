"""The recovery analysis: order, times, conflicts, loops and gaps."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import refuse_unknown
from bcp.api.serializers.analysis import AnalysisSerializer
from bcp.api.views.base import OrganisationView
from bcp.engine.scenario import EVERYTHING
from bcp.queries import answers

_SCENARIO = OpenApiParameter(
    "scenario",
    str,
    default=EVERYTHING,
    description="What is lost.",
    examples=[
        OpenApiExample("everything", value=EVERYTHING),
        OpenApiExample("a site and its zone", value="site:Hamburg"),
        OpenApiExample("a supplier", value="supplier:Payroll Ltd"),
        OpenApiExample("one system", value="system:ERP"),
        OpenApiExample("ransomware that was inside for a fortnight", value="ransomware:14d"),
        OpenApiExample("stolen administrator credentials", value="stolen_credentials"),
    ],
)


class Analysis(OrganisationView):
    tag = "Analysis"
    serializer_class = AnalysisSerializer
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    @extend_schema(parameters=[_SCENARIO])
    def get(self, request: Request, slug: str) -> Response:
        """When is what back, counted from the disruption? `null` is unknown."""
        refuse_unknown(request, {_SCENARIO.name})
        scenario = request.query_params.get(_SCENARIO.name, EVERYTHING)
        return Response(answers.answer(self.organisation, scenario, now=self.now))
