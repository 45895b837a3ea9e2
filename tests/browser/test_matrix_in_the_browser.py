"""The matrix of backups by mouse, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bcp.engine.permissions import Role
from tests.browser.conftest import NARROWEST, Visit
from tests.conftest import Cast, make_cast
from tests.factories import make_copy, make_system

DAY = 1440


@pytest.fixture
def firm(transactional_db: None) -> Cast:
    cast = make_cast("acme", "Acme Foods")
    store = make_system(cast.organisation, "ERP DB", kind="data store", tier=1)
    make_copy(store, "nightly", interval_minutes=DAY, run_minutes=60, lag_minutes=0)
    return cast


def test_reasons_open_beside_the_matrix_and_give_the_focus_back(
    firm: Cast, visit: Callable[..., Visit]
) -> None:
    session = visit(firm.user(Role.ENGINEER))
    page = session.open("/o/acme/backups/")
    figure = page.locator("a.loss").first
    figure.focus()
    page.keyboard.press("Enter")
    beside = page.get_by_role("dialog", name="ERP DB: Own failure")
    expect(beside).to_be_visible()
    expect(beside).to_contain_text("the copy “nightly” of “ERP DB” decides")
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    page.keyboard.press("Escape")
    expect(beside).not_to_be_visible()
    expect(figure).to_be_focused()
    assert session.complaints == []


def test_reasons_fit_the_narrowest_phone(firm: Cast, visit: Callable[..., Visit]) -> None:
    session = visit(firm.user(Role.ENGINEER), NARROWEST)
    page = session.open("/o/acme/backups/")
    page.locator("a.loss").first.click()
    beside = page.get_by_role("dialog")
    expect(beside).to_be_visible()
    assert beside.evaluate("one => one.scrollWidth") <= NARROWEST["width"]


def test_without_scripts_a_figure_leads_to_a_page(firm: Cast, visit: Callable[..., Visit]) -> None:
    page = visit(firm.user(Role.ENGINEER), javascript=False).open("/o/acme/backups/")
    page.locator("a.loss").first.click()
    expect(page.get_by_role("heading", name="ERP DB: Own failure")).to_be_visible()


def test_an_own_scenario_is_put_together_row_by_row_without_scripts(
    firm: Cast, visit: Callable[..., Visit]
) -> None:
    page = visit(firm.user(Role.ENGINEER), javascript=False).open("/o/acme/scenarios/new/")
    page.get_by_label("Name").fill("Everything at once")
    page.get_by_label("What happens", exact=True).nth(0).select_option("ransomware")
    page.get_by_label("of ransomware: inside for").nth(0).fill("7d")
    page.get_by_role("button", name="Add a part").click()
    expect(page.get_by_label("of ransomware: inside for").nth(0)).to_have_value("7d")
    page.get_by_label("What happens", exact=True).nth(2).select_option("stolen_credentials")
    page.get_by_label("Tier 1").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Everything at once")).to_be_visible()
    expect(page.get_by_text("ransomware that was inside for 7 d")).to_be_visible()
    page.goto(page.url.split("/scenarios/")[0] + "/backups/")
    expect(page.get_by_role("columnheader", name="Everything at once")).to_be_visible()
