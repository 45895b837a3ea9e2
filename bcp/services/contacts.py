"""Writing contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.engine.permissions import Capability
from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing
from bcp.services.writer import Writer

_writer = Writer(Contact)
create, change, delete = _writer.create, _writer.change, _writer.delete


def verify_many(organisation: Organisation, keys: Sequence[str], *, on: date, by: Actor) -> int:
    """Record that these contacts were reached and confirmed on that day, all or none; how many
    of them were not yet."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        contacts = records.locked_many(ledger, Contact, keys)
        return records.change_many(ledger, contacts, {"verified_on": on})
