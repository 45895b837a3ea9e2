"""The shape of a blast radius, for the documentation; `queries.blast_radius` makes it."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.serializers import BooleanField, CharField, ChoiceField, IntegerField, ListField

from bcp.engine.standing import Standing


class StoppedSerializer(serializers.Serializer):
    """A system that is lost (`steps` 0) or stops because it needs one that does."""

    id = CharField()
    name = CharField()
    steps = IntegerField()
    through = CharField(allow_null=True, help_text="What it needs and has lost; null: it is lost.")
    restored_minutes = IntegerField(help_text="From the disruption, by this loss alone.")
    at_least = BooleanField()


class SparedSerializer(serializers.Serializer):
    id = CharField()
    name = CharField()
    without = ListField(child=CharField())


class OnsetSerializer(serializers.Serializer):
    """After how long the harm is that bad."""

    minutes = IntegerField(allow_null=True)
    at_most = BooleanField(help_text="An answer is missing: it may be earlier, or ever.")
    category = CharField(allow_null=True, help_text="Of the impact: financial, clients, …")
    says = CharField()


class StoppedProcessSerializer(serializers.Serializer):
    id = CharField()
    name = CharField()
    serious = OnsetSerializer()
    intolerable = OnsetSerializer()
    beyond_repair = OnsetSerializer()
    restored_minutes = IntegerField()
    at_least = BooleanField()
    back_before_intolerable = ChoiceField([one.value for one in Standing])


class TellSerializer(serializers.Serializer):
    name = CharField()
    phone = CharField(allow_blank=True, help_text="The number to try first.")
    owns = ListField(child=CharField())
    looks_after = ListField(child=CharField())
    stands_in_for = ListField(child=CharField())


class PathUseSerializer(serializers.Serializer):
    name = CharField()
    systems = IntegerField(help_text="How many of the systems that stop use it.")


class DeclarerSerializer(serializers.Serializer):
    name = CharField()
    phone = CharField(allow_blank=True)


class BlastRadiusSerializer(serializers.Serializer):
    lost = ListField(child=CharField())
    sites = ListField(child=CharField())
    stopped_count = IntegerField()
    provisional = BooleanField(help_text="Some of them wait for each other in a loop.")
    stopped = StoppedSerializer(many=True)
    by_hand = SparedSerializer(many=True, help_text="Go on only by their bootstrap notes.")
    degraded = SparedSerializer(many=True)
    processes = StoppedProcessSerializer(many=True, help_text="The soonest hurt first.")
    tell = TellSerializer(many=True)
    without_anybody = ListField(
        child=CharField(), help_text="Stop, and have neither an owner nor a technical owner."
    )
    paths = PathUseSerializer(many=True)
    declarers = DeclarerSerializer(many=True)
