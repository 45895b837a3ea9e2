"""Writing dependencies: one at a time, and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing

BULK_FIELDS = ("needed_to",)


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> Dependency:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return records.create(ledger, Dependency, values)


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> Dependency:
    """Raises `Conflict` if somebody else changed it since `seen_version`."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Dependency, key)
        return records.change(ledger, record, values, seen_version=seen_version)


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, Dependency, key)
        records.delete(ledger, record, seen_version=seen_version)


def change_many(
    organisation: Organisation, keys: Sequence[str], values: Mapping[str, Any], *, by: Actor
) -> int:
    """Set what many edges are needed to (of `BULK_FIELDS`), all or none; how many changed."""
    foreign = set(values) - set(BULK_FIELDS)
    if foreign:
        raise InvalidInput(
            _("These fields cannot be set on many dependencies at once: %(fields)s.")
            % {"fields": ", ".join(sorted(foreign))}
        )
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        edges = records.locked_many(ledger, Dependency, keys)
        return records.change_many(ledger, edges, values)


def delete_many(organisation: Organisation, keys: Sequence[str], *, by: Actor) -> int:
    """Delete many edges, all or none; how many there were."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        edges = records.locked_many(ledger, Dependency, keys)
        for edge in edges:
            records.delete(ledger, edge, seen_version=None)
        return len(edges)
