"""Taking back one audited write: what was changed is set back, what was deleted returns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.models.audit import AuditEvent
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import BackupCopy
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

# Records that are plain fields. Teams and paths are written with their members and steps, and
# decisions are never taken back silently.
UNDOABLE: dict[str, type[OrgOwned]] = {
    "site": Site,
    "contact": Contact,
    "system": System,
    "dependency": Dependency,
    "backupcopy": BackupCopy,
}


def can_undo(event: AuditEvent) -> bool:
    return event.record_type in UNDOABLE and event.action in {"changed", "deleted"}


def undo(organisation: Organisation, event: AuditEvent, *, by: Actor) -> OrgOwned:
    """Write the opposite of `event`. Raises `Conflict` if the fields have changed again since,
    `InvalidInput` if what the record rested on is gone."""
    if not can_undo(event) or event.organisation_id != organisation.pk or event.before is None:
        raise InvalidInput(_("This change cannot be taken back."))
    model = UNDOABLE[event.record_type]
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        values = {
            name: _value(ledger, model, name, stored) for name, stored in event.before.items()
        }
        if event.action == "deleted":
            return _bring_back(ledger, model, event.record_id, values)
        record = records.locked(ledger, model, event.record_id)
        facts = facts_of(record)
        if any(facts.get(name) != stored for name, stored in (event.after or {}).items()):
            raise Conflict(_("This has been changed again since; look at it first."), facts)
        return records.change(ledger, record, values, seen_version=None)


def _bring_back(
    ledger: Ledger, model: type[OrgOwned], key: str, values: dict[str, Any]
) -> OrgOwned:
    if model.objects.of(ledger.organisation).filter(pk=key).exists():
        raise Conflict(_("This record is there again already."))
    return records.create(ledger, model, {"id": key, **values})


def _value(ledger: Ledger, model: type[OrgOwned], name: str, stored: Any) -> Any:
    column = model._meta.get_field(name)
    if not column.is_relation:
        return column.to_python(stored)
    if stored is None:
        return None
    found = column.related_model.objects.of(ledger.organisation).filter(pk=stored["id"]).first()
    if found is None:
        raise InvalidInput(
            _("“%(name)s”, which this record names, has been deleted.") % {"name": stored["name"]}
        )
    return found
