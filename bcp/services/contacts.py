"""Writing contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bcp.engine.permissions import Capability
from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> Contact:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return records.create(ledger, Contact, values)


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> Contact:
    """Raises `Conflict` if somebody else changed it since `seen_version`."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Contact, key)
        return records.change(ledger, record, values, seen_version=seen_version)


def verify_many(organisation: Organisation, keys: Sequence[str], *, on: date, by: Actor) -> int:
    """Record that these contacts were reached and confirmed on that day, all or none; how many
    of them were not yet."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        contacts = records.locked_many(ledger, Contact, keys)
        return records.change_many(ledger, contacts, {"verified_on": on})


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Contact, key)
        records.delete(ledger, record, seen_version=seen_version)
