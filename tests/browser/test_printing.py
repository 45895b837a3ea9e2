"""Pages printed from the browser itself, with its own print dialogue."""

from __future__ import annotations

import io

import pypdf
from django.urls import reverse

from bcp.models import Organisation
from tests.browser.conftest import Visitor, member
from tests.factories import answer_everything, make_system, make_target


def test_the_executive_summary_takes_two_sheets_with_as_many_processes_as_it_lists(
    demo: Organisation, visit: Visitor
) -> None:
    executive = member(demo, "executive")
    for number in range(12):
        process = make_system(
            demo,
            f"Clearing of consignments {number}",
            kind="business process",
            tier=1,
            recovery_minutes=60,
        )
        make_target(process, executive, rto=240, rpo=60)
        answer_everything(process, executive)
    page = visit(executive).open(reverse("summary", args=[demo.slug]))
    assert page.locator(".summary-processes tbody tr").count() == 12
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) == 2
    assert "What is asked of you" in printed.pages[1].extract_text()
