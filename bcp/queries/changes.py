"""Audit events in words: which fields a write changed, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.models.audit import AuditEvent
from bcp.models.impacts import ImpactAssessment
from bcp.queries.answer_changes import answer_changes


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one event; `None` where the event says nothing of that side."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its changes, ready to be shown."""

    event: AuditEvent
    changes: list[Change]


def told(events: Iterable[AuditEvent]) -> Iterator[Told]:
    for event in events:
        yield Told(event, _changes(event))


def _changes(event: AuditEvent) -> list[Change]:
    before, after = event.before or {}, event.after or {}
    names = list(after) + [name for name in before if name not in after]
    model = apps.all_models["bcp"].get(event.record_type)
    rows = []
    for name in names:
        column = _column(model, name)
        old, new = before.get(name), after.get(name)
        if old == new or (_says_nothing(column, old) and _says_nothing(column, new)):
            continue
        if model is ImpactAssessment and name == "answers":
            rows += [Change(*change) for change in answer_changes(old or [], new or [])]
            continue
        rows.append(
            Change(
                _label(column, name),
                _words(column, name, old) if event.before is not None else None,
                _words(column, name, new) if event.after is not None else None,
            )
        )
    return rows


def _column(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, models.Field) else None


def _label(column: models.Field[Any, Any] | None, name: str) -> str:
    label = str(column.verbose_name) if column is not None else name.replace("_", " ")
    return label[:1].upper() + label[1:]


def _says_nothing(column: models.Field[Any, Any] | None, value: Any) -> bool:
    """Where a yes or no may be unknown, a no says something."""
    if value is False:
        return column is None or not column.null
    return value is None or value == "" or value == []


def _words(column: models.Field[Any, Any] | None, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if _says_nothing(column, value):
        return _("empty")
    if name.endswith("_minutes") and isinstance(value, int):
        return format_minutes(value)
    if isinstance(column, models.DateTimeField) and (moment := parse_datetime(value)):
        return date_format(localtime(moment), "DATETIME_FORMAT")
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, dict):
        return _frozen_figures(value) if "takes_part" in value else _named_or_listed(value)
    if isinstance(value, list):
        return "; ".join(_words(None, "", one) for one in value)
    return str(value)


def _frozen_figures(value: dict[str, Any]) -> str:
    """In short what a target was proposed or decided on; all of it stands with the target."""
    if not value["takes_part"]:
        return _("figures of an analysis in which the system takes no part")
    template = _("achievable at least %(time)s") if value["at_least"] else _("achievable %(time)s")
    return template % {"time": format_minutes(value["restored_minutes"])}


def _named_or_listed(value: dict[str, Any]) -> str:
    """A reference by its name; a part of a document (a step, a result) by whom it is about and
    then what it says. Databases keep the fields of such a part in orders of their own."""
    if "name" in value:
        return str(value["name"])
    said = {name: one for name, one in value.items() if one not in ("", None)}
    about = [str(one.get("name")) for one in said.values() if isinstance(one, dict)]
    rest = [
        f"{_label(None, name.removesuffix('_minutes')).lower()}: {_words(None, name, one)}"
        for name, one in sorted(said.items())
        if not isinstance(one, dict)
    ]
    return ", ".join([*about, *rest])
