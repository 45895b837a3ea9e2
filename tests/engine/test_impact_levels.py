"""Rows of levels: what is missing is bounded by what is known, against every way to fill it."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bcp.engine.impact_levels import ANYTHING, Stated, impact_from, stated_of, tightened
from bcp.engine.impact_questions import NEVER, THRESHOLDS, impact_of, reached_of
from bcp.engine.impacts import BANDS_MINUTES, LEVELS, Category, fall

CLIENTS = Category.CLIENTS
GROWING = list(combinations_with_replacement(LEVELS, len(BANDS_MINUTES)))
"""Every row of levels there can be: harm does not heal."""

bounds = st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)).map(sorted).map(tuple)
level = st.sampled_from(LEVELS).map(lambda one: (one, one))
rows = st.lists(st.none() | level | bounds, min_size=7, max_size=7)
answers = st.fixed_dictionaries(
    {threshold: st.sampled_from([None, NEVER, *BANDS_MINUTES]) for threshold in THRESHOLDS}
)


def fillings(stated: list[Stated]) -> list[tuple[int, ...]]:
    """Every row that agrees with what is stated, by trying all of them."""
    return [
        row
        for row in GROWING
        if all(
            said is None or said[0] <= one <= said[1] for one, said in zip(row, stated, strict=True)
        )
    ]


def agrees(reached: dict[int, int | None], row: tuple[int, ...]) -> bool:
    bands = dict(zip(BANDS_MINUTES, row, strict=True))
    first = {t: next((b for b, one in bands.items() if one >= t), NEVER) for t in THRESHOLDS}
    return all(answer is None or answer == first[t] for t, answer in reached.items())


@settings(max_examples=200)
@given(rows)
def test_a_row_falls_exactly_if_nothing_fills_it(stated: list[Stated]) -> None:
    assert (fall(impact_from(CLIENTS, stated)) is None) == bool(fillings(stated))


@settings(max_examples=200)
@given(rows)
def test_the_bounds_are_those_of_every_way_to_fill_it(stated: list[Stated]) -> None:
    possible = fillings(stated)
    assume(possible)
    tight = tightened(impact_from(CLIENTS, stated))
    columns = list(zip(*possible, strict=True))
    assert [tight.surely(band) for band in range(7)] == [min(one) for one in columns]
    assert [tight.at_worst(band) for band in range(7)] == [max(one) for one in columns]
    assert all(
        (one is None) == (len(set(column)) > 1)
        for one, column in zip(tight.levels, columns, strict=True)
    )


@settings(max_examples=200)
@given(rows)
def test_what_is_stated_of_a_row_gives_it_back(stated: list[Stated]) -> None:
    assume(fillings(stated))
    tight = tightened(impact_from(CLIENTS, stated))
    assert tightened(impact_from(CLIENTS, stated_of(tight))) == tight


@settings(max_examples=200)
@given(rows)
def test_the_answers_of_a_row_are_those_that_all_ways_to_fill_it_share(
    stated: list[Stated],
) -> None:
    possible = fillings(stated)
    assume(possible)
    for threshold, answer in reached_of(impact_from(CLIENTS, stated)).items():
        firsts = {
            next((b for b, one in zip(BANDS_MINUTES, row, strict=True) if one >= threshold), NEVER)
            for row in possible
        }
        assert answer == (firsts.pop() if len(firsts) == 1 else None)


@settings(max_examples=200)
@given(answers)
def test_answers_survive_the_way_through_a_row(reached: dict[int, int | None]) -> None:
    """What was answered is never lost; "I don't know" may turn out to be known."""
    known = [
        (len(BANDS_MINUTES) if one == NEVER else BANDS_MINUTES.index(one))
        for _threshold, one in sorted(reached.items())
        if one is not None
    ]
    assume(all(early <= late for early, late in pairwise(known)))
    impact = impact_of(CLIENTS, reached)
    back = reached_of(tightened(impact_from(CLIENTS, stated_of(impact))))
    for threshold, answer in reached.items():
        assert back[threshold] == answer or answer is None
    assert [row for row in GROWING if agrees(reached, row)] == [
        row for row in GROWING if agrees(back, row)
    ]


def test_of_an_answer_that_knows_nothing_the_last_band_says_so() -> None:
    nothing = impact_of(CLIENTS, dict.fromkeys(THRESHOLDS))
    assert stated_of(nothing) == (None,) * 6 + (ANYTHING,)
