"""A copy's reporting address in the real browser: hidden, shown, tried, rolled."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from bcp.engine.permissions import Role
from tests.browser.conftest import NARROWEST, Visitor
from tests.conftest import Cast, make_cast
from tests.factories import make_copy, make_system


def test_the_address_is_shown_on_demand_works_and_is_rolled_without_javascript(
    transactional_db: None, visit: Visitor
) -> None:
    acme: Cast = make_cast("acme", "Acme Foods")
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly", interval_minutes=1440)
    visitor = visit(acme.user(Role.ENGINEER), NARROWEST, javascript=False)
    place = reverse("copies-detail", args=["acme", copy.pk])
    page = visitor.open(place)
    address = page.get_by_label("Reporting address", exact=True)
    expect(page.get_by_text("The job has not called yet.")).to_be_visible()
    expect(address).to_be_hidden()
    page.get_by_text("Show the reporting address").first.click()
    first = address.inner_text().strip()
    job = page.context.request
    assert job.post(f"{first}/0", form={"bytes": "2000000"}).text() == "OK\n"
    page.reload()
    expect(page.get_by_text("It copied 2 MB.")).to_be_visible()
    page.get_by_text("Show the reporting address").first.click()
    page.get_by_role("link", name="Roll the address…").click()
    page.get_by_role("button", name="Roll the address").click()
    expect(page.get_by_text("The old reporting address is dead.")).to_be_visible()
    page.get_by_text("Show the reporting address").first.click()
    second = address.inner_text().strip()
    assert second != first
    assert (job.get(first).status, job.get(second).status) == (404, 200)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROWEST["width"]
    assert visitor.complaints == []
