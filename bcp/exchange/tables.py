"""Bytes of a CSV file → its header and its rows of texts, however the file was written.

UTF-8 with or without a byte order mark; comma, semicolon or tab. Whatever else comes, the answer
is `Unreadable` with a sentence and the row, never another error.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bcp.exchange.cells import unescape_cell
from bcp.exchange.values import fold

MOST_COLUMNS = 200
MOST_ROWS = 100_000

_DELIMITERS = ",;\t"
_LONGEST_HEADER = 65_536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(ValueError):
    """The file cannot be read from `row` on."""

    def __init__(self, row: int | None, says: str) -> None:
        super().__init__(says)
        self.row = row
        self.says = says


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` yields (row number, cells), the header being row 1, and may raise `Unreadable`.
    Cells are stripped and free of the marks of `cells.escape_cell`; empty rows are left out."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


def open_table(data: bytes, known_headers: Collection[str]) -> Table:
    """`known_headers`, folded, tell which delimiter makes sense of the header."""
    text = _decoded(data)
    delimiter = _delimiter(text, known_headers)
    rows = _rows(text, delimiter)
    first = next(rows, None)
    if first is None:
        raise Unreadable(None, _("the file is empty; its first row names the columns"))
    return Table(first[1], rows)


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF_16):
        raise Unreadable(1, _("the file is encoded in UTF-16; save it again as “CSV UTF-8”"))
    data = data.removeprefix(codecs.BOM_UTF8)
    nul = data.find(b"\0")
    if nul >= 0:
        raise Unreadable(
            data.count(b"\n", 0, nul) + 1,
            _("there is a NUL byte (byte %(offset)d of the file), so this is not a text file;")
            % {"offset": nul + 1}
            + " "
            + _("save it again as “CSV UTF-8”"),
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(
            data.count(b"\n", 0, error.start) + 1,
            _(
                "byte 0x%(byte)02X (byte %(offset)d of the file) is not UTF-8; save the file"
                " again as “CSV UTF-8”"
            )
            % {"byte": data[error.start], "offset": error.start + 1},
        ) from error


def _delimiter(text: str, known_headers: Collection[str]) -> str:
    """The one that splits the header into the most known names, then into the most columns."""

    def sense(delimiter: str) -> tuple[int, int]:
        try:
            header = next(_records(text[:_LONGEST_HEADER], delimiter), [])
        except csv.Error:
            return 0, 0
        return len({fold(cell) for cell in header} & set(known_headers)), len(header)

    return max(_DELIMITERS, key=sense)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    records, row = _records(text, delimiter), 0
    while True:
        row += 1
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(row, _csv_fault(error)) from error
        if row > MOST_ROWS + 1:
            raise Unreadable(
                row,
                _("there are more than %(most)d rows; split the file") % {"most": MOST_ROWS},
            )
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                row,
                _("there are %(count)d columns; at most %(most)d are allowed")
                % {"count": len(cells), "most": MOST_COLUMNS},
            )
        stripped = [unescape_cell(cell.strip()).strip() for cell in cells]
        if any(stripped):
            yield row, stripped


def _csv_fault(error: csv.Error) -> str:
    if "field limit" in str(error):
        return _("a cell is longer than %(most)d characters; is a quotation mark never closed?") % {
            "most": csv.field_size_limit()
        }
    return _(
        "the quotation marks do not match; a cell that holds a quotation mark, a delimiter or a"
        " line break stands in quotation marks, with those inside it doubled"
    )
