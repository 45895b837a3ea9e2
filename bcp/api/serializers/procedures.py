"""Procedures with their steps, as one document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import KeyField, NameOf, OwnedKeyField, TextField
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.procedures import AreaChoice, Procedure, ProcedureStep
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.services.procedures import MOST_STEPS, StepValues


class ProcedureStepSerializer(RecordSerializer):
    team = KeyField(source="team_id", allow_null=True, required=False, help_text="Key of a team.")
    team_name = NameOf("team")
    contact = KeyField(
        source="contact_id", allow_null=True, required=False, help_text="Key of a contact."
    )
    contact_name = NameOf("contact")
    instruction = TextField(max_length=5000, help_text="What is to be done.")
    covers = serializers.ListField(
        child=serializers.ChoiceField(choices=AreaChoice.choices),
        required=False,
        max_length=len(AreaChoice.values),
        help_text="What the step brings back.",
    )

    class Meta:
        model = ProcedureStep
        fields = [
            *("instruction", "team", "team_name", "contact", "contact_name", "heads"),
            *("minutes_low", "minutes", "minutes_high"),
            *("expected", "verification", "way_back", "decision", "covers"),
        ]


class StepsField(serializers.ListSerializer[Any]):
    """Steps in their order, as `StepValues`. What they name is read at once for all of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=ProcedureStepSerializer(), max_length=MOST_STEPS, **options)

    def to_internal_value(self, data: Any) -> Any:
        given: list[dict[str, Any]] = super().to_internal_value(data)
        faults: list[dict[str, list[str]]] = [{} for _step in given]
        for model, name in ((Team, "team"), (Contact, "contact")):
            self._find(model, name, given, faults)
        for step, found in zip(given, faults, strict=True):
            # A step is always given whole, also when only parts of its procedure are.
            if "instruction" not in step:
                found["instruction"] = [_("This field is required.")]
        if any(faults):
            raise serializers.ValidationError(faults)
        return [StepValues(**step) for step in given]

    def _find(
        self,
        model: type[OrgOwned],
        name: str,
        given: list[dict[str, Any]],
        faults: list[dict[str, list[str]]],
    ) -> None:
        """Put records in the place of keys; a foreign key and an unknown one are the same."""
        keys = {step.get(f"{name}_id") for step in given} - {None}
        known = model.objects.of(self.context["organisation"]).in_bulk(list(keys)) if keys else {}
        for step, found in zip(given, faults, strict=True):
            key = step.pop(f"{name}_id", None)
            if key is not None and key not in known:
                says = _("Invalid pk “%(key)s” - object does not exist.")
                found[name] = [says % {"key": key}]
            step[name] = known.get(key)


class ProcedureSerializer(RecordSerializer):
    system_name = NameOf("system")
    author_email = NameOf("author", "email")
    approved_by_email = NameOf("approved_by", "email")
    steps = StepsField(
        required=False, help_text="In their order. Given, they replace all steps of the draft."
    )
    apart = ("steps",)

    class Meta:
        model = Procedure
        fields = [
            *("id", "version", "system", "system_name", "number", "state", "summary", "steps"),
            *("author_email", "sent_back_reason", "approved_by_email", "approved_at"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = [
            *("version", "system", "number", "state", "sent_back_reason", "approved_at"),
        ]

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in cls(records, many=True, context=context).data]


class DraftSerializer(StrictSerializer):
    """What a draft begins with: steps, or those of another version, or nothing."""

    system = OwnedKeyField(queryset=System.objects.all())
    copy_of = OwnedKeyField(
        queryset=Procedure.objects.all(),
        required=False,
        help_text="A version, of this system or another, whose steps it begins with.",
    )
    summary = TextField(required=False, allow_blank=True, max_length=2000)
    steps = StepsField(required=False, help_text="In their order.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "copy_of" in attrs and "steps" in attrs:
            says = _("Give steps, or a version to copy them from.")
            raise serializers.ValidationError({"steps": [says]})
        return attrs


class ProcedureSendBackSerializer(StrictSerializer):
    reason = TextField(max_length=5000, help_text="What the author has to change.")
