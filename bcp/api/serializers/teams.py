"""Teams, with their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import KeyField
from bcp.models.contacts import Contact
from bcp.models.teams import Team

MOST_MEMBERS = 1000


class TeamSerializer(RecordSerializer):
    members = serializers.ListField(
        child=KeyField(),
        required=False,
        max_length=MOST_MEMBERS,
        help_text="Keys of contacts. Given, they replace all members.",
    )
    member_names = serializers.ListField(child=serializers.CharField(), read_only=True)
    apart = ("members",)
    composed = ("member_names",)

    class Meta:
        model = Team
        fields = [
            *("id", "version", "name", "members", "member_names", "heads_day", "heads_night"),
            *("mobilise_day_minutes", "mobilise_night_minutes", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]

    def validate_members(self, keys: list[str]) -> list[Contact]:
        found = Contact.objects.of(self.context["organisation"]).in_bulk(keys)
        unknown = [key for key in keys if key not in found]
        if unknown:
            raise serializers.ValidationError(
                [_("There is no contact with the key %(key)s.") % {"key": key} for key in unknown]
            )
        return list(found.values())

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        rows = super().rows(records, context)
        teams = [row["id"] for row in rows]
        people: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
        for person in (
            Contact.objects.of(context["organisation"])
            .filter(teams__in=teams)
            .order_by("name")
            .values("id", "name", "teams")
        ):
            people[person["teams"]].append(person)
        for row in rows:
            row["members"] = [person["id"] for person in people[row["id"]]]
            row["member_names"] = [person["name"] for person in people[row["id"]]]
        return rows
