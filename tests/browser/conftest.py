"""The real browser: Debian's Chromium, driven against a live server with the demo organisations.

Chromium is required, not optional: without it these tests fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from bcp.models import Membership, Organisation, User
from tests.kept_rows import put_back

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDE, PHONE, NARROWEST = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 360, "height": 740},
)

# Playwright's own event loop makes Django believe that the tests run inside async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def demo(transactional_db: None) -> Organisation:
    """The larger demo organisation, loaded as a user loads it."""
    with override_settings(DEBUG=True):  # its passwords are known; elsewhere it is refused
        put_back("demo", lambda: call_command("load_demo", verbosity=0))
    return Organisation.objects.order_by("-audit_count").first()


@dataclass
class Visit:
    """A page that remembers what the browser complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.ok, f"{path}: {response.status}"
        return self.page


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visitor]:
    """`visit(user, viewport=…, dark=…, javascript=…)` opens a browser that is logged in."""
    contexts: list[BrowserContext] = []

    def start(
        user: User | None,
        viewport: dict[str, int] = WIDE,
        *,
        dark: bool = False,
        javascript: bool = True,
    ) -> Visit:
        context = browser.new_context(
            viewport=viewport,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        visit = Visit(context.new_page(), live_server.url)
        visit.page.on(
            "console",
            lambda said: visit.complaints.append(said.text) if said.type == "error" else None,
        )
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield start
    for context in contexts:
        context.close()


def member(organisation: Organisation, role: str) -> User:
    """Somebody with that role in the organisation."""
    return Membership.objects.of(organisation).filter(role=role).first().user
