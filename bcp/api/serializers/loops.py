"""The shape of loops, for the documentation; `queries.loops` makes them."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.serializers import BooleanField, CharField, ChoiceField, ListField

from bcp.engine.estate import GATING


class LoopSystemSerializer(serializers.Serializer):
    id = CharField()
    name = CharField()


class LoopEdgeSerializer(serializers.Serializer):
    """`dependent` needs `dependency`, and would have to start without it."""

    id = CharField(allow_null=True, help_text="Of the dependency; null: deleted just now.")
    dependent = CharField()
    dependency = CharField()
    needed_to = ChoiceField([kind.value for kind in GATING])


class OpenableLoopSerializer(serializers.Serializer):
    systems = LoopSystemSerializer(many=True)
    round = ListField(
        child=CharField(), help_text="One round: each needs the next, the last the first."
    )
    says = ListField(child=CharField())
    open = LoopEdgeSerializer(many=True, help_text="What to open: a smallest set, if exact.")
    exact = BooleanField(help_text="No smaller set opens the loop.")
    alternatives = ListField(
        child=LoopEdgeSerializer(many=True),
        help_text="Other sets as small; not looked for in large loops.",
    )
    alternatives_complete = BooleanField(help_text="There is no further set that is as small.")
