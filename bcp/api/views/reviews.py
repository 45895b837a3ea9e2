"""Reviews of dependencies: where each system stands, and confirming what one needs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import states_wanted
from bcp.api.paging import Pages
from bcp.api.serializers.reviews import (
    REVIEW_STATES,
    ConfirmSerializer,
    ReviewSerializer,
    review_row,
)
from bcp.api.views.base import OrganisationView
from bcp.engine.permissions import Capability
from bcp.queries import reviews as reads
from bcp.queries.analysis import analysis
from bcp.services import reviews

_STATE = OpenApiParameter("state", str, enum=REVIEW_STATES, many=True, description="Only these.")


class ReviewList(OrganisationView):
    tag = "Review of dependencies"
    operation = "dependency_reviews"
    many = True
    pagination_class: Any = Pages
    serializer_class = ReviewSerializer
    needs = {"GET": Capability.READ, "POST": Capability.REVIEW_DEPENDENCIES}
    takes = {"POST": ConfirmSerializer}
    gives = {"POST": {status.HTTP_201_CREATED: ReviewSerializer}}
    more_errors = {
        "GET": [status.HTTP_400_BAD_REQUEST],
        "POST": [status.HTTP_409_CONFLICT],
    }

    @extend_schema(parameters=[_STATE])
    def get(self, request: Request, slug: str) -> Response:
        """Every live system, by name."""
        wanted = states_wanted(request, REVIEW_STATES)
        fitting: Any = [one for one in self.standings() if not wanted or one.state.value in wanted]
        page: Any = self.paginate_queryset(fitting)
        return self.get_paginated_response([review_row(one) for one in page])

    def post(self, request: Request, slug: str) -> Response:
        """Confirm what a system needs, as you read it. 409 if it needs something else by now."""
        given = self.checked(request).validated_data
        reviews.confirm(
            self.organisation,
            given["system"],
            given.get("note", ""),
            seen_facts=given["facts"],
            by=self.by,
        )
        (made,) = self.standings(given["system"])
        return Response(review_row(made), status.HTTP_201_CREATED)

    def standings(self, key: str | None = None) -> list[reads.Standing]:
        """Where every live system stands, or the one with the key."""
        now = self.now.astimezone(ZoneInfo(self.organisation.time_zone))
        estate = analysis(self.organisation, now=now).estate
        positions = None
        if key is not None:
            positions = [at for at, one in enumerate(estate.systems) if one.key == key]
        return reads.standings(self.organisation, estate, today=now.date(), systems=positions)
