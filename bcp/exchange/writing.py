"""Typed rows → the CSV files that reading them gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bcp.exchange.columns import Layout
from bcp.exchange.layouts import LAYOUTS
from bcp.exchange.rows import AnyRow
from bcp.exchange.spreadsheets import csv_bytes


def write_files(rows: Mapping[str, Sequence[AnyRow]]) -> dict[str, bytes]:
    """One file per layout, named as in the contract; a file without rows has its header."""
    return {layout.file: _file(layout, rows.get(layout.file, ())) for layout in LAYOUTS}


def _file(layout: Layout[Any], rows: Sequence[AnyRow]) -> bytes:
    return csv_bytes(
        [column.names[0] for column in layout.columns],
        ([_cell(layout, row, field) for field in range(len(layout.columns))] for row in rows),
    )


def _cell(layout: Layout[Any], row: AnyRow, position: int) -> str:
    column = layout.columns[position]
    value = getattr(row, column.field)
    return "" if value is None or value in ("", ()) else column.kind.write(value)
