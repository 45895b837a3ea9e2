"""Recovery targets: as they are read, proposed and sent back."""

from __future__ import annotations

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import NameOf, TextField
from bcp.models.targets import RecoveryTarget


class TargetSerializer(RecordSerializer):
    system_name = NameOf("system")
    proposed_by_email = NameOf("proposed_by", "email")
    decided_by_email = NameOf("decided_by", "email")

    class Meta:
        model = RecoveryTarget
        fields = [
            *("id", "version", "system", "system_name"),
            *("rto_minutes", "rpo_minutes", "mtd_minutes", "reason", "state"),
            *("proposed_by_email", "created_at"),
            *("decided_by_email", "decided_at", "decision_reason"),
        ]
        read_only_fields = fields


class ProposalSerializer(RecordSerializer):
    """At least one of the three figures; null is unknown, 0 is "no loss at all"."""

    class Meta:
        model = RecoveryTarget
        fields = ["system", "rto_minutes", "rpo_minutes", "mtd_minutes", "reason"]


class SendBackSerializer(StrictSerializer):
    reason = TextField(max_length=5000, help_text="What the proposer has to change.")
