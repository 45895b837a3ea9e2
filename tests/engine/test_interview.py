"""The course of the interview: what is asked, in which order, and what an answer does to others."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bcp.engine.impact_levels import impact_from
from bcp.engine.impact_questions import (
    NEVER,
    THRESHOLDS,
    choices_after,
    contradicted,
    impact_of,
    reached_of,
)
from bcp.engine.impacts import BANDS_MINUTES, LEVELS, Category, derive, fall
from bcp.engine.interview import (
    QUESTIONS,
    Answers,
    LevelQuestion,
    Plain,
    answered,
    course,
    impact_after,
    key_of,
    next_open,
    open_questions,
    question_of,
)

CLIENTS = Category.CLIENTS
TRUTHS = list(combinations_with_replacement(LEVELS, len(BANDS_MINUTES)))
"""Every way in which harm can grow: a level after each band."""

given_answers = st.dictionaries(
    st.sampled_from(THRESHOLDS), st.sampled_from([None, NEVER, *BANDS_MINUTES])
).filter(lambda reached: contradicted(reached) is None)
one_answer = st.tuples(st.sampled_from(THRESHOLDS), st.sampled_from([None, NEVER, *BANDS_MINUTES]))


def answers_of(truth: tuple[int, ...]) -> dict[int, int]:
    """What somebody who knows the truth answers."""
    bands = list(zip(BANDS_MINUTES, truth, strict=True))
    return {t: next((band for band, one in bands if one >= t), NEVER) for t in THRESHOLDS}


def fits(reached: dict[int, int | None], truth: tuple[int, ...]) -> bool:
    return all(one in (None, answers_of(truth)[level]) for level, one in reached.items())


@given(st.sampled_from(TRUTHS))
def test_full_answers_and_levels_say_the_same(truth):
    impact = impact_of(CLIENTS, answers_of(truth))
    assert impact.levels == truth
    assert reached_of(impact) == answers_of(truth)


@settings(max_examples=60)
@given(given_answers)
def test_levels_are_known_exactly_where_every_truth_that_fits_agrees(reached):
    possible = [truth for truth in TRUTHS if fits(reached, truth)]
    impact = impact_of(CLIENTS, reached)
    for band in range(len(BANDS_MINUTES)):
        found = {truth[band] for truth in possible}
        assert (impact.surely(band), impact.at_worst(band)) == (min(found), max(found))


@settings(max_examples=60)
@given(given_answers, st.sampled_from(THRESHOLDS))
def test_offered_is_what_some_truth_allows_with_the_lower_answers(reached, threshold):
    lower = {level: one for level, one in reached.items() if level < threshold}
    allowed = {answers_of(truth)[threshold] for truth in TRUTHS if fits(lower, truth)}
    assert set(choices_after(reached, threshold)) == allowed - {NEVER}


@settings(max_examples=60)
@given(given_answers, one_answer)
def test_an_answer_drops_the_fewest_others_that_leave_a_truth_possible(reached, new):
    threshold, value = new
    assume(value in (None, NEVER, *choices_after(reached, threshold)))  # others are refused
    kept, dropped = answered(reached, threshold, value)
    assert kept[threshold] == value
    assert any(fits(kept, truth) for truth in TRUTHS)
    higher = {t: one for t, one in reached.items() if t > threshold and t in dropped}
    assert higher == dropped
    for level, one in dropped.items():
        assert not any(fits({threshold: value, level: one}, truth) for truth in TRUTHS)
    assert set(kept) | set(dropped) == {*reached, threshold}


@settings(max_examples=60)
@given(
    st.sampled_from(TRUTHS),
    st.lists(st.booleans(), min_size=7, max_size=7),
    st.permutations(THRESHOLDS),
)
def test_true_answers_never_loosen_what_a_file_has_said(truth, known, order):
    """A file says some levels, the executive answers truly, one question at a time, in any
    order: what is known only grows, and stays true."""
    stated = [(one, one) if told else None for one, told in zip(truth, known, strict=True)]
    impact = impact_from(CLIENTS, stated)
    reached: dict[int, int | None] = dict.fromkeys(THRESHOLDS)
    for threshold in order:
        kept, dropped = answered(reached, threshold, answers_of(truth)[threshold])
        assert not dropped
        before, impact = impact, impact_after(impact, reached, kept)
        reached = kept
        for band, level in enumerate(truth):
            assert before.surely(band) <= impact.surely(band) <= level
            assert level <= impact.at_worst(band) <= before.at_worst(band)
    assert impact.levels == truth


def test_a_changed_answer_is_worth_more_than_what_a_file_said_before():
    impact = impact_of(CLIENTS, {1: 60, 2: 240})
    kept, _dropped = answered({1: 60, 2: 240}, 2, 1440)
    after = impact_after(impact, {1: 60, 2: 240}, kept)
    assert after == impact_of(CLIENTS, {1: 60, 2: 1440})


def test_there_are_at_most_23_questions_each_with_a_name_of_its_own():
    assert len(QUESTIONS) == 23
    assert [question_of(key_of(one)) for one in QUESTIONS] == list(QUESTIONS)
    assert key_of(LevelQuestion(CLIENTS, 3)) == "clients-3"
    assert key_of(Plain.WORK_RECOVERY) == "work-recovery"


@pytest.mark.parametrize("key", ["clients-5", "clients", "", "cost-1", "work recovery"])
def test_no_other_name_is_a_question(key):
    assert question_of(key) is None


def test_a_level_that_is_never_reached_ends_its_category():
    answers = Answers({CLIENTS: {1: 60, 2: NEVER}}, frozenset())
    asked = [one.threshold for one in course(answers) if getattr(one, "category", "") == CLIENTS]
    assert asked == [1, 2]
    assert len(course(answers)) == 21


def test_i_do_not_know_is_an_answer_and_the_next_level_is_asked():
    answers = Answers({CLIENTS: {1: None}}, frozenset())
    open_ones = open_questions(answers)
    assert LevelQuestion(CLIENTS, 1) not in open_ones
    assert LevelQuestion(CLIENTS, 2) in open_ones


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from(Category), given_answers),
    st.frozensets(st.sampled_from(Plain)),
    st.data(),
)
def test_going_from_open_question_to_open_question_answers_everything(reached, plain, data):
    """Whatever is answered on the way: the interview ends, each question asked at most once more,
    and a complete one leaves no limit open but by "I don't know"."""
    answers = Answers(reached, plain)
    question = next_open(answers, QUESTIONS[0])
    for _step in QUESTIONS:
        if question is None:
            break
        if isinstance(question, Plain):
            answers = Answers(answers.reached, answers.plain | {question})
        else:
            now = answers.reached.get(question.category, {})
            offered = [None, NEVER, *choices_after(now, question.threshold)]
            value = data.draw(st.sampled_from(offered))
            kept, _dropped = answered(now, question.threshold, value)
            answers = Answers({**answers.reached, question.category: kept}, answers.plain)
        question = next_open(answers, question)
    assert open_questions(answers) == ()
    impacts = [impact_of(category, one) for category, one in answers.reached.items()]
    assert not any(fall(one) for one in impacts)
    if not any(None in one.values() for one in answers.reached.values()):
        assert not derive(impacts).rto.may_be_earlier
        assert not derive(impacts).mtd.may_be_earlier


def test_the_next_question_is_the_next_open_one_and_then_the_first_left_behind():
    assert next_open(Answers({}, frozenset()), QUESTIONS[4]) == QUESTIONS[5]
    assert next_open(Answers({}, frozenset()), QUESTIONS[-1]) == QUESTIONS[0]
    done = {category: dict.fromkeys(THRESHOLDS) for category in Category}
    assert next_open(Answers(done, frozenset(Plain)), QUESTIONS[3]) is None


def test_every_combination_of_two_answers_keeps_the_second_if_it_can():
    for first, second in product([NEVER, *BANDS_MINUTES], repeat=2):
        kept, dropped = answered({3: second}, 1, first)
        possible = second == NEVER or (first not in (NEVER,) and second >= first)
        assert (3 in kept) == possible
        assert (3 in dropped) != possible
