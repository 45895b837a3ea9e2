"""Plan versions, the jobs that print them, and asking for one."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import NameOf, RecordSerializer
from bcp.models.jobs import Job
from bcp.models.plans import PlanVersion


class PlanSerializer(RecordSerializer):
    """A plan version; what it prints never changes."""

    pages = serializers.IntegerField(
        source="file.pages", read_only=True, allow_null=True, help_text="null: not printed yet."
    )
    sha256 = NameOf("file", "sha256", help_text="Of the PDF.")

    class Meta:
        model = PlanVersion
        fields = [
            *("id", "version", "issue", "title", "scenario", "effective_on", "review_on"),
            *("fingerprint", "pages", "sha256", "job", "created_at"),
        ]
        read_only_fields = fields


class JobSerializer(RecordSerializer):
    """Long work and how far it is: `done_parts` of `all_parts` (0: not counted yet)."""

    plan = serializers.CharField(
        source="plan_version.id",
        read_only=True,
        allow_null=True,
        help_text="The key of the plan that came of it.",
    )
    requested_by_email = NameOf("requested_by", "email")

    class Meta:
        model = Job
        fields = [
            *("id", "version", "kind", "state", "done_parts", "all_parts", "says"),
            *("cancel_requested", "plan", "requested_by_email"),
            *("created_at", "started_at", "ended_at"),
        ]
        read_only_fields = fields
