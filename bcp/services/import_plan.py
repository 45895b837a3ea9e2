"""What an import would do, row by row, before anything is saved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.errors import InvalidInput
from bcp.exchange.findings import Finding

_LONGEST_SHOWN = 200


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one record, and the row that says so."""

    file: str
    row: int
    kind: str
    record: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()


def counted(
    kind: str, changes: Iterable[Change], *, unchanged: int = 0
) -> dict[str, Counter[Outcome]]:
    """The records of one kind by what becomes of them; nothing where a file has none of them."""
    found = Counter(change.outcome for change in changes)
    found[Outcome.UNCHANGED] += unchanged
    return {kind: found} if found.total() else {}


@dataclass(frozen=True)
class ImportPlan:
    """`changes` are the rows that do something; `counts` counts all of them by
    kind of record. `approves` counts the targets that are approved besides. With a fault
    nothing may be saved. `missing_systems` counts those that only dependencies name,
    `proposed_dependencies` those that will wait for review."""

    changes: tuple[Change, ...]
    counts: Mapping[str, Counter[Outcome]]
    faults: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    approves: int = 0
    missing_systems: int = 0
    proposed_dependencies: int = 0

    @property
    def changes_something(self) -> bool:
        return bool(self.changes) or self.approves > 0

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as the import would do the same."""
        return hashlib.sha256(repr((self.changes, self.approves)).encode()).hexdigest()


class ImportRefused(InvalidInput):
    """The import has faults; `plan.faults` lists all of them. Nothing was saved."""

    def __init__(self, plan: ImportPlan) -> None:
        count = len(plan.faults)
        super().__init__(
            _("There is %(count)d fault; nothing was imported.") % {"count": count}
            if count == 1
            else _("There are %(count)d faults; nothing was imported.") % {"count": count}
        )
        self.plan = plan


def in_words(column: models.Field[Any, Any], value: Any) -> str:
    """A field's value as a person reads it."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.name.endswith("_minutes"):
        return format_minutes(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    shown = str(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
