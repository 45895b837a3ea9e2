"""Backup policies, with how many systems follow each, and what one of them would add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from bcp.models.copies import BackupCopy, BackupPolicy
from bcp.models.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the systems have already, by key: a copy that follows the policy, or one of its name
    that does not."""

    following: frozenset[str]
    name_taken: frozenset[str]


def listing(organisation: Organisation) -> QuerySet[Any]:
    """With `copies_count` and `systems_count`."""
    return (
        BackupPolicy.objects.of(organisation)
        .select_related("site")
        .annotate(
            copies_count=Count("copies", distinct=True),
            systems_count=Count("copies__system", distinct=True),
        )
        .order_by("name")
    )


def assigned(organisation: Organisation, policy: BackupPolicy) -> Assigned:
    held = BackupCopy.objects.of(organisation)
    following = set(held.filter(policy=policy).values_list("system_id", flat=True))
    taken = set(held.filter(name__iexact=policy.name).values_list("system_id", flat=True))
    return Assigned(frozenset(following), frozenset(taken - following))
