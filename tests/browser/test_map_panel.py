"""The panel beside a map: facts and edits without leaving the drawing, by key, with and without
scripts, and when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bcp.engine.permissions import Role
from bcp.models import Dependency, System
from bcp.services import dependencies, systems
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_every_page import faults_of
from tests.conftest import Cast, make_cast
from tests.factories import make_dependency, make_system

Start = Callable[..., tuple[Visit, Page]]


@pytest.fixture
def firm(transactional_db: None) -> Cast:
    """The portal needs the ERP; the database and the mail stand alone."""
    cast = make_cast("acme", "Acme Foods")
    portal, erp, _database, _mail = (
        make_system(cast.organisation, name, tier=1)
        for name in ("Portal", "ERP", "Database", "Mail")
    )
    make_dependency(portal, erp)
    return cast


@pytest.fixture
def start(firm: Cast, visit: Callable[..., Visit]) -> Start:
    def open_map(*args: Any, **options: bool) -> tuple[Visit, Page]:
        session = visit(firm.user(Role.ENGINEER), *args, **options)
        return session, session.open("/o/acme/map/")

    return open_map


def node(page: Page, name: str) -> Locator:
    written = page.locator(".map-name").get_by_text(name, exact=True)
    return page.locator("#map svg a", has=written)


def open_panel(page: Page, name: str) -> Locator:
    node(page, name).click()
    panel = page.locator("#map-panel")
    expect(panel.get_by_role("heading", name=name, exact=True)).to_be_focused()
    return panel


def drawn(page: Page, *sentences: str) -> None:
    """The drawing comes to say exactly this of who needs whom."""
    edges = page.locator("#map .map-edge")
    expect(edges).to_have_count(len(sentences))
    for sentence in sentences:
        expect(edges.filter(has_text=sentence)).to_have_count(1)


def test_enter_opens_the_facts_and_escape_returns_to_the_system(start: Start) -> None:
    session, page = start()
    node(page, "ERP").focus()
    page.keyboard.press("Enter")
    panel = page.locator("#map-panel")
    expect(panel.get_by_role("heading", name="ERP", exact=True)).to_be_focused()
    expect(panel).to_contain_text("Against its target")
    expect(node(page, "ERP")).to_have_attribute("aria-current", "true")
    assert page.url.endswith("/o/acme/map/")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(node(page, "ERP")).to_be_focused()
    assert session.complaints == []


def test_what_is_needed_is_added_changed_removed_and_taken_back(start: Start, firm: Cast) -> None:
    session, page = start()
    panel = open_panel(page, "ERP")
    said = page.locator("#map-said")

    panel.get_by_role("link", name="Add what it needs").click()
    panel.get_by_label("needs").fill("Data")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert")).to_be_focused()
    expect(panel.get_by_role("alert")).to_contain_text("There is no “Data” here")
    panel.get_by_label("needs").fill("Database")
    panel.get_by_role("button", name="Save").click()
    expect(said).to_have_text("“ERP → Database” has been added. The map is drawn anew.")
    drawn(page, "Portal⁩ needs", "ERP⁩ needs ⁨Database⁩: to rebuild")
    expect(page.locator("#map-tables")).to_contain_text("Database")

    panel.get_by_role("link", name="Change or add a note ERP → Database").click()
    panel.get_by_label("Needed to").select_option("run")
    panel.get_by_label("Bootstrap note").fill("Start by the console.")
    panel.get_by_role("button", name="Save").click()
    expect(said).to_have_text("“ERP → Database” has been changed. The map is drawn anew.")
    drawn(page, "Portal⁩ needs", "has a bootstrap note")
    expect(panel).to_contain_text("Start by the console.")

    panel.get_by_role("link", name="Remove ERP → Database").click()
    panel.get_by_role("button", name="Remove the dependency").click()
    expect(said).to_have_text("“ERP → Database” has been deleted. The map is drawn anew.")
    drawn(page, "Portal⁩ needs")
    panel.get_by_role("button", name="Undo").click()
    expect(said).to_have_text("“ERP → Database” is as it was before. The map is drawn anew.")
    drawn(page, "Portal⁩ needs", "has a bootstrap note")

    assert Dependency.objects.of(firm.organisation).filter(needed_to="run").count() == 1
    assert page.url.endswith("/o/acme/map/")
    expect(node(page, "ERP")).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(node(page, "ERP")).to_be_focused()
    refused = [one for one in session.complaints if "422" not in one]
    assert refused == []


def test_an_addition_is_taken_back_from_the_panel(start: Start, firm: Cast) -> None:
    _session, page = start()
    panel = open_panel(page, "ERP")
    panel.get_by_role("link", name="Add what it needs").click()
    panel.get_by_label("needs").fill("Mail")
    panel.get_by_role("button", name="Save").click()
    drawn(page, "Portal⁩ needs", "ERP⁩ needs ⁨Mail")
    panel.get_by_role("button", name="Undo").click()
    drawn(page, "Portal⁩ needs")
    assert Dependency.objects.of(firm.organisation).count() == 1


def test_the_size_and_the_place_stay_when_the_map_is_drawn_anew(start: Start) -> None:
    _session, page = start()
    for _time in range(4):
        page.get_by_role("button", name="Larger").click()
    panel = open_panel(page, "Portal")
    scale = "s => s.getAttribute('width') / s.viewBox.baseVal.width"
    size = page.locator("#map svg.map").evaluate(scale)
    place = node(page, "Portal").bounding_box()
    panel.get_by_role("link", name="Remove Portal → ERP").click()
    panel.get_by_role("button", name="Remove the dependency").click()
    drawn(page)
    assert page.locator("#map svg.map").evaluate(scale) == pytest.approx(size)
    now = node(page, "Portal").bounding_box()
    assert place
    assert now
    frame = page.locator("#map .drawing").bounding_box()
    assert frame
    assert frame["x"] <= now["x"] + now["width"] / 2 <= frame["x"] + frame["width"]


def test_somebody_quicker_is_shown_in_the_panel(start: Start, firm: Cast) -> None:
    _session, page = start()
    panel = open_panel(page, "ERP")
    panel.get_by_role("link", name="Change or add a note Portal → ERP").click()
    panel.get_by_label("Bootstrap note").fill("Mine")
    edge = Dependency.objects.of(firm.organisation).get()
    dependencies.change(
        firm.organisation, edge.pk, {"bootstrap": "Theirs"}, seen_version=1, by=firm.actor()
    )
    panel.get_by_role("button", name="Save").click()
    conflict = panel.get_by_role("alert")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("Theirs")
    expect(panel.get_by_label("Bootstrap note")).to_have_value("Mine")
    drawn(page, "has a bootstrap note")  # the drawing knows of the other's edit by now
    panel.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("#map-said")).to_contain_text("has been changed")
    edge.refresh_from_db()
    assert edge.bootstrap == "Mine"


def test_what_was_typed_is_not_lost_by_a_slip(start: Start) -> None:
    _session, page = start()
    panel = open_panel(page, "ERP")
    panel.get_by_role("link", name="Add what it needs").click()
    panel.get_by_label("needs").fill("Mail")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    node(page, "Database").click()
    expect(panel.get_by_label("needs")).to_have_value("Mail")
    assert asked == ["What you typed is not saved. Leave it?"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_what_is_being_sent_is_sent_once_and_waited_for(start: Start, firm: Cast) -> None:
    _session, page = start()
    panel = open_panel(page, "ERP")
    panel.get_by_role("link", name="Add what it needs").click()
    panel.get_by_label("needs").fill("Mail")
    held: list[Route] = []
    page.route("**/needs/*", lambda route: held.append(route))
    save = panel.get_by_role("button", name="Save")
    save.click()
    expect(panel.get_by_text("Loading …")).to_be_visible()
    save.click()
    node(page, "Database").click()
    page.keyboard.press("Escape")
    expect(panel.get_by_label("needs")).to_have_value("Mail")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#map-said")).to_contain_text("“ERP → Mail” has been added.")
    assert Dependency.objects.of(firm.organisation).count() == 2


def test_no_answer_is_said_and_asked_for_again(start: Start) -> None:
    _session, page = start()
    page.route("**/map/systems/**", lambda route: route.abort())
    node(page, "ERP").click()
    fault = page.locator("#map-panel").get_by_role("alert")
    expect(fault).to_contain_text("The server could not be reached.")
    expect(fault.get_by_role("link", name="Open it as a page")).to_be_visible()
    page.unroute("**/map/systems/**")
    fault.get_by_role("button", name="Try again").click()
    expect(
        page.locator("#map-panel").get_by_role("heading", name="ERP", exact=True)
    ).to_be_focused()
    expect(fault).to_be_hidden()


def test_a_system_deleted_meanwhile_is_said_to_be_gone(start: Start, firm: Cast) -> None:
    _session, page = start()
    mail = System.objects.of(firm.organisation).get(name="Mail")
    systems.delete(firm.organisation, mail.pk, seen_version=mail.version, by=firm.actor())
    node(page, "Mail").click()
    expect(page.locator("#map-panel").get_by_role("alert")).to_contain_text("There is no such page")
    expect(node(page, "Mail")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#map .drawing")).to_be_focused()


def test_without_scripts_the_same_is_done_on_pages(start: Start, firm: Cast) -> None:
    _session, page = start(javascript=False)
    node(page, "ERP").click()
    expect(page.locator("h1")).to_have_text("ERP")
    page.get_by_role("link", name="Add what it needs").click()
    page.get_by_label("needs").fill("Mail")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("ERP")
    expect(page.get_by_role("status")).to_contain_text("“ERP → Mail” has been added.")
    page.get_by_role("link", name="Change or add a note ERP → Mail").click()
    page.get_by_label("Needed to").select_option("full service")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove ERP → Mail").click()
    page.get_by_role("button", name="Remove the dependency").click()
    page.get_by_role("button", name="Undo").click()
    edge = Dependency.objects.of(firm.organisation).get(dependent__name="ERP")
    assert edge.needed_to == "full service"
    page.get_by_role("link", name="Back to the map").click()
    drawn(page, "Portal⁩ needs", "ERP⁩ needs ⁨Mail⁩: for full service")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_the_open_panel(start: Start, viewport: dict[str, int] | None) -> None:
    session, page = start(*([viewport] if viewport else []))
    panel = open_panel(page, "ERP")
    assert faults_of(page) == ""
    expect(node(page, "ERP")).to_be_in_viewport()
    panel.get_by_role("link", name="Change or add a note Portal → ERP").click()
    expect(panel.get_by_label("Bootstrap note")).to_be_visible()
    assert faults_of(page) == ""
    if viewport:  # a sheet from below, above which the system can still be seen
        sheet, system = panel.bounding_box(), node(page, "ERP").bounding_box()
        assert sheet
        assert system
        assert sheet["y"] + sheet["height"] == pytest.approx(viewport["height"], abs=1)
        assert system["y"] + system["height"] <= sheet["y"]
    assert session.complaints == []
