"""Audit events, as they go out."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.models.audit import AuditEvent


class EventSerializer(RecordSerializer):
    before = serializers.DictField(read_only=True, allow_null=True)
    after = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = AuditEvent
        fields = [
            *("sequence", "at", "actor_label", "via", "action"),
            *("record_type", "record_id", "record_label", "before", "after"),
        ]
        read_only_fields = fields
