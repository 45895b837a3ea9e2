"""What a page hands out with its form and gets back: what it had shown, where the reader was.

Nobody types it, but anybody can send anything in its place.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation

_MOST_DIGITS = 9


def whole_number(text: str) -> int | None:
    """A number that counts something on a page; `None` for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def read_json(text: str) -> Any:
    """JSON as a page of ours wrote it. Raises `SuspiciousOperation` (400) for anything that no
    page writes: halves of characters, infinite numbers, nesting without end."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SuspiciousOperation("the form lacks what it was about") from error
