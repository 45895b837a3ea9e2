"""Loops of systems that wait for each other, and what opens them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import PAGING, refuse_unknown
from bcp.api.paging import Pages
from bcp.api.serializers.loops import OpenableLoopSerializer
from bcp.api.views.base import OrganisationView
from bcp.engine.results import Analysis
from bcp.queries import loops
from bcp.queries.analysis import analysis


class LoopList(OrganisationView):
    tag = "Analysis"
    operation = "loops"
    many = True
    serializer_class = OpenableLoopSerializer
    pagination_class: Any = Pages

    def get(self, request: Request, slug: str) -> Response:
        """Systems that wait for each other, with the fewest dependencies to open."""
        refuse_unknown(request, PAGING)
        zone = ZoneInfo(self.organisation.time_zone)
        found = analysis(self.organisation, now=self.now.astimezone(zone))
        rows: Any = _Rows(self.organisation, found)
        return self.get_paginated_response(self.paginate_queryset(rows))


class _Rows:
    """Loops to the paginator: they are told when a slice is taken."""

    ordered = True

    def __init__(self, organisation: Any, found: Analysis) -> None:
        self._organisation, self._found = organisation, found

    def count(self) -> int:
        return len(self._found.loops)

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        numbers = range(self.count())[wanted]
        return loops.told(self._organisation, self._found, numbers)
