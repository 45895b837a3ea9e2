"""Everything that leaves as a file: one list as a spreadsheet, the organisation as CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bcp.exchange import spreadsheets


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def spreadsheet(
    headers: Sequence[str], rows: Iterable[Sequence[object]], file_format: Format
) -> bytes:
    """A list as one file: texts that look like formulas are written so that none is run.

    Cells may be texts, numbers, dates, booleans and `None` (an empty cell).
    """
    write = spreadsheets.csv_bytes if file_format is Format.CSV else spreadsheets.xlsx_bytes
    return write(list(headers), rows)
