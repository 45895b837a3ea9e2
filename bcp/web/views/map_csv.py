"""The tables beside a map as files: first the columns that an import understands, then what the
analysis says of each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from django.http import HttpResponse

from bcp.services.exporting import Format
from bcp.web.views.lists import Column, export


class Table(StrEnum):
    """The tables beside every map."""

    SYSTEMS = "systems"
    DEPENDENCIES = "dependencies"


def _system(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row.system, name)


_SYSTEMS = (
    Column("name", "", value=_system("name")),
    Column("kind", "", value=lambda row: row.system.kind.value),
    Column("tier", "", value=_system("tier")),
    Column("owner", "", value=_system("owner")),
    Column("technical_owner", "", value=_system("technical_owner")),
    Column("site", "", value=_system("site")),
    Column("zone", "", value=lambda row: row.zone or row.system.site),
    Column("target", "", kind="minutes", value=_system("rto_minutes")),
    Column("restored", "", kind="minutes", value=lambda row: row.result.restored_minutes),
    Column("restored_at_least", "", value=lambda row: row.result.at_least),
    Column("standing", "", value=lambda row: row.result.standing.value),
    Column("readiness", "", value=lambda row: row.readiness.value),
    Column("in_loop", "", value=lambda row: row.result.in_loop),
    Column("on_critical_chain", "", value="on_chain"),
    Column("out_of_date", "", value="stale"),
)
_DEPENDENCIES = (
    Column("dependent", "", value=lambda row: row.dependent.system.name),
    Column("dependency", "", value=lambda row: row.dependency.system.name),
    Column("needed_to", "", value=lambda row: row.purpose.value),
    Column("bootstrap", ""),
    Column("standing_of_dependency", "", value=lambda row: row.dependency.result.standing.value),
)
_GROUPS = (
    Column("group", "", value="label"),
    Column("systems", "", value="count"),
    Column("dependencies_inside", "", value="inside"),
)
_BETWEEN = (
    Column("group", "", value=lambda row: row.dependent.label),
    Column("needs", "", value=lambda row: row.dependency.label),
    Column("dependencies", "", value="count"),
)
_COLUMNS = {"rows": _SYSTEMS, "edges": _DEPENDENCIES, "group_rows": _GROUPS, "between": _BETWEEN}


def file_of(
    tables: Mapping[str, Any], table: Table, file_format: Format, stem: str
) -> HttpResponse:
    """One of the `tables` of `map_tables` as a file named after `stem`."""
    in_groups = "group_rows" in tables
    if table is Table.SYSTEMS:
        name = "group_rows" if in_groups else "rows"
    else:
        name = "between" if in_groups else "edges"
    return export(_COLUMNS[name], tables[name], file_format, f"{stem}-{table.value}")
