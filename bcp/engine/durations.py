"""Durations as people write them, to whole minutes and back.

Every time in the product is elapsed whole minutes; unknown is `None`, never 0 (0 is a legal
target: "no loss at all").
"""

from __future__ import annotations

import re

from bcp.engine.rejection import Rejected, gettext_noop

# No written duration is longer; the cap keeps a pasted novel from being searched.
_LONGEST_TEXT = 60

# Ten years. Anything longer in a recovery plan is a typing mistake, and larger figures
# would overflow what the databases and the drawings can hold.
LONGEST_MINUTES = 10 * 366 * 24 * 60

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY

_UNITS = {
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), MINUTES_PER_WEEK),
    **dict.fromkeys(("d", "day", "days"), MINUTES_PER_DAY),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), MINUTES_PER_HOUR),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
}
# At most two decimals: "1,500 h" means fifteen hundred hours to some and 90 minutes to others.
_PART = re.compile(r"(\d{1,9}(?:[.,]\d{1,2})?)\s*([a-z]+)\s*,?\s*", re.ASCII)
_ISO = re.compile(r"p(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:t(?:(\d{1,6})h)?(?:(\d{1,8})m)?)?", re.ASCII)
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:min|h|d)\b)")
ALLOWED = "4h, 1d 12h, 90 min, 90 (minutes) or PT4H"


class BadDuration(Rejected):
    """A text that is not a duration; the message says what is allowed."""


def parse_minutes(text: str) -> int | None:
    """Whole minutes of a written duration; `None` for an empty text (unknown).

    Accepts `4h`, `1d 12h`, `90 min`, `90` (minutes), `1.5h` and ISO 8601 `PT4H`, with any spaces:
    pages keep a figure and its unit on one line by an unbreakable one, and people copy from pages.
    Raises `BadDuration` for anything else, for negatives and beyond ten years.
    """
    cleaned = " ".join(text.split()).lower()
    if not cleaned:
        return None
    minutes = _read(cleaned) if len(cleaned) <= _LONGEST_TEXT else None
    if minutes is None:
        shown = cleaned if len(cleaned) <= 40 else cleaned[:40] + "…"
        raise BadDuration(
            gettext_noop("“%(text)s” is not a duration; write %(allowed)s"),
            text=shown,
            allowed=ALLOWED,
        )
    if minutes > LONGEST_MINUTES:
        raise BadDuration(gettext_noop("a duration of more than ten years is not accepted"))
    if minutes != int(minutes):
        raise BadDuration(gettext_noop("durations are whole minutes"))
    return int(minutes)


def _read(text: str) -> float | None:
    for reader in (_plain, _iso, _worded):
        minutes = reader(text)
        if minutes is not None:
            return minutes
    return None


def _plain(text: str) -> float | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _iso(text: str) -> float | None:
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("t"):
        return None
    weeks, days, hours, minutes = (int(group or 0) for group in match.groups())
    return weeks * MINUTES_PER_WEEK + days * MINUTES_PER_DAY + hours * MINUTES_PER_HOUR + minutes


def _worded(text: str) -> float | None:
    total, position = 0.0, 0
    units: set[int] = set()
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or match[2] not in _UNITS or _UNITS[match[2]] in units:
            return None
        units.add(_UNITS[match[2]])
        total += float(match[1].replace(",", ".")) * _UNITS[match[2]]
        position = match.end()
    return round(total, 6)


def format_minutes(minutes: int | None) -> str:
    """The duration in its largest units ("1 d 2 h 5 min"); unknown says so; keeps the sign."""
    if minutes is None:
        return "unknown"
    if minutes == 0:
        return "0 min"
    sign, rest = ("−", -minutes) if minutes < 0 else ("", minutes)
    days, rest = divmod(rest, MINUTES_PER_DAY)
    hours, rest = divmod(rest, MINUTES_PER_HOUR)
    parts = ((days, "d"), (hours, "h"), (rest, "min"))
    return sign + " ".join(f"{count} {unit}" for count, unit in parts if count)


def compact_minutes(minutes: int) -> str:
    """The duration as one word, for names ("14d", "1d12h"); `parse_minutes` reads it back."""
    return format_minutes(minutes).replace(" ", "")


def unbroken(text: str) -> str:
    """`text` in which no line ends between a figure of a duration and its unit."""
    return _BEFORE_UNIT.sub("\u00a0", text)
