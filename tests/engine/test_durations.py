"""Durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.durations import LONGEST_MINUTES, BadDuration, format_minutes, parse_minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4h", 240),
        ("1d 12h", 2160),
        ("1d12h", 2160),
        ("1 day, 12 hours", 2160),
        ("90 min", 90),
        ("1\u00a0h 30\u00a0min", 90),
        ("90", 90),
        ("0", 0),
        (" 90 MIN ", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("0.1h", 6),
        ("2 weeks", 20160),
        ("PT4H", 240),
        ("pt4h30m", 270),
        ("P1DT12H", 2160),
        ("P2W", 20160),
        ("PT0M", 0),
        ("3650d", 5256000),
    ],
)
def test_written_durations_are_read(text, minutes):
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "  ", "\t\n"])
def test_an_empty_text_is_unknown_and_not_zero(text):
    assert parse_minutes(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "-4h",
        "-90",
        "−90",
        "4x",
        "h",
        "four hours",
        "4h soon",
        "4h 4h",
        "1.5",
        "1.333h",
        "1,500 h",
        "0.5 min",
        "1e3",
        "0x10",
        "٤h",
        "½ h",
        "P",
        "PT",
        "P1DT",
        "4000d",
        "999999999",
        "9" * 1_000_000,
        "1d " * 1_000_000,
        "4h\x00",
        "=4h",
        "inf",
        "nan",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadDuration):
        parse_minutes(text)


def test_the_refusal_says_what_is_allowed_and_quotes_only_the_start():
    with pytest.raises(BadDuration, match="1d 12h") as refused:
        parse_minutes("x" * 5000)
    assert len(str(refused.value)) < 200
    assert refused.value.template % refused.value.values == str(refused.value)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (None, "unknown"),
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 h"),
        (1565, "1 d 2 h 5 min"),
        (-90, "−1 h 30 min"),
        (10080, "7 d"),
    ],
)
def test_durations_are_shown_in_their_largest_units(minutes, text):
    assert format_minutes(minutes) == text


@given(st.integers(min_value=0, max_value=LONGEST_MINUTES))
def test_what_is_shown_can_be_typed_in_again(minutes):
    assert parse_minutes(format_minutes(minutes)) == minutes


@given(st.text(max_size=80))
def test_no_text_does_anything_but_be_read_or_refused(text):
    try:
        minutes = parse_minutes(text)
    except BadDuration:
        return
    assert minutes is None or 0 <= minutes <= LONGEST_MINUTES
