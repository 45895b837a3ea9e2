"""Every page × every role: the permission table is the test, and no page may be missing from it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bcp.engine.permissions import Role, allows
from bcp.web.urls import ORGANISATION
from tests.conftest import Cast
from tests.web.permission_table import PAGES

NAMES = sorted({pattern.name or "" for pattern in ORGANISATION})


def test_every_page_of_an_organisation_is_in_the_table() -> None:
    assert set(NAMES) == set(PAGES)


def test_every_other_address_is_known() -> None:
    """A page outside an organisation shows nothing of one: a short list, kept by hand."""
    outside = {
        pattern.name
        for pattern in get_resolver("bcp.web.urls").url_patterns
        if isinstance(pattern, URLPattern)
    }
    assert outside <= {"home", "invitation", "organisation-choose", "report"}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_opens_only_for_roles_that_may(name: str, acme: Cast, client: Client) -> None:
    """Each role comes to a record of its own: who came before may have deleted the last one."""
    page = PAGES[name]
    for role in Role:
        client.force_login(acme.user(role))
        address = reverse(name, kwargs={"slug": "acme", **page.kwargs(acme)})
        for method, needed in (("get", page.get), ("post", page.post)):
            response = getattr(client, method)(address)
            status = response.status_code
            kept_from_caches = "no-store" in response.headers.get("Cache-Control", "")
            assert kept_from_caches or status == 400, "a bad request is told nothing of a tenant"
            if needed is None:
                assert status in (403, 405), (role, method)
            elif allows(role, needed):
                assert status not in (403, 404, 405, 500), (role, method)
            else:
                assert status == 403, (role, method)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_asks_a_stranger_to_log_in(name: str, acme: Cast, client: Client) -> None:
    address = reverse(name, kwargs={"slug": "acme", **PAGES[name].kwargs(acme)})
    for method in (client.get, client.post):
        response = method(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_of_another_organisation_is_not_there(
    name: str, acme: Cast, rival: Cast, client: Client
) -> None:
    """The same 404 as for an organisation that does not exist."""
    page = PAGES[name]
    client.force_login(acme.user(Role.ADMINISTRATOR))
    foreign = reverse(name, kwargs={"slug": "rival", **page.kwargs(rival)})
    missing = foreign.replace("/o/rival/", "/o/nobody/")
    for method in (client.get, client.post):
        answers = [method(foreign), method(missing)]
        assert [answer.status_code for answer in answers] == [404, 404]


WITH_A_KEY = sorted(
    pattern.name
    for pattern in ORGANISATION
    if "<" in str(pattern.pattern) and pattern.name in PAGES
)


@pytest.mark.parametrize("name", WITH_A_KEY)
def test_a_foreign_record_under_ones_own_address_is_not_there(
    name: str, acme: Cast, rival: Cast, client: Client
) -> None:
    """Whatever somebody who may asks of it, it is answered like a record which does not exist."""
    page = PAGES[name]
    foreign_key = page.kwargs(rival)
    missing_key = dict.fromkeys(foreign_key, "0" * 12)
    for method, needed in ((client.get, page.get), (client.post, page.post)):
        capability = needed or page.get or page.post
        assert capability is not None
        client.force_login(acme.user(next(role for role in Role if allows(role, capability))))
        foreign, missing = (
            method(reverse(name, kwargs={"slug": "acme", **key}))
            for key in (foreign_key, missing_key)
        )
        assert foreign.status_code == missing.status_code
        assert foreign.status_code in (400, 404, 405)
