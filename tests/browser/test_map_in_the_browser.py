"""The map by mouse, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bcp.engine.permissions import Role
from bcp.models import System
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


def node(page: Page, name: str) -> Locator:
    """The system of that name; its title says much more than the name."""
    written = page.locator(".map-name").get_by_text(name, exact=True)
    return page.locator("#map svg a", has=written)


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.querySelector('.map-name').textContent")
    return text


def test_pointing_at_a_system_lights_what_it_needs_and_who_needs_it(
    firm: Cast, start: Callable[..., tuple[Visit, Page]]
) -> None:
    """All the way up and all the way down, and nothing that is reached by turning round."""
    mail, database = (
        System.objects.of(firm.organisation).get(name=name) for name in ("Mail", "Database")
    )
    make_dependency(mail, database)
    session, page = start()
    node(page, "ERP").hover()
    expect(page.locator(".map.is-pointing")).to_have_count(1)
    assert lit(page) == {"Portal", "ERP", "Database"}
    expect(page.locator(".map-edge.is-lit")).to_have_count(2)
    node(page, "Mail").hover()
    assert lit(page) == {"Mail", "Database"}
    expect(page.locator(".map-edge.is-lit")).to_have_count(1)
    page.mouse.move(2, 2)
    expect(page.locator(".map.is-pointing")).to_have_count(0)
    assert session.complaints == []


def test_arrow_keys_walk_along_the_dependencies(start: Callable[..., tuple[Visit, Page]]) -> None:
    _session, page = start()
    node(page, "Portal").focus()
    assert lit(page) == {"Portal", "ERP", "Database"}
    page.keyboard.press("ArrowDown")
    assert focused(page) == "ERP"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Database"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "ERP"


def test_arrow_keys_reach_what_no_line_leads_to(start: Callable[..., tuple[Visit, Page]]) -> None:
    """From any system to any other: rows are walked along, and where no line leads on, crossed."""
    _session, page = start()
    keys = {"ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"}
    reached, waiting = {"Portal"}, ["Portal"]
    while waiting:
        name = waiting.pop()
        for key in keys:
            node(page, name).focus()
            page.keyboard.press(key)
            if (there := focused(page)) not in reached:
                reached.add(there)
                waiting.append(there)
    assert reached == {"Portal", "ERP", "Database", "Mail"}


def test_a_system_is_found_on_the_map_by_what_is_said_of_it(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    _session, page = start()
    node(page, "Portal").focus()
    page.keyboard.press("f")
    field = page.get_by_label("Find on this map")
    expect(field).to_be_focused()
    page.keyboard.type("tab")
    expect(page.locator(".map-node.is-found .map-name")).to_have_text(["Database"])
    expect(page.locator("#map-found")).to_have_text("Found: 1")
    page.keyboard.press("Enter")
    assert focused(page) == "Database"
    field.fill("application")
    expect(page.locator("#map-found")).to_have_text("Found: 4")
    field.fill("nowhere")
    expect(page.locator("#map-found")).to_have_text("Not on this map")
    field.fill("")
    expect(page.locator("#map-found")).to_be_empty()
    expect(page.locator(".map-node.is-found")).to_have_count(0)


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


def test_dragging_moves_the_map_and_opens_nothing(start: Callable[..., tuple[Visit, Page]]) -> None:
    _session, page = start()
    for _time in range(6):
        page.get_by_role("button", name="Larger").click()
    box = page.locator("#map .drawing")
    before = box.evaluate("box => [box.scrollLeft, box.scrollTop]")
    node(page, "ERP").hover()
    page.mouse.down()
    page.mouse.move(400, 400, steps=4)
    page.mouse.up()
    assert box.evaluate("box => [box.scrollLeft, box.scrollTop]") != before
    expect(page.locator("#map-panel")).to_be_hidden()


def test_two_fingers_make_the_map_larger(start: Callable[..., tuple[Visit, Page]]) -> None:
    _session, page = start()
    picture = page.locator("#map svg.map")
    before = picture.bounding_box()
    assert before
    fingers = page.context.new_cdp_session(page)
    x, y = before["x"] + before["width"] / 2, before["y"] + 40

    def touch(kind: str, *apart: int) -> None:
        points = [{"x": x + side * one, "y": y} for one in apart for side in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 20)
    touch("touchMove", 30)
    touch("touchMove", 40)
    touch("touchEnd")
    width = "svg => svg.getBoundingClientRect().width"
    assert picture.evaluate(width) == pytest.approx(2 * before["width"], rel=0.02)


def test_without_scripts_every_system_is_a_link_and_no_button_is_dead(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    _session, page = start(javascript=False)
    expect(page.get_by_role("button", name="Larger")).to_be_hidden()
    for tool in ("Find on this map", "Keys on the map"):
        expect(page.get_by_text(tool)).to_be_hidden()
    node(page, "ERP").click()
    expect(page.locator("h1")).to_have_text("ERP")
    page.get_by_role("link", name="Draw the map around it").click()
    expect(page.locator("h1")).to_have_text("Map around “ERP”")


def test_groups_light_up_and_open_without_scripts_too(
    start: Callable[..., tuple[Visit, Page]],
) -> None:
    session, page = start()
    page.get_by_role("link", name="By kind").click()
    node(page, "Application").hover()
    assert lit(page) == {"Application"}
    assert session.complaints == []
    _bare, page = start(javascript=False)
    page.get_by_role("link", name="By kind").click()
    node(page, "Application").click()
    expect(page.locator("h1")).to_have_text("Map: Application")


def test_the_map_that_is_shown_is_saved_as_a_file(start: Callable[..., tuple[Visit, Page]]) -> None:
    _session, page = start()
    with page.expect_download() as download:
        page.get_by_role("link", name="GraphML").click()
    assert download.value.suggested_filename == "acme-map-of-all-systems.graphml"
