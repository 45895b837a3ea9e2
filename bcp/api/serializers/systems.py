"""Systems: one, and the same fields on many."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import KeyField, NameOf
from bcp.models.systems import System
from bcp.services.systems import BULK_FIELDS

MOST_AT_ONCE = 1000


class SystemSerializer(RecordSerializer):
    owner_name = NameOf("owner")
    technical_owner_name = NameOf("technical_owner")
    deputy_name = NameOf("deputy")
    team_name = NameOf("team")
    site_name = NameOf("site")
    escalation_path_name = NameOf("escalation_path")
    rto_minutes = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of the approved target; null: none."
    )
    rpo_minutes = serializers.IntegerField(read_only=True, allow_null=True)
    mtd_minutes = serializers.IntegerField(read_only=True, allow_null=True)
    needs_count = serializers.IntegerField(read_only=True)
    needed_by_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = System
        fields = [
            *("id", "version", "name", "kind", "tier", "status", "strategy"),
            *("owner", "owner_name", "technical_owner", "technical_owner_name"),
            *("deputy", "deputy_name", "team", "team_name", "site", "site_name"),
            *("escalation_path", "escalation_path_name"),
            *("recovery_low_minutes", "recovery_minutes", "recovery_high_minutes", "data_gb"),
            *("rto_minutes", "rpo_minutes", "mtd_minutes", "needs_count", "needed_by_count"),
            *("description", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]


class BulkValuesSerializer(RecordSerializer):
    class Meta:
        model = System
        fields = list(BULK_FIELDS)


class BulkSerializer(StrictSerializer):
    keys = serializers.ListField(
        child=KeyField(), min_length=1, max_length=MOST_AT_ONCE, help_text="Of the systems."
    )
    values = BulkValuesSerializer(help_text="The fields to set, on all of them.")


class BulkResultSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many systems were not like that already.")
