"""Writing dependencies: one at a time, and many at once."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.engine.permissions import Capability
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing
from bcp.services.writer import Writer

BULK_FIELDS = ("needed_to",)


_writer = Writer(Dependency, BULK_FIELDS)
create, change, delete = _writer.create, _writer.change, _writer.delete
change_many = _writer.change_many


def delete_many(organisation: Organisation, keys: Sequence[str], *, by: Actor) -> int:
    """Delete many edges, all or none; how many there were."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        edges = records.locked_many(ledger, Dependency, keys)
        for edge in edges:
            records.delete(ledger, edge, seen_version=None)
        return len(edges)
