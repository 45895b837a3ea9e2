"""Backup copies, with their system and destination, and what is known of each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf
from bcp.engine.observed import CopyState
from bcp.models.copies import POLICY_FIELDS, BackupCopy, OutcomeChoice
from bcp.queries import copies, reports


class CopySerializer(RecordSerializer):
    system_name = NameOf("system")
    site_name = NameOf("site")
    policy_name = NameOf("policy")
    succeeded_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="The later of last_success and what the job reported itself.",
    )
    state = serializers.ChoiceField([one.value for one in CopyState], read_only=True)
    overdue_minutes = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="0: not overdue; null: cannot be said."
    )
    last_restore_test = serializers.DateField(read_only=True, allow_null=True)
    last_restore_result = serializers.ChoiceField(
        [*OutcomeChoice.values, ""], read_only=True, allow_null=True
    )
    last_restore_minutes = serializers.IntegerField(read_only=True, allow_null=True)
    composed = ("state", "overdue_minutes")

    class Meta:
        model = BackupCopy
        fields = [
            *("id", "version", "system", "system_name", "name", "policy", "policy_name"),
            *("content", "kind", "source", "medium", "site", "site_name", "repository"),
            *("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
            *("locked_minutes", "offline", "separate_credentials", "encrypted"),
            *("restore_mb_s", "restore_fixed_minutes", "last_success", "succeeded_at"),
            *("state", "overdue_minutes", "last_restore_test", "last_restore_result"),
            *("last_restore_minutes", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]

    def whole(self) -> dict[str, Any]:
        """What a replacement leaves out of a copy that follows a policy, the policy says."""
        whole = super().whole()
        if whole["values"].get("policy") is None:
            return whole
        given = self.validated_data
        values = {
            name: value
            for name, value in whole["values"].items()
            if name in given or name not in POLICY_FIELDS
        }
        return {**whole, "values": values}

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        rows = super().rows(records, context)
        shown = copies.listing(context["organisation"]).filter(pk__in=[row["id"] for row in rows])
        known = {one.copy.pk: one for one in reports.standing(shown, context["now"])}
        for row in rows:
            row["state"] = known[row["id"]].state.value
            row["overdue_minutes"] = known[row["id"]].overdue_minutes
        return rows
