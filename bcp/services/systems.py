"""Writing systems: one at a time, many at once, and retiring them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bcp.engine.estate import Status
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.organisations import Organisation
from bcp.models.procedures import ProcedureState
from bcp.models.systems import System
from bcp.models.targets import TargetState
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing
from bcp.services.writer import Writer

BULK_FIELDS = (
    "tier",
    "owner",
    "technical_owner",
    "deputy",
    "team",
    "site",
    "escalation_path",
    "strategy",
    "status",
)


_writer = Writer(System, BULK_FIELDS)
create, change, change_many = _writer.create, _writer.change, _writer.change_many


def retire(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> System:
    """Take a system out of recovery; its history and dependencies stay, and it can return."""
    return change(
        organisation, key, {"status": Status.RETIRED.value}, seen_version=seen_version, by=by
    )


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    """Remove a system that should never have been there, with its edges, copies, proposals and
    drafts; a real one is retired instead, and one about which something was approved must be."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        record = records.locked(ledger, System, key)
        if record.targets.filter(state=TargetState.APPROVED).exists():
            raise InvalidInput(
                _("“%(system)s” has an approved target, and decisions are kept. Retire it instead.")
                % {"system": record}
            )
        if record.procedures.exclude(state=ProcedureState.DRAFT).exists():
            raise InvalidInput(
                _(
                    "“%(system)s” has an approved procedure, and decisions are kept."
                    " Retire it instead."
                )
                % {"system": record}
            )
        records.delete(ledger, record, seen_version=seen_version)
