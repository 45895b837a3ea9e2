"""The appendix on business impact says what was answered, what follows, and what nobody knows."""

from __future__ import annotations

from bcp.documents import impact_appendix, wording
from bcp.documents import snapshot as snapshots
from bcp.documents.chapters import plan_drafts
from bcp.documents.drafts import places
from bcp.documents.snapshot import Snapshot
from tests.documents.conftest import Book
from tests.documents.plan_estate import analysed, plan, printed
from tests.documents.plan_surroundings import IMPACT, PAYROLL, surroundings


def appendix(book: Book) -> str:
    pages = range(book.page_of("impacts"), book.page_of("ransomware"))
    return book.flow(*pages).replace(wording.NO_BREAK, " ")


def without_answers() -> Snapshot:
    return plan(impacts={})


def test_the_answers_stand_in_words_with_the_limits_that_follow(book: Book) -> None:
    text = appendix(book)
    assert "Payroll sheet" in text
    assert "It must be back within 24 h at most, perhaps sooner: then clients" in text
    assert "After 3 d at most, perhaps sooner, clients are harmed beyond repair." in text
    assert "Clients 4 h 8 h 24 h 3 d" in text
    assert "Law and contracts nobody knows not within 14 d not within 14 d not within 14 d" in text


def test_cost_peaks_backlog_and_who_confirmed_are_told(book: Book) -> None:
    text = appendix(book)
    assert "An hour of outage costs EUR 12,000. Wages of 40 people." in text
    assert "Month end (the last two days): what an hour costs is not known" in text
    assert "once the systems are back: 2 h." in text
    assert "Confirmed by Ada Kern on 20 December 2025." in text


def test_a_process_for_which_nobody_answered_is_listed_as_such() -> None:
    frozen = without_answers()
    (process,) = impact_appendix.tables(frozen)
    assert process["name"] == "Payroll"
    assert not process["answered"]
    assert impact_appendix.counts(frozen) == {"processes": 1, "unanswered": 1, "unconfirmed": 0}


def test_a_level_that_was_not_asked_is_told_from_one_that_nobody_knows() -> None:
    record = {**IMPACT, "answers": [{**IMPACT["answers"][0], "reached": {"1": 60, "2": None}}]}
    (process,) = impact_appendix.tables(plan(impacts={PAYROLL: record}))
    cells = process["rows"][0]["cells"]
    assert [cell.replace(wording.NO_BREAK, " ") for cell in cells] == [
        *("1 h", "nobody knows", "not asked yet", "not asked yet"),
    ]


def test_another_answer_changes_its_own_section_and_no_other() -> None:
    other = plan(impacts={PAYROLL: {**IMPACT, "cost_basis": "Fines as well."}})
    assert snapshots.changed_sections(plan(), other) == ["impacts"]


def test_a_sheet_does_not_grow_stale_by_what_it_does_not_print() -> None:
    sheet = snapshots.build(analysed(), surroundings(), printed(), system_key=PAYROLL)
    assert "impacts" not in sheet


def test_a_plan_of_the_release_before_has_no_such_appendix_and_keeps_its_letters() -> None:
    """Rule P1."""
    frozen = {key: value for key, value in plan().items() if key != "impacts"}
    assert places(frozen)["ransomware"] == "D"
    assert "impacts" not in {draft.anchor for draft in plan_drafts(frozen)}
    assert places(plan())["ransomware"] == "E"
