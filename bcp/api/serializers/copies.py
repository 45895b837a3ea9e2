"""Backup copies, with their system and destination."""

from __future__ import annotations

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf
from bcp.models.copies import BackupCopy


class CopySerializer(RecordSerializer):
    system_name = NameOf("system")
    site_name = NameOf("site")

    class Meta:
        model = BackupCopy
        fields = [
            *("id", "version", "system", "system_name", "name", "content", "medium"),
            *("site", "site_name", "interval_minutes", "run_minutes", "lag_minutes"),
            *("retention_minutes", "locked_minutes", "offline", "separate_credentials"),
            *("kind", "source", "repository", "encrypted", "restore_mb_s"),
            *("restore_fixed_minutes", "last_success", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
