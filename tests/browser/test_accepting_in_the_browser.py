"""An executive accepts gaps in the real browser: by keyboard alone, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bcp.engine.permissions import Role
from bcp.models import GapAcceptance, System
from bcp.services import systems
from tests.browser.conftest import NARROWEST, Visitor
from tests.conftest import Cast, make_cast
from tests.factories import make_system

GAPS = "/o/acme/gaps/?code=owner_missing"


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    cast = make_cast("acme", "Acme Foods")
    for name in ("ERP", "CRM", "SAN"):
        make_system(cast.organisation, name, tier=1)
    return cast


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement; return (e.getAttribute('aria-label')"
            " || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').trim(); }"
        )
        if re.match(name, focused):
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_two_gaps_are_ticked_and_accepted_by_keyboard_alone(acme: Cast, visit: Visitor) -> None:
    session = visit(acme.user(Role.EXECUTIVE))
    page = session.open(GAPS)
    for name in ("CRM", "ERP"):
        tab_to(page, f"Choose {name}")
        page.keyboard.press("Space")
    tab_to(page, "Accept the ticked")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Accept 2 gaps")
    assert not Axe().run(page).response["violations"]
    tab_to(page, "Why it is accepted")
    page.keyboard.type("Both are sold in spring")
    tab_to(page, "Accept 2 gaps")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("2 gaps are accepted.")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert {one.reason for one in GapAcceptance.objects.all()} == {"Both are sold in spring"}
    assert session.complaints == []


def test_one_is_accepted_and_taken_back_without_javascript_on_a_phone(
    acme: Cast, visit: Visitor
) -> None:
    session = visit(acme.user(Role.EXECUTIVE), NARROWEST, javascript=False)
    page = session.open(GAPS + "&q=SAN")
    page.get_by_role("link", name=re.compile(r"^Accept\s*: SAN")).click()
    page.locator("#id_reason").fill("It is sold in spring")
    page.get_by_role("button", name="Accept it").click()
    session.open("/o/acme/gaps/accepted/")
    page.get_by_role("link", name=re.compile("^SAN")).click()
    expect(page.locator("main")).to_contain_text("It is sold in spring")
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    page.locator("#id_reason").fill("The buyer stepped back")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("The buyer stepped back")
    assert GapAcceptance.objects.get().ended_reason == "The buyer stepped back"


def test_what_changed_meanwhile_is_shown_and_nothing_typed_is_lost(
    acme: Cast, visit: Visitor
) -> None:
    session = visit(acme.user(Role.EXECUTIVE), NARROWEST)
    page = session.open("/o/acme/gaps/?code=target_missing&q=SAN")
    page.get_by_role("link", name=re.compile(r"^Accept\s*: SAN")).click()
    page.locator("#id_reason").fill("It is sold in spring")
    san = System.objects.get(name="SAN")
    systems.change(acme.organisation, san.pk, {"tier": 2}, seen_version=1, by=acme.actor())
    page.get_by_role("button", name="Accept it").click()
    conflict = page.locator(".conflict")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("tier 1 and has no approved target")
    expect(conflict).to_contain_text("tier 2 and has no approved target")
    expect(page.locator("#id_reason")).to_have_value("It is sold in spring")
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    page.get_by_role("button", name="Accept it").click()
    expect(page.locator(".messages")).to_contain_text("1 gap is accepted.")
