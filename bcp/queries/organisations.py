"""An organisation's own facts: its tiers and its members."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation, TierPolicy


def itself(organisation: Organisation) -> QuerySet[Organisation]:
    """The one organisation, as a queryset: read again, or as values."""
    return Organisation.objects.filter(pk=organisation.pk)


def by_slug(slug: str) -> Organisation | None:
    """For the machine's own command line, which names its organisation."""
    return Organisation.objects.filter(slug=slug).first()


def every() -> QuerySet[Organisation]:
    """All of this installation; for its own command line, never for a person's page."""
    return Organisation.objects.order_by("slug")


def tiers(organisation: Organisation) -> QuerySet[TierPolicy]:
    return TierPolicy.objects.of(organisation)


def members(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.of(organisation).select_related("user")


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; the page says which have run out."""
    return (
        Invitation.objects.of(organisation)
        .filter(accepted_at=None, withdrawn_at=None)
        .select_related("invited_by")
    )
