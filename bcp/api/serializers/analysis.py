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

from bcp.engine.acceptance import AcceptanceState
from bcp.engine.estate import DurationSource
from bcp.engine.loss import LOSES
from bcp.engine.readiness import ReadinessClass, Shortfall
from bcp.engine.results import Effect, Severity, Standing
from bcp.engine.survival import Verdict
from bcp.engine.three_two_one import Digit


def _minutes(says: str = "") -> IntegerField:
    return IntegerField(allow_null=True, help_text=says)


def _names(says: str = "") -> ListField:
    return ListField(child=CharField(), help_text=says)


def _by_scenario(child: serializers.Field, says: str) -> DictField:
    return DictField(child=child, help_text=says)


class ActivationSerializer(serializers.Serializer):
    """What passes before any recovery work can start, at the worst hour of the week."""

    detect_minutes = _minutes()
    authority_minutes = _minutes("null: at some hour nobody who may declare is reached.")
    mobilise_minutes = _minutes()
    total_minutes = IntegerField()
    at_least = BooleanField(help_text="The sum rests on something unknown.")
    worst_hour = CharField(allow_null=True)


class RestoreSerializer(serializers.Serializer):
    """How long it takes to restore a system's volume, and from what."""

    # "copy" is a word of the serializer's own.
    def get_fields(self) -> dict[str, Any]:
        verdicts = [verdict.value for verdict in Verdict]
        return {
            "copy": CharField(),
            "repository": CharField(),
            "minutes": IntegerField(help_text="Beside the others that it shares with."),
            "alone_minutes": IntegerField(),
            "beside": IntegerField(help_text="Other restores from the same repository meanwhile."),
            "copy_survives": ChoiceField(verdicts, help_text="In the scenario."),
        }


class ReadinessReasonSerializer(serializers.Serializer):
    code = ChoiceField([code.value for code in Shortfall])
    says = CharField()


class ReadinessReasonsSerializer(serializers.Serializer):
    """Why a half is missing; empty: it is there."""

    backups = ReadinessReasonSerializer(many=True)
    plan = ReadinessReasonSerializer(many=True)


class CopiesRuleSerializer(serializers.Serializer):
    """Each digit: there, not there, or null if a fact that decides is not recorded."""

    def get_fields(self) -> dict[str, Any]:
        return {digit.value: BooleanField(allow_null=True) for digit in Digit}


class MissingDigitSerializer(serializers.Serializer):
    """A digit that is not there, or cannot be shown to be, and what would add it."""

    digit = ChoiceField([digit.value for digit in Digit])
    says = CharField()
    fix = CharField()


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
    derived_rto_minutes = _minutes("From the answers on business impact.")
    derived_rto_at_most = BooleanField(
        allow_null=True,
        help_text="A missing answer could make it earlier, or there may be one where it is null; "
        "null: nobody answered anything.",
    )
    derived_mtd_minutes = _minutes("From the answers on business impact.")
    derived_mtd_at_most = BooleanField(allow_null=True)
    required_rto_minutes = _minutes("What its dependents need.")
    required_at_most = BooleanField(help_text="The requirement rests on an unknown duration.")
    latest_minutes = _minutes("The stricter of target and requirement.")
    slack_minutes = _minutes("Negative: too late.")
    misses_minutes = _minutes("By how much the target is missed; 0: it is met.")
    standing = ChoiceField([standing.value for standing in Standing])
    binding_chain = _names("The systems that decide when it is back, deepest first.")
    duration_minutes = _minutes("Of its own recovery work.")
    duration_source = ChoiceField([source.value for source in DurationSource], allow_null=True)
    duration_as_of = serializers.DateField(
        allow_null=True, help_text="When it was measured or approved."
    )
    restore = RestoreSerializer(allow_null=True, help_text="Of its volume; null: not known.")
    loss_minutes = _by_scenario(
        _minutes(),
        "Worst data loss by scenario. null: `loss_states` tells whether nothing is left or nobody"
        " can say. A scenario that takes nothing from the system is not named.",
    )
    loss_states = _by_scenario(
        ChoiceField([state.value for state in LOSES]),
        "bounded: `loss_minutes` at most; total: no copy is left; unknown.",
    )
    loss_at_least_minutes = _by_scenario(_minutes(), "What is certain where it is unknown.")
    loss_against_rpo_minutes = _by_scenario(
        _minutes(), "The loss without the dwell time of ransomware, which no copy can shorten."
    )
    loss_standings = _by_scenario(
        ChoiceField([standing.value for standing in Standing]),
        "Against the RPO. at risk: within it, if a copy that nobody tested can be restored.",
    )
    loss_tested = _by_scenario(BooleanField(), "What decides was restored in time.")
    loss_demanded = _names("The scenarios of these that the policy of its tier demands.")
    rpo_minutes = _minutes("Of the approved target.")
    readiness = ChoiceField([kind.value for kind in ReadinessClass])
    readiness_reasons = ReadinessReasonsSerializer()
    readiness_says = _names("What that class means for this system, in sentences.")
    copies_rule = CopiesRuleSerializer(
        allow_null=True, help_text="3-2-1-1-0, digit by digit; null: it needs no copies."
    )
    copies_rule_missing = MissingDigitSerializer(many=True)
    next_test_due = serializers.DateField(help_text="Today, if no exercise ever qualified.")


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
    identity = CharField(help_text="Which gap it is, whatever it says: for accepting it.")
    facts = CharField(help_text="A digest of what it says: for accepting it.")
    state = ChoiceField(
        [state.value for state in AcceptanceState],
        help_text="expired, changed: it was accepted, and is open again.",
    )
    acceptance = CharField(allow_null=True, help_text="Key of the last that nobody took back.")
    accepted_until = serializers.DateField(allow_null=True)


class PeopleGapSerializer(serializers.Serializer):
    """Hours of the week in which a path reaches nobody who may declare."""

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's own.
        return {"path": CharField(), "from": CharField(), "to": CharField()}


class AnalysisSerializer(serializers.Serializer):
    organisation = CharField()
    scenario = CharField()
    scenarios = _names("Whose losses every system tells: the columns of the matrix.")
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
