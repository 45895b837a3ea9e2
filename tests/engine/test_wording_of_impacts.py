"""Business impact in plain words: every question, every answer, and why a target follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.impact_questions import NEVER, THRESHOLDS, choices_after, impact_of
from bcp.engine.impacts import (
    BANDS_MINUTES,
    BEYOND_REPAIR,
    INTOLERABLE,
    Category,
    Derived,
    Limit,
    derive,
    over_mtd_minutes,
    rto_in_time,
)
from bcp.engine.interview import QUESTIONS, LevelQuestion
from bcp.engine.wording_of_impacts import (
    after_words,
    answer_words,
    explain_backlog,
    explain_limit,
    heading_words,
    limit_words,
    meaning,
    not_sooner,
    question_words,
)

CLIENTS = Category.CLIENTS
NEVER_NOTICED = [impact_of(one, {1: NEVER}) for one in Category if one is not CLIENTS]


def derived_from(*bands: int | None) -> Derived:
    """From what is said of clients, level by level, where nothing else is ever noticed."""
    reached = dict(zip(THRESHOLDS, bands, strict=False))
    return derive([*NEVER_NOTICED, impact_of(CLIENTS, reached)])


def test_every_question_has_words_of_its_own_and_names_the_process():
    asked = [str(question_words("Pay & Roll", one)) for one in QUESTIONS]
    assert len(set(asked)) == len({str(meaning(one)) for one in QUESTIONS}) == len(QUESTIONS)
    assert all("“Pay & Roll”" in one and one.endswith("?") for one in asked)
    assert len({str(heading_words(one)) for one in QUESTIONS}) == 8


def test_a_question_reads_as_one_would_ask_it():
    said = question_words("Payroll", LevelQuestion(CLIENTS, 4))
    assert str(said) == "How long can “Payroll” be down before clients are harmed beyond repair?"


@pytest.mark.parametrize(
    ("answer", "words", "after"),
    [
        (60, "1 hour", "after 1 hour"),
        (20160, "2 weeks", "after 2 weeks"),
        (NEVER, "not within two weeks", "not within two weeks"),
        (None, "unknown", "unknown"),
    ],
)
def test_answers_are_said_in_words(answer, words, after):
    assert (str(answer_words(answer)), str(after_words(answer))) == (words, after)


@pytest.mark.parametrize(
    ("bands", "short", "why"),
    [
        ((60, 240, 1440, 4320), "1 day", "After 1 day clients are harmed intolerably."),
        ((60, 240, 1440, 1440), "1 day", "After 1 day clients are harmed beyond repair."),
        (
            (60, 240, None, 4320),
            "at most 3 days",
            "After 3 days clients are harmed beyond repair. Answers that are missing could make"
            " it earlier.",
        ),
        ((60, NEVER), "none", "By the answers, no outage of up to two weeks is intolerable."),
        ((60,), "unknown", "The answers so far do not say when an outage is intolerable."),
    ],
)
def test_a_derived_rto_is_explained_by_the_answer_that_decided_it(bands, short, why):
    rto = derived_from(*bands).rto
    assert (str(limit_words(rto)), str(explain_limit(rto, INTOLERABLE))) == (short, why)


def test_a_missing_mtd_is_said_in_other_words_than_a_missing_rto():
    says = str(explain_limit(derived_from(60, 240, 1440, NEVER).mtd, BEYOND_REPAIR))
    assert says == "By the answers, no outage of up to two weeks is beyond repair."


@pytest.mark.parametrize(
    ("backlog", "says"),
    [
        (480, "so there is time for both"),
        (0, "with no backlog to work off"),
        (3000, "the systems have to be back within 22 h"),
        (4320, "however soon the systems are back, it is too late"),
        (None, "Nobody knows how long the backlog takes"),
    ],
)
def test_the_backlog_is_compared_with_the_time_that_is_left(backlog, says):
    assert says in str(explain_backlog(derived_from(60, 240, 1440, 4320), backlog))


def test_without_both_limits_there_is_nothing_to_compare():
    assert explain_backlog(derived_from(60, 240, 1440, NEVER), 480) is None


minutes = st.none() | st.sampled_from(BANDS_MINUTES)


@given(minutes, minutes, st.none() | st.integers(0, 30000))
def test_the_rto_in_time_is_the_longest_that_keeps_both_rules(rto, mtd, backlog):
    derived = Derived(
        Limit(rto, CLIENTS, 3, may_be_earlier=False), Limit(mtd, CLIENTS, 4, may_be_earlier=False)
    )
    found = rto_in_time(derived, backlog)
    if rto is None:
        assert found is None
        return
    keeps = [one for one in range(1, rto + 1) if not over_mtd_minutes(one, backlog, mtd)]
    assert found == (max(keeps) if keeps else rto)


@given(
    st.dictionaries(st.sampled_from(THRESHOLDS), st.sampled_from([None, *BANDS_MINUTES])),
    st.sampled_from(THRESHOLDS),
)
def test_where_early_answers_are_not_offered_it_is_said_why(reached, threshold):
    offered = choices_after(reached, threshold)
    says = not_sooner(LevelQuestion(CLIENTS, threshold), reached)
    assert (says is None) == (offered[0] == BANDS_MINUTES[0])
    if says is not None:
        assert f"Not sooner than {answer_words(offered[0])}," in str(says)
