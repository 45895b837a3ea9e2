"""Every page, wide and narrow, light and dark: axe finds nothing, nothing overflows, and the
browser has nothing to complain about (scripts, the content security policy, missing files)."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from django.urls import resolve, reverse
from playwright.sync_api import Page

from bcp.engine.permissions import Role
from bcp.models import Organisation
from tests.browser.conftest import NARROWEST, PHONE, WIDE, Visit, Visitor, member
from tests.browser.pages import paths

AXE = Axe().axe_script
Options = dict[str, Any]

WHOLE: Options = {"resultTypes": ["violations"]}
"""Every rule; of what is in order axe need not tell."""


def only(*rules: str) -> Options:
    return {**WHOLE, "runOnly": {"type": "rule", "values": list(rules)}}


ONLY_COLOURS = only("color-contrast", "link-in-text-block")
ONLY_LAYOUT = only("target-size", "scrollable-region-focusable", "aria-hidden-focus")
"""What can be different on a phone, where the same text stands in another place. Its menus and
tables that become lists are looked at whole on `LAID_OUT_ANEW`."""

BOTH_LIGHTS: tuple[tuple[str, Options], ...] = (("light", WHOLE), ("dark", ONLY_COLOURS))
"""All of it by day; of the night the colours, where no more changes."""
BY_DAY: tuple[tuple[str, Options], ...] = (("light", ONLY_LAYOUT),)

PARTS = 4
"""Of all pages, so that several processes share the longest test there is."""

LAID_OUT_ANEW = (
    *("overview", "systems-list", "systems-detail", "systems-edit", "gaps-list", "map"),
    *("backups-matrix", "targets-review", "impacts-list", "reviews-list", "summary", "plans-list"),
)


def faults_of(page: Page, lights: tuple[tuple[str, Options], ...] = BOTH_LIGHTS) -> str:
    found = []
    for light, options in lights:
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        result = AxeResults(page.evaluate("options => axe.run(document, options)", options))
        if result.violations_count:
            found.append(f"{light}: {result.generate_report()}")
    return "\n".join(found)


def sessions_of(demo: Organisation, visit: Visitor, **options: Any) -> dict[Role, Visit]:
    """A browser each for those who open the pages."""
    return {
        role: visit(member(demo, role.value), **options)
        for role in (Role.ADMINISTRATOR, Role.EXECUTIVE)
    }


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_any_page(
    viewport: dict[str, int], part: int, demo: Organisation, visit: Visitor
) -> None:
    """On the way it is seen that nothing overflows the narrowest phone either."""
    sessions = sessions_of(demo, visit, viewport=viewport)
    told = {}
    for role, path in paths(demo)[part::PARTS]:
        page = sessions[role].open(path)
        anew = resolve(path.partition("?")[0]).url_name in LAID_OUT_ANEW
        if found := faults_of(page, BOTH_LIGHTS if viewport is WIDE or anew else BY_DAY):
            told[path] = found
        if viewport is PHONE:
            page.set_viewport_size(NARROWEST)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST["width"]:
                told[path] = f"{width} pixels wide"
            page.set_viewport_size(PHONE)
    assert told == {}
    assert [one.complaints for one in sessions.values()] == [[], []]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_before_logging_in(
    viewport: dict[str, int], visit: Visitor, transactional_db: None
) -> None:
    session = visit(None, viewport)
    for path in (reverse("account_login"), reverse("account_reset_password")):
        assert faults_of(session.open(path)) == ""
    assert session.complaints == []


def test_every_page_works_without_scripts(demo: Organisation, visit: Visitor) -> None:
    sessions = sessions_of(demo, visit, javascript=False)
    for role, path in paths(demo):
        assert sessions[role].open(path).locator("h1").count() == 1, path
