"""What a text may hold, so that every database keeps it and an export of it can be read back:
the same for a form, the API and an import."""

from __future__ import annotations

import re
from unicodedata import category

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_storable(text: str) -> bool:
    """Whether every database can keep the text: no NUL and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def control_character(text: str) -> str:
    """The first character that no page or file can show, as `U+0007`; empty if there is none."""
    found = _CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def is_one_line(text: str) -> bool:
    """Whether a name or a title fits on a line: `splitlines` knows every kind of line break."""
    return len(text.splitlines()) <= 1


def is_blank(text: str) -> bool:
    """Whether nothing of it is seen: it has spaces, breaks and invisible characters at most."""
    return all(category(letter)[0] in "CZ" for letter in text)
