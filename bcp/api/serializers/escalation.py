"""Escalation paths with their ladder, as one document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.services.escalation import StepValues

MOST_STEPS = 50


class StepSerializer(RecordSerializer):
    contact_name = NameOf("contact")
    channel_system_name = NameOf("channel_system")

    class Meta:
        model = EscalationStep
        fields = [
            *("contact", "contact_name", "channel", "channel_system", "channel_system_name"),
            "wait_minutes",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A step is always given whole, also when only parts of its path are."""
        if "contact" not in attrs:
            raise serializers.ValidationError({"contact": [_("This field is required.")]})
        return attrs


class EscalationPathSerializer(RecordSerializer):
    steps = serializers.ListSerializer[Any](
        child=StepSerializer(),
        required=False,
        max_length=MOST_STEPS,
        help_text="In the order to call. Given, they replace the whole ladder.",
    )
    apart = ("steps",)

    class Meta:
        model = EscalationPath
        fields = ["id", "version", "name", "is_default", "steps", "created_at", "updated_at"]
        read_only_fields = ["version"]

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[StepValues]:
        return [StepValues(**step) for step in steps]

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in cls(records, many=True, context=context).data]
