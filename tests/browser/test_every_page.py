"""Every page, wide and narrow, light and dark: axe finds nothing, nothing overflows, and the
browser has nothing to complain about (scripts, the content security policy, missing files)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from bcp.models import Organisation
from tests.browser.conftest import NARROWEST, PHONE, WIDE, Visitor, member
from tests.browser.pages import paths

LOOKS = {
    "wide, light": (WIDE, False),
    "wide, dark": (WIDE, True),
    "phone, light": (PHONE, False),
    "phone, dark": (PHONE, True),
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(look: str, demo: Organisation, visit: Visitor) -> None:
    viewport, dark = LOOKS[look]
    session = visit(member(demo, "administrator"), viewport, dark=dark)
    faults = {}
    for path in paths(demo):
        page = session.open(path)
        result = Axe().run(page)
        if result.violations_count:
            faults[path] = result.generate_report()
    assert faults == {}
    assert session.complaints == []


def test_no_page_is_wider_than_the_narrowest_phone(demo: Organisation, visit: Visitor) -> None:
    session = visit(member(demo, "administrator"), NARROWEST)
    too_wide = {}
    for path in paths(demo):
        page = session.open(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST["width"]:
            too_wide[path] = width
    assert too_wide == {}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_before_logging_in(
    look: str, visit: Visitor, transactional_db: None
) -> None:
    viewport, dark = LOOKS[look]
    session = visit(None, viewport, dark=dark)
    for path in (reverse("account_login"), reverse("account_reset_password")):
        result = Axe().run(session.open(path))
        assert result.violations_count == 0, result.generate_report()
    assert session.complaints == []


def test_every_page_works_without_scripts(demo: Organisation, visit: Visitor) -> None:
    session = visit(member(demo, "administrator"), javascript=False)
    for path in paths(demo):
        assert session.open(path).locator("h1").count() == 1, path
