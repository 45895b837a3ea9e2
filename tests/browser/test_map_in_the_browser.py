"""The map by mouse, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bcp.engine.permissions import Role
from tests.browser.conftest import Visit
from tests.conftest import Cast, make_cast
from tests.factories import make_dependency, make_system


@pytest.fixture
def firm(transactional_db: None) -> Cast:
    """Portal needs ERP, ERP needs its database; the mail stands alone."""
    cast = make_cast("acme", "Acme Foods")
    portal, erp, database, _mail = (
        make_system(cast.organisation, name, tier=1)
        for name in ("Portal", "ERP", "Database", "Mail")
    )
    make_dependency(portal, erp)
    make_dependency(erp, database)
    return cast


@pytest.fixture
def start(firm: Cast, visit: Callable[..., Visit]) -> Callable[..., tuple[Visit, Page]]:
    def open_map(**options: bool) -> tuple[Visit, Page]:
        session = visit(firm.user(Role.ENGINEER), **options)
        return session, session.open("/o/acme/map/")

    return open_map


def lit(page: Page) -> set[str]:
    names = page.locator(".map-node.is-lit .map-name")
    return set(names.all_text_contents())


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.querySelector('.map-name').textContent")
    return text


def test_pointing_at_a_system_lights_what_it_needs_and_who_needs_it(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    session, page = start()
    page.locator(".map-node", has_text="ERP").hover()
    expect(page.locator(".map.is-pointing")).to_have_count(1)
    assert lit(page) == {"Portal", "ERP", "Database"}
    page.mouse.move(2, 2)
    expect(page.locator(".map.is-pointing")).to_have_count(0)
    assert session.complaints == []


def test_arrow_keys_walk_along_the_dependencies(start: Callable[..., tuple[Visit, Page]]) -> None:
    _session, page = start()
    page.locator("#map svg a", has_text="Portal").focus()
    assert lit(page) == {"Portal", "ERP", "Database"}
    page.keyboard.press("ArrowDown")
    assert focused(page) == "ERP"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Database"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "ERP"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Map around “ERP”")


def test_the_map_grows_and_shrinks_by_button_and_by_key(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    _session, page = start()
    picture = page.locator("#map svg.map")

    def width() -> float:
        return float(picture.get_attribute("width") or 0)

    before = width()
    page.get_by_role("button", name="Larger").click()
    assert width() == pytest.approx(before * 1.25)
    page.locator("#map .drawing").focus()
    page.keyboard.press("-")
    assert width() == pytest.approx(before)


def test_without_scripts_every_system_is_a_link_and_no_button_is_dead(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    _session, page = start(javascript=False)
    expect(page.get_by_role("button", name="Larger")).to_be_hidden()
    page.locator("#map svg a", has_text="ERP").click()
    expect(page.locator("h1")).to_have_text("Map around “ERP”")
