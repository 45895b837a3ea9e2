"""What a page hands out with its form and gets back: what it had shown, where the reader was.

Nobody types it, but anybody can send anything in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from django.core.exceptions import SuspiciousOperation

_MOST_DIGITS = 9
Shown = TypeVar("Shown")


def whole_number(text: str) -> int | None:
    """A number that counts something on a page; `None` for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def read_json(text: str, made: Callable[[Any], Shown]) -> Shown:
    """What a page of ours had shown, `made` of the JSON that it wrote. Raises
    `SuspiciousOperation` (400) for anything that no page writes: another shape (where `made` raises
    `ValueError` or `TypeError`), halves of characters, infinite numbers, nesting without end."""
    try:
        return made(orjson.loads(text))
    except (ValueError, TypeError) as error:
        raise SuspiciousOperation("the form lacks what it was about") from error
