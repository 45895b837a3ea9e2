"""Names of any kind made fit for a box of fixed width: cleaned, measured, wrapped, cut.

There are no font metrics at hand where a map is drawn, so widths are estimated on the wide side;
a name that is cut ends in an ellipsis and stands whole in the node's title.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ELLIPSIS = "…"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"

# Explicit direction marks would reach out of the name and turn the text around it.
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_JOINER = "\u200d"
_BREAKS = "-_./:@"
_NARROW = frozenset("fijlrtI.,:;'’|!()[]-‐ ")
_WIDE = frozenset("mwMW@%—")


def clean(text: str) -> str:
    """`text` on one line, without what XML forbids and without marks that turn directions."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character == _JOINER
        or (unicodedata.category(character)[0] != "C" and character not in _DIRECTION_MARKS)
    )
    return " ".join(kept.split())


def isolated(text: str) -> str:
    """`text`, cleaned, so that a right-to-left name leaves the sentence around it in order."""
    return f"{_ISOLATE}{clean(text)}{_END_ISOLATE}"


def width(text: str) -> float:
    """Estimated width in ems of a bold sans-serif."""
    return sum(_character_width(character) for character in text)


def wrap(text: str, ems: float, lines: int) -> list[str]:
    """`text` in at most `lines` lines of at most `ems`, the last cut with an ellipsis.

    Breaks between words; a word that is longer than a line is broken after a mark within it, else
    where the line is full, never inside a letter with its accents or an emoji sequence. Never
    empty: no name is "—".
    """
    wrapped: list[str] = []
    rest = clean(text)
    while rest and len(wrapped) < lines:
        head, rest = _line(rest, ems)
        wrapped.append(head)
    if rest:
        wrapped[-1] = _cut(f"{wrapped[-1]} {rest}", ems)
    return wrapped or ["—"]


def _line(text: str, ems: float) -> tuple[str, str]:
    """What fits on one line, and the rest."""
    if width(text) <= ems:
        return text, ""
    fitting = _fitting(text, ems)
    if text[len(fitting) : len(fitting) + 1] == " ":
        return fitting, text[len(fitting) :].lstrip()
    head, space, _broken = fitting.rpartition(" ")
    if not space:
        head = fitting[: max(fitting.rfind(one) for one in _BREAKS) + 1]
    return head or fitting, text[len(head or fitting) :].lstrip()


def _cut(text: str, ems: float) -> str:
    return _fitting(text, ems - width(ELLIPSIS)).rstrip() + ELLIPSIS


def _fitting(text: str, ems: float) -> str:
    """The longest start of `text` within `ems`, at least one whole character."""
    taken, used = "", 0.0
    for cluster in _clusters(text):
        used += width(cluster)
        if taken and used > ems:
            break
        taken += cluster
    return taken


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them; emoji joined into one picture stay joined."""
    cluster = ""
    for character in text:
        belongs = (
            unicodedata.category(character)[0] == "M"
            or character == _JOINER
            or cluster.endswith(_JOINER)
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        if cluster and not belongs:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


@lru_cache(maxsize=4096)
def _character_width(character: str) -> float:
    if unicodedata.category(character)[0] == "M" or character == _JOINER:
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.3 if ord(character) > 0xFFFF else 1.05
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.95
    return 0.72 if character.isupper() else 0.58
