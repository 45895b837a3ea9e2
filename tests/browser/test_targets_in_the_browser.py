"""Proposing a target: the page answers while one types, offers ways, and does the same without
script; the decision is told of a change that came in between."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System
from bcp.services import systems
from tests.browser.conftest import PHONE, Visit
from tests.conftest import Cast
from tests.nine_hours import make_payroll


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_payroll(acme.organisation)


def test_what_a_target_asks_for_appears_while_it_is_typed(
    acme: Cast, payroll: System, visit: Callable[..., Visit]
) -> None:
    director = visit(acme.user(Role.IT_DIRECTOR))
    page = director.open(f"/o/acme/targets/of/{payroll.pk}/propose/")
    verdict, asks = page.locator("#verdict"), page.locator("#asks")
    expect(asks).to_contain_text("Once a figure is there")
    page.get_by_label("Recovery time objective").press_sequentially("4h")
    expect(verdict).to_contain_text("4 h cannot be met: “Payroll” would be back after 9 h")
    expect(asks).to_contain_text("“Server” takes 6 h (estimate)")
    expect(asks.get_by_role("row").filter(has_text="Programme")).to_contain_text("misses")
    page.locator(".ways").scroll_into_view_if_needed()
    expect(page.locator(".ways")).to_contain_text("bring the recovery work", ignore_case=True)
    page.get_by_label("Recovery time objective").fill("soon")
    expect(asks).to_contain_text("“soon” is not a duration")
    expect(verdict).to_be_empty()
    page.get_by_label("Recovery time objective").fill("12h")
    expect(verdict).to_contain_text("12 h can be met")
    expect(page.locator(".ways")).to_have_count(0)
    page.get_by_label("Reason").fill("The board asks for it.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator("main")).to_contain_text("Proposed. Somebody else")
    assert RecoveryTarget.objects.get().rto_minutes == 720
    assert not director.complaints


def test_without_script_a_phone_shows_and_decides_the_same(
    acme: Cast, payroll: System, visit: Callable[..., Visit]
) -> None:
    director = visit(acme.user(Role.IT_DIRECTOR), PHONE, javascript=False)
    page = director.open(f"/o/acme/targets/of/{payroll.pk}/propose/")
    page.fill("#id_rto_minutes", "4h")
    page.get_by_role("button", name="Show what this asks for").click()
    expect(page.locator("#verdict")).to_contain_text("4 h cannot be met")
    expect(page.locator("#id_rto_minutes")).to_have_value("4h")
    expect(page.get_by_role("link", name="What would make 4 h possible")).to_have_attribute(
        "href", re.compile(r"/ways/\?rto_minutes=240$")
    )
    page.get_by_role("button", name="Propose", exact=True).click()

    executive = visit(acme.user(Role.EXECUTIVE), PHONE, javascript=False)
    proposal = RecoveryTarget.objects.get()
    page = executive.open(f"/o/acme/targets/{proposal.pk}/")
    server = System.objects.get(name="Server")
    systems.change(
        acme.organisation, server.pk, {"recovery_minutes": 60}, seen_version=None, by=acme.actor()
    )
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".conflict")).to_contain_text("The achievable time: was 9 h, now 4 h.")
    expect(page.locator("#verdict")).to_contain_text("4 h can be met")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("main")).to_contain_text("The target of “Payroll” is approved.")
    page.get_by_text("What the decision rests on").click()
    expect(page.locator("details[open]")).to_contain_text("Server (1 h)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
