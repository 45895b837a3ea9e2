"""Exercises, and which systems are to be tried next."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import states_wanted
from bcp.api.paging import Pages
from bcp.api.serializers.exercises import DueSerializer, ExerciseSerializer
from bcp.api.views.base import OrganisationView
from bcp.api.views.records import DetailView, ListCreateView
from bcp.engine.exercises import DueState
from bcp.queries import exercises as reads
from bcp.queries import exercises_due
from bcp.queries.filters import ExerciseFilter
from bcp.services import exercises

_STATES = [state.value for state in DueState]
_STATE = OpenApiParameter("state", str, enum=_STATES, many=True, description="Only these.")


class ExerciseList(ListCreateView):
    tag = "Exercises"
    serializer_class = ExerciseSerializer
    filterset_class = ExerciseFilter
    listing = staticmethod(reads.with_results)
    service = exercises
    detail_url = "api-exercises-detail"


class ExerciseDetail(DetailView):
    tag = "Exercises"
    serializer_class = ExerciseSerializer
    listing = staticmethod(reads.with_results)
    service = exercises


class DueList(OrganisationView):
    tag = "Exercises"
    operation = "exercises_due"
    many = True
    pagination_class = Pages
    serializer_class = DueSerializer
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    @extend_schema(parameters=[_STATE])
    def get(self, request: Request, slug: str) -> Response:
        """Every live system, what is due first at the top."""
        wanted = states_wanted(request, _STATES)
        now = self.now.astimezone(ZoneInfo(self.organisation.time_zone))
        rows = exercises_due.due(self.organisation, now=now)
        fitting: Any = [row for row in rows if not wanted or row.state in wanted]
        page: Any = self.paginate_queryset(fitting)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
