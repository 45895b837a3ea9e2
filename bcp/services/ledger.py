"""The frame of every write: one transaction, the organisation locked, audit rows at its end.

Locking the organisation's row first puts its writers in a queue. That gives the audit chain its
order, makes every version check safe, and leaves no two writers waiting for each other. The lock
is one that rows which merely name the organisation do not wait for: backup jobs go on reporting
while somebody imports an estate.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability, Role
from bcp.errors import Conflict, NotAllowed
from bcp.models.audit import AuditEvent, digest_of
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.services import structure
from bcp.services.actor import Actor

Facts = dict[str, Any]

_log = logging.getLogger(__name__)
_NOT_FACTS = {
    *("id", "organisation", "version", "created_at", "updated_at"),
    "structure_changed_on",  # follows from the facts of other rows
}


def facts_of(record: models.Model) -> Facts:
    """What a record says, field by field, ready for JSON; a reference is its key and its name.

    The same whether the record was just cleaned or has been read back: figures carry all their
    decimals, moments stand in UTC.
    """
    facts: Facts = {}
    for column in record._meta.concrete_fields:
        if column.name in _NOT_FACTS:
            continue
        value = getattr(record, column.name)
        if column.is_relation:
            value = None if value is None else reference(value)
        elif isinstance(column, models.DecimalField) and value is not None:
            value = f"{value:.{column.decimal_places}f}"
        elif isinstance(value, datetime):
            value = value.astimezone(UTC)
        facts[column.name] = value
    for many in record._meta.many_to_many:
        facts[many.name] = references(getattr(record, many.name).all())
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder))


def reference(record: models.Model) -> Facts:
    return {"id": record.pk, "name": str(record)}


def references(records: Iterable[models.Model]) -> list[Facts]:
    """Several records named in one fact, in an order that does not depend on how they came."""
    return sorted((reference(record) for record in records), key=lambda one: str(one["id"]))


@dataclass
class Ledger:
    """Collects what a transaction writes; becomes audit rows when it ends."""

    organisation: Organisation
    by: Actor
    now: datetime
    events: list[AuditEvent] = field(default_factory=list)
    new_systems: set[str] = field(default_factory=set)
    """The keys of systems that were made by this write, or by the one that it belongs to."""
    returned: set[str] = field(default_factory=set)
    """The keys of records that this write brought back from a deletion."""

    @property
    def today(self) -> date:
        """The day of the write where the organisation is."""
        return self.now.astimezone(ZoneInfo(self.organisation.time_zone)).date()

    def note(
        self,
        action: str,
        record: models.Model,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """One audit row: `action` is a past participle ("created", "changed", "deleted")."""
        self.events.append(
            AuditEvent(
                organisation=self.organisation,
                at=self.now,
                actor=self.by.user,
                actor_label=self.by.label,
                via=self.by.via,
                action=action,
                record_type=record._meta.model_name or "",
                record_id=str(record.pk),
                record_label=str(record)[:500],
                before=before,
                after=after,
            )
        )

    def changed(self, record: models.Model, before: Facts, after: Facts) -> None:
        """An audit row with only the fields that differ; none if nothing does."""
        names = [name for name in after if before.get(name) != after[name]]
        if names:
            self.note(
                "changed",
                record,
                before={name: before.get(name) for name in names},
                after={name: after[name] for name in names},
            )

    def close(self) -> None:
        if not self.events:
            return
        self.new_systems |= structure.created_systems(self.events) - self.returned
        structure.mark(
            self.organisation,
            self.events,
            new=self.new_systems,
            today=self.today,
        )
        sequence, digest = self.organisation.audit_count, self.organisation.audit_head
        for event in self.events:
            sequence += 1
            event.sequence = sequence
            event.previous_digest = digest
            event.digest = digest = digest_of(event)
        AuditEvent.objects.bulk_create(self.events, batch_size=500)
        Organisation.objects.filter(pk=self.organisation.pk).update(
            audit_count=sequence, audit_head=digest
        )


@contextmanager
def writing(organisation: Organisation, *, by: Actor, needs: Capability) -> Iterator[Ledger]:
    """Open a write: raises `NotAllowed` before anything happens, and audits at the end.

    Whatever validation could not foresee and only the database refuses is a `Conflict`.
    """
    by.require(organisation, needs)
    try:
        with transaction.atomic():
            locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
            ledger = Ledger(locked, _as_of_now(by, locked, needs), timezone.now())
            yield ledger
            ledger.close()
    except IntegrityError as error:
        _log.exception("the database refused a write that validation had let pass")
        raise Conflict(_("Something this rests on was changed just now; try again.")) from error


def _as_of_now(by: Actor, organisation: Organisation, needs: Capability) -> Actor:
    """The actor with the role held now: it may have been taken away since the request began."""
    if by.role is None:
        return by
    memberships = Membership.objects.of(organisation).filter(user=by.user, user__is_active=True)
    role = memberships.values_list("role", flat=True).first()
    if role is None:
        raise NotAllowed(_("You are not a member of this organisation any more."))
    current = replace(by, role=Role(role))
    current.require(organisation, needs)
    return current
