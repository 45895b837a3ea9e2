"""A board meeting in the browser: tick, see what the ticked ones change together, confirm who one
is, sign; by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget
from bcp.services import targets
from tests.browser.conftest import NARROWEST, Visit
from tests.browser.test_every_page import faults_of
from tests.conftest import PASSWORD, Cast
from tests.factories import make_dependency, make_system

REVIEW = "/o/acme/targets/review/"


@pytest.fixture
def proposals(acme: Cast) -> list[RecoveryTarget]:
    """Two that contradict each other, one that does not, and one of the executive's own."""
    cache.clear()  # rate limits count in it, and tests share it
    erp, database, mail, wiki = (
        make_system(acme.organisation, name, recovery_minutes=60, tier=1)
        for name in ("ERP", "Database", "Mail", "Wiki")
    )
    make_dependency(erp, database)
    wanted = (
        (erp, 300, Role.IT_DIRECTOR),
        (database, 600, Role.IT_DIRECTOR),
        (mail, 240, Role.IT_DIRECTOR),
        (wiki, 240, Role.EXECUTIVE),
    )
    return [
        targets.propose(
            acme.organisation, system.pk, rto_minutes=rto, rpo_minutes=None, by=acme.actor(role)
        )
        for system, rto, role in wanted
    ]


def approved() -> set[str]:
    rows = RecoveryTarget.objects.filter(state="approved")
    return set(rows.values_list("system__name", flat=True))


def test_what_the_ticked_ones_change_together_follows_the_ticks(
    acme: Cast, proposals: list[RecoveryTarget], visit: Callable[..., Visit]
) -> None:
    session = visit(acme.user(Role.EXECUTIVE))
    page = session.open(REVIEW)
    together = page.locator("#together")
    expect(together).to_contain_text("Nothing is ticked yet.")
    expect(page.get_by_label("Choose Wiki")).to_have_count(0)
    page.get_by_label("Choose ERP").check()
    expect(together).to_contain_text("If this 1 proposal is approved:")
    page.get_by_label("Choose Database").check()
    expect(together).to_contain_text("1 contradiction between them:")
    expect(page.locator("#bulk button").first).to_have_text("Approve the ticked (2)…")
    page.click("[data-tick-all]")
    expect(together).to_contain_text("If these 3 proposals are approved together:")
    assert faults_of(page) == ""
    assert session.complaints == []


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until that control has the focus."""
    reached = page.locator(":focus").and_(control)
    for _press in range(80):
        page.keyboard.press("Tab")
        if reached.count():
            return
    raise AssertionError(f"no way to {control} by keyboard")


def test_a_board_signs_by_keyboard_alone(
    acme: Cast, proposals: list[RecoveryTarget], visit: Callable[..., Visit]
) -> None:
    session = visit(acme.user(Role.EXECUTIVE))
    page = session.open(REVIEW)
    for name in ("Choose ERP", "Choose Mail"):
        tab_to(page, page.get_by_label(name))
        page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Approve the ticked"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Approve 2 targets")
    assert faults_of(page) == ""
    tab_to(page, page.get_by_role("link", name="Confirm that it is you"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    assert faults_of(page) == ""
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Approve 2 targets")
    assert approved() == set()
    tab_to(page, page.get_by_role("button", name="approve these 2 targets for Acme Foods"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Minutes of the decision")
    assert approved() == {"ERP", "Mail"}
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    assert faults_of(page) == ""
    assert session.complaints == []


def test_a_board_signs_without_scripts(
    acme: Cast, proposals: list[RecoveryTarget], visit: Callable[..., Visit]
) -> None:
    page = visit(acme.user(Role.EXECUTIVE), javascript=False).open(REVIEW)
    page.get_by_label("Choose ERP").check()
    page.get_by_label("Choose Database").check()
    page.get_by_role("button", name="Show what they change together").click()
    expect(page.locator("#together")).to_contain_text("1 contradiction between them:")
    expect(page.get_by_label("Choose ERP")).to_be_checked()
    page.get_by_role("button", name="Approve the ticked").click()
    page.get_by_role("link", name="Confirm that it is you").click()
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="approve these 2 targets").click()
    expect(page.locator("h1")).to_have_text("Minutes of the decision")
    assert approved() == {"ERP", "Database"}


def test_the_ticked_are_sent_back_from_the_same_table(
    acme: Cast, proposals: list[RecoveryTarget], visit: Callable[..., Visit]
) -> None:
    page = visit(acme.user(Role.EXECUTIVE)).open(REVIEW)
    page.click("[data-tick-all]")
    page.get_by_role("button", name="Send back the ticked").click()
    expect(page.locator("h1")).to_have_text("Send 3 proposals back")
    assert faults_of(page) == ""
    page.fill("[name=reason]", "Ask the departments first.")
    page.get_by_role("button", name="Send 3 proposals back").click()
    expect(page.locator(".message")).to_contain_text("3 proposals are sent back.")
    expect(page.locator(".review tbody th")).to_have_count(1)
