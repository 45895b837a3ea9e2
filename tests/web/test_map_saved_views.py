"""Saving what the map shows under a name, finding it again, renaming and deleting it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import SavedView, System
from bcp.services import systems
from tests.conftest import CANARY, Cast
from tests.factories import make_saved_view, make_site, make_system

MAP = "/o/acme/map/"
VIEWS = "/o/acme/map/views/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP", tier=1)


def test_what_is_shown_is_saved_found_and_opened_again(erp: System, director: Client) -> None:
    shown = director.get(f"{MAP}?depth=2&focus={erp.pk}")
    query = shown.context["query"]
    back = f"{MAP}?focus={erp.pk}&depth=2"
    saved = director.post(f"{VIEWS}new/", {"name": "Our <ERP>", "query": query, "back": back})
    assert saved.headers["Location"] == back
    page = director.get(back)
    assert [one.name for one in page.context["saved_here"]] == ["Our <ERP>"]
    assert "Our &lt;ERP&gt;" in page.content.decode()
    view = SavedView.objects.get()
    rows = director.get(VIEWS).context["rows"]
    assert [(row.name, row.shows) for row in rows] == [
        ("Our <ERP>", "Map around “ERP”, 2 steps far")
    ]
    assert director.get(f"{VIEWS}{view.pk}/").headers["Location"] == back


def test_a_name_that_is_taken_is_said_and_what_was_typed_stays(
    acme: Cast, erp: System, director: Client
) -> None:
    make_saved_view(acme.organisation, "Everything")
    page = director.post(f"{VIEWS}new/", {"name": "everything", "query": f"focus={erp.pk}"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "This name is already taken." in text
    assert 'value="everything"' in text
    assert f'value="focus={erp.pk}"' in text
    assert "Map around “ERP”" in text
    assert SavedView.objects.count() == 1


def test_an_address_made_by_hand_is_refused_in_words(erp: System, director: Client) -> None:
    page = director.post(f"{VIEWS}new/", {"name": "X", "query": "focus=k&way=sideways"})
    assert page.status_code == 422
    assert "“way=sideways” is not known; allowed: needs, needed-by" in page.content.decode()


def test_a_view_is_renamed_deleted_and_brought_back(
    acme: Cast, erp: System, director: Client
) -> None:
    view = make_saved_view(acme.organisation, "Old", f"focus={erp.pk}")
    director.post(f"{VIEWS}{view.pk}/edit/", {"name": "New", "version": 1})
    view.refresh_from_db()
    assert (view.name, view.query) == ("New", f"focus={erp.pk}")
    gone = director.post(f"{VIEWS}{view.pk}/delete/", {"version": 2}, follow=True)
    assert not SavedView.objects.exists()
    undo = [str(message.extra_tags) for message in gone.context["messages"]][-1]
    director.post(undo)
    assert SavedView.objects.get().name == "New"


def test_of_two_who_rename_the_second_is_shown_both(acme: Cast, director: Client) -> None:
    view = make_saved_view(acme.organisation, "Old")
    director.post(f"{VIEWS}{view.pk}/edit/", {"name": "Mine", "version": 1})
    late = director.post(f"{VIEWS}{view.pk}/edit/", {"name": "Theirs", "version": 1})
    assert late.status_code == 409
    assert "Mine" in late.content.decode()
    assert "Theirs" in late.content.decode()


def test_a_view_of_something_deleted_is_marked_in_the_list(
    acme: Cast, erp: System, director: Client
) -> None:
    make_saved_view(acme.organisation, "About ERP", f"focus={erp.pk}")
    make_saved_view(acme.organisation, "Everything")
    systems.delete(acme.organisation, erp.pk, seen_version=None, by=acme.actor())
    rows = {row.name: row.is_there for row in director.get(VIEWS).context["rows"]}
    assert rows == {"About ERP": False, "Everything": True}
    assert "▲ <bdi>“ERP” has been deleted.</bdi>" in director.get(VIEWS).content.decode()


def test_who_only_reads_finds_views_and_no_way_to_change_them(
    acme: Cast, erp: System, client: Client
) -> None:
    view = make_saved_view(acme.organisation, "About ERP", f"focus={erp.pk}")
    client.force_login(acme.user(Role.AUDITOR))
    page = client.get(f"{MAP}?focus={erp.pk}").content.decode()
    assert "About ERP" in page
    assert f"{VIEWS}new/" not in page
    assert f"{VIEWS}{view.pk}/edit/" not in page + client.get(VIEWS).content.decode()


def test_no_view_of_another_organisation_is_offered(
    acme: Cast, rival: Cast, erp: System, director: Client
) -> None:
    make_saved_view(rival.organisation, CANARY)
    assert CANARY not in director.get(MAP).content.decode()
    assert CANARY not in director.get(VIEWS).content.decode()


def test_the_list_costs_the_same_for_two_views_and_for_many(
    acme: Cast, erp: System, director: Client
) -> None:
    def cost() -> int:
        director.get(VIEWS)
        with CaptureQueriesContext(connection) as queries:
            director.get(VIEWS)
        return len(queries)

    make_site(acme.organisation, "HQ")
    queries = [
        "focus=gone",
        f"focus={erp.pk}",
        "focus=away",
        "scenario=site:HQ",
        "by=site",
        "in=tier:1",
        "loop=k",
    ]
    for query in queries[:2]:
        make_saved_view(acme.organisation, f"View {query}", query)
    few = cost()
    for query in queries[2:]:
        make_saved_view(acme.organisation, f"View {query}", query)
    assert cost() == few
