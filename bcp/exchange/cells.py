"""Texts in spreadsheet cells: kept from being run as formulas, and brought back unharmed.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, whoever wrote it.
Such a text is written with an apostrophe in front. Plain numbers and phone numbers (`+49 170 1`)
are sums of digits at worst and stay as they are, so that other programs can read them.
`unescape_cell(escape_cell(text)) == text` for every text.
"""

from __future__ import annotations

import re

MARK = "'"

# Spreadsheets trim blanks before they look, and take full-width signs for the plain ones.
_STARTS_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
_HARMLESS = re.compile(r"-?\d+([.,]\d+)?|\+?\d[\d ]*(; ?\+?\d[\d ]*)*", re.ASCII)


def escape_cell(text: str) -> str:
    """The text as it may stand in a cell of a CSV file."""
    return MARK + text if _needs_mark(text) else text


def unescape_cell(cell: str) -> str:
    """The text that `escape_cell` was given; any other cell is returned as it is."""
    return cell[1:] if cell.startswith(MARK) and _needs_mark(cell) else cell


def _needs_mark(text: str) -> bool:
    # A text with the mark already in front gets one more, or the way back would take it off.
    bare = text.lstrip(MARK)
    return bool(_STARTS_FORMULA.match(bare)) and not _HARMLESS.fullmatch(bare)
