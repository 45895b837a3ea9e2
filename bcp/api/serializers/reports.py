"""What a backup job reported, and the address at which it does."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.models.copies import BackupCopy
from bcp.models.reports import CopyReport


class ReportSerializer(RecordSerializer):
    class Meta:
        model = CopyReport
        fields = ["number", "at", "event", "exit_code", "reported_bytes"]
        read_only_fields = fields


class ReportingAddressSerializer(RecordSerializer):
    """The secret address of a copy; `version` is the copy's."""

    composed = ("address",)
    address = serializers.CharField(
        read_only=True,
        help_text="Called by GET or POST: as it is or with /success, /start, /failure or an exit"
        " code behind it; `bytes` may be named in the query or a form.",
    )

    class Meta:
        model = BackupCopy
        fields = ["id", "version", "address"]
        read_only_fields = fields
