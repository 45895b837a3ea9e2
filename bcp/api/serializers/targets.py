"""Recovery targets: as they are read, proposed, approved and sent back."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import KeyField, NameOf, TextField, WholeNumberField
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.services import targets

LONGEST_BASIS = 2000
MOST_AT_ONCE = 500


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


class DecidedTargetSerializer(TargetSerializer):
    """One target, with the figures that decisions about it rest on."""

    basis = serializers.CharField(
        allow_null=True,
        read_only=True,
        help_text="Of an open proposal: names everything that an approval of it rests on.",
    )
    proposed_on = serializers.DictField(
        allow_null=True, read_only=True, help_text="The figures that the proposer saw, frozen."
    )
    decided_on = serializers.DictField(
        allow_null=True, read_only=True, help_text="The figures that the approver saw, frozen."
    )
    composed = ("basis",)

    class Meta(TargetSerializer.Meta):
        fields = [*TargetSerializer.Meta.fields, "basis", "proposed_on", "decided_on"]
        read_only_fields = fields

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        """One analysis for each open proposal: meant for single records."""
        rows = super().rows(records, context)
        organisation = context["organisation"]
        now = context["now"].astimezone(ZoneInfo(organisation.time_zone))
        open_ones = records.filter(state=TargetState.PROPOSED)
        found = targets.basis(organisation, open_ones, now=now)
        return [row | {"basis": found.get(row["id"])} for row in rows]


class ApprovalSerializer(StrictSerializer):
    basis = TextField(
        max_length=LONGEST_BASIS,
        help_text="Of the proposal as you read it: 409 says what has changed since.",
    )


class SeenProposalSerializer(ApprovalSerializer):
    id = KeyField(help_text="Key of the proposal.")
    version = WholeNumberField(min_value=1, help_text="That you have seen.")


class ApproveManySerializer(StrictSerializer):
    proposals = serializers.ListSerializer[Any](
        child=SeenProposalSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )

    def validate_proposals(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [one["id"] for one in given]
        if len(set(keys)) < len(keys):
            raise serializers.ValidationError(_("Name each proposal once."))
        return given


class ApprovedManySerializer(serializers.Serializer):
    approved = serializers.ListField(child=KeyField(), help_text="Keys, in the order given.")


class ProposalSerializer(RecordSerializer):
    """At least one of the three figures; null is unknown, 0 is "no loss at all"."""

    class Meta:
        model = RecoveryTarget
        fields = ["system", "rto_minutes", "rpo_minutes", "mtd_minutes", "reason"]


class SendBackSerializer(StrictSerializer):
    reason = TextField(max_length=5000, help_text="What the proposer has to change.")
