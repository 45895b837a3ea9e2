"""Amounts of data: whole bytes inside, "120 GB" to people.

Decimal units, as disks and lines are sold, with `KiB` and the like for those who mean them.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from bcp.engine.rejection import Rejected, gettext_noop

LONGEST_BYTES = 2**63 - 1
"""What the databases can hold."""

_UNITS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_SHOWN = ("EB", "PB", "TB", "GB", "MB", "kB")
_AMOUNT = re.compile(
    r"(\d{1,19}(?:[.,]\d{1,6})?)\s*(?:([KMGTPE]?)(I?)B(?:YTES?)?|([KMGTPE]))?", re.ASCII
)


class BadSize(Rejected):
    """A text that says no amount of data; a template with values."""


def parse_bytes(text: str) -> int | None:
    """ "120 GB", "1.5 TiB", "123456" → bytes; `None` for an empty text. Raises `BadSize`."""
    written = text.strip()
    if not written:
        return None
    found = _AMOUNT.fullmatch(written.upper())
    if found is None:
        raise BadSize(
            gettext_noop("%(text)s is no amount of data; write it as 120 GB, 1.5 TiB or 123456"),
            text=f"“{written[:50]}”",
        )
    number, unit, binary, bare = found.groups()
    base = 1024 if binary else 1000
    amount = Decimal(number.replace(",", ".")) * base ** _UNITS[bare or unit or ""]
    result = int(amount.to_integral_value(ROUND_HALF_UP))
    if result > LONGEST_BYTES:
        raise BadSize(gettext_noop("%(text)s is too much"), text=f"“{written[:50]}”")
    return result


def format_bytes(amount: int) -> str:
    """ "120 GB", "1.5 TB", "512 bytes": exact where three decimals are enough, else rounded."""
    for position, unit in enumerate(_SHOWN):
        size = 1000 ** (len(_SHOWN) - position)
        if amount >= size:
            value = (Decimal(amount) / size).quantize(Decimal("0.001"), ROUND_HALF_UP)
            written = f"{value:f}".rstrip("0").rstrip(".")
            return f"{written} {unit}"
    return f"{amount} bytes"
