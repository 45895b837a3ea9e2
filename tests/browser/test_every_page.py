"""Every page, wide and narrow, light and dark: axe finds nothing, nothing overflows, and the
browser has nothing to complain about (scripts, the content security policy, missing files)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from bcp.models import Organisation
from tests.browser.conftest import NARROWEST, PHONE, WIDE, Visitor, member
from tests.browser.pages import paths

ONLY_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults_in_both_lights(page: Page) -> str:
    """What axe finds by day, and what it finds of the colours by night, where no more changes."""
    found = []
    for light, options in (("light", None), ("dark", ONLY_COLOURS)):
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        result = Axe().run(page, options=options)
        if result.violations_count:
            found.append(f"{light}: {result.generate_report()}")
    return "\n".join(found)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_any_page(
    viewport: dict[str, int], demo: Organisation, visit: Visitor
) -> None:
    """On the way it is seen that nothing overflows the narrowest phone either."""
    session = visit(member(demo, "administrator"), viewport)
    faults = {}
    for path in paths(demo):
        page = session.open(path)
        if found := faults_in_both_lights(page):
            faults[path] = found
        if viewport is PHONE:
            page.set_viewport_size(NARROWEST)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST["width"]:
                faults[path] = f"{width} pixels wide"
            page.set_viewport_size(PHONE)
    assert faults == {}
    assert session.complaints == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_before_logging_in(
    viewport: dict[str, int], visit: Visitor, transactional_db: None
) -> None:
    session = visit(None, viewport)
    for path in (reverse("account_login"), reverse("account_reset_password")):
        assert faults_in_both_lights(session.open(path)) == ""
    assert session.complaints == []


def test_every_page_works_without_scripts(demo: Organisation, visit: Visitor) -> None:
    session = visit(member(demo, "administrator"), javascript=False)
    for path in paths(demo):
        assert session.open(path).locator("h1").count() == 1, path
