"""Swagger UI from our own static files: it renders and works under the policy that every page
has, and asks no other host for anything."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.test import Client

from bcp.engine.permissions import Role
from tests.browser.conftest import NARROWEST, Visit
from tests.conftest import Cast


def test_the_documentation_renders_and_makes_calls_with_nothing_from_elsewhere(
    acme: Cast, visit: Callable[..., Visit]
) -> None:
    session = visit(acme.user(Role.AUDITOR))
    asked: list[str] = []
    session.page.on("request", lambda request: asked.append(request.url))
    page = session.open("/api/v1/docs/")
    page.locator(".opblock-tag").first.wait_for()
    assert page.locator(".opblock-tag").count() >= 10
    page.locator('[id="operations-tag-Organisations"]').click()
    page.locator('[id$="organisations_list"] .opblock-summary-control').click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    answer = page.locator(".live-responses-table tr.response .response-col_status").first
    answer.wait_for()
    assert answer.inner_text().startswith("200")
    assert "acme" in page.locator(".live-responses-table").inner_text()
    foreign = [url for url in asked if not url.startswith((session.address, "data:"))]
    assert foreign == []
    assert session.complaints == []


def test_the_documentation_is_no_wider_than_a_phone(
    acme: Cast, visit: Callable[..., Visit]
) -> None:
    page = visit(None, NARROWEST).open("/api/v1/docs/")
    page.locator(".opblock-tag").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


def test_the_documentation_has_the_policy_of_every_page(db: None) -> None:
    page = Client().get("/api/v1/docs/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    scripts = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"]
    assert f"script-src {' '.join(scripts)}" in policy
