"""The scenarios that an organisation named itself, with their parts."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from bcp.models.organisations import Organisation
from bcp.models.scenarios import ScenarioCombination, ScenarioPart


def listing(organisation: Organisation) -> QuerySet[ScenarioCombination]:
    parts = ScenarioPart.objects.of(organisation).select_related("site", "system")
    combinations = ScenarioCombination.objects.of(organisation)
    return combinations.prefetch_related(Prefetch("parts", parts))
