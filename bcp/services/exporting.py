"""Everything that leaves as a file: one list as a spreadsheet, the organisation as CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bcp.exchange import sources, spreadsheets, writing
from bcp.exchange.spreadsheets import BYTE_ORDER_MARK
from bcp.models.organisations import Organisation
from bcp.services import demo
from bcp.services.export_rows import export_rows


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


def organisation_zip(organisation: Organisation) -> bytes:
    """All CSV files of the organisation; importing them again changes nothing. The caller has
    made sure that the reader may read the organisation."""
    return sources.to_zip(writing.write_files(export_rows(organisation)))


def template_zip() -> bytes:
    """Files to start from: those of the demonstration, as a spreadsheet program opens them."""
    folder = demo.FILES / demo.FIRMS[0].slug
    files = {path.name: BYTE_ORDER_MARK + path.read_bytes() for path in folder.glob("*.csv")}
    return sources.to_zip(files)
