"""Exercises with what they showed, as one document, and what is due."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import KeyField, NameOf
from bcp.engine.estate import ExerciseType
from bcp.engine.exercises import DueState
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.systems import System
from bcp.services.exercises import MOST_SYSTEMS, ResultValues


class ResultSerializer(RecordSerializer):
    """`system` is looked up with all others at once: there may be thousands."""

    system = KeyField(source="system_id")
    system_name = NameOf("system")

    class Meta:
        model = ExerciseResult
        fields = ["system", "system_name", "outcome", "rta_minutes", "rpa_minutes", "note"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A result is always given whole, also when only parts of its exercise are."""
        if "system_id" not in attrs:
            raise serializers.ValidationError({"system": [_("This field is required.")]})
        return attrs


class ExerciseSerializer(RecordSerializer):
    results = serializers.ListSerializer[Any](
        child=ResultSerializer(),
        required=False,
        max_length=MOST_SYSTEMS,
        help_text="One for each system in scope. Given, they replace the whole scope.",
    )
    apart = ("results",)

    class Meta:
        model = Exercise
        fields = [
            *("id", "version", "name", "type", "planned_on", "done_on", "objectives", "note"),
            *("results", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]

    def validate_results(self, results: list[dict[str, Any]]) -> list[ResultValues]:
        keys = [one.pop("system_id") for one in results]
        found = System.objects.of(self.context["organisation"]).in_bulk(keys)
        if len(found) < len(set(keys)):
            raise serializers.ValidationError([_("There is no such system among yours.")])
        return [ResultValues(found[key], **one) for key, one in zip(keys, results, strict=True)]

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in cls(records, many=True, context=context).data]


class DueSerializer(serializers.Serializer):
    """How one live system stands with its exercises."""

    system = serializers.CharField(source="system.key")
    system_name = serializers.CharField(source="name")
    tier = serializers.IntegerField(allow_null=True)
    owner_name = serializers.CharField(source="owner", allow_null=True)
    state = serializers.ChoiceField(
        [state.value for state in DueState],
        help_text="never: none ever proved that it comes back; soon: due within 30 days.",
    )
    due_on = serializers.DateField(source="due", help_text="Never proved: today.")
    proved_on = serializers.DateField(
        source="last", allow_null=True, help_text="The last exercise that counts."
    )
    minimum_type = serializers.ChoiceField(
        [one.value for one in ExerciseType], source="rules.minimum_exercise"
    )
    cadence_days = serializers.IntegerField(source="cadence")
    planned = serializers.CharField(
        source="planned_key", allow_null=True, help_text="The next exercise planned for it."
    )
    planned_on = serializers.DateField(allow_null=True)
    says = serializers.ListField(
        child=serializers.CharField(), source="reasons", help_text="Why, in sentences."
    )
