"""Contacts, with their deputy and what they answer for."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[Contact]:
    return (
        Contact.objects.of(organisation)
        .select_related("deputy")
        .annotate(owned_count=Count("owned_systems", distinct=True))
        .order_by("name")
    )
