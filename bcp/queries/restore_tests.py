"""Restore tests, with the copy and the system that they are of."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.copies import RestoreTest
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[RestoreTest]:
    """The latest first."""
    tests = RestoreTest.objects.of(organisation)
    return tests.select_related("copy__system").order_by("-done_on", "-created_at")
