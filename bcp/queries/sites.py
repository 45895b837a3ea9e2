"""Sites, with how many systems stand there."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from bcp.models.organisations import Organisation
from bcp.models.sites import Site


def listing(organisation: Organisation) -> QuerySet[Site]:
    counted = Site.objects.of(organisation).annotate(systems_count=Count("systems"))
    return counted.order_by("name")
