"""An organisation's own facts: its tiers and its members."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.engine.estate import Estate
from bcp.engine.policies import TierRules
from bcp.engine.policies import tier_rules as policies_of
from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation, TierPolicy
from bcp.queries import estate_backups


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


def tier_rules(organisation: Organisation) -> dict[int | None, TierRules]:
    """What each tier must withstand and how it is tested, with the defaults filled in; own
    scenarios stand among the others under their names."""
    _combinations, policies = estate_backups.load_scenarios(organisation)
    return policies_of(Estate(organisation.name, tier_policies=policies))


def members(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.of(organisation).select_related("user")


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; the page says which have run out."""
    return (
        Invitation.objects.of(organisation)
        .filter(accepted_at=None, withdrawn_at=None)
        .select_related("invited_by")
    )
