"""Contacts, with their deputy and what they answer for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from bcp.models.contacts import Contact
from bcp.models.escalation import EscalationStep
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.teams import Team


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that names one contact, so that nobody is deleted or left unreachable blindly."""

    owned: list[System]
    technically_owned: list[System]
    deputised: list[System]
    teams: list[Team]
    steps: list[EscalationStep]
    stands_in_for: list[Contact]


def duties(organisation: Organisation, contact: Contact) -> Duties:
    systems = System.objects.of(organisation)
    steps = EscalationStep.objects.of(organisation).filter(contact=contact)
    return Duties(
        owned=list(systems.filter(owner=contact)),
        technically_owned=list(systems.filter(technical_owner=contact)),
        deputised=list(systems.filter(deputy=contact)),
        teams=list(Team.objects.of(organisation).filter(members=contact)),
        steps=list(steps.select_related("path").order_by("path__name", "position")),
        stands_in_for=list(Contact.objects.of(organisation).filter(deputy=contact)),
    )


def listing(organisation: Organisation) -> QuerySet[Contact]:
    return (
        Contact.objects.of(organisation)
        .select_related("deputy")
        .annotate(owned_count=Count("owned_systems", distinct=True))
        .order_by("name")
    )
