"""The matrix system by scenario, and the losses of one system with their reasons."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import PAGING, refuse_unknown
from bcp.api.paging import Pages
from bcp.api.serializers.losses import MatrixRowSerializer, SystemLossesSerializer
from bcp.api.views.base import OrganisationView
from bcp.engine.results import Analysis
from bcp.queries import losses
from bcp.queries.analysis import analysis


class MatrixView(OrganisationView):
    tag = "Analysis"

    def analysed(self, request: Request, known: Collection[str]) -> Analysis:
        refuse_unknown(request, known)
        zone = ZoneInfo(self.organisation.time_zone)
        return analysis(self.organisation, now=self.now.astimezone(zone))


class Matrix(MatrixView):
    operation = "losses"
    many = True
    serializer_class = MatrixRowSerializer
    pagination_class: Any = Pages

    def get(self, request: Request, slug: str) -> Response:
        """How much each system would lose at worst, by scenario, against its RPO."""
        rows: Any = _Rows(self.analysed(request, PAGING))
        return self.get_paginated_response(self.paginate_queryset(rows))


class SystemLosses(MatrixView):
    operation = "system_losses"
    serializer_class = SystemLossesSerializer
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    def get(self, request: Request, slug: str, key: str) -> Response:
        """The losses of one live system, each with what happens to every copy and why."""
        found = self.analysed(request, set())
        index = losses.position(found, key)
        if index is None:
            raise Http404(_("There is no such page."))
        return Response(losses.told(found, index))


class _Rows:
    """The matrix to the paginator: rows are made when a slice is taken."""

    ordered = True

    def __init__(self, found: Analysis) -> None:
        self._found = found

    def count(self) -> int:
        return len(self._found.estate.systems)

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        positions = range(self.count())[wanted]
        return [losses.row_of(self._found, index) for index in positions]
