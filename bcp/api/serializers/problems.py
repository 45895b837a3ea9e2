"""The shape of every error, for the documentation."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457)."""

    def get_fields(self) -> dict[str, Any]:
        return {
            "type": serializers.CharField(help_text="about:blank where the status says it all."),
            "title": serializers.CharField(help_text="The name of the status."),
            "status": serializers.IntegerField(),
            "detail": serializers.CharField(help_text="What is wrong, in a sentence."),
            "fields": serializers.DictField(
                child=serializers.ListField(child=serializers.CharField()),
                help_text="What is wrong with which field; `non_field_errors`: with the whole.",
            ),
            "current": serializers.DictField(
                required=False, help_text="With 409 and 412: the record as it is now."
            ),
        }
