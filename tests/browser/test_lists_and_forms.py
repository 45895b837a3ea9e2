"""What the scripts add to lists, menus and forms, and that all of it works without them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bcp.engine.permissions import Role
from bcp.models import System
from tests.browser.conftest import NARROWEST, Visit
from tests.conftest import Cast
from tests.factories import make_system

LIST = "/o/acme/systems/"


@pytest.fixture
def page(acme: Cast, visit: Callable[..., Visit]) -> Page:
    for name in ("ERP database", "Mail", "SAN"):
        make_system(acme.organisation, name)
    return visit(acme.user(Role.IT_DIRECTOR)).open(LIST)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_slash_goes_to_the_search_but_is_typed_where_one_writes(page: Page) -> None:
    page.keyboard.press("/")
    assert focused(page) == "search"
    page.keyboard.type("a/b")
    assert page.input_value("#search") == "a/b"


def test_the_list_follows_the_typing_and_the_address_keeps_it(page: Page) -> None:
    page.fill("#id_q", "data")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/systems/?q=data")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_count_of_the_overview_leads_to_as_many_systems(page: Page) -> None:
    page.goto(page.url.replace("systems/", ""))
    count = page.get_by_role("link", name="3 Neither")
    count.click()
    assert page.url.endswith("/systems/?readiness=neither")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_rows_are_ticked_all_at_once_and_counted(page: Page) -> None:
    page.click("[data-tick-all]")
    expect(page.locator("[data-ticked]")).to_have_text("✓ 3")
    page.get_by_label("Choose Mail").uncheck()
    expect(page.locator("[data-ticked]")).to_have_text("✓ 2")
    page.click("text=Change the ticked…")
    expect(page.locator("h1")).to_have_text("Change 2 entries")


def test_a_menu_closes_by_escape_and_gives_the_focus_back(page: Page) -> None:
    summary = page.locator(".user-menu summary")
    summary.click()
    expect(page.locator(".user-menu .menu-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".user-menu .menu-panel")).to_be_hidden()
    assert summary.evaluate("item => item === document.activeElement")


def test_a_problem_takes_the_focus_and_leads_to_its_field(page: Page) -> None:
    page.goto(page.url + "new/")
    page.fill("#id_name", "ERP")
    page.fill("#id_recovery_minutes", "soon")
    page.click("text=Save >> nth=0")
    expect(page.locator(".error-summary")).to_be_focused()
    page.click(".error-summary a")
    assert focused(page) == "id_recovery_minutes"


def test_the_first_key_leads_past_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_without_scripts_one_searches_filters_adds_and_takes_back(
    acme: Cast, visit: Callable[..., Visit]
) -> None:
    make_system(acme.organisation, "Mail", kind="network")
    page = visit(acme.user(Role.IT_DIRECTOR), NARROWEST, javascript=False).open(LIST)
    page.fill("#id_q", "mail")
    page.click("text=Filters")
    page.get_by_label("Network", exact=True).check()
    page.get_by_role("button", name="Search", exact=True).click()
    assert page.locator("tbody tr").count() == 1
    page.click("text=Add several quickly")
    page.fill("#quick_name", "ERP")
    page.get_by_role("button", name="Add", exact=True).click()
    assert "“ERP” has been added." in page.inner_text(".messages")
    page.goto(page.url.split("?")[0])
    page.click("tbody >> text=ERP")
    page.click("text=More")
    page.click("text=Retire")
    page.click("text=Undo")
    assert System.objects.of(acme.organisation).get(name="ERP").status == "live"
