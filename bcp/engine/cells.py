"""Text in a cell of a spreadsheet: never a formula, and read back exactly as it was.

A spreadsheet runs a cell that begins with one of a few characters. Putting an apostrophe in
front stops that; because `+49 170 …` and `-5` are honest values, reading takes exactly that
apostrophe away again: `unescape_cell(escape_cell(text)) == text` for every text.
"""

from __future__ import annotations

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_cell(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_STARTS_A_FORMULA) else text


def unescape_cell(text: str) -> str:
    unquoted = text.removeprefix("'")
    escaped = unquoted is not text and unquoted.lstrip("'").startswith(_STARTS_A_FORMULA)
    return unquoted if escaped else text
