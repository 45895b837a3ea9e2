"""Opening a loop and choosing what is lost, as people do it: on a phone without script, and by
keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bcp.engine.permissions import Role
from bcp.models import Procedure, System
from tests.browser.conftest import PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_dependency, make_system


@pytest.fixture
def ring(acme: Cast) -> list[System]:
    """AD, DNS and the hosts wait for each other; mail needs AD."""
    names = ("AD", "DNS", "VM hosts", "Mail")
    systems = [make_system(acme.organisation, name, recovery_minutes=30) for name in names]
    for above, below in pairwise([*systems[:3], systems[0]]):
        make_dependency(above, below)
    make_dependency(systems[3], systems[0])
    return systems


def test_a_loop_is_opened_on_a_phone_without_script(
    acme: Cast, ring: list[System], visit: Callable[..., Visit]
) -> None:
    engineer = visit(acme.user(Role.ENGINEER), PHONE, javascript=False)
    page = engineer.open("/o/acme/loops/")
    page.get_by_role("link", name="3 systems that wait for each other").click()
    page.get_by_role("link", name=re.compile("Open it.*AD → DNS")).click()
    expect(page.locator("main")).to_contain_text("The whole loop is open then")
    page.get_by_label("The break-glass way").fill("The addresses are on paper in the safe.")
    page.get_by_label("The step in the procedure").fill("Type in the addresses.")
    page.get_by_label("How long the step takes").fill("soon")
    page.get_by_role("button", name="Write the note and the step").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("“soon” is not a duration")
    expect(page.get_by_label("The break-glass way")).to_have_value(
        "The addresses are on paper in the safe."
    )
    page.get_by_label("How long the step takes").fill("10 min")
    page.get_by_role("button", name="Write the note and the step").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("“AD” is in no loop")
    assert [step.minutes for step in Procedure.objects.get().steps.all()] == [10]
    page.get_by_role("button", name="Undo").click()
    engineer.open("/o/acme/loops/")
    expect(page.locator(".answer")).to_contain_text("1 loop keeps systems from ever starting")


def test_what_is_lost_is_ticked_by_keyboard_and_stands_in_the_address(
    acme: Cast, ring: list[System], visit: Callable[..., Visit]
) -> None:
    director = visit(acme.user(Role.IT_DIRECTOR))
    page = director.open("/o/acme/blast-radius/")
    page.get_by_label("Look for a system").focus()
    page.keyboard.type("DNS")
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="DNS")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show what stops").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("4 systems stop.")
    assert f"system={ring[1].pk}" in page.url
    expect(page.get_by_role("checkbox", name="DNS")).to_be_checked()
    page.get_by_role("button", name="Smaller").click()
    assert not Axe().run(page).response["violations"]
    assert not director.complaints
