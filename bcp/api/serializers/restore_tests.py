"""Restore tests, with the copy and the system that they are of."""

from __future__ import annotations

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf
from bcp.models.copies import RestoreTest


class RestoreTestSerializer(RecordSerializer):
    copy_name = NameOf("copy")
    system = NameOf("copy.system", "id", help_text="Key of the system.")
    system_name = NameOf("copy.system")

    class Meta:
        model = RestoreTest
        fields = [
            *("id", "version", "copy", "copy_name", "system", "system_name", "done_on"),
            *("outcome", "minutes", "restored_bytes", "done_by", "note"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
