"""A caller of the API: signed in as a member, speaking JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bcp.engine.permissions import Role
from tests.conftest import Cast

ROOT = "/api/v1/organisations/"


@pytest.fixture(autouse=True)
def _no_requests_counted_yet() -> None:
    """The rate limits live in the cache, which outlives a test."""
    cache.clear()


class Caller:
    """Requests below the address of one organisation; `etag` goes into If-Match."""

    def __init__(self, client: Client, slug: str, **headers: str) -> None:
        self.client, self.root, self.headers = client, f"{ROOT}{slug}/", headers

    def get(self, path: str = "", **params: Any) -> Any:
        return self.client.get(self.root + path, params, headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, etag: str = "") -> Any:
        headers = {**self.headers, **({"If-Match": etag} if etag else {})}
        return getattr(self.client, method)(
            self.root + path, body, content_type="application/json", headers=headers
        )

    def post(self, path: str, body: Any = None, etag: str = "") -> Any:
        return self.send("post", path, body, etag)

    def put(self, path: str, body: Any = None, etag: str = "") -> Any:
        return self.send("put", path, body, etag)

    def patch(self, path: str, body: Any = None, etag: str = "") -> Any:
        return self.send("patch", path, body, etag)

    def delete(self, path: str, etag: str = "") -> Any:
        return self.send("delete", path, None, etag)


def caller(cast: Cast, role: Role = Role.IT_DIRECTOR, slug: str = "") -> Caller:
    """A member with a session."""
    client = Client()
    client.force_login(cast.user(role))
    return Caller(client, slug or cast.organisation.slug)


def token_caller(secret: str, slug: str) -> Caller:
    """Somebody with nothing but a token."""
    return Caller(Client(), slug, Authorization=f"Bearer {secret}")


@pytest.fixture
def director(acme: Cast) -> Caller:
    return caller(acme)


@pytest.fixture
def executive(acme: Cast) -> Caller:
    return caller(acme, Role.EXECUTIVE)


@pytest.fixture
def administrator(acme: Cast) -> Caller:
    return caller(acme, Role.ADMINISTRATOR)
