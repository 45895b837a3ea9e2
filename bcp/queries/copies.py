"""Backup copies, with their system, destination and policy, and what is known of each."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from bcp.models.copies import BackupCopy, RestoreTest
from bcp.models.organisations import Organisation

_LATEST = RestoreTest.objects.filter(copy=OuterRef("pk")).order_by("-done_on", "-created_at")


def listing(organisation: Organisation) -> QuerySet[Any]:
    """Copies with their last restore test (`last_restore_test`, `last_restore_result`,
    `last_restore_minutes`) and `succeeded_at`, the later of what the job reported and what
    somebody recorded; each `None` (or empty) where nothing is known."""
    return (
        BackupCopy.objects.of(organisation)
        .select_related("system", "site", "policy", "status")
        .annotate(
            last_restore_test=Subquery(_LATEST.values("done_on")[:1]),
            last_restore_result=Subquery(_LATEST.values("outcome")[:1]),
            last_restore_minutes=Subquery(_LATEST.values("minutes")[:1]),
            succeeded_at=Coalesce(
                Greatest("last_success", "status__last_success"),
                "last_success",
                "status__last_success",
            ),
        )
    )
