"""Proposed dependencies: as they are read and decided."""

from __future__ import annotations

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import NameOf, TextField
from bcp.models.proposed_dependencies import ProposedDependency


class ProposedSerializer(RecordSerializer):
    dependent_name = NameOf("dependent")
    dependency_name = NameOf("dependency")
    proposed_by_email = NameOf("proposed_by", "email")
    decided_by_email = NameOf("decided_by", "email")

    class Meta:
        model = ProposedDependency
        fields = [
            *("id", "version", "dependent", "dependent_name", "dependency", "dependency_name"),
            *("needed_to", "bootstrap", "source", "reason", "proposed_by_email", "created_at"),
            *("state", "decided_by_email", "decided_at", "decision_reason"),
        ]
        read_only_fields = fields


class AcceptProposedSerializer(StrictSerializer):
    note = TextField(max_length=5000, allow_blank=True, required=False)


class RefuseProposedSerializer(StrictSerializer):
    reason = TextField(max_length=5000, help_text="No import then proposes the same again.")
