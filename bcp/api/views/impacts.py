"""Business impact: what executives answered about a process, written as one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api.filtering import PAGING, refuse_unknown
from bcp.api.paging import Pages
from bcp.api.serializers.impacts import ImpactSerializer
from bcp.api.views.base import OrganisationView
from bcp.api.views.records import HistoryView, LockedView
from bcp.engine.impacts import Category
from bcp.engine.permissions import Capability
from bcp.queries import history
from bcp.queries import impacts as reads
from bcp.queries.impact_documents import document_of
from bcp.queries.impacts import ProcessAnswers
from bcp.services import impacts
from bcp.services.impacts import Document, PeakValues

TAG = "Business impact"


class ImpactList(OrganisationView):
    tag = TAG
    many = True
    pagination_class: Any = Pages
    serializer_class = ImpactSerializer

    def get(self, request: Request, slug: str) -> Response:
        """Every business process that is live or planned, by name, answered or not."""
        refuse_unknown(request, PAGING)
        rows: Any = _Rows(reads.listing(self.organisation))
        return self.get_paginated_response(self.paginate_queryset(rows))


class _Rows:
    """Processes to the paginator: documents are made when a slice is taken."""

    ordered = True

    def __init__(self, found: list[ProcessAnswers]) -> None:
        self._found = found

    def count(self) -> int:
        return len(self._found)

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        return [document_of(one) for one in self._found[wanted]]


class ImpactView(LockedView):
    """The answers of one process, by the key of the process."""

    tag = TAG
    serializer_class: Any = ImpactSerializer

    def found(self, key: str) -> ProcessAnswers:
        one = reads.of_process(self.organisation, key)
        if one is None:
            raise Http404(_("There is no such page."))
        return one

    def row(self, key: str) -> dict[str, Any]:
        return document_of(self.found(key))


class ImpactDetail(ImpactView):
    needs: Mapping[str, Capability] = {
        "GET": Capability.READ,
        "PUT": Capability.ANSWER_IMPACT,
        "PATCH": Capability.ANSWER_IMPACT,
    }
    locked_methods = ("PUT", "PATCH")

    def put(self, request: Request, slug: str, key: str) -> Response:
        """Replace all answers: what is left out is open again. Whoever confirmed them has to look
        again if anything changes."""
        return self._replace(request, key, lambda: Document({}, frozenset()))

    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Change what is given: an answer replaces that of its category, a list of peaks all."""
        return self._replace(request, key, lambda: _so_far(self.found(key)))

    def _replace(self, request: Request, key: str, so_far: Callable[[], Document]) -> Response:
        def write(seen_version: int) -> None:
            said = self.checked(request).document(so_far())
            impacts.replace(self.organisation, key, said, seen_version=seen_version, by=self.by)

        self.write(request, key, write)
        return self.tagged_response(self.row(key))


class ImpactConfirm(ImpactView):
    needs = {"POST": Capability.ANSWER_IMPACT}
    takes: Mapping[str, Any] = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: ImpactSerializer}}
    tagged = {"POST": [200]}
    locked_methods = ("POST",)
    http_method_names = ["post"]

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Sign that all answers are as they should be. 400 while one is open."""

        def confirm(seen_version: int) -> None:
            impacts.confirm(self.organisation, key, seen_version=seen_version, by=self.by)

        self.write(request, key, confirm)
        return self.tagged_response(self.row(key))


class ImpactHistory(HistoryView):
    """Who answered what for one process, newest first; by the key of the process."""

    tag = TAG
    record_type = ImpactSerializer.record_type()

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        one = reads.of_process(self.organisation, self.kwargs["key"])
        if one is None or one.assessment is None:
            raise Http404(_("There is no such page."))
        return history.of_record(self.organisation, self.record_type, one.assessment.pk)


def _so_far(one: ProcessAnswers) -> Document:
    assessment = one.assessment
    if assessment is None:
        return Document({}, frozenset())
    return Document(
        categories={
            Category(row.category): (reads.reached_in(row), reads.impact_in(row))
            for row in one.answers
        },
        plain=one.given.plain,
        cost_per_hour=assessment.cost_per_hour,
        cost_basis=assessment.cost_basis,
        work_recovery_minutes=assessment.work_recovery_minutes,
        peaks=tuple(PeakValues(row.name, row.when, row.cost_per_hour) for row in one.peaks),
    )
