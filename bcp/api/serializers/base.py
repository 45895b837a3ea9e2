"""What the serializers of owned records share: keys for relations, narrowed at request time.

A serializer checks what comes in and describes both directions for the documentation; what goes
out is read straight from the database by `rows`, which costs a third of serializing objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import F, Field, Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.fields import BY_COLUMN, OwnedKeyField


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it does not have: a misspelt one would be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("There is no such field.")] for name in unknown}
                )
        return super().to_internal_value(data)


class RecordSerializer(StrictSerializer, serializers.ModelSerializer):
    """One owned record. Uniqueness is for the services to say, who see one organisation only."""

    serializer_related_field = OwnedKeyField
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        **BY_COLUMN,
    }

    apart: ClassVar[tuple[str, ...]] = ()
    """Fields that the service takes as arguments of their own, beside the record's values."""
    composed: ClassVar[tuple[str, ...]] = ()
    """Read-only fields that are no column; `rows` of the subclass adds them."""

    def get_validators(self) -> list[Any]:
        return []

    def arguments(self) -> dict[str, Any]:
        """`values` and, each on its own, the fields named in `apart`, for the service."""
        values = dict(self.validated_data)
        own = {name: values.pop(name) for name in self.apart if name in values}
        return {"values": values, **own}

    def whole(self) -> dict[str, Any]:
        """`arguments` of a replacement: what was left out goes back to its default."""
        defaults = {
            field.name: field.get_default()
            for field in self.model()._meta.concrete_fields
            if self._is_writable(field)
        }
        given = self.arguments()
        empty: dict[str, Any] = {name: [] for name in self.apart}
        return {**empty, **given, "values": defaults | given["values"]}

    def _is_writable(self, field: Field[Any, Any]) -> bool:
        return field.name in self.fields and not self.fields[field.name].read_only

    @classmethod
    def model(cls) -> type[Model]:
        return cls.Meta.model

    @classmethod
    def record_type(cls) -> str:
        """The name of this kind of record in the audit trail."""
        return str(cls.model()._meta.model_name)

    @classmethod
    def rows(cls, records: QuerySet[Any], context: dict[str, Any]) -> list[dict[str, Any]]:
        """The records as they go out, in the order of the fields: one query, no objects."""
        names, aliases = [], {}
        for name, field in cls(context=context).fields.items():
            if name in cls.apart or name in cls.composed:
                continue
            names.append(name)
            path = str(field.source or name).replace(".", "__")
            if path != name:
                aliases[name] = F(path)
        return list(records.annotate(**aliases).values(*names))
