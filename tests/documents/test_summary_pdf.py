"""The printed executive summary: two pages, whatever the estate, and readable by machines too."""

from __future__ import annotations

import io
import json
from functools import cache

import page as validator
import pikepdf
import pytest

from bcp.documents import wording
from bcp.documents.render import render
from bcp.documents.snapshot import canonical, fingerprint, short_code
from tests.documents.conftest import Book, printed_book
from tests.documents.summary_estate import accepting, answered, estate, everything, summary_of

HOSTILE = "<script>alert(1)</script>{{{{ x }}}}</td>" + "A" * 120 + "חשמל東京{name}{number}"


@cache
def printed(which: str) -> Book:
    """What is printed once and looked at by several tests; 12 gaps of each are accepted."""
    count, paper, name = {
        "none": (0, "A4", "{name}"),
        "one": (1, "Letter", "{name}"),
        "three": (3, "A4", "{name}"),
        "many": (200, "A4", "{name} {number}"),
        "hostile": (200, "Letter", HOSTILE),
    }[which]
    answer = answered(estate(count, name=name))
    reason = "R" * 3000 if which == "hostile" else "The new array comes in May."
    decided = accepting(answer, 12, why=reason)
    return printed_book(summary_of(answer, decided, paper=paper))


EVERY = ("none", "one", "three", "many", "hostile")


def text(book: Book, *pages: int) -> str:
    return book.flow(*pages).replace(wording.NO_BREAK, " ")


@pytest.mark.parametrize("which", EVERY)
def test_it_takes_two_pages_and_both_say_which_print_they_are(which: str) -> None:
    book = printed(which)
    assert len(book.texts) == 2
    for number, said in enumerate(book.texts, start=1):
        flat = " ".join(said.split())
        for item in (
            f"Issue 7 · page {number} of 2",
            "Executive summary",
            "Do not trust this print after 2 July 2026.",
            short_code(fingerprint(book.snapshot)),
        ):
            assert item in flat, f"page {number} lacks {item!r}"


@pytest.mark.parametrize("which", EVERY)
def test_no_text_is_too_small_to_read_or_outside_of_its_page(which: str) -> None:
    book = printed(which)
    width = 612 if book.snapshot["organisation"]["paper"] == "Letter" else 595.3
    left, right = 20 / 25.4 * 72, width - 20 / 25.4 * 72
    for characters in book.characters:
        assert min(one["size"] for one in characters) >= 6.5
        assert all(left - 1 < one["x0"] and one["x1"] < right + 1 for one in characters)


@pytest.mark.parametrize("which", EVERY)
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_fit_for_archives(which: str, profile: str) -> None:
    report = validator.validate_pdf_bytes(printed(which).pdf, profile=profile)
    assert [(one.rule_id, one.message) for one in report.failures] == []


def test_the_first_page_says_the_sentence_and_the_processes_with_their_reasons() -> None:
    first = text(printed("three"), 1)
    assert "the last of 3 business processes would be back after at least 6 h 45 min." in first
    assert "Payroll ■ misses by at least 2 h 45 min" in first
    assert "Waits for Storage array (4 h), Database (2 h), Application (45 min)." in first
    assert "at least EUR 81,000" in first
    assert "specialists call it RTO" in first


def test_the_second_page_says_what_to_do_who_accepted_what_and_what_is_asked() -> None:
    second = text(printed("three"), 2)
    assert "Most effective: write and test a way to start" in second
    assert "Accepted by Ada Kern until 30 June 2026: “The new array comes in May.”" in second
    assert "A full test, in which everything is really stopped, was never held." in second
    assert "Approve or send back the 1 target that was proposed." in second


def test_of_two_hundred_processes_the_worst_are_listed_and_the_others_counted() -> None:
    first = text(printed("many"), 1)
    listed = first.count("■ misses by")
    assert 8 <= listed <= 14
    assert f"And {200 - listed} more:" in first


def test_what_people_type_is_printed_letter_by_letter_or_cut_and_seen_to_be() -> None:
    said = "".join(text(printed("hostile"), 1, 2).split())
    assert "<script>alert(1)</script>{{x}}</td>AAAA" in said
    assert "A…" in said
    assert "R…" in said


def test_an_organisation_without_processes_is_told_what_to_record() -> None:
    first = text(printed("none"), 1)
    assert "No business process is recorded. Record what the organisation does" in first


def test_a_loop_and_an_unbearable_outage_are_told_in_print() -> None:
    first = text(printed_book(summary_of(everything(), paper="Letter")), 1)
    assert "every time here is provisional" in first
    assert "Longer than the organisation can bear" in first


def test_it_carries_its_own_data() -> None:
    book = printed("three")
    with pikepdf.open(io.BytesIO(book.pdf)) as opened:
        attached = opened.attachments["summary.json"].get_file().read_bytes()
    assert attached == canonical(book.snapshot)


def test_the_same_facts_give_the_same_bytes() -> None:
    """Rule P1."""
    book = printed("one")
    assert render(json.loads(canonical(book.snapshot))).pdf == book.pdf
