"""Creating, changing and deleting one owned record, the same way for every noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from bcp.errors import Conflict, InvalidInput
from bcp.models.base import OrgOwned
from bcp.models.organisations import Organisation
from bcp.services.ledger import Ledger, facts_of

Record = TypeVar("Record", bound=OrgOwned)


def create(ledger: Ledger, model: type[Record], values: Mapping[str, Any]) -> Record:
    """A new record of the ledger's organisation. Raises `InvalidInput`, field by field."""
    record = model(organisation=ledger.organisation, **values)
    validate(record)
    record.save(force_insert=True)
    ledger.note("created", record, after=facts_of(record))
    return record


def locked(ledger: Ledger, model: type[Record], key: str) -> Record:
    """The record as it is now, read inside the transaction; raises `Conflict` if it is gone."""
    record = model.objects.of(ledger.organisation).filter(pk=key).first()
    if record is None:
        raise Conflict(_("Somebody has deleted this record in the meantime."))
    return record


def change(
    ledger: Ledger, record: Record, values: Mapping[str, Any], *, seen_version: int | None
) -> Record:
    """Set fields of a record read with `locked`.

    `seen_version` is the version its editor looked at; `None` skips the check, which only bulk
    edits of single fields do. Raises `Conflict` with the current facts, or `InvalidInput`.
    """
    check_version(record, seen_version)
    before = facts_of(record)
    for name, value in values.items():
        setattr(record, name, value)
    validate(record)
    after = facts_of(record)
    if after != before:
        record.version += 1
        record.save()
        ledger.changed(record, before, after)
    return record


def check_version(record: OrgOwned | Organisation, seen_version: int | None) -> None:
    if seen_version is not None and record.version != seen_version:
        raise Conflict(
            _("Somebody else changed this record while you were editing it."),
            current=facts_of(record) | {"version": record.version},
        )


def delete(ledger: Ledger, record: OrgOwned, *, seen_version: int | None) -> None:
    """Remove a record; raises `InvalidInput` if others still rest on it."""
    check_version(record, seen_version)
    before = facts_of(record)
    ledger.note("deleted", record, before=before)
    try:
        record.delete()
    except ProtectedError as error:
        users = ", ".join(sorted({str(user) for user in error.protected_objects})[:5])
        raise InvalidInput(
            _("“%(record)s” is still used by %(users)s; change that first.")
            % {"record": record, "users": users}
        ) from error


def validate(record: OrgOwned) -> None:
    """Field rules, constraints, and that every reference stays inside the organisation."""
    _check_tenant(record)
    try:
        record.full_clean()
    except ValidationError as error:
        fields = {
            ("" if name == NON_FIELD_ERRORS else name): messages
            for name, messages in error.message_dict.items()
        }
        first = next(iter(fields.values()))[0]
        raise InvalidInput(str(first), fields) from error


def _check_tenant(record: OrgOwned) -> None:
    for column in record._meta.concrete_fields:
        if not column.is_relation or column.name == "organisation":
            continue
        other = getattr(record, column.name)
        if isinstance(other, OrgOwned) and other.organisation_id != record.organisation_id:
            raise InvalidInput(
                _("There is no such record."), {column.name: [_("There is no such record.")]}
            )


def same_organisation(organisation: Organisation, records: list[Record], field: str) -> None:
    """Guard for many-to-many values, which `validate` cannot see."""
    if any(record.organisation_id != organisation.pk for record in records):
        raise InvalidInput(_("There is no such record."), {field: [_("There is no such record.")]})
