"""Searching everywhere in one's own organisation."""

from __future__ import annotations

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_policy,
    make_procedure,
    make_site,
    make_system,
    make_team,
)

SEARCH = "/o/acme/search/"


@pytest.fixture
def auditor(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.AUDITOR))
    return client


def found(client: Client, text: str) -> list[str]:
    groups = client.get(SEARCH, {"q": text}).context["groups"]
    return [name for group in groups for name, _url in group.hits]


def test_one_word_is_found_in_every_kind_of_record(acme: Cast, auditor: Client) -> None:
    organisation = acme.organisation
    system = make_system(organisation, "Berlin ERP")
    other = make_system(organisation, "SAN")
    make_contact(organisation, "Greta Lang", title="Head of Berlin")
    make_team(organisation, "Berlin team")
    make_path(organisation, "Berlin by night")
    make_site(organisation, "HQ", address="Berlin")
    make_copy(other, "berlin nightly")
    make_policy(organisation, "Daily to Berlin")
    make_dependency(system, other, bootstrap="Ask Berlin")
    make_procedure(system, 10)
    assert found(auditor, "berlin") == [
        "Berlin ERP",
        "Greta Lang",
        "Berlin team",
        "Berlin by night",
        "HQ",
        "SAN: berlin nightly",
        "Daily to Berlin",
        "Berlin ERP, version 1",
        "Berlin ERP → SAN",
    ]


def test_every_word_must_be_there_and_what_begins_with_it_comes_first(
    acme: Cast, auditor: Client
) -> None:
    for name in ("Old mail archive", "Mail", "Mail archive"):
        make_system(acme.organisation, name)
    assert found(auditor, "mail") == ["Mail", "Mail archive", "Old mail archive"]
    assert found(auditor, "archive  MAIL") == ["Mail archive", "Old mail archive"]
    assert found(auditor, "mail tape") == []


def test_more_than_is_shown_leads_to_the_list(acme: Cast, auditor: Client) -> None:
    for number in range(25):
        make_system(acme.organisation, f"Server {number}")
    group = auditor.get(SEARCH, {"q": "server"}).context["groups"][0]
    assert len(group.hits) == 20
    assert group.more_url == "/o/acme/systems/?q=server"


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\x00", "x" * 5000, "' OR 1=1 --"])
def test_odd_searches_find_nothing_and_break_nothing(
    text: str, acme: Cast, auditor: Client
) -> None:
    make_system(acme.organisation, "ERP")
    assert found(auditor, text) == []


def test_nothing_of_another_organisation_is_found(acme: Cast, rival: Cast, auditor: Client) -> None:
    system = make_system(rival.organisation, f"{CANARY} ERP", description=CANARY)
    make_contact(rival.organisation, f"{CANARY} person")
    make_copy(system, f"{CANARY} copy")
    assert found(auditor, "Canary") == []
