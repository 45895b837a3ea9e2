"""The organisation's own scenarios with their parts, as one document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf, WholeNumberField
from bcp.engine.estate import TIERS
from bcp.models.scenarios import ScenarioCombination, ScenarioPart
from bcp.services.scenarios import FEWEST_PARTS, MOST_PARTS, PartValues


class PartSerializer(RecordSerializer):
    """One of the losses; `site`, `system` or `dwell_minutes` go with its kind."""

    site_name = NameOf("site")
    system_name = NameOf("system")

    class Meta:
        model = ScenarioPart
        fields = ["kind", "site", "site_name", "system", "system_name", "dwell_minutes"]


class ScenarioSerializer(RecordSerializer):
    tiers = serializers.ListField(
        child=WholeNumberField(min_value=min(TIERS), max_value=max(TIERS)),
        required=False,
        help_text="The tiers that must withstand it.",
    )
    parts = serializers.ListSerializer[Any](
        child=PartSerializer(),
        min_length=FEWEST_PARTS,
        max_length=MOST_PARTS,
        help_text="What happens at once. Given, they replace all that was.",
    )
    apart = ("parts",)

    class Meta:
        model = ScenarioCombination
        fields = [
            *("id", "version", "name", "description", "tiers", "parts"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = ["version"]

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[PartValues]:
        return [PartValues(**part) for part in parts]

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in cls(records, many=True, context=context).data]
