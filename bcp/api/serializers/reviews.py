"""Where the review of each system's dependencies stands, and how one is confirmed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bcp.api.serializers.base import StrictSerializer
from bcp.api.serializers.fields import KeyField, TextField
from bcp.engine.reviews import ReviewState
from bcp.models.dependencies import NeededToChoice
from bcp.queries.reviews import Standing

REVIEW_STATES = [state.value for state in ReviewState]


class NeedSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="Key of the system that is needed.")
    name = serializers.CharField()
    needed_to = serializers.ChoiceField(NeededToChoice.choices)
    has_bootstrap_note = serializers.BooleanField()


class ReviewSerializer(serializers.Serializer):
    """A live system and what it needs as of now."""

    system = serializers.CharField(help_text="Key of the system.")
    system_name = serializers.CharField()
    state = serializers.ChoiceField(
        REVIEW_STATES,
        help_text="changed: it needs something else than was confirmed; overdue: confirmed 180 "
        "days ago or earlier.",
    )
    facts = serializers.CharField(help_text="Names what it needs; give it back to confirm that.")
    needs = NeedSerializer(many=True)
    reviewed_by_email = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class ConfirmSerializer(StrictSerializer):
    """A system, and what was read of its needs."""

    system = KeyField()
    facts = TextField(max_length=64, help_text="As you read them.")
    note = TextField(max_length=5000, allow_blank=True, required=False)


def review_row(one: Standing) -> dict[str, Any]:
    review = one.review
    return {
        "system": one.system.key,
        "system_name": one.system.name,
        "state": one.state.value,
        "facts": one.facts,
        "needs": [
            {
                "id": need.key,
                "name": need.name,
                "needed_to": need.needed_to,
                "has_bootstrap_note": bool(need.note),
            }
            for need in one.needs
        ],
        "reviewed_by_email": None if review is None else review.reviewed_by.email,
        "reviewed_at": None if review is None else review.reviewed_at,
        "note": None if review is None else review.note,
    }
