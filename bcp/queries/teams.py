"""Teams, with their members."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.organisations import Organisation
from bcp.models.teams import Team


def listing(organisation: Organisation) -> QuerySet[Team]:
    return Team.objects.of(organisation).prefetch_related("members")
