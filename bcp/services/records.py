"""Creating, changing and deleting one owned record, the same way for every noun."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from bcp.engine.texts import control_character, is_one_line, is_storable
from bcp.errors import Conflict, InvalidInput
from bcp.models.base import OrgOwned
from bcp.models.organisations import Organisation
from bcp.services.ledger import Facts, Ledger, facts_of, reference

Record = TypeVar("Record", bound=OrgOwned)

# What no writer sets: it would move a record to another tenant or pretend it was not edited.
_NEVER_SET = {"id", "organisation", "version", "created_at", "updated_at"}


def create(
    ledger: Ledger, model: type[Record], values: Mapping[str, Any], *, key: str | None = None
) -> Record:
    """A new record of the ledger's organisation, under its old `key` if it returns after a
    deletion. Raises `InvalidInput`, field by field."""
    _check_names(model, values)
    record = model(organisation=ledger.organisation, **values)
    if key is not None:
        record.pk = key
        ledger.returned.add(key)
    validate(record)
    record.save(force_insert=True)
    ledger.note("created", record, after=facts_of(record))
    return record


def locked(ledger: Ledger, model: type[Record], key: str) -> Record:
    """The record as it is now, read inside the transaction; raises `Conflict` if it is gone."""
    record = with_names(model.objects.of(ledger.organisation)).filter(pk=key).first()
    if record is None:
        raise Conflict(_("Somebody has deleted this record in the meantime."))
    return record


def locked_many(ledger: Ledger, model: type[Record], keys: Iterable[str]) -> list[Record]:
    """Several records as they are now; raises `Conflict` if one of them is gone."""
    wanted = set(keys)
    found = list(with_names(model.objects.of(ledger.organisation)).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Conflict(_("Some of these records no longer exist; look at the list again."))
    return found


def with_names(records: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """With the records that each one names, so that its facts need no further query."""
    columns = records.model._meta.concrete_fields
    return records.select_related(
        *(column.name for column in columns if column.is_relation and column.name != "organisation")
    )


def change(
    ledger: Ledger, record: Record, values: Mapping[str, Any], *, seen_version: int | None
) -> Record:
    """Set fields of a record read with `locked`.

    `seen_version` is the version its editor looked at; `None` skips the check, which only bulk
    edits of single fields do. Raises `Conflict` with the current facts, or `InvalidInput`.
    """
    check_version(record, seen_version)
    _check_names(type(record), values)
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


def change_many(ledger: Ledger, records: Sequence[Record], values: Mapping[str, Any]) -> int:
    """Set the same fields of many records read with `locked_many`; how many of them changed.

    For fields that say the same of one record whatever the others say (no names): they are
    checked once and written at once, so that thousands take as many queries as two.
    """
    if not records or not values:
        return 0
    changed = []
    for position, record in enumerate(records):
        before = facts_of(record)
        for name, value in values.items():
            setattr(record, name, value)
        if position == 0:
            _check_names(type(record), values)
            validate(record)
        else:
            record.clean_fields(exclude=_others(record, values))
        after = facts_of(record)
        if after != before:
            ledger.changed(record, before, after)
            changed.append(record)
    model = type(records[0])
    cleaned = {name: getattr(records[0], name) for name in values}
    model.objects.of(ledger.organisation).filter(pk__in=[one.pk for one in changed]).update(
        **cleaned, version=F("version") + 1, updated_at=ledger.now
    )
    return len(changed)


def _others(record: OrgOwned, values: Mapping[str, Any]) -> set[str]:
    """The fields that need no second look: untouched ones, and references checked already."""
    return {
        column.name
        for column in record._meta.concrete_fields
        if column.name not in values or column.is_relation
    }


def check_version(record: OrgOwned | Organisation, seen_version: int | None) -> None:
    if seen_version is not None and record.version != seen_version:
        raise Conflict(
            _("Somebody else changed this record while you were editing it."),
            current=facts_of(record) | {"version": record.version},
        )


def delete(
    ledger: Ledger, record: OrgOwned, *, seen_version: int | None, parts: Facts | None = None
) -> None:
    """Remove a record; `parts` is what it consisted of, if the caller has removed that already.

    What named it is edited, and what cannot be without it deleted, each with its own audit row.
    Raises `InvalidInput` if something rests on it that must be changed first.
    """
    check_version(record, seen_version)
    before = facts_of(record) | (parts or {})
    _let_go(ledger, record)
    ledger.note("deleted", record, before=before)
    try:
        record.delete()
    except ProtectedError as error:
        users = ", ".join(sorted({str(user) for user in error.protected_objects})[:5])
        raise InvalidInput(
            _("“%(record)s” is still used by %(users)s; change that first.")
            % {"record": record, "users": users}
        ) from error


def _let_go(ledger: Ledger, record: OrgOwned) -> None:
    for relation in record._meta.get_fields(include_hidden=True):
        # A reverse relation: a field of another model that names this one.
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model = relation.related_model
        if not (isinstance(model, type) and issubclass(model, OrgOwned)) or model.kept_by_machines:
            continue
        name = relation.field.name
        others = with_names(model.objects.of(ledger.organisation)).filter(**{name: record})
        if relation.many_to_many:
            for other in others:
                _take_out(ledger, other, name, record)
        elif relation.on_delete is models.SET_NULL:
            _leave_empty(ledger, others, name, record)
        elif relation.on_delete is models.CASCADE:
            for other in others:
                delete(ledger, other, seen_version=None)


def _leave_empty(ledger: Ledger, others: models.QuerySet[Any], name: str, record: OrgOwned) -> None:
    for other in others:
        ledger.changed(other, {name: reference(record)}, {name: None})
    for whole in {getattr(other, other.part_of) for other in others if other.part_of}:
        touch(whole)
    others.model.objects.of(ledger.organisation).filter(**{name: record}).update(
        **{name: None}, version=F("version") + 1, updated_at=ledger.now
    )


def _take_out(ledger: Ledger, other: OrgOwned, name: str, record: OrgOwned) -> None:
    before = facts_of(other)
    getattr(other, name).remove(record)
    touch(other)
    ledger.changed(other, before, facts_of(other))


def touch(record: OrgOwned) -> None:
    """Count an edit of what a record consists of as an edit of the record."""
    record.version += 1
    record.save(update_fields=["version", "updated_at"])


def validate(record: models.Model) -> None:
    """Field rules, constraints, and that every reference stays inside the organisation.

    Texts are stripped: names are keys, and nobody sees a space at their end.
    """
    _check_tenant(record)
    try:
        _clean_texts(record)
        record.full_clean()
    except ValidationError as error:
        fields = {
            ("" if name == NON_FIELD_ERRORS else name): messages
            for name, messages in error.message_dict.items()
        }
        first = next(iter(fields.values()))[0]
        raise InvalidInput(str(first), fields) from error


def validate_part(part: OrgOwned) -> None:
    """Field rules of a part of a document, without a query: who writes thousands of them at once
    checks their references and their order together. Raises `InvalidInput`, field by field."""
    related = {column.name for column in part._meta.concrete_fields if column.is_relation}
    fields: dict[str, list[str]] = {}
    for check in (
        partial(_clean_texts, part, exclude=related),
        partial(part.clean_fields, exclude=related),
        part.clean,
    ):
        try:
            check()
        except ValidationError as error:
            for name, says in error.message_dict.items():
                fields.setdefault(name, []).extend(says)
    if fields:
        raise InvalidInput(str(next(iter(fields.values()))[0]), fields)


def _clean_texts(record: models.Model, exclude: Collection[str] = ()) -> None:
    faults = {}
    for column in record._meta.concrete_fields:
        if column.primary_key or column.name in exclude:
            continue
        value = getattr(record, column.attname)
        unchecked = column.editable and column.blank and not column.null  # by Django, if `None`
        if unchecked and value is None:
            faults[column.name] = [_("This field cannot be null.")]
        elif isinstance(value, str) and isinstance(column, models.CharField | models.TextField):
            setattr(record, column.attname, value.strip())
            if fault := _fault_of(column, value.strip()):
                faults[column.name] = [fault]
    if faults:
        raise ValidationError(faults)


def _fault_of(column: models.Field[Any, Any], text: str) -> str:
    """What keeps a text from being stored, shown on a line and read back from an export."""
    if not is_storable(text):
        return _("This holds a character that no text can hold.")
    if code := control_character(text):
        return _("This holds the control character %(code)s; write text.") % {"code": code}
    if column.editable and isinstance(column, models.CharField) and not is_one_line(text):
        return _("This holds a line break; write it on one line.")
    return ""


def _check_names(model: type[models.Model], values: Mapping[str, Any]) -> None:
    known = {column.name for column in model._meta.concrete_fields} - _NEVER_SET
    unknown = sorted(set(values) - known)
    if unknown:
        fault = _("This cannot be set.")
        raise InvalidInput(fault, {name: [fault] for name in unknown})


def _check_tenant(record: models.Model) -> None:
    organisation = getattr(record, "organisation_id", None)
    for column in record._meta.concrete_fields:
        if not column.is_relation or getattr(record, column.attname) is None:
            continue
        other = getattr(record, column.name)
        if isinstance(other, OrgOwned) and other.organisation_id != organisation:
            fault = _("There is no such record.")
            raise InvalidInput(fault, {column.name: [fault]})


def same_organisation(ledger: Ledger, records: Sequence[OrgOwned], field: str) -> None:
    """Guard for many-to-many values, which `validate` cannot see: records of this organisation
    that still exist."""
    keys = {record.pk for record in records}
    for model in {type(record) for record in records}:
        keys -= set(
            model.objects.of(ledger.organisation).filter(pk__in=keys).values_list("pk", flat=True)
        )
    if keys:
        fault = _("There is no such record.")
        raise InvalidInput(fault, {field: [fault]})
