"""Escalation paths, with their ladders."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[EscalationPath]:
    steps = EscalationStep.objects.of(organisation).select_related("contact", "channel_system")
    return EscalationPath.objects.of(organisation).prefetch_related(Prefetch("steps", steps))
