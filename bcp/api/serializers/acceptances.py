"""Gaps that somebody lives with: as they are read, accepted and taken back."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import KeyField, NameOf, TextField
from bcp.models.acceptances import GapAcceptance
from bcp.queries import acceptances as reads
from bcp.queries.acceptances import HeldState
from bcp.queries.analysis import analysis

HELD_STATES = [state.value for state in HeldState]


class AcceptanceSerializer(RecordSerializer):
    accepted_by_email = NameOf("accepted_by", "email")
    ended_by_email = NameOf("ended_by", "email")
    state = serializers.ChoiceField(
        HELD_STATES,
        read_only=True,
        help_text="changed: the gap says something else by now; gone: it is none any more.",
    )
    now_says = serializers.CharField(
        allow_null=True, read_only=True, help_text="What the gap says today; null: it is none."
    )
    composed = ("state", "now_says")

    class Meta:
        model = GapAcceptance
        fields = [
            *("id", "version", "gap", "code", "subject_kind", "subject", "severity", "says"),
            *("reason", "until", "accepted_by_email", "accepted_at"),
            *("ended_by_email", "ended_at", "ended_reason", "state", "now_says"),
        ]
        read_only_fields = fields

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        """With what became of each, by one analysis for all of them."""
        rows = super().rows(records, context)
        if not rows:
            return rows
        organisation = context["organisation"]
        now = context["now"].astimezone(ZoneInfo(organisation.time_zone))
        held = {
            one.acceptance.pk: one
            for one in reads.held(records, analysis(organisation, now=now), now.date())
        }
        return [row | _standing(held[row["id"]]) for row in rows]


def _standing(held: reads.Held) -> dict[str, Any]:
    says = None if held.gap is None else held.gap.says.said(gettext)
    return {"state": held.state.value, "now_says": says}


class AcceptSerializer(StrictSerializer):
    """The gap as the analysis tells it, why it is accepted, and until when."""

    gap = TextField(max_length=300, help_text="Its `identity`.")
    facts = TextField(max_length=64, help_text="Its `facts` as you read them.")
    acceptance = KeyField(
        required=False,
        allow_null=True,
        help_text="Its `acceptance` as you read it, which is replaced; null: it had none.",
    )
    reason = TextField(max_length=5000)
    until = serializers.DateField(help_text="Up to and including this day, two years at most.")


class TakeBackSerializer(StrictSerializer):
    reason = TextField(max_length=5000, help_text="Why it is not accepted any more.")
