"""What a file may hold and what the records may hold are the same, or one of them has moved."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from django.db import models

from bcp.exchange import layouts
from bcp.exchange.columns import Column, Layout
from bcp.exchange.values import BadCell
from bcp.models import (
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    EscalationStep,
    Exercise,
    ProcedureStep,
    Site,
    System,
    Team,
)
from bcp.models.contacts import LONGEST_PHONE

PAIRS: list[tuple[Layout[Any], type[models.Model]]] = [
    (layouts.SITES, Site),
    (layouts.CONTACTS, Contact),
    (layouts.TEAMS, Team),
    (layouts.SYSTEMS, System),
    (layouts.DEPENDENCIES, Dependency),
    (layouts.ESCALATION, EscalationStep),
    (layouts.POLICIES, BackupPolicy),
    (layouts.COPIES, BackupCopy),
    (layouts.STEPS, ProcedureStep),
    (layouts.EXERCISES, Exercise),
]
# Read as something else than what the record keeps; targets are records of their own.
OTHERWISE = {"phones", "independent_phone", "vendor", "members", "locked", "channel", "default"}
OTHERWISE |= {"rto_minutes", "rpo_minutes", "mtd_minutes", "escalation", "path", "position"}
OTHERWISE |= {"system", "covers", "replica", "policy", "target_reason"}
OTHERWISE |= {"last_restore_test", "last_restore_result", "last_restore_minutes"}
# What an exercise showed of one system.
OTHERWISE |= {"outcome", "rta_minutes", "rpa_minutes"}
# Of a copy that follows a policy an empty cell says nothing, so it has no default of its own.
SILENT = {("copies.csv", "content"), ("copies.csv", "kind")}
COLUMNS = [
    (column, model._meta.get_field(column.field))
    for layout, model in PAIRS
    for column in layout.columns
    if column.field not in OTHERWISE
]


def accepts(column: Column, cell: str) -> bool:
    try:
        column.kind.read(cell)
    except BadCell:
        return False
    return True


@pytest.mark.parametrize(("column", "field"), COLUMNS, ids=lambda one: getattr(one, "field", ""))
def test_a_column_allows_what_its_field_allows(column: Column, field: Any) -> None:
    if field.choices:
        assert all(accepts(column, value) for value, _label in field.flatchoices)
        assert not accepts(column, "none of these")
    elif isinstance(field, models.DecimalField):
        digits = "9" * (field.max_digits - field.decimal_places)
        assert accepts(column, f"{digits}.{'9' * field.decimal_places}")
        assert not accepts(column, f"9{digits}")
        assert not accepts(column, f"1.{'1' * (field.decimal_places + 1)}")
    elif isinstance(field, models.CharField | models.TextField) and column.field not in {
        "email",
        "coverage",
    }:
        assert accepts(column, "x" * field.max_length)
        assert not accepts(column, "x" * (field.max_length + 1))
    elif field.is_relation:
        assert accepts(column, "x" * 200)
        assert not accepts(column, "x" * 201)


def test_phones_are_as_long_as_the_record_keeps_them() -> None:
    assert layouts.LONGEST_PHONE == LONGEST_PHONE


@pytest.mark.parametrize(("layout", "model"), PAIRS, ids=lambda one: getattr(one, "file", ""))
def test_an_empty_cell_means_what_an_empty_record_says(
    layout: Layout[Any], model: type[models.Model]
) -> None:
    blank = model()
    row_type: Any = layout.row
    for one in fields(row_type):
        if (layout.file, one.name) in SILENT:
            continue
        if one.name in layout.empty and one.name not in OTHERWISE:
            column: Any = model._meta.get_field(one.name)
            kept = None if column.is_relation else getattr(blank, one.name)
            assert layout.empty[one.name] == ("" if kept is None and column.is_relation else kept)
