"""Writing records that are nothing but their fields: one writer, told which noun it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing
from bcp.services.records import Record


@dataclass(frozen=True, slots=True)
class Writer(Generic[Record]):
    """Creates, changes and deletes records of `model`, for whoever may edit the estate.

    Every method raises `NotAllowed` for a role too low and `InvalidInput` field by field.
    """

    model: type[Record]
    bulk_fields: tuple[str, ...] = ()
    """The fields that may be set on many records at once."""

    def create(self, organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> Record:
        with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
            return records.create(ledger, self.model, values)

    def change(
        self,
        organisation: Organisation,
        key: str,
        values: Mapping[str, Any],
        *,
        seen_version: int | None,
        by: Actor,
    ) -> Record:
        """Raises `Conflict` if somebody else changed it since `seen_version`."""
        with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
            record = records.locked(ledger, self.model, key)
            return records.change(ledger, record, values, seen_version=seen_version)

    def change_many(
        self,
        organisation: Organisation,
        keys: Sequence[str],
        values: Mapping[str, Any],
        *,
        by: Actor,
    ) -> int:
        """Set the same fields (of `bulk_fields`) on many records, all or none; how many changed."""
        foreign = set(values) - set(self.bulk_fields)
        if foreign:
            raise InvalidInput(
                _("These fields cannot be set on many records at once: %(fields)s.")
                % {"fields": ", ".join(sorted(foreign))}
            )
        with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
            found = records.locked_many(ledger, self.model, keys)
            return records.change_many(ledger, found, values)

    def delete(
        self, organisation: Organisation, key: str, *, seen_version: int | None, by: Actor
    ) -> None:
        with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
            record = records.locked(ledger, self.model, key)
            records.delete(ledger, record, seen_version=seen_version)
