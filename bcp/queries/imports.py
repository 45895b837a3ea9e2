"""Imports that wait for somebody to confirm them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from bcp.models.imports import ImportUpload
from bcp.models.organisations import Organisation


def uploads(organisation: Organisation, now: datetime) -> QuerySet[ImportUpload]:
    return ImportUpload.objects.of(organisation).filter(expires_at__gt=now)
