"""Plan versions, the jobs that print them, and asking for one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import FlagField, KeyField, NameOf, TextField
from bcp.engine.scenario import EVERYTHING
from bcp.models.jobs import Job
from bcp.models.plans import PlanVersion


class PlanSerializer(RecordSerializer):
    """A plan version; what it prints never changes."""

    pages = serializers.IntegerField(source="file.pages", read_only=True)
    sha256 = serializers.CharField(
        source="file.sha256", read_only=True, help_text="Of the PDF, to check a copy by."
    )

    class Meta:
        model = PlanVersion
        fields = [
            *("id", "version", "issue", "title", "scenario", "system_id_printed"),
            *("effective_on", "review_on", "pages", "fingerprint", "sha256", "created_at"),
        ]
        read_only_fields = fields
        extra_kwargs = {
            "system_id_printed": {"help_text": "Of a one-system sheet; empty: a whole plan."},
            "fingerprint": {"help_text": "SHA-256 of the data that the plan was printed from."},
        }


class PlanRequestSerializer(StrictSerializer):
    """A plan for a scenario, or with `system` the sheet of that one system, or with `summary` the
    two pages for executives."""

    scenario = TextField(
        default=EVERYTHING, max_length=300, help_text="What is lost, as in the analysis."
    )
    system = KeyField(required=False, help_text="The key of a live system.")
    summary = FlagField(
        default=False,
        help_text="The executive summary, which is of everything and of no single system.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["summary"] and attrs.get("system"):
            raise serializers.ValidationError(
                {"system": _("The executive summary is of all systems: leave this out.")}
            )
        if attrs["summary"] and attrs["scenario"] != EVERYTHING:
            raise serializers.ValidationError(
                {"scenario": _("The executive summary is of “everything”: leave this out.")}
            )
        return attrs


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
            *("id", "kind", "state", "done_parts", "all_parts", "says", "cancel_requested"),
            *("plan", "requested_by_email", "created_at", "started_at", "ended_at"),
        ]
        read_only_fields = fields
        extra_kwargs = {"says": {"help_text": "What it is doing, or why it failed."}}
