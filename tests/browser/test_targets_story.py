"""The story of the targets: an executive asks for four hours of a process that takes nine, sees why
it takes nine and what would make four possible; one of those ways is written into the records, and
then the analysis says four."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

from django.core.management import call_command
from playwright.sync_api import expect

from bcp.models import Organisation, System
from tests.browser.conftest import PHONE, Visitor, member
from tests.browser.test_every_page import faults_of

RECALL = "Product recall"
CHAIN = "Deptford power and cooling → SAN → VM cluster → Batch archive → Batch tracing"
START = re.compile("start “Batch archive” without “VM cluster”")
SHORTER = re.compile(r"recovery work of “Batch archive” from 2\sh 10\smin down to 35\smin")


def answer() -> dict[str, Any]:
    out = StringIO()
    call_command("analyse", "brightwater", stdout=out, format="json")
    systems = json.loads(out.getvalue())["systems"]
    return next(one for one in systems if one["name"] == RECALL)


def test_four_hours_are_asked_for_where_it_takes_nine_and_then_they_are_met(
    demo: Organisation, visit: Visitor
) -> None:
    assert answer()["restored_minutes"] == 9 * 60
    key = System.objects.of(demo).get(name=RECALL).pk

    executive = visit(member(demo, "executive"))
    page = executive.open(f"/o/brightwater/targets/of/{key}/propose/")
    page.locator("#id_rto_minutes").fill("4h")
    expect(page.locator("#verdict")).to_contain_text("9 h")
    expect(page.locator("#asks .chain")).to_contain_text(CHAIN)
    ways = page.locator("#asks .ways")
    ways.scroll_into_view_if_needed()
    expect(ways).to_contain_text("4 h cannot be met: it would be back after 9 h.")
    expect(ways).to_contain_text("Any one of these would do it:")
    expect(ways.locator(".offers > li")).to_have_count(4)
    expect(ways).to_contain_text(START)
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator("main")).to_contain_text("Somebody else with the right to approve")

    director = visit(member(demo, "it director"), PHONE, javascript=False)
    page = director.open(f"/o/brightwater/targets/of/{key}/ways/?rto_minutes=4h")
    offer = page.locator(".offers > li").filter(has_text=START).filter(has_text=SHORTER)
    expect(offer).to_contain_text("Then it is back after 4 h.")
    offer.get_by_role("link", name="Write this into the records").click()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Batch archive").first).to_contain_text("35 min")
    expect(rows.filter(has_text="Batch tracing")).to_contain_text("as a proposal")
    page.get_by_label("How “Batch archive” is started without “VM cluster”").fill(
        "On the spare host in Leeds, from the stick in the safe. Sofia Lindqvist."
    )
    page.get_by_role("button", name="Write it into the records").click()
    expect(page.locator("main")).to_contain_text("would now be back after 4 h")
    expect(page.locator("main")).to_contain_text("4 h can be kept: it would be back after 4 h.")

    assert answer()["restored_minutes"] <= 4 * 60
    assert executive.complaints == director.complaints == []


def test_axe_finds_nothing_on_the_offers_and_on_the_page_before_writing(
    demo: Organisation, visit: Visitor
) -> None:
    key = System.objects.of(demo).get(name=RECALL).pk
    session = visit(member(demo, "it director"))
    for viewport in (session.page.viewport_size, PHONE):
        assert viewport is not None
        session.page.set_viewport_size(viewport)
        page = session.open(f"/o/brightwater/targets/of/{key}/ways/?rto_minutes=4h")
        page.locator(".offers summary").first.click()
        assert faults_of(page) == ""
        page.get_by_role("link", name="Write this into the records").last.click()
        expect(page.locator("h1")).to_contain_text("write it into the records")
        assert faults_of(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert session.complaints == []
