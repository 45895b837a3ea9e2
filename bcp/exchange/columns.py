"""What a file of the exchange consists of: columns with the headers that they may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from bcp.exchange import values
from bcp.exchange.rows import AnyRow
from bcp.exchange.values import CellKind, fold

RowT = TypeVar("RowT", bound=AnyRow)


@dataclass(frozen=True)
class Column:
    """`field` is the name in the row's dataclass, `names` what the header may say."""

    field: str
    kind: CellKind
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Layout(Generic[RowT]):
    """One file. `key` are the fields by which a row is found again; of the columns of `either`
    a file has at least one."""

    file: str
    row: Callable[..., RowT]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    either: tuple[str, ...] = ()

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Folded header → column."""
        found = {fold(name): column for column in self.columns for name in column.names}
        return {column.field: column for column in self.columns} | found

    @cached_property
    def empty(self) -> dict[str, Any]:
        """Field → what an empty cell of it means."""
        row_type: Any = self.row
        return {one.name: one.default for one in fields(row_type) if one.default is not MISSING}


def column_of(names: str, kind: CellKind, *, field: str = "", required: bool = False) -> Column:
    """`names` separated by blanks; the field is called as the first unless said otherwise."""
    listed = tuple(names.split())
    return Column(field or listed[0], kind, listed, required)


def minutes_of(names: str) -> Column:
    return column_of(names, values.MINUTES, field=f"{names.split()[0]}_minutes")
