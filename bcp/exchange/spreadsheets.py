"""Tables out: CSV and XLSX files that no spreadsheet program runs as formulas."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from bcp.exchange.cells import escape_cell

Row = Sequence[object]

# Without it spreadsheet programs misread every letter that English does not have.
BYTE_ORDER_MARK = codecs.BOM_UTF8

# An XML 1.0 document, which an XLSX file is inside, cannot hold these at all.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_XLSX_CELL = 32_767
_AS_TEXT = "@"


def csv_bytes(headers: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV file in UTF-8, with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([escape_cell(str(header)) for header in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return BYTE_ORDER_MARK + text.getvalue().encode("utf-8", "replace")


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return escape_cell(str(value))


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet; numbers and dates stay numbers and dates, every text is forced to be text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, str(header)) for header in headers])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet: object, value: object) -> object:
    if isinstance(value, datetime | time):
        # The format knows no time zones: local wall-clock time, as the caller gave it.
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return _text_cell(sheet, str(value))


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, _NOT_IN_XML.sub("�", text)[:_LONGEST_XLSX_CELL])
    # Set after the value: the library takes a leading "=" for a formula.
    cell.data_type = "s"
    if escape_cell(text) != text:
        # Stays text when somebody edits it, too.
        cell.number_format = _AS_TEXT
    return cell
