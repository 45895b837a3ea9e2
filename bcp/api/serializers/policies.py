"""Backup policies, and which systems follow them."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import FlagField, KeyField, NameOf
from bcp.models.copies import BackupPolicy

MOST_AT_ONCE = 2500


class PolicySerializer(RecordSerializer):
    site_name = NameOf("site")
    copies_count = serializers.IntegerField(
        read_only=True, help_text="How many copies follow it; they are changed with it."
    )

    class Meta:
        model = BackupPolicy
        fields = [
            *("id", "version", "name", "description", "content", "kind", "medium", "site"),
            *("site_name", "repository", "interval_minutes", "run_minutes", "lag_minutes"),
            *("retention_minutes", "locked_minutes", "offline", "separate_credentials"),
            *("encrypted", "restore_mb_s", "restore_fixed_minutes", "copies_count"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = ["version"]


class AssignSerializer(StrictSerializer):
    systems = serializers.ListField(
        child=KeyField(), min_length=1, max_length=MOST_AT_ONCE, help_text="Keys of the systems."
    )


class AssignedSerializer(serializers.Serializer):
    copies = serializers.ListField(
        child=KeyField(), help_text="The copies made; none for a system that followed already."
    )


class ReleaseSerializer(StrictSerializer):
    copies = serializers.ListField(
        child=KeyField(), min_length=1, max_length=MOST_AT_ONCE, help_text="Keys of the copies."
    )
    delete = FlagField(
        default=False,
        help_text="True deletes the copies; else they stay, with the policy's figures as their own",
    )


class ReleasedSerializer(serializers.Serializer):
    released = serializers.IntegerField(help_text="How many copies follow the policy no more.")
