"""Edges, with the names of both ends."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[Dependency]:
    return Dependency.objects.of(organisation).select_related("dependent", "dependency")
