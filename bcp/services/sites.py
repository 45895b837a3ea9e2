"""Writing sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.engine.permissions import Capability
from bcp.models.organisations import Organisation
from bcp.models.sites import Site
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> Site:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return records.create(ledger, Site, values)


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> Site:
    """Raises `Conflict` if somebody else changed it since `seen_version`."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Site, key)
        return records.change(ledger, record, values, seen_version=seen_version)


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Site, key)
        records.delete(ledger, record, seen_version=seen_version)
