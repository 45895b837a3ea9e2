"""Sites."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.models.sites import Site


class SiteSerializer(RecordSerializer):
    systems_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Site
        fields = [
            *("id", "version", "name", "zone", "kind", "address"),
            *("systems_count", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
