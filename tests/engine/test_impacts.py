"""Targets that follow from what an outage does (rules T1, T2)."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bcp.engine.impact_levels import impact_from
from bcp.engine.impact_questions import impact_of
from bcp.engine.impacts import (
    BANDS_MINUTES,
    Category,
    Impact,
    contradictions,
    cost_of,
    derive,
    over_mtd_minutes,
)


def answers(**levels: str) -> list[Impact]:
    """Levels per category as seven characters, `?` where nobody can say; the rest are 0."""
    given_levels = {category.value: "0000000" for category in Category} | levels
    return [
        Impact(Category(name), tuple(None if one == "?" else int(one) for one in text))
        for name, text in given_levels.items()
    ]


def test_the_earliest_intolerable_band_is_the_rto_and_the_earliest_worst_the_mtd():
    derived = derive(answers(clients="0123344", legal="0000044"))
    assert (derived.rto.minutes, derived.rto.category, derived.rto.level) == (
        1440,
        Category.CLIENTS,
        3,
    )
    assert (derived.mtd.minutes, derived.mtd.may_be_earlier) == (10080, False)


def test_no_intolerable_band_means_no_target():
    derived = derive(answers(clients="0011222"))
    assert derived.rto.minutes is None
    assert not derived.rto.may_be_earlier


def test_a_missing_answer_that_could_be_as_bad_makes_the_figure_at_most():
    assert derive(answers(clients="0??3344")).rto.may_be_earlier
    # A later answer below the level says that the missing one is below it, too.
    assert not derive(answers(clients="0?13344")).rto.may_be_earlier


def test_a_category_nobody_answered_may_be_anything():
    derived = derive([Impact(Category.LEGAL, (0,) * 7)])
    assert derived.rto.minutes is None
    assert derived.rto.may_be_earlier


levels = st.lists(st.none() | st.integers(0, 4), min_size=7, max_size=7).map(tuple)


@st.composite
def growing(draw) -> tuple[int, ...]:
    return tuple(sorted(draw(st.lists(st.integers(0, 4), min_size=7, max_size=7))))


@settings(max_examples=200)
@given(st.lists(growing(), min_size=5, max_size=5), st.data())
def test_what_is_said_of_missing_answers_holds_for_every_way_to_fill_them(full, data):
    """Hide some answers of a consistent questionnaire: the derived RTO never comes earlier than
    the true one unless it says that it may."""
    hidden = [
        tuple(None if data.draw(st.booleans()) else level for level in category)
        for category in full
    ]
    truth = derive(Impact(c, levels) for c, levels in zip(Category, full, strict=True)).rto
    known = derive(Impact(c, levels) for c, levels in zip(Category, hidden, strict=True)).rto
    true_minutes = truth.minutes if truth.minutes is not None else BANDS_MINUTES[-1] + 1
    said = known.minutes if known.minutes is not None else BANDS_MINUTES[-1] + 1
    assert true_minutes <= said
    if not known.may_be_earlier:
        assert true_minutes == said


WAYS_TO_GROW = [row for row in product(range(5), repeat=7) if list(row) == sorted(row)]


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=7, max_size=7))
def test_what_is_known_only_between_two_levels_is_read_as_every_way_to_fill_it_says(stated):
    """Each band between two levels, however loosely they were stated: the figure is the latest
    that any course of harm gives, and may be earlier if another gives an earlier one (T1)."""
    bounds = [(min(pair), max(pair)) for pair in stated]
    courses = [
        row
        for row in WAYS_TO_GROW
        if all(low <= one <= high for one, (low, high) in zip(row, bounds, strict=True))
    ]
    assume(courses)
    known = [one for one in answers() if one.category is not Category.LEGAL]
    derived = derive([*known, impact_from(Category.LEGAL, bounds)])
    never = BANDS_MINUTES[-1] + 1
    for limit, level in ((derived.rto, 3), (derived.mtd, 4)):
        reached = [
            next(
                (band for band, one in zip(BANDS_MINUTES, row, strict=True) if one >= level), never
            )
            for row in courses
        ]
        assert (limit.minutes or never) == max(reached)
        assert limit.may_be_earlier == (min(reached) < max(reached))


def test_harm_that_heals_while_waiting_is_pointed_out():
    ((category, says),) = contradictions(answers(clients="0321144"))
    assert category is Category.CLIENTS
    assert "after 4 h the impact is 3 and after 8 h only 2" in str(says)


def test_every_hour_costs_the_same_and_an_unknown_cost_stays_unknown():
    assert cost_of(90, Decimal("1000")) == Decimal("1500.00")
    assert cost_of(90, None) is None


def test_rto_and_work_recovery_together_stay_within_the_mtd():
    assert over_mtd_minutes(240, 60, 300) == 0
    assert over_mtd_minutes(240, 120, 300) == 60
    assert over_mtd_minutes(240, None, 300) == 0
    assert over_mtd_minutes(None, 60, 300) is None


def test_what_is_intolerable_counts_also_if_nobody_knows_when_it_is_beyond_repair():
    known = answers()
    unsure = impact_of(Category.CLIENTS, {1: 60, 2: 240, 3: 1440, 4: None})
    derived = derive([one for one in known if one.category is not Category.CLIENTS] + [unsure])
    assert (derived.rto.minutes, derived.rto.category, derived.rto.level) == (
        1440,
        Category.CLIENTS,
        3,
    )
    assert not derived.rto.may_be_earlier
    assert (derived.mtd.minutes, derived.mtd.may_be_earlier) == (None, True)
