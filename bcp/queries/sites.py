"""Sites, with how many systems stand there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from bcp.models.copies import BackupCopy
from bcp.models.organisations import Organisation
from bcp.models.sites import Site
from bcp.models.systems import System


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What stands at a site, and what is lost together with it."""

    systems: list[System]
    copies: list[BackupCopy]
    zone_mates: list[Site]


def occupancy(organisation: Organisation, site: Site) -> Occupancy:
    same_zone = Site.objects.of(organisation).filter(zone=site.zone).exclude(pk=site.pk)
    copies = BackupCopy.objects.of(organisation).filter(site=site).select_related("system")
    return Occupancy(
        systems=list(System.objects.of(organisation).filter(site=site)),
        copies=list(copies),
        zone_mates=list(same_zone) if site.zone else [],
    )


def listing(organisation: Organisation) -> QuerySet[Site]:
    counted = Site.objects.of(organisation).annotate(systems_count=Count("systems"))
    return counted.order_by("name")
