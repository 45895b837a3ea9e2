"""Organisations, what their tiers promise, and their members."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf, TextField
from bcp.models.members import Membership
from bcp.models.organisations import Organisation, TierPolicy


class MyOrganisationSerializer(RecordSerializer):
    """An organisation of the login, and the role in it."""

    slug = serializers.CharField(source="organisation.slug", read_only=True)
    name = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = Membership
        fields = ["slug", "name", "role"]
        read_only_fields = fields


class OrganisationSerializer(RecordSerializer):
    class Meta:
        model = Organisation
        fields = [
            *("slug", "version", "name", "time_zone", "paper_size"),
            *("detection_minutes", "review_months", "currency", "created_at"),
        ]
        read_only_fields = ["slug", "version", "created_at"]


class TierSerializer(RecordSerializer):
    """What a tier promises; `null` or an empty exercise stands for the default."""

    scenarios = serializers.ListField(
        child=TextField(),
        allow_null=True,
        required=False,
        max_length=20,
        help_text="What it must withstand: system, site, supplier, ransomware:14d,"
        " stolen_credentials, everything. Own scenarios name their tiers themselves.",
    )

    class Meta:
        model = TierPolicy
        fields = [
            *("id", "version", "tier", "name", "rto_minutes", "rpo_minutes", "scenarios"),
            *("minimum_exercise", "cadence_days", "restore_test_days", "change_test_days"),
        ]
        read_only_fields = ["version", "tier"]


class MemberSerializer(RecordSerializer):
    email = NameOf("user", "email")
    name = NameOf("user", "name")

    class Meta:
        model = Membership
        fields = ["id", "version", "email", "name", "role", "created_at"]
        read_only_fields = fields
