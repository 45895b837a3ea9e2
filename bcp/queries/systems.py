"""Systems, with everything a row or a sheet shows of them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState


def listing(organisation: Organisation) -> QuerySet[System]:
    """All systems; each row carries `needs_count`, `needed_by_count` and the approved
    `rto_minutes`, `rpo_minutes`, `mtd_minutes` (Rule T4)."""
    approved = RecoveryTarget.objects.filter(
        system=OuterRef("pk"), state=TargetState.APPROVED
    ).order_by("-decided_at", "-created_at", "-id")
    return (
        System.objects.of(organisation)
        .select_related(*("owner", "technical_owner", "deputy", "team", "site", "escalation_path"))
        .annotate(
            needs_count=_edges("dependent"),
            needed_by_count=_edges("dependency"),
            rto_minutes=Subquery(approved.values("rto_minutes")[:1]),
            rpo_minutes=Subquery(approved.values("rpo_minutes")[:1]),
            mtd_minutes=Subquery(approved.values("mtd_minutes")[:1]),
        )
        .order_by("name")
    )


def _edges(end: str) -> Coalesce:
    """How many edges have the system at one end. Counted row by row: two joins at once would
    multiply each other and group the whole table for a page of fifty."""
    edges = Dependency.objects.filter(**{end: OuterRef("pk")}).order_by()
    return Coalesce(Subquery(edges.values(end).annotate(count=Count("pk")).values("count")), 0)


def by_name(organisation: Organisation, name: str) -> System | None:
    return System.objects.of(organisation).filter(name__iexact=name.strip()).first()
