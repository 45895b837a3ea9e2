"""Backup copies, with their system and destination."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.copies import BackupCopy
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[BackupCopy]:
    return BackupCopy.objects.of(organisation).select_related("system", "site")
