"""Choosing what the map shows and keeping it under a name: by links and forms alone, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bcp.engine.permissions import Role
from tests.browser.conftest import NARROWEST, PHONE, WIDE, Visit
from tests.browser.test_every_page import faults_of
from tests.conftest import Cast, make_cast
from tests.factories import (
    make_dependency,
    make_saved_view,
    make_site,
    make_system,
    make_target,
)


@pytest.fixture
def firm(transactional_db: None) -> Cast:
    """Payroll, which is due after an hour, needs ERP; that stands at HQ and in a loop with DNS."""
    cast = make_cast("acme", "Acme Foods")
    site = make_site(cast.organisation, "HQ")
    payroll = make_system(
        cast.organisation, "Payroll", kind="business process", tier=1, recovery_minutes=90
    )
    erp, dns = (
        make_system(cast.organisation, name, tier=2, site=site, recovery_minutes=60)
        for name in ("ERP", "DNS")
    )
    make_dependency(payroll, erp)
    make_dependency(erp, dns)
    make_dependency(dns, erp)
    make_target(payroll, cast.user(Role.EXECUTIVE), rto=60)
    return cast


def test_a_view_is_chosen_saved_found_renamed_and_deleted_without_scripts(
    firm: Cast, visit: Callable[..., Visit]
) -> None:
    session = visit(firm.user(Role.ENGINEER), javascript=False)
    page = session.open("/o/acme/map/")
    heading = page.locator("h1")
    page.get_by_role("link", name="A missed target").click()
    page.get_by_role("link", name="Payroll").click()
    expect(heading).to_have_text("Why “Payroll” is not back sooner")
    page.get_by_role("link", name="A tier, site or team").click()
    page.get_by_label("Tier, site, zone").select_option("HQ (2)")
    page.locator("form", has=page.get_by_label("Tier, site, zone")).get_by_role("button").click()
    expect(heading).to_have_text("Map: HQ")
    page.locator("summary", has_text="Save this view").click()
    page.get_by_label("Name of this view").fill("Headquarters")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_text("Saved as “Headquarters”")).to_be_visible()
    session.open("/o/acme/map/")
    page.locator("summary", has_text="Saved views").click()
    page.get_by_role("link", name="Headquarters").click()
    expect(heading).to_have_text("Map: HQ")
    page.get_by_role("link", name="Rename Headquarters").click()
    page.get_by_label("Name").fill("Head office")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as “Head office”")).to_be_visible()
    page.get_by_role("link", name="Delete… Head office").click()
    page.get_by_role("button", name="Delete").click()
    expect(heading).to_have_text("Saved views")
    expect(page.get_by_text("No view is saved yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Saved as “Head office”")).to_be_visible()
    assert session.complaints == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_any_kind_of_view(
    firm: Cast, visit: Callable[..., Visit], viewport: dict[str, int]
) -> None:
    make_saved_view(firm.organisation, "By site", "by=site")
    session = visit(firm.user(Role.ENGINEER), viewport=viewport)
    faults = {}
    for query in ("by=site", "in=site:HQ", "show=part", "show=scenario", "show=chain", "q=p"):
        page = session.open(f"/o/acme/map/?{query}")
        page.locator("summary", has_text="Saved views").click()
        if found := faults_of(page):
            faults[query] = found
        page.set_viewport_size(NARROWEST)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST["width"]:
            faults[query] = f"{width} pixels wide"
        page.set_viewport_size(viewport)
    assert faults == {}
    assert session.complaints == []
