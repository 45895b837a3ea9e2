"""The shape of an analysis, for the documentation; `queries.answers` makes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DictField,
    FloatField,
    IntegerField,
    ListField,
)

from bcp.engine.estate import DurationSource
from bcp.engine.results import Effect, Severity, Standing


def _minutes(says: str = "") -> IntegerField:
    return IntegerField(allow_null=True, help_text=says)


def _names(says: str = "") -> ListField:
    return ListField(child=CharField(), help_text=says)


class ActivationSerializer(serializers.Serializer):
    """What passes before any recovery work can start, at the worst hour of the week."""

    detect_minutes = _minutes()
    authority_minutes = _minutes("null: at some hour nobody who may declare is reached.")
    mobilise_minutes = _minutes()
    total_minutes = IntegerField()
    at_least = BooleanField(help_text="The sum rests on something unknown.")
    worst_hour = CharField(allow_null=True)


class SystemAnswerSerializer(serializers.Serializer):
    """One system. Minutes count from the disruption."""

    name = CharField()
    effect = ChoiceField([effect.value for effect in Effect])
    wave = IntegerField(allow_null=True, help_text="null: the scenario does not touch it.")
    start_minutes = _minutes()
    restored_minutes = IntegerField()
    at_least = BooleanField(help_text="An unknown duration counts 0 in the sum.")
    unknown_durations = _names("The first 20 systems whose duration nobody knows.")
    unknown_count = IntegerField()
    rto_minutes = _minutes("Of the approved target.")
    required_rto_minutes = _minutes("What its dependents need.")
    required_at_most = BooleanField(help_text="The requirement rests on an unknown duration.")
    latest_minutes = _minutes("The stricter of target and requirement.")
    slack_minutes = _minutes("Negative: too late.")
    misses_minutes = _minutes("By how much the target is missed; 0: it is met.")
    standing = ChoiceField([standing.value for standing in Standing])
    binding_chain = _names("The systems that decide when it is back, deepest first.")
    duration_minutes = _minutes("Of its own recovery work.")
    duration_source = ChoiceField([source.value for source in DurationSource], allow_null=True)
    loss_minutes = DictField(allow_null=True, help_text="Worst data loss by scenario.")
    rpo_minutes = _minutes("Of the approved target.")
    readiness = CharField(allow_null=True)
    copies_rule = DictField(allow_null=True)
    next_test_due = serializers.DateField(allow_null=True)


class ConflictSerializer(serializers.Serializer):
    """Two promises that cannot both hold."""

    rule = CharField()
    dependent = CharField()
    dependency = CharField()
    says = CharField()


class LoopSerializer(serializers.Serializer):
    """Systems that wait for each other, and the smallest set of edges that frees them."""

    systems = _names()
    open = ListField(child=ListField(child=CharField()), help_text="Pairs: dependent, dependency.")
    exact = BooleanField(help_text="Proven to be the smallest set.")


class GapSerializer(serializers.Serializer):
    code = CharField()
    severity = ChoiceField([severity.value for severity in Severity])
    system = CharField(allow_null=True)
    says = CharField()
    fix = CharField()


class PeopleGapSerializer(serializers.Serializer):
    """Hours of the week in which a path reaches nobody who may declare."""

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's own.
        return {"path": CharField(), "from": CharField(), "to": CharField()}


class AnalysisSerializer(serializers.Serializer):
    organisation = CharField()
    scenario = CharField()
    people = CharField()
    now = serializers.DateTimeField()
    activation = ActivationSerializer()
    restored_minutes = _minutes("When everything is back.")
    at_least = BooleanField()
    provisional = BooleanField(help_text="There are loops; the order passes over them.")
    lower_bound_minutes = FloatField(allow_null=True)
    optimal = BooleanField(allow_null=True)
    systems = SystemAnswerSerializer(many=True, help_text="In the order of their recovery.")
    conflicts = ConflictSerializer(many=True)
    loops = LoopSerializer(many=True)
    gaps = GapSerializer(many=True)
    people_gaps = PeopleGapSerializer(many=True)
