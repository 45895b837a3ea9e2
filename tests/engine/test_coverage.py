"""Written coverage means the minutes it says, and nonsense is refused with what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.coverage import (
    WHOLE_WEEK,
    BadCoverage,
    covers,
    parse_coverage,
    week_hour,
)
from bcp.engine.durations import MINUTES_PER_WEEK
from tests.engine.estates import rotas

DAY = 1440


@given(rotas(), st.integers(min_value=0, max_value=MINUTES_PER_WEEK - 1))
def test_every_minute_is_covered_as_the_rota_says(rota, minute):
    assert covers(parse_coverage(rota.text), minute) == rota.covers(minute)


@given(rotas())
def test_spans_are_ordered_and_apart(rota):
    spans = parse_coverage(rota.text)
    flat = [minute for span in spans for minute in span]
    assert flat == sorted(set(flat))
    assert all(0 <= minute <= MINUTES_PER_WEEK for minute in flat)


@pytest.mark.parametrize(
    "text", ["24x7", " 24X7 ", "24/7", "Mo-Su 00:00-24:00", "sa-fr 0:00-24:00"]
)
def test_always_is_the_whole_week(text):
    assert parse_coverage(text) == WHOLE_WEEK


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("Mo 08:00-18:00", ((480, 1080),)),
        ("Mon 8:00 - 18:00", ((480, 1080),)),
        ("monday 08:00–18:00", ((480, 1080),)),
        ("Mo,We 09:00-12:00", ((540, 720), (2 * DAY + 540, 2 * DAY + 720))),
        ("Mo 08:00-12:00,13:00-17:00", ((480, 720), (780, 1020))),
        ("Mo 08:00-12:00; Mo 10:00-14:00", ((480, 840),)),
        ("Mo 22:00-06:00", ((1320, DAY + 360),)),
        ("Su 22:00-06:00", ((0, 360), (6 * DAY + 1320, 7 * DAY))),
        (
            "Sa-Mo 10:00-11:00",
            ((600, 660), (5 * DAY + 600, 5 * DAY + 660), (6 * DAY + 600, 6 * DAY + 660)),
        ),
        ("Mo 18:00-24:00; Tu 00:00-06:00;", ((1080, DAY + 360),)),
    ],
)
def test_written_coverage_is_read(text, spans):
    assert parse_coverage(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "whenever",
        "Mo-Fr",
        "08:00-18:00",
        "Mo-Fr 08:00",
        "Mo-Fr 8-18",
        "Mo-Fr 08:00-25:00",
        "Mo-Fr 24:00-08:00",
        "Mo-Fr 08:60-18:00",
        "Mo-Fr 08:00-08:00",
        "Mo-We-Fr 08:00-18:00",
        "Xy 08:00-18:00",
        "Mo, 08:00-18:00",
        "Mo-Fr 08:00-18:00 and Sa",
        "Mo-Fr 08:00-18:00\x00",
        "Mo ٠٨:٠٠-18:00",
        "Mo-Fr 08:00-18:00;" * 1000,
        " " * 100_000 + "x",
    ],
)
def test_anything_else_is_refused_and_says_what_is_allowed(text):
    with pytest.raises(BadCoverage, match="24x7"):
        parse_coverage(text)


def test_minutes_of_the_week_have_names():
    assert week_hour(0) == "Mo 00:00"
    assert week_hour(5 * DAY + 18 * 60) == "Sa 18:00"
    assert week_hour(MINUTES_PER_WEEK) == "Mo 00:00"
