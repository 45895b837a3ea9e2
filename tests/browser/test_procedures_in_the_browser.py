"""A procedure by the keyboard alone: begun, written, a step moved, and approved by a second
person."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from bcp.engine.permissions import Role
from bcp.models import Procedure
from tests.browser.conftest import NARROWEST, Visit
from tests.conftest import Cast
from tests.factories import make_system


def press(page: Page, words: str) -> None:
    """Activate a button or link as the keyboard does."""
    found = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words))
    found.last.focus()
    page.keyboard.press("Enter")


def test_a_procedure_is_written_by_the_keyboard_and_approved_by_a_second_person(
    acme: Cast, visit: Callable[..., Visit]
) -> None:
    system = make_system(acme.organisation, "ERP")
    author = visit(acme.user(Role.ENGINEER), NARROWEST)
    page = author.open(f"/o/acme/systems/{system.pk}/?tab=procedure")
    press(page, "Write its procedure")
    press(page, "Begin the draft")
    page.fill("#id_steps-0-instruction", "Start the database")
    page.fill("#id_steps-0-minutes", "1h 30m")
    press(page, "Add a step")
    expect(page.locator("#id_steps-1-instruction")).to_be_focused()
    page.keyboard.type("Open the gate")
    press(page, "Move up")
    expect(page.locator("#id_steps-0-instruction")).to_have_value("Open the gate")
    expect(page.locator("button[value=down-0]")).to_be_focused()
    page.focus("#id_steps-0-minutes")
    page.keyboard.type("5 min")
    page.keyboard.press("Enter")
    expect(page.locator(".procedure > li")).to_have_count(2)
    draft = Procedure.objects.get()
    assert [step.minutes for step in draft.steps.order_by("position")] == [5, 90]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    approver = visit(acme.user(Role.IT_DIRECTOR), javascript=False)
    page = approver.open(f"/o/acme/procedures/{draft.pk}/")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".standing").first).to_contain_text("approved")
    assert not author.complaints
    assert not approver.complaints
