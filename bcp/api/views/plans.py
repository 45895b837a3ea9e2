"""Plans: asked for, followed while they are printed, and fetched as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp import access
from bcp.api.errors import ConflictWith
from bcp.api.renderers import JSONRenderer, PDFRenderer
from bcp.api.serializers.plans import JobSerializer, PlanRequestSerializer, PlanSerializer
from bcp.api.views.records import ListView, LockedView, RecordView
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.queries import plans as reads
from bcp.queries.filters import JobFilter, PlanVersionFilter
from bcp.services import jobs, plans, spare_worker

TAG = "Plans"


class PlanList(ListView):
    tag = TAG
    needs = {"GET": Capability.READ, "POST": Capability.RENDER_PLAN}
    serializer_class = PlanSerializer
    takes = {"POST": PlanRequestSerializer}
    gives = {"POST": {status.HTTP_202_ACCEPTED: JobSerializer}}
    filterset_class = PlanVersionFilter
    listing = staticmethod(reads.listing)

    def post(self, request: Request, slug: str) -> Response:
        """Have a plan, a sheet or the executive summary printed. The answer is the job, whose
        address says how far it is."""
        asked = self.checked(request).validated_data
        job = plans.request_plan(
            self.organisation,
            scenario=asked["scenario"],
            system_key=asked.get("system"),
            is_summary=asked["summary"],
            by=self.by,
        )
        (row,) = JobSerializer.rows(reads.jobs(self.organisation).filter(pk=job.pk), {})
        address = reverse("api-jobs-detail", kwargs={"slug": slug, "key": job.pk})
        headers = {"Location": request.build_absolute_uri(address)}
        return Response(row, status.HTTP_202_ACCEPTED, headers=headers)


class PlanDetail(LockedView):
    tag = TAG
    serializer_class = PlanSerializer
    listing = staticmethod(reads.listing)
    tagged = {"GET": [200]}


class PlanFile(RecordView):
    tag = TAG
    serializer_class = PlanSerializer
    renderer_classes = [PDFRenderer, JSONRenderer]
    listing = staticmethod(reads.listing)

    @extend_schema(responses={(200, PDFRenderer.media_type): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, key: str) -> HttpResponse:
        """The printed plan."""
        version = access.find(self.get_queryset(), key)
        content = plans.pdf_of(self.organisation, version)
        name = f"{slug}-plan-{version.issue}.pdf"
        return HttpResponse(
            content,
            content_type=PDFRenderer.media_type,
            headers={"Content-Disposition": content_disposition_header(True, name) or ""},
        )


class JobView(RecordView):
    tag = TAG
    serializer_class = JobSerializer
    listing = staticmethod(reads.jobs)


class JobList(ListView, JobView):
    filterset_class = JobFilter


class JobDetail(JobView):
    def get(self, request: Request, slug: str, key: str) -> Response:
        """How far a job is. Ask again every few seconds until its state is `done`, `failed` or
        `cancelled`."""
        row = self.row(key)
        if row["state"] in reads.OPEN:
            # Looking after the work is part of looking at it: a worker may have died.
            spare_worker.take_care(self.now)
        return Response(row)


class JobCancel(JobView):
    needs = {"POST": Capability.RENDER_PLAN}
    takes: Any = {"POST": None}
    gives = {"POST": {status.HTTP_200_OK: JobSerializer}}
    more_errors = {"POST": [status.HTTP_409_CONFLICT]}

    def post(self, request: Request, slug: str, key: str) -> Response:
        """Stop a job: at once if it waits, within seconds if it runs."""
        self.row(key)
        try:
            jobs.cancel(self.organisation, key, by=self.by)
        except InvalidInput as ended:
            raise ConflictWith(str(ended), self.row(key)) from ended
        return Response(self.row(key))
