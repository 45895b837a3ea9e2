"""Plan versions and the jobs that print them."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.jobs import Job
from bcp.models.organisations import Organisation
from bcp.models.plans import PlanFile, PlanVersion


def listing(organisation: Organisation) -> QuerySet[PlanVersion]:
    """Versions, newest first, without the frozen data, which is large."""
    return (
        PlanVersion.objects.of(organisation)
        .defer("snapshot")
        .select_related("file")
        .defer("snapshot", "file__content")
    )


def jobs(organisation: Organisation) -> QuerySet[Job]:
    return (
        Job.objects.of(organisation)
        .select_related("requested_by", "plan_version")
        .defer("plan_version__snapshot")
    )


def file_of(organisation: Organisation, version: PlanVersion) -> PlanFile | None:
    return PlanFile.objects.of(organisation).filter(plan_version=version).first()
