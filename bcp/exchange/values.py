"""What a single cell may hold, each kind with its way in and its way out.

`read` is given the stripped text of a cell that is not empty and raises `BadCell`, whose message
says what is wrong and what is allowed; `write` is its inverse. An empty cell is unknown and is
never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from bcp.engine.coverage import BadCoverage, parse_coverage
from bcp.engine.durations import BadDuration, format_minutes, parse_minutes
from bcp.engine.rejection import Rejected
from bcp.engine.texts import control_character, is_one_line
from bcp.exchange.findings import quoted

YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})

_DOTTED_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
# Outside of these, moving a time to another zone leaves the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_LIST_SPLIT = re.compile(r"((?:[^\\;]|\\.|\\$)*)(?:;|$)", re.DOTALL)


class BadCell(ValueError):
    """A cell that cannot be read; the message is shown to a person."""


@dataclass(frozen=True, slots=True)
class CellKind:
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def fold(text: str) -> str:
    """How headers and choices are compared: case, spaces, dashes and underscores forgiven."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def _translated(rejected: Rejected) -> str:
    return _(rejected.template) % rejected.values


def text(longest: int, *, lines: bool = False) -> CellKind:
    """Up to `longest` characters; on one line unless `lines`."""

    def read(cell: str) -> str:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if code := control_character(cell):
            raise BadCell(_("holds the control character %(code)s; write text") % {"code": code})
        if not lines and not is_one_line(cell):
            raise BadCell(_("holds a line break; write it on one line"))
        if len(cell) > longest:
            raise BadCell(
                _("is %(length)d characters long; at most %(longest)d are allowed")
                % {"length": len(cell), "longest": longest}
            )
        return cell

    return CellKind(read)


def _read_minutes(cell: str) -> int | None:
    try:
        return parse_minutes(cell)
    except BadDuration as error:
        raise BadCell(_translated(error)) from error


MINUTES = CellKind(_read_minutes, format_minutes)


def _read_yes_no(cell: str) -> bool:
    word = cell.casefold()
    if word in YES or word in NO:
        return word in YES
    raise BadCell(
        _("%(text)s is neither yes nor no; write yes, no, true, false, 1 or 0")
        % {"text": quoted(cell)}
    )


def _write_yes_no(value: bool) -> str:
    return "yes" if value else "no"


YES_NO = CellKind(_read_yes_no, _write_yes_no)


def yes_no_or(other: CellKind) -> CellKind:
    """A word for yes or no, as `True` or `False`; anything else is read as `other`."""

    def read(cell: str) -> Any:
        word = cell.casefold()
        return word in YES if word in YES or word in NO else other.read(cell)

    def write(value: Any) -> str:
        return _write_yes_no(value) if isinstance(value, bool) else other.write(value)

    return CellKind(read, write)


def whole_number(least: int, most: int) -> CellKind:
    def read(cell: str) -> int:
        if re.fullmatch(r"\d{1,9}", cell, re.ASCII) and least <= int(cell) <= most:
            return int(cell)
        raise BadCell(
            _("%(text)s is not a whole number from %(least)d to %(most)d")
            % {"text": quoted(cell), "least": least, "most": most}
        )

    return CellKind(read)


def decimal(digits: int, places: int) -> CellKind:
    """A number from 0 on, of at most `digits` digits, `places` of them after the point."""
    # Without thousands separators: "1.500" is fifteen hundred to some and one and a half to others.
    pattern = re.compile(rf"\d{{1,{digits - places}}}(?:\.\d{{1,{places}}}|,\d{{1,2}})?", re.ASCII)

    def read(cell: str) -> Decimal:
        if pattern.fullmatch(cell):
            return Decimal(cell.replace(",", "."))
        raise BadCell(
            _(
                "%(text)s is not a number from 0 on; write digits without separators, with at"
                " most %(places)d after the point, such as 1500.25"
            )
            % {"text": quoted(cell), "places": places}
        )

    def write(value: Decimal) -> str:
        written = f"{value:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written

    return CellKind(read, write)


def choice(allowed: Sequence[str], synonyms: dict[str, str] | None = None) -> CellKind:
    # Plain texts, also of an enumeration: database drivers take its members for something else.
    folded = {fold(one): str(one) for one in allowed} | (synonyms or {})

    def read(cell: str) -> str:
        found = folded.get(fold(cell))
        if found is None:
            raise BadCell(
                _("%(text)s is not one of: %(allowed)s")
                % {"text": quoted(cell), "allowed": ", ".join(allowed)}
            )
        return found

    return CellKind(read)


def _read_date(cell: str) -> date:
    dotted = _DOTTED_DATE.fullmatch(cell)
    found: date | None
    try:
        if dotted:
            day, month, year = (int(part) for part in dotted.groups())
            found = date(year, month, day)
        else:
            found = date.fromisoformat(cell)
    except ValueError:
        found = None
    if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return found
    raise BadCell(
        _("%(text)s is not a date; write it as 2027-01-31 or 31.01.2027") % {"text": quoted(cell)}
    )


DATE = CellKind(_read_date, date.isoformat)


def _read_moment(cell: str) -> datetime:
    try:
        found: datetime | None = datetime.fromisoformat(cell)
    except ValueError:
        found = None
    if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return found
    raise BadCell(
        _(
            "%(text)s is not a date and time; write it as 2027-01-31 02:00, or with a time zone"
            " as 2027-01-31T02:00+01:00"
        )
        % {"text": quoted(cell)}
    )


MOMENT = CellKind(_read_moment, datetime.isoformat)


def _read_email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError as error:
        raise BadCell(_("%(text)s is not an e-mail address") % {"text": quoted(cell)}) from error
    return text(254).read(cell)


EMAIL = CellKind(_read_email)


def _read_coverage(cell: str) -> str:
    cell = text(400).read(cell)
    try:
        parse_coverage(cell)
    except BadCoverage as error:
        raise BadCell(_translated(error)) from error
    return cell


COVERAGE = CellKind(_read_coverage)


def several(one: CellKind) -> CellKind:
    """A tuple of values separated by `;`. A `;` or `\\` inside a value has a `\\` in front."""

    def read(cell: str) -> tuple[Any, ...]:
        parts = (re.sub(r"\\([\\;])", r"\1", part).strip() for part in _LIST_SPLIT.findall(cell))
        return tuple(one.read(part) for part in parts if part)

    def write(values: Sequence[Any]) -> str:
        written = (one.write(value) for value in values)
        return "; ".join(re.sub(r"([\\;])", r"\\\1", value) for value in written)

    return CellKind(read, write)


def several_words(one: CellKind) -> CellKind:
    """A tuple of choices separated by `;` or `,`; no choice holds either."""

    def read(cell: str) -> tuple[Any, ...]:
        parts = (part.strip() for part in re.split("[;,]", cell))
        return tuple(one.read(part) for part in parts if part)

    return CellKind(read, lambda values: "; ".join(one.write(value) for value in values))
