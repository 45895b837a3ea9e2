"""The interview about a business process by the keyboard alone, and without scripts on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from bcp.engine.impacts import Category
from bcp.engine.permissions import Role
from bcp.queries import impacts as reads
from bcp.services import impacts
from tests.browser.conftest import NARROWEST, Visitor
from tests.conftest import Cast
from tests.factories import answer_everything, make_system

MOST_TABS = 60
NOT_WITHIN, NOT_KNOWN = -2, -1
"""Of the radios, counted from the last."""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what says exactly that has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"“{words}” cannot be reached by Tab")


def go(page: Page, words: str) -> None:
    """Follow a link or press a button as the keyboard does."""
    address = page.url
    tab_to(page, words)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda now: now != address)


def choose(page: Page, place: int) -> None:
    """Tab into the radios and move to that one; past the first, upwards leads to the last."""
    while page.evaluate("document.activeElement.type") != "radio":
        page.keyboard.press("Tab")
    if place == 0:
        page.keyboard.press("Space")
    for _press in range(abs(place)):
        page.keyboard.press("ArrowDown" if place > 0 else "ArrowUp")


def answer(page: Page, place: int) -> None:
    address = page.url
    choose(page, place)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda now: now != address)


def write(page: Page, *texts: str) -> None:
    """Tab from field to field and type."""
    for text in texts:
        page.keyboard.press("Tab")
        page.keyboard.type(text)


def test_an_executive_answers_and_confirms_by_the_keyboard_alone(
    acme: Cast, visit: Visitor
) -> None:
    payroll = make_system(acme.organisation, "Payroll", kind="business process")
    session = visit(acme.user(Role.EXECUTIVE))
    page = session.open("/o/acme/impacts/")
    heading = page.locator("h1")
    go(page, "Answer: Payroll")

    expect(heading).to_have_text(
        "How long can “Payroll” be down before the loss of money is noticed?"
    )
    for place in (1, 0, 1, 1):  # 4 h; the choices begin there: 4 h; 8 h; then 1 d
        answer(page, place)
    expect(heading).to_contain_text("before other work is disturbed?")
    answer(page, NOT_WITHIN)
    expect(heading).to_contain_text("before clients notice?")
    answer(page, NOT_KNOWN)
    expect(heading).to_contain_text("before clients are seriously affected?")
    answer(page, NOT_WITHIN)
    answer(page, NOT_WITHIN)
    expect(page.locator(".course")).to_contain_text("Reputation")
    go(page, "Back")
    expect(page.get_by_label("Not within two weeks")).to_be_checked()
    go(page, "Save and leave")

    expect(page.locator(".messages")).to_contain_text("Go on whenever you like")
    go(page, "Go on: Payroll")
    expect(heading).to_contain_text("before people outside talk about it?")
    answer(page, NOT_WITHIN)

    expect(heading).to_have_text("What does an hour without “Payroll” cost?")
    choose(page, 0)
    write(page, "1200")
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("matters more than usual?")
    choose(page, 1)
    write(page, "Month end", "last days", "9000")
    tab_to(page, "Add another peak")
    page.keyboard.press("Enter")
    expect(page.locator("#id_peaks-1-name")).to_be_focused()
    page.keyboard.type("Christmas")
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("to work off what has piled up?")
    answer(page, 0)

    expect(page.locator(".verdict .figure").first).to_have_text("8 hours")
    expect(page.locator(".verdict")).to_contain_text(
        "After 8 hours the loss of money is intolerable."
    )
    expect(page.locator(".peak-list li")).to_have_count(2)
    tab_to(page, "Confirm the answers")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("are confirmed")
    expect(page.get_by_role("link", name="Propose 8 hours as the target")).to_be_visible()
    assert session.complaints == []

    now = reads.of_process(acme.organisation, payroll.pk)
    assert now is not None
    assert now.is_confirmed
    assert now.given.reached[Category.FINANCIAL] == {1: 240, 2: 240, 3: 480, 4: 1440}
    assert now.given.reached[Category.CLIENTS] == {1: None, 2: -1}
    assert [peak.cost_per_hour for peak in now.peaks] == [9000, None]


def test_without_scripts_on_a_phone_a_contradiction_is_said_and_asked_again(
    acme: Cast, visit: Visitor
) -> None:
    payroll = make_system(acme.organisation, "Payroll", kind="business process")
    answer_everything(payroll, acme.user(Role.IT_DIRECTOR))
    page = visit(acme.user(Role.EXECUTIVE), NARROWEST, javascript=False).open(
        f"/o/acme/impacts/{payroll.pk}/"
    )
    page.click("a[href*='/clients-1/']")
    impacts.answer_cost(
        acme.organisation, payroll.pk, None, "?", seen_version=None, by=acme.actor()
    )
    page.get_by_label("1 day").check()
    page.get_by_role("button", name="Save and continue").click()
    assert "Somebody else answered" in page.inner_text(".conflict")
    assert page.get_by_label("1 day").is_checked()
    page.get_by_role("button", name="Save mine over it").click()
    assert "it is asked again" in page.inner_text(".messages")
    page.get_by_role("button", name="Save and continue").click()
    assert "Choose one of the answers" in page.inner_text(".error-summary")
    page.get_by_label("1 day").check()
    page.get_by_role("button", name="Save and continue").click()
    assert page.inner_text("h1") == "Business impact of “Payroll”"
    page.get_by_role("button", name="Confirm the answers").click()
    assert "are confirmed" in page.inner_text(".messages")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
