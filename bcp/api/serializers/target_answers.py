"""What a target would ask for, and what would make it possible; `queries.target_answers` makes
it."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    FloatField,
    IntegerField,
    ListField,
)

from bcp.engine.durations import LONGEST_MINUTES
from bcp.engine.impacts import Category
from bcp.engine.results import Standing
from bcp.queries.target_answers import KINDS

STANDINGS = [standing.value for standing in Standing]


def _minutes(says: str = "") -> IntegerField:
    return IntegerField(allow_null=True, help_text=says)


def _amount(says: str = "") -> FloatField:
    return FloatField(allow_null=True, help_text=says)


def _figure() -> IntegerField:
    return IntegerField(min_value=0, max_value=LONGEST_MINUTES, required=False)


class FiguresSerializer(serializers.Serializer):
    """The figures in the address of the question."""

    rto_minutes = _figure()
    rpo_minutes = _figure()
    mtd_minutes = _figure()


class WantedSerializer(serializers.Serializer):
    rto_minutes = IntegerField(min_value=0, max_value=LONGEST_MINUTES)


class NamedSerializer(serializers.Serializer):
    """A system by key and name."""

    id = CharField()
    name = CharField()


class FiguresSeenSerializer(serializers.Serializer):
    rto_minutes = _minutes()
    rpo_minutes = _minutes()
    mtd_minutes = _minutes()


class LinkSerializer(NamedSerializer):
    minutes = _minutes("Of its own recovery work.")
    restored_minutes = IntegerField()


class PromiseSerializer(serializers.Serializer):
    tier = IntegerField()
    rto_minutes = _minutes()
    rpo_minutes = _minutes()


class LimitSerializer(serializers.Serializer):
    """What follows from the answers on business impact."""

    minutes = _minutes("null: no answer is that bad, or (`at_most`) nobody knows.")
    at_most = BooleanField(help_text="An answer that is missing could make it earlier.")
    category = ChoiceField([category.value for category in Category], allow_null=True)
    level = IntegerField(allow_null=True, help_text="Of the answer that decides.")


class PeakCostSerializer(serializers.Serializer):
    name = CharField()
    when = CharField()
    achievable = _amount()
    target = _amount()


class ProcessCostSerializer(NamedSerializer):
    per_hour = _amount("Every hour is taken to cost the same.")
    achievable = _amount("Of an outage until the achievable time.")
    target = _amount("Of an outage until the proposed RTO.")
    confirmed_on = DateField(allow_null=True, help_text="When the answers were signed.")
    peaks = PeakCostSerializer(many=True, help_text="The same outage in a peak.")


class DowntimeCostSerializer(serializers.Serializer):
    """Of the processes that stand still; sums are of what is known."""

    achievable = _amount()
    target = _amount()
    unknown_count = IntegerField(help_text="Processes that are not in the sums.")
    processes = ProcessCostSerializer(many=True)


class DemandSerializer(NamedSerializer):
    """A system of which more would be required."""

    before_minutes = _minutes("null: nothing was required of it.")
    before_at_most = BooleanField(help_text="Work of unknown duration follows it.")
    now_minutes = IntegerField()
    now_at_most = BooleanField(help_text="Work of unknown duration follows it.")
    restored_minutes = IntegerField()
    at_least = BooleanField()
    own_minutes = _minutes("Its own approved RTO.")
    is_met = BooleanField(help_text="It is certainly back in time; false also where nobody knows.")


class TurnSerializer(NamedSerializer):
    """A system that would stand otherwise."""

    before = ChoiceField(STANDINGS)
    now = ChoiceField(STANDINGS)


class NamedConflictSerializer(serializers.Serializer):
    rule = CharField()
    dependent = NamedSerializer()
    dependency = NamedSerializer()
    says = CharField()


class ConsequencesSerializer(serializers.Serializer):
    """Two analyses side by side: as it is, and with the target approved."""

    system = NamedSerializer()
    proposed = FiguresSeenSerializer()
    approved = FiguresSeenSerializer(help_text="In force without it.")
    restored_minutes = IntegerField(help_text="The achievable time.")
    at_least = BooleanField(help_text="An unknown duration counts 0 in it.")
    unknown_count = IntegerField()
    misses_minutes = _minutes(
        "By how much the proposed RTO is missed at the least; 0: it is not, as far as is known."
    )
    chain = LinkSerializer(many=True, help_text="What decides when it is back, deepest first.")
    required_minutes = _minutes("What its dependents need.")
    required_at_most = BooleanField()
    required_by = NamedSerializer(allow_null=True)
    standing_before = ChoiceField(STANDINGS)
    standing_after = ChoiceField(STANDINGS)
    tier = PromiseSerializer(allow_null=True)
    looser_than_tier = ListField(child=ChoiceField(["rto", "rpo"]))
    derived_rto = LimitSerializer(allow_null=True)
    derived_mtd = LimitSerializer(allow_null=True)
    looser_than_impact = BooleanField()
    work_recovery_minutes = _minutes()
    over_mtd_minutes = _minutes("By how much RTO and working off the backlog exceed the MTD.")
    cost = DowntimeCostSerializer()
    currency = CharField()
    demands = DemandSerializer(many=True, help_text="Most pressing first.")
    turns = TurnSerializer(many=True)
    appeared = NamedConflictSerializer(many=True)
    disappeared = NamedConflictSerializer(many=True)


class ChangeSerializer(serializers.Serializer):
    kind = ChoiceField(sorted(KINDS.values()))
    system = NamedSerializer()
    without = NamedSerializer(allow_null=True, help_text="open: it starts without this one.")
    from_minutes = _minutes()
    to_minutes = _minutes()
    says = CharField()


class OfferSerializer(serializers.Serializer):
    """Changes of which all are needed, verified by an analysis with them."""

    changes = ChangeSerializer(many=True)
    restored_minutes = IntegerField()


class WaysSerializer(serializers.Serializer):
    system = NamedSerializer()
    rto_minutes = IntegerField()
    restored_minutes = IntegerField(help_text="As it is now.")
    at_least = BooleanField(help_text="The time rests on unknown durations, which count 0.")
    provisional = BooleanField(help_text="There is a loop on the way, which is to be opened first.")
    is_met = BooleanField(help_text="Certainly; false also where nobody knows.")
    offers = OfferSerializer(many=True, help_text="Fewest changes first; any one of them does it.")
    exhausted = BooleanField(help_text="Everything of up to three changes was tried.")
