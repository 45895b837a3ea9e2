"""When somebody can be reached: written coverage to minutes of the local week, and back.

Minute 0 is Monday 00:00 and the week has 10,080. It is the organisation's wall-clock week: on
the two nights a year when clocks change, an hour is skipped or runs twice, but no wall-clock
minute is added, so what has no hole in this week has none on those nights either.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bcp.engine.durations import MINUTES_PER_DAY, MINUTES_PER_HOUR, MINUTES_PER_WEEK
from bcp.engine.rejection import Rejected, gettext_noop

Spans = tuple[tuple[int, int], ...]
"""Half-open ranges of minutes of the week, ascending, neither touching nor overlapping."""

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WHOLE_WEEK: Spans = ((0, MINUTES_PER_WEEK),)
ALLOWED = "24x7, or days and hours as in Mo-Fr 08:00-18:00; Sa,Su 10:00-14:00"

_DAY_NUMBERS = {
    written: number
    for number, names in enumerate(
        (
            ("mo", "mon", "monday"),
            ("tu", "tue", "tues", "tuesday"),
            ("we", "wed", "wednesday"),
            ("th", "thu", "thur", "thurs", "thursday"),
            ("fr", "fri", "friday"),
            ("sa", "sat", "saturday"),
            ("su", "sun", "sunday"),
        )
    )
    for written in names
}
_ALWAYS = ("24x7", "24/7", "always")
_LONGEST_TEXT = 500
_RULE = re.compile(r"([a-z,\-\s]+?)\s*(\d[\d:,\-\s]*)", re.ASCII)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)


class BadCoverage(Rejected):
    """A text that is not coverage; the message says what is allowed."""


@lru_cache(maxsize=1024)
def parse_coverage(text: str) -> Spans:
    """The minutes of the week that a written coverage means; an empty text covers none.

    Accepts `24x7`, `Mo-Fr 08:00-18:00`, `Mo,We 09:00-12:00`, several joined by `;`. Hours that
    end before they start run into the next day, days that end before they start run over the
    weekend. Raises `BadCoverage` for anything else.
    """
    cleaned = text.strip().lower().replace("–", "-")
    if not cleaned:
        return ()
    if len(cleaned) > _LONGEST_TEXT:
        raise _bad(cleaned)
    spans: list[tuple[int, int]] = []
    for part in cleaned.split(";"):
        rule = part.strip()
        if rule in _ALWAYS:
            spans += WHOLE_WEEK
        elif rule:
            spans += _rule_spans(rule)
    return merged(spans)


def _rule_spans(rule: str) -> list[tuple[int, int]]:
    match = _RULE.fullmatch(rule)
    if match is None:
        raise _bad(rule)
    days, hours = _days(match[1], rule), match[2]
    spans: list[tuple[int, int]] = []
    for written in hours.split(","):
        first, last = _hours(written.strip(), rule)
        length = (last - first) % MINUTES_PER_DAY or MINUTES_PER_DAY
        for day in days:
            start = day * MINUTES_PER_DAY + first
            spans.append((start, start + length))
    return spans


def _days(written: str, rule: str) -> list[int]:
    days: list[int] = []
    for item in written.split(","):
        ends = [_DAY_NUMBERS.get(end.strip()) for end in item.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise _bad(rule)
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def _hours(written: str, rule: str) -> tuple[int, int]:
    match = _HOURS.fullmatch(written)
    if match is None:
        raise _bad(rule)
    from_hour, from_minute, to_hour, to_minute = (int(group) for group in match.groups())
    first = from_hour * MINUTES_PER_HOUR + from_minute
    last = to_hour * MINUTES_PER_HOUR + to_minute
    # 00:00-24:00 is the whole day; 08:00-08:00 could be no time or a whole day: refused.
    if from_minute > 59 or to_minute > 59 or first == last:
        raise _bad(rule)
    if first >= MINUTES_PER_DAY or last > MINUTES_PER_DAY:
        raise _bad(rule)
    return first, last


def _bad(text: str) -> BadCoverage:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return BadCoverage(
        gettext_noop("“%(text)s” is not coverage; write %(allowed)s"), text=shown, allowed=ALLOWED
    )


def merged(spans: list[tuple[int, int]]) -> Spans:
    """Any ranges of minutes, even past the end of the week, as ordered disjoint ones."""
    folded: list[tuple[int, int]] = []
    for start, end in spans:
        folded.append((start, min(end, MINUTES_PER_WEEK)))
        if end > MINUTES_PER_WEEK:
            folded.append((0, end - MINUTES_PER_WEEK))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(folded):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def covers(spans: Spans, minute: int) -> bool:
    """Whether a minute of the week lies in the ranges."""
    return any(start <= minute < end for start, end in spans)


def week_hour(minute: int) -> str:
    """A minute of the week in words, e.g. "Sa 18:00"."""
    day, rest = divmod(minute % MINUTES_PER_WEEK, MINUTES_PER_DAY)
    hour, minute_of_hour = divmod(rest, MINUTES_PER_HOUR)
    return f"{DAYS[day]} {hour:02d}:{minute_of_hour:02d}"
