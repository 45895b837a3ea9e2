"""What a cell may hold: every kind reads what it writes, and says what is allowed."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.durations import LONGEST_MINUTES
from bcp.exchange import values
from bcp.exchange.columns import Column, Layout
from bcp.exchange.layouts import LAYOUTS
from bcp.exchange.values import BadCell, CellKind, fold

COLUMNS = [(layout, column) for layout in LAYOUTS for column in layout.columns]
# Lists leave out empty elements and blanks around them, as cells do.
ELEMENTS = st.lists(st.text(min_size=1).map(str.strip).filter(bool))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (values.MINUTES, "1d 12h", 2160),
        (values.MINUTES, "PT4H", 240),
        (values.MINUTES, "0", 0),
        (values.YES_NO, "Yes", True),
        (values.YES_NO, "0", False),
        (values.yes_no_or(values.MINUTES), "true", True),
        (values.yes_no_or(values.MINUTES), "30d", 43200),
        (values.decimal(14, 2), "1500,5", Decimal("1500.5")),
        (values.DATE, "31.01.2027", date(2027, 1, 31)),
        (values.MOMENT, "2027-01-31T02:00+00:00", datetime(2027, 1, 31, 2, tzinfo=UTC)),
        (values.choice(("data store", "network")), "Data_Store", "data store"),
        (values.several(values.text(20)), "Ann; Bob;; ", ("Ann", "Bob")),
        (values.text(10, lines=True), "a\r\nb", "a\nb"),
        (values.COVERAGE, "Mo-Fr 08:00-18:00; Sa 10:00-12:00", None),
    ],
)
def test_a_cell_is_read_as_people_write_it(kind: CellKind, cell: str, value: Any) -> None:
    assert kind.read(cell) == (cell if value is None else value)


@pytest.mark.parametrize(
    ("kind", "cell", "allowed"),
    [
        (values.MINUTES, "-4h", "4h, 1d 12h, 90 min"),
        (values.MINUTES, "99999 weeks", "ten years"),
        (values.YES_NO, "perhaps", "yes, no, true, false, 1 or 0"),
        (values.whole_number(1, 4), "5", "from 1 to 4"),
        (values.whole_number(1, 4), "٣", "from 1 to 4"),
        (values.decimal(14, 2), "5.000", "without separators"),
        (values.decimal(14, 2), "-1", "from 0 on"),
        (values.DATE, "1/2/2027", "2027-01-31"),
        (values.DATE, "0001-01-01", "2027-01-31"),
        (values.MOMENT, "9999-12-31T23:59-14:00", "2027-01-31"),
        (values.EMAIL, "ann@", "not an e-mail address"),
        (values.COVERAGE, "sometimes", "24x7"),
        (values.choice(("data", "network")), "tape", "data, network"),
        (values.text(3), "four", "at most 3"),
        (values.text(30), "two\nlines", "one line"),
        (values.text(30), "bell\x07", "U+0007"),
    ],
)
def test_a_bad_cell_says_what_is_allowed(kind: CellKind, cell: str, allowed: str) -> None:
    with pytest.raises(BadCell, match=re.escape(allowed)):
        kind.read(cell)


@given(ELEMENTS)
def test_lists_survive_whatever_their_elements_hold(elements: list[str]) -> None:
    kind = values.several(CellKind(str))
    assert kind.read(kind.write(elements)) == tuple(elements)


@given(st.integers(0, LONGEST_MINUTES))
def test_durations_are_read_as_they_are_written(minutes: int) -> None:
    assert values.MINUTES.read(values.MINUTES.write(minutes)) == minutes


@given(st.decimals(0, 10**10, places=3))
def test_numbers_are_read_as_they_are_written(number: Decimal) -> None:
    kind = values.decimal(14, 3)
    assert kind.read(kind.write(number)) == number


@pytest.mark.parametrize(("layout", "column"), COLUMNS, ids=lambda one: getattr(one, "field", ""))
@given(cell=st.text(min_size=1).map(str.strip).filter(bool))
def test_no_text_in_a_cell_raises_anything_but_a_bad_cell(
    layout: Layout[Any], column: Column, cell: str
) -> None:
    with suppress(BadCell):
        value = column.kind.read(cell)
        written = column.kind.write(value)
        assert (column.kind.read(written) if written else ()) == value


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.file)
def test_no_two_columns_of_a_file_have_a_name_in_common(layout: Layout[Any]) -> None:
    names = [fold(name) for column in layout.columns for name in column.names]
    assert len(names) == len(set(names))
