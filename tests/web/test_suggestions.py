"""Suggested dependencies on a page: read, proposed, dismissed, asked again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import ProposedDependency, SuggestionDismissal, System
from tests.conftest import Cast
from tests.factories import make_dependency, make_site, make_system
from tests.web.large_estate import grow

SUGGESTIONS = "/o/acme/dependencies/suggestions/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def crm(acme: Cast) -> System:
    site = make_site(acme.organisation, "HQ")
    directory = make_system(acme.organisation, "Directory", kind="identity")
    for number in range(6):
        make_dependency(make_system(acme.organisation, f"App {number}", site=site), directory)
    return make_system(acme.organisation, "CRM", site=site)


def rows(client: Client, query: str = "") -> list[Any]:
    return list(client.get(SUGGESTIONS + query).context["rows"])


def test_the_page_says_why_and_the_edge_is_proposed_with_a_button(
    acme: Cast, crm: System, director: Client
) -> None:
    text = director.get(SUGGESTIONS).content.decode()
    assert "6 of the 6 other systems at the site “HQ” need “Directory”; “CRM” does not" in text
    assert "looked for: dns, bind" in text
    (row,) = rows(director, "?topic=peers")
    done = director.post(f"{SUGGESTIONS}propose/", {"seen": row.seen}, follow=True)
    assert "“CRM → Directory” is proposed and waits for review." in done.content.decode()
    assert ProposedDependency.objects.count() == 1
    assert rows(director, "?topic=peers") == []
    again = director.post(f"{SUGGESTIONS}propose/", {"seen": row.seen}, follow=True)
    assert "somebody else has answered it" in again.content.decode()


def test_several_are_proposed_at_once_and_those_without_a_dependency_are_left_out(
    acme: Cast, crm: System, director: Client
) -> None:
    make_system(acme.organisation, "Wiki", site=crm.site)
    keys = [row.seen for row in rows(director)]
    page = director.get(f"{SUGGESTIONS}propose/", {"keys": keys})
    chosen = [(row.subject, row.dependency, str(row.needed_to)) for row in page.context["rows"]]
    assert chosen == [("CRM", "Directory", "to rebuild"), ("Wiki", "Directory", "to rebuild")]
    assert page.context["others"] == len(keys) - 2
    sent = {"keys": [row.seen for row in page.context["rows"]]}
    done = director.post(f"{SUGGESTIONS}propose/", sent, follow=True)
    assert "2 dependencies are proposed and wait for review." in done.content.decode()
    assert ProposedDependency.objects.count() == 2
    nothing = director.get(f"{SUGGESTIONS}propose/", {"keys": keys[-1:]}, follow=True)
    assert "Nothing was chosen that names a dependency" in nothing.content.decode()


def test_all_of_the_ticked_are_proposed_or_none(acme: Cast, crm: System, director: Client) -> None:
    wiki = make_system(acme.organisation, "Wiki", site=crm.site)
    keys = [row.seen for row in rows(director, "?topic=peers")]
    make_dependency(wiki, crm)
    told = director.post(f"{SUGGESTIONS}propose/", {"keys": keys}, follow=True)
    assert "Nothing was done" in told.content.decode()
    assert ProposedDependency.objects.count() == 0


def test_several_are_dismissed_with_a_reason_and_one_is_asked_again(
    acme: Cast, crm: System, director: Client
) -> None:
    keys = [row.seen for row in rows(director, "?topic=service")]
    page = director.get(f"{SUGGESTIONS}dismiss/", {"keys": keys})
    assert len(page.context["rows"]) == 4
    refused = director.post(f"{SUGGESTIONS}dismiss/", {"keys": keys, "reason": ""})
    assert refused.status_code == 422
    director.post(f"{SUGGESTIONS}dismiss/", {"keys": keys, "reason": "All of it is bought in"})
    assert rows(director, "?topic=service") == []
    dismissed = director.get(SUGGESTIONS, {"state": "dismissed"}).content.decode()
    assert dismissed.count("All of it is bought in") == 4
    one = SuggestionDismissal.objects.first()
    assert one is not None
    director.post(f"{SUGGESTIONS}{one.pk}/ask-again/")
    assert [row.says for row in rows(director, "?topic=service")] == [one.says]


def test_the_second_to_dismiss_is_told_and_keeps_the_reason(
    acme: Cast, crm: System, director: Client
) -> None:
    keys = [row.seen for row in rows(director)][:2]
    director.post(f"{SUGGESTIONS}dismiss/", {"keys": keys[:1], "reason": "First"})
    told = director.post(f"{SUGGESTIONS}dismiss/", {"keys": keys, "reason": "My own reason"})
    assert told.status_code == 409
    assert "My own reason" in told.content.decode()
    assert len(told.context["rows"]) == 1


def test_a_form_that_was_tampered_with_is_refused(acme: Cast, director: Client) -> None:
    for seen in ("", "7", '["a"]'):
        assert director.post(f"{SUGGESTIONS}propose/", {"seen": seen}).status_code == 400
        assert director.get(f"{SUGGESTIONS}dismiss/", {"keys": [seen]}).status_code == 400
    assert director.get(f"{SUGGESTIONS}dismiss/").status_code == 302


def test_a_hundred_systems_cost_as_many_queries_as_eight(
    acme: Cast, crm: System, director: Client
) -> None:
    def queries() -> int:
        director.get(SUGGESTIONS)
        with CaptureQueriesContext(connection) as seen:
            assert director.get(SUGGESTIONS).status_code == 200
        return len(seen)

    few = queries()
    grow(acme.organisation, 100)
    assert queries() == few


def test_an_engineer_may_propose_and_an_auditor_only_read(
    acme: Cast, crm: System, client: Client
) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    text = client.get(SUGGESTIONS).content.decode()
    assert "Propose it" in text
    assert f"{SUGGESTIONS}dismiss/" not in text
    client.force_login(acme.user(Role.AUDITOR))
    assert "Propose it" not in client.get(SUGGESTIONS).content.decode()
