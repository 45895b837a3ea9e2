"""What people type is printed as they typed it, or shown as unprintable: never run, never lost."""

from __future__ import annotations

import page as validator
import pytest

from bcp.documents import snapshot as snapshots
from bcp.documents.anchors import anchor
from tests.documents.conftest import Book, printed_book, sheet_text
from tests.documents.plan_estate import SYSTEMS, analysed, printed
from tests.documents.plan_surroundings import PROCEDURES, step, surroundings

HOSTILE = {
    "Power": "<script>alert(1)</script><img src=http://127.0.0.1:9/x>",
    "SAN": "חשמל ראשי",
    "DNS": "Bäckerei 🥐 ☎ 東京",
    "AD": "A" * 200,
    "ERP database": '=HYPERLINK("http://x";"y")',
    "ERP": "one\u202etwo\x07three",
    "Payroll": "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "Intranet": "</td></table><style>*{display:none}</style>",
}
NOTE = "word " * 4000


@pytest.fixture(scope="module")
def book() -> Book:
    people = [
        {**one, "title": '<b>Chief</b> & "co"', "email": "x" * 180 + "@acme.example"}
        for one in surroundings().contacts
    ]
    steps = [
        step(
            HOSTILE["Power"],
            contact=HOSTILE["SAN"],
            expected=HOSTILE["Payroll"],
            way_back="W" * 300,
            decision=HOSTILE["Intranet"],
        )
    ]
    procedure = {**PROCEDURES[0], "system": HOSTILE["ERP database"], "steps": steps}
    copies = [
        {**one, "system": HOSTILE["AD"], "name": "</p>" * 40} for one in surroundings().copies
    ]
    around = surroundings(contacts=people, note=NOTE, procedures=[procedure], copies=copies)
    frozen = snapshots.build(analysed(HOSTILE), around, printed(title="T" * 240))
    return printed_book(frozen)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", ["Power", "AD", "ERP database", "Payroll", "Intranet"])
def test_markup_and_long_names_are_printed_letter_by_letter(book: Book, name: str) -> None:
    index = [one for one, *_rest in SYSTEMS].index(name)
    page = book.page_of(anchor({"key": f"key{index:09d}"}))
    assert squeezed(HOSTILE[name]) in squeezed(book.flow(page))


def test_markup_in_steps_and_copies_is_printed_letter_by_letter(book: Book) -> None:
    steps = squeezed(sheet_text(book, HOSTILE["ERP database"]))
    for said in (HOSTILE["Power"], HOSTILE["Payroll"], HOSTILE["Intranet"], "W" * 300):
        assert squeezed(said) in steps
    assert "</p>" * 40 in squeezed(sheet_text(book, HOSTILE["AD"]))


def test_other_scripts_are_printed_with_real_letters(book: Book) -> None:
    text = squeezed(" ".join(book.texts))
    assert "東京" in text
    assert "Bäckerei" in text
    assert "\N{HEBREW LETTER HET}" in text


def test_marks_that_turn_the_text_round_are_shown_and_do_nothing(book: Book) -> None:
    assert "one\ufffdtwo\ufffdthree" in squeezed(" ".join(book.texts))


def test_a_text_of_twenty_thousand_characters_is_printed_to_its_end(book: Book) -> None:
    assert sum(text.count("word") for text in book.texts) == 4000


def test_every_page_still_says_which_plan_it_is(book: Book) -> None:
    """Rule P3; a title that is too long for the line is cut, and seen to be."""
    assert all("TTT…" in text and "Do not trust this print" in text for text in book.texts)


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_file_stays_accessible_and_fit_for_archives(book: Book, profile: str) -> None:
    report = validator.validate_pdf_bytes(book.pdf, profile=profile)
    assert [(one.rule_id, one.message) for one in report.failures] == []
