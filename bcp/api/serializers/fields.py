"""Fields that take what their type says and nothing that merely looks like it.

The framework reads `"on"` as true, `7` as a text and an empty text as "no relation". A phone
number sent as a number has lost its zeros, and a script whose variable was empty must not
detach a record from its owner without a word.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers

_KEY_LENGTH = 12


class TextField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumberField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberField(serializers.DecimalField):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeyField(serializers.RegexField):
    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[0-9a-z]{12}$", **options)


class OwnedKeyField(serializers.PrimaryKeyRelatedField):
    """A relation by its key. Only records of the request's own organisation exist for it: a
    foreign key and an unknown one are the same fault."""

    def get_queryset(self) -> QuerySet[Any]:
        everybodys: Any = super().get_queryset()
        return everybodys.of(self.context["organisation"])

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":
            self.fail("does_not_exist", pk_value=data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("incorrect_type", data_type=type(data).__name__)
        if len(data) != _KEY_LENGTH or not data.isalnum():
            self.fail("does_not_exist", pk_value=data)
        return super().to_internal_value(data)


class NameOf(serializers.CharField):
    """The name behind a relation, beside its key, so that a list reads without more requests."""

    def __init__(self, relation: str, column: str = "name", **options: Any) -> None:
        options |= {"read_only": True, "allow_null": True, "default": None}
        super().__init__(source=f"{relation}.{column}", **options)


BY_COLUMN: dict[type[models.Field[Any, Any]], type[serializers.Field[Any, Any, Any, Any]]] = {
    models.CharField: TextField,
    models.TextField: TextField,
    models.BooleanField: FlagField,
    models.PositiveIntegerField: WholeNumberField,
    models.PositiveSmallIntegerField: WholeNumberField,
    models.PositiveBigIntegerField: WholeNumberField,
    models.DecimalField: NumberField,
}
"""Which field a model's column becomes."""
