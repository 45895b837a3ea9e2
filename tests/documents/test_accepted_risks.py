"""The appendix of gaps: accepted ones stand apart, with who lives with them, why and until when."""

from __future__ import annotations

import pytest

from bcp.documents import gap_lists
from bcp.documents import snapshot as snapshots
from bcp.documents.snapshot import Snapshot
from bcp.engine.acceptance import identity_of
from tests.documents.conftest import Book, printed_book, sheet_text
from tests.documents.plan_estate import analysed, plan

RISK = {"by": "Helen Marsh", "until": "2026-06-30", "why": "It is replaced in spring.\nWe know."}
LONG = "<b>bold</b> & “quoted” " + "word " * 900


def with_accepted(**reasons: str) -> Snapshot:
    """The plan with the first gap of each code accepted for a reason."""
    gaps = analysed().gaps
    chosen = {code: next(gap for gap in gaps if gap.code == code) for code in reasons}
    return plan(
        accepted={identity_of(gap): {**RISK, "why": reasons[code]} for code, gap in chosen.items()}
    )


@pytest.fixture(scope="module")
def accepted() -> Book:
    return printed_book(with_accepted(target_missing=RISK["why"], no_copy=LONG))


def test_an_accepted_gap_is_a_fact_of_the_plan_and_no_other_section_changes() -> None:
    frozen = with_accepted(target_missing=RISK["why"])
    (gap,) = gap_lists.accepted_gaps(frozen)
    assert gap["accepted"] == RISK
    assert snapshots.changed_sections(plan(), frozen) == ["problems"]


def test_it_stands_among_the_accepted_risks_and_in_no_other_table() -> None:
    before, tables = (
        gap_lists.gap_tables(plan()),
        gap_lists.gap_tables(with_accepted(target_missing=RISK["why"], no_copy=LONG)),
    )
    *others, risks = tables
    assert not any(table.get("accepted") for table in (*before, *others))
    assert {row["code"] for row in risks["rows"]} == {"target_missing", "no_copy"}
    listed = sum(len(table["rows"]) for table in before)
    assert sum(len(table["rows"]) for table in others) == listed - 1  # the other has a kind


def test_the_print_says_who_lives_with_it_why_and_until_when(accepted: Book) -> None:
    page = accepted.flow(*range(accepted.page_of("problems"), len(accepted.reader.pages) + 1))
    assert "2 of them are accepted" in page
    risks = page[page.index("Accepted risks") :]
    for said in ("Helen Marsh", "until 30 June 2026"):
        assert risks.count(said) == 2, said
    assert "It is replaced in spring. We know." in risks
    for gap in gap_lists.accepted_gaps(accepted.snapshot):
        assert gap["says"].split("”")[0] in risks


def test_a_long_or_hostile_reason_is_printed_whole_and_as_text(accepted: Book) -> None:
    pages = accepted.flow(*range(accepted.page_of("problems"), len(accepted.reader.pages) + 1))
    assert "<b>bold</b>" in pages
    assert pages.count("word") >= 900


def test_the_sheet_of_the_system_says_so_too(accepted: Book) -> None:
    (gap,) = [
        one for one in gap_lists.accepted_gaps(accepted.snapshot) if one["code"] == "target_missing"
    ]
    assert "Accepted by Helen Marsh until 30 June 2026." in sheet_text(accepted, gap["system"])


def test_a_plan_of_before_there_were_acceptances_has_none() -> None:
    frozen = plan()
    for gap in frozen["problems"]["gaps"]:
        del gap["accepted"]
    assert gap_lists.accepted_gaps(frozen) == []
    assert [table["title"] for table in gap_lists.gap_tables(frozen)] == [
        table["title"] for table in gap_lists.gap_tables(plan())
    ]
