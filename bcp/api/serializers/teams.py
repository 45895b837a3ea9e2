"""Teams, with their members."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.models.teams import Team


class TeamSerializer(RecordSerializer):
    member_names = serializers.SlugRelatedField[Any](
        source="members", slug_field="name", many=True, read_only=True
    )
    apart = ("members",)

    class Meta:
        model = Team
        fields = [
            *("id", "version", "name", "members", "member_names", "heads_day", "heads_night"),
            *("mobilise_day_minutes", "mobilise_night_minutes", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
        extra_kwargs = {"members": {"required": False, "allow_empty": True}}

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in cls(records, many=True, context=context).data]
