"""What the cells of impacts.csv hold: levels of impact, and peak periods.

A level that is only known to lie between two is written `2 to 3`; a spreadsheet would take `2-3`
for a day, so that is read but not written.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from bcp.engine.impact_levels import Stated
from bcp.engine.impacts import LEVELS
from bcp.exchange import values
from bcp.exchange.findings import quoted
from bcp.exchange.values import BadCell, CellKind

Peak = tuple[str, str, Decimal | None]
"""Its name, when it is in words, and what an hour costs in it."""

_BETWEEN = re.compile(r"([0-4])(?: *(?:to|-|–|—) *([0-4]))?", re.ASCII | re.IGNORECASE)
_PEAK_SPLIT = re.compile(r"((?:[^\\|]|\\.|\\$)*)(?:\||$)", re.DOTALL)
_MOST_PARTS = 3
_COST = values.decimal(14, 2)
_WORDS = values.text(200)


def _read_level(cell: str) -> Stated:
    found = _BETWEEN.fullmatch(cell)
    if found:
        low, high = int(found[1]), int(found[2] or found[1])
        if low <= high:
            return low, high
    raise BadCell(
        _(
            "%(text)s is not a level of impact; write a whole number from %(least)d to %(most)d,"
            " two of them if it lies between (2 to 3), or nothing if nobody knows"
        )
        % {"text": quoted(cell), "least": LEVELS[0], "most": LEVELS[-1]}
    )


def _write_level(stated: tuple[int, int]) -> str:
    low, high = stated
    return str(low) if low == high else f"{low} to {high}"


LEVEL = CellKind(_read_level, _write_level)


def _read_peak(cell: str) -> Peak:
    found = _PEAK_SPLIT.findall(cell)[:-1]  # it ends with an empty match
    parts = [re.sub(r"\\([\\|])", r"\1", part).strip() for part in found]
    name, when, cost = (*parts, "", "")[:_MOST_PARTS]
    if len(parts) > _MOST_PARTS or not name:
        raise BadCell(
            _("%(text)s is not a peak period; write its name | when it is | cost of an hour")
            % {"text": quoted(cell)}
        )
    return _WORDS.read(name), _WORDS.read(when), _COST.read(cost) if cost else None


def _write_peak(peak: Peak) -> str:
    name, when, cost = peak
    parts = [name, when, "" if cost is None else _COST.write(cost)]
    while not parts[-1]:
        parts.pop()
    return " | ".join(re.sub(r"([\\|])", r"\\\1", part) for part in parts)


PEAKS = values.several(CellKind(_read_peak, _write_peak))
