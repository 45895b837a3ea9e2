"""Files → a `Bundle` of typed rows, and everything that is wrong with them, each at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from django.utils.translation import gettext as _

from bcp.exchange import layouts
from bcp.exchange.columns import Column, Layout, RowT
from bcp.exchange.findings import Findings, quoted
from bcp.exchange.layouts import LAYOUTS
from bcp.exchange.rows import (
    ContactRow,
    CopyRow,
    DependencyRow,
    ExerciseRow,
    ImpactRow,
    PolicyRow,
    ProcedureStepRow,
    SiteRow,
    StepRow,
    SystemRow,
    TeamRow,
)
from bcp.exchange.tables import Table, Unreadable, open_table
from bcp.exchange.values import BadCell, fold


@dataclass(frozen=True)
class Sheet(Generic[RowT]):
    """The rows of one file. `headers` says, for every field that the file has a column for,
    what its header reads; fields without a column are not touched by an import. A file that
    could not be read to its end is not `whole`."""

    file: str
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[RowT, ...] = ()
    whole: bool = True


@dataclass(frozen=True)
class Bundle:
    """Everything that came in, file by file; a file that did not come has no rows."""

    sites: Sheet[SiteRow] = Sheet(layouts.SITES.file)
    contacts: Sheet[ContactRow] = Sheet(layouts.CONTACTS.file)
    teams: Sheet[TeamRow] = Sheet(layouts.TEAMS.file)
    systems: Sheet[SystemRow] = Sheet(layouts.SYSTEMS.file)
    dependencies: Sheet[DependencyRow] = Sheet(layouts.DEPENDENCIES.file)
    impacts: Sheet[ImpactRow] = Sheet(layouts.IMPACTS.file)
    escalation: Sheet[StepRow] = Sheet(layouts.ESCALATION.file)
    policies: Sheet[PolicyRow] = Sheet(layouts.POLICIES.file)
    copies: Sheet[CopyRow] = Sheet(layouts.COPIES.file)
    steps: Sheet[ProcedureStepRow] = Sheet(layouts.STEPS.file)
    exercises: Sheet[ExerciseRow] = Sheet(layouts.EXERCISES.file)


def read_files(files: Mapping[str, bytes], findings: Findings) -> Bundle:
    """Read files by their names. Faults and notices go into `findings`; where there is a fault,
    the bundle is incomplete and must not be used but to look for more of them."""
    sheets: dict[str, Sheet[Any]] = {}
    for name in sorted(files):
        layout = next((one for one in LAYOUTS if one.file == name.casefold()), None)
        if layout is None:
            says = _("ignored: not the name of a file that is imported")
            findings.notice(name, None, None, says)
        elif layout.file.removesuffix(".csv") in sheets:
            findings.fault(name, None, None, _("this file is there twice; send it once"))
        else:
            sheets[layout.file.removesuffix(".csv")] = _Reader(layout, name, findings).read(
                files[name]
            )
    if not sheets and not findings.faults:
        known = ", ".join(layout.file for layout in LAYOUTS)
        findings.fault(
            "-", None, None, _("there is no file to import; known are %(files)s") % {"files": known}
        )
    return Bundle(**sheets)


class _Reader(Generic[RowT]):
    """Reads one file."""

    def __init__(self, layout: Layout[RowT], file: str, findings: Findings) -> None:
        self.layout = layout
        self.file = file
        self.findings = findings
        self.headers: dict[str, str] = {}
        self.first_rows: dict[tuple[object, ...], int] = {}

    def read(self, data: bytes) -> Sheet[RowT]:
        rows: list[RowT] = []
        whole = False
        try:
            table = open_table(data, self.layout.by_header)
            columns = self._columns(table)
            if whole := self._complete():
                for number, cells in table.rows:
                    row = self._row(number, cells, columns)
                    if row is not None and self._fits(row):
                        rows.append(row)
        except Unreadable as error:
            self.findings.fault(self.file, error.row, None, error.says)
            whole = False
        return Sheet(self.file, self.headers, tuple(rows), whole)

    def _columns(self, table: Table) -> list[Column | None]:
        """The column at each position; `None` for one that is not known."""
        columns: list[Column | None] = []
        for position, header in enumerate(table.header, start=1):
            column = self.layout.by_header.get(fold(header))
            if column is None:
                if header:
                    says = _("this column is not known and is ignored")
                    self.findings.notice(self.file, 1, _placed(header), says)
            elif column.field in self.headers:
                says = _("column %(position)d means the same as the column “%(header)s”") % {
                    "position": position,
                    "header": self.headers[column.field],
                }
                self.findings.fault(self.file, 1, _placed(header), says)
                column = None
            else:
                self.headers[column.field] = _placed(header)
            columns.append(column)
        return columns

    def _complete(self) -> bool:
        missing = [
            column.names[0]
            for column in self.layout.columns
            if column.required and column.field not in self.headers
        ]
        either = self.layout.either
        if either and not self.headers.keys() & set(either):
            missing.append(_(" or ").join(either))
        for name in missing:
            known = ", ".join(column.names[0] for column in self.layout.columns)
            says = _("this column is missing; allowed are %(names)s") % {"names": known}
            self.findings.fault(self.file, 1, name, says)
        return not missing

    def _row(self, number: int, cells: list[str], columns: list[Column | None]) -> RowT | None:
        """The typed row. A bad cell is read as an empty one, so that what else is wrong shows as
        well; `None` if the row cannot even be named."""
        if any(cells[len(columns) :]):
            says = _(
                "there are more cells than columns; a cell that holds a delimiter stands in"
                " quotation marks"
            )
            self.findings.fault(self.file, number, None, says)
        read = dict(self.layout.empty)
        for column, cell in zip(columns, cells, strict=False):
            if column is not None and cell:
                try:
                    read[column.field] = column.kind.read(cell)
                except BadCell as error:
                    self.findings.fault(self.file, number, self._place(column), str(error))
        nameless = False
        for column in self.layout.columns:
            if column.required and column.field not in read:
                nameless = True
                position = columns.index(column)
                if position >= len(cells) or not cells[position]:
                    says = _("must not be empty")
                    self.findings.fault(self.file, number, self._place(column), says)
        return None if nameless else self.layout.row(row=number, **read)

    def _fits(self, row: RowT) -> bool:
        """Whether the row is the first of its key, and no system needs itself."""
        names = [getattr(row, part) for part in self.layout.key]
        place = self.headers[self.layout.key[-1]]
        key = tuple(name.lower() if isinstance(name, str) else name for name in names)
        first = self.first_rows.setdefault(key, row.row)
        if first != row.row:
            says = _("%(name)s stands in row %(row)d already; upper and lower case are alike") % {
                "name": " → ".join(quoted(str(name)) for name in names),
                "row": first,
            }
            self.findings.fault(self.file, row.row, place, says)
            return False
        if isinstance(row, DependencyRow) and len(set(key)) == 1:
            says = _("%(name)s cannot depend on itself") % {"name": quoted(row.dependent)}
            self.findings.fault(self.file, row.row, place, says)
            return False
        return True

    def _place(self, column: Column) -> str:
        return self.headers[column.field]


def _placed(header: str) -> str:
    """A header as the place of a finding: short, and on one line."""
    return quoted(header).strip("“”")
