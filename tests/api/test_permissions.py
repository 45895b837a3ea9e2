"""Every address × method × role: the permission table is the test, and none may be missing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bcp.api.urls import ORGANISATION, urlpatterns
from bcp.engine.permissions import Role, allows
from tests.api.conftest import caller
from tests.api.permission_table import METHODS, RESOURCES
from tests.conftest import Cast


def address(name: str, cast: Cast, slug: str = "", key: str = "") -> str:
    """Where a resource is; its record is made unless a `key` is given."""
    make = RESOURCES[name].key
    kwargs = {"slug": slug or cast.organisation.slug}
    if make is not None:
        kwargs["key"] = key or make(cast)
    return reverse(name, kwargs=kwargs)


def test_every_address_of_an_organisation_is_in_the_table() -> None:
    assert {pattern.name for pattern in ORGANISATION} == set(RESOURCES)


def test_every_other_address_is_known() -> None:
    """What is outside an organisation shows nothing of one: a short list, kept by hand."""
    outside = {pattern.name for pattern in urlpatterns if hasattr(pattern, "name")}
    assert outside == {"api-schema", "api-docs", "api-organisations-list", "api-not-here"}


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_method_opens_only_for_roles_that_may(name: str, acme: Cast) -> None:
    """All come to the same record: who names no version of it changes nothing, and what can be
    done only once (409) was opened nevertheless."""
    where = address(name, acme)
    for role in Role:
        client = caller(acme, role).client
        for method in METHODS:
            response = getattr(client, method)(where, content_type="application/json")
            needed = RESOURCES[name].needs.get(method)
            if needed is None:
                assert response.status_code == 405, (role, method)
            elif allows(role, needed):
                assert response.status_code in {200, 201, 202, 400, 409, 428}, (role, method)
            else:
                assert response.status_code == 403, (role, method)
                assert response.json()["type"] == "urn:problem-type:bcp:role-too-low"


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_stranger_is_asked_for_credentials(name: str, acme: Cast) -> None:
    where = address(name, acme)
    for method in METHODS:
        response = getattr(Client(), method)(where, content_type="application/json")
        assert response.status_code == 401, method
        assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_foreign_organisation_is_the_same_404_as_one_that_does_not_exist(
    name: str, acme: Cast, rival: Cast
) -> None:
    client = caller(acme, Role.ADMINISTRATOR).client
    foreign = address(name, rival)
    nowhere = foreign.replace("/rival/", "/nowhere/")
    for method in METHODS:
        answers = [
            getattr(client, method)(where, content_type="application/json")
            for where in (foreign, nowhere)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], method
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", sorted(name for name in RESOURCES if RESOURCES[name].key))
def test_a_foreign_record_is_the_same_404_as_one_that_does_not_exist(
    name: str, acme: Cast, rival: Cast
) -> None:
    """Also with a valid version and by the role that may do everything there is to do."""
    make = RESOURCES[name].key
    assert make is not None
    foreign = make(rival)
    for role in (Role.ADMINISTRATOR, Role.EXECUTIVE):
        client = caller(acme, role).client
        for method, needed in RESOURCES[name].needs.items():
            if not allows(role, needed):
                continue
            answers = [
                getattr(client, method)(
                    address(name, acme, key=key),
                    content_type="application/json",
                    headers={"If-Match": '"1"'},
                )
                for key in (foreign, "0" * 12)
            ]
            assert [answer.status_code for answer in answers] == [404, 404], method
            assert answers[0].content == answers[1].content
