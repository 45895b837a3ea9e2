"""What the answers of executives and the approved targets leave open between them (T1, T2)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.estate import Estate, Kind, System
from bcp.engine.gaps_of_impacts import impact_gaps
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact, Peak, ProcessImpact
from bcp.engine.results import Gap, Severity
from bcp.engine.validation import problems

HOURS_4, DAY, DAYS_3 = 240, 1440, 4320


def levels(**first: int) -> tuple[int, ...]:
    """The level after each band: `three=480` means level 3 from 8 h on."""
    words = {"one": 1, "two": 2, "three": 3, "four": 4}
    return tuple(
        max((words[word] for word, start in first.items() if band >= start), default=0)
        for band in BANDS_MINUTES
    )


def every_category(answer: tuple[int | None, ...]) -> tuple[Impact, ...]:
    """Clients suffer as given; nothing else is harmed."""
    none = (0,) * len(BANDS_MINUTES)
    return tuple(
        Impact(category, answer if category is Category.CLIENTS else none) for category in Category
    )


def estate_of(
    *answers: Impact, backlog: int | None = None, kind: Kind = Kind.PROCESS, **system: object
) -> Estate:
    systems = (System("7", "Orders", kind=kind, **({"tier": 1} | system)),)
    impact = ProcessImpact(0, answers, work_recovery_minutes=backlog)
    return Estate("acme", systems, impacts=(impact,) if answers or backlog is not None else ())


def found(estate: Estate) -> dict[str, Gap]:
    gaps = list(impact_gaps(estate))
    assert len({(gap.code, gap.case) for gap in gaps}) == len(gaps)
    return {gap.code: gap for gap in gaps}


def test_a_process_of_which_nobody_said_anything_is_named():
    gap = found(estate_of())["impact_missing"]
    assert (gap.severity, gap.subject_kind, gap.subject_key) == (Severity.HIGH, "system", "7")
    assert str(gap.says).startswith("nobody has said what it does to the business if “Orders” is")


def test_only_business_processes_are_asked_about():
    assert found(estate_of(kind=Kind.APPLICATION)) == {}


def test_answers_that_leave_it_open_are_told_apart_from_none_at_all():
    unknown = (None,) * len(BANDS_MINUTES)
    gap = found(estate_of(*every_category(unknown)))["impact_missing"]
    assert str(gap.says) == (
        "what was answered about “Orders” does not say yet how soon it must be back"
    )


def test_answers_that_can_only_make_it_sooner_weigh_little():
    clients = Impact(Category.CLIENTS, levels(three=DAY))
    gap = found(estate_of(clients))["impact_missing"]
    assert gap.severity is Severity.LOW
    assert "must be back within 1 day" in str(gap.says)


def test_whoever_answered_everything_is_left_alone_even_if_nothing_is_intolerable():
    assert found(estate_of(*every_category(levels(two=DAY)))) == {}


def test_a_target_looser_than_the_harm_allows_says_which_harm():
    answers = every_category(levels(one=60, three=HOURS_4))
    assert found(estate_of(*answers, rto_minutes=HOURS_4)) == {}
    gap = found(estate_of(*answers, rto_minutes=HOURS_4 + 1))["target_looser_than_impact"]
    assert str(gap.says) == (
        "“Orders” may be down for 4 h 1 min by its target, but after 4 hours clients are harmed "
        "intolerably"
    )
    assert str(gap.fix) == "Propose a target of 4 hours or less, or correct the answer"


def test_an_mtd_looser_than_the_harm_allows_is_a_gap_of_its_own():
    answers = every_category(levels(three=HOURS_4, four=DAY))
    assert found(estate_of(*answers, rto_minutes=60, mtd_minutes=DAY)) == {}
    gaps = found(estate_of(*answers, rto_minutes=60, mtd_minutes=DAYS_3))
    gap = gaps["target_looser_than_impact"]
    assert (gap.case, str(gap.fix)) == (
        "mtd",
        "Propose an MTD of 1 day or less, or correct the answer",
    )
    assert str(gap.says).startswith("the MTD of “Orders” is 3 d, but after 1 day ")


def test_it_is_said_of_an_answer_that_may_still_become_stricter_as_well():
    clients = Impact(Category.CLIENTS, levels(three=DAY))
    assert "target_looser_than_impact" in found(estate_of(clients, rto_minutes=DAYS_3))


def test_a_backlog_that_is_not_worked_off_in_time_is_told_by_how_much():
    answers = every_category(levels(three=DAY, four=DAYS_3))
    kept = estate_of(*answers, backlog=DAYS_3 - DAY, rto_minutes=DAY)
    assert found(kept) == {}
    late = estate_of(*answers, backlog=DAYS_3 - DAY + 30, rto_minutes=DAY)
    gap = found(late)["mtd_exceeded"]
    assert "30 min more than the 3 d" in str(gap.says)
    assert str(gap.fix).startswith("Propose a target of 23 h 30 min or less")


def test_the_approved_mtd_counts_before_the_derived_one():
    answers = every_category(levels(three=DAY, four=DAYS_3))
    assert found(estate_of(*answers, backlog=0, rto_minutes=DAY, mtd_minutes=DAY)) == {}
    assert "mtd_exceeded" in found(estate_of(*answers, backlog=1, rto_minutes=DAY, mtd_minutes=DAY))


def test_an_unknown_backlog_counts_as_nothing_and_is_said_to_be_unknown():
    answers = every_category(levels(two=DAY, four=DAYS_3))
    assert "mtd_exceeded" not in found(estate_of(*answers, rto_minutes=DAYS_3))
    gap = found(estate_of(*answers, rto_minutes=DAYS_3 + 60))["mtd_exceeded"]
    assert "at least 1 h more" in str(gap.says)
    assert "nobody knows" in str(gap.says)


def test_a_backlog_longer_than_there_is_time_is_not_mended_by_a_target():
    gap = found(estate_of(backlog=300, rto_minutes=0, mtd_minutes=240))["mtd_exceeded"]
    assert "backlog alone takes that long" in str(gap.fix)


@pytest.mark.parametrize(
    ("tier", "missing", "looser", "late"),
    [
        (1, Severity.HIGH, Severity.HIGH, Severity.HIGH),
        (2, Severity.MEDIUM, Severity.MEDIUM, Severity.HIGH),
        (3, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
        (4, Severity.LOW, Severity.LOW, Severity.LOW),
    ],
)
def test_the_lower_the_tier_the_less_it_weighs(tier, missing, looser, late):
    assert found(estate_of(tier=tier))["impact_missing"].severity is missing
    answers = every_category(levels(three=HOURS_4, four=DAY))
    gaps = found(estate_of(*answers, backlog=DAY, rto_minutes=DAY, tier=tier))
    assert gaps["target_looser_than_impact"].severity is looser
    assert gaps["mtd_exceeded"].severity is late


maybe = st.none() | st.integers(0, 4)
rising = st.lists(maybe, min_size=7, max_size=7).map(
    lambda row: tuple(
        None if one is None else max(one, *(other or 0 for other in row[: place + 1]))
        for place, one in enumerate(row)
    )
)


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from(list(Category)), rising, max_size=5),
    st.none() | st.integers(0, 25000),
    st.none() | st.integers(0, 25000),
    st.none() | st.integers(0, 5000),
)
def test_they_are_those_that_reading_the_rules_band_by_band_finds(answers, rto, mtd, backlog):
    impacts = tuple(Impact(category, row) for category, row in answers.items())
    codes = set(found(estate_of(*impacts, backlog=backlog, rto_minutes=rto, mtd_minutes=mtd)))
    expected = set()
    reached = {
        level: next(
            (
                band
                for place, band in enumerate(BANDS_MINUTES)
                if any((row[place] or 0) >= level for row in answers.values())
            ),
            None,
        )
        for level in (3, 4)
    }
    rows = [answers.get(category, (None,) * 7) for category in Category]
    end = BANDS_MINUTES.index(reached[3]) if reached[3] else 7
    if any(
        row[place] is None and next((one for one in row[place:] if one is not None), 4) >= 3
        for row in rows
        for place in range(end)
    ):
        expected.add("impact_missing")
    if rto is not None and reached[3] is not None and rto > reached[3]:
        expected.add("target_looser_than_impact")
    if mtd is not None and reached[4] is not None and mtd > reached[4]:
        expected.add("target_looser_than_impact")
    limit = reached[4] if mtd is None else mtd
    if rto is not None and limit is not None and rto + (backlog or 0) > limit:
        expected.add("mtd_exceeded")
    assert codes == expected


def test_what_makes_no_sense_is_refused_with_its_reason():
    answer = Impact(Category.CLIENTS, levels(three=DAY))
    healing = Impact(Category.LEGAL, (3, 0, 0, 0, 0, 0, 0))
    systems = (System("7", "Orders", kind=Kind.PROCESS), System("8", "ERP"))
    cases = {
        "names system 5 of only 2": (ProcessImpact(5),),
        "the impact of “Orders” is given twice": (ProcessImpact(0), ProcessImpact(0)),
        "“ERP” has an impact and is no business process": (ProcessImpact(1),),
        "answers clients twice": (ProcessImpact(0, (answer, answer)),),
        "for each of 7 bands": (ProcessImpact(0, (Impact(Category.LEGAL, (0, 1)),)),),
        "a level from 0 to 4": (ProcessImpact(0, (Impact(Category.LEGAL, (0,) * 6 + (5,)),)),),
        "harm does not heal": (ProcessImpact(0, (healing,)),),
        "has a time of −1 min": (ProcessImpact(0, work_recovery_minutes=-1),),
        "costs less than nothing": (ProcessImpact(0, peaks=(Peak("Easter", "", Decimal(-1)),)),),
    }
    for says, impacts in cases.items():
        [problem] = problems(Estate("acme", systems, impacts=impacts))
        assert says in str(problem)
    good = ProcessImpact(0, (answer,), Decimal(100), work_recovery_minutes=0)
    assert problems(Estate("acme", systems, impacts=(good,))) == ()
