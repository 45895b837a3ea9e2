"""Reviewing dependencies on pages: listed, confirmed alone and together, flagged elsewhere."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import DependencyReview, System
from tests.conftest import Cast
from tests.factories import make_dependency, make_review, make_system
from tests.web.large_estate import grow

REVIEWS, CONFIRM = "/o/acme/dependencies/reviews/", "/o/acme/dependencies/reviews/confirm/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def erp(acme: Cast) -> System:
    erp = make_system(acme.organisation, "ERP", tier=1)
    make_dependency(erp, make_system(acme.organisation, "Database", kind="data store"))
    return erp


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(REVIEWS + query).context["rows"]]


def confirm(client: Client, *systems: System, note: str = "") -> Any:
    page = client.get(CONFIRM, {"keys": [one.pk for one in systems]})
    return client.post(CONFIRM, {"seen": page.context["seen"], "note": note}, follow=True)


def test_the_list_begins_with_what_changed_and_says_how(
    acme: Cast, erp: System, director: Client
) -> None:
    assert "ERP" in confirm(director, erp).content.decode()
    assert names(director, "?state=current") == ["ERP"]
    make_dependency(erp, make_system(acme.organisation, "DNS", kind="network"), needed_to="run")
    page = director.get(REVIEWS)
    assert [row.name for row in page.context["rows"]] == ["ERP", "Database", "DNS"]
    assert "It now needs “DNS” (run)." in page.content.decode()
    assert names(director, "?state=changed") == ["ERP"]
    assert names(director, "?kind=network") == ["DNS"]
    assert names(director, "?none=on&sort=-name") == ["DNS", "Database"]
    assert names(director, "?q=it+director") == ["ERP"]


def test_a_page_asks_about_one_system_and_says_what_it_needs(
    acme: Cast, erp: System, director: Client
) -> None:
    page = director.get(CONFIRM, {"keys": [erp.pk]}).content.decode()
    assert "Is this what “ERP” needs?" in page
    assert "Database" in page
    done = confirm(director, erp, note="Looked at the cabling")
    assert "The dependencies of 1 system are confirmed as of today." in done.content.decode()
    detail = director.get(f"{REVIEWS}{erp.pk}/").content.decode()
    assert "nothing has changed since" in detail
    assert "Looked at the cabling" in detail


def test_many_are_confirmed_with_a_reason_or_not_at_all(
    acme: Cast, erp: System, director: Client
) -> None:
    page = director.get(CONFIRM, {"all": "1", "tier": "1"})
    assert [row.name for row in page.context["rows"]] == ["ERP"]
    page = director.get(CONFIRM, {"all": "1"})
    refused = director.post(CONFIRM, {"seen": page.context["seen"], "note": ""})
    assert refused.status_code == 422
    assert "There is a problem" in refused.content.decode()
    assert not DependencyReview.objects.exists()
    director.post(CONFIRM, {"seen": refused.context["seen"], "note": "Workshop in May"})
    assert DependencyReview.objects.count() == 2


def test_whoever_confirms_what_has_changed_meanwhile_sees_both_and_loses_nothing(
    acme: Cast, erp: System, director: Client
) -> None:
    page = director.get(CONFIRM, {"keys": [erp.pk]})
    make_dependency(erp, make_system(acme.organisation, "DNS"))
    told = director.post(CONFIRM, {"seen": page.context["seen"], "note": "As in the wiki"})
    assert told.status_code == 409
    text = told.content.decode()
    assert "Nothing was confirmed" in text
    assert "It now needs “DNS” (rebuild)." in text
    assert "As in the wiki" in text
    director.post(CONFIRM, {"seen": told.context["seen"], "note": "As in the wiki"})
    assert len(DependencyReview.objects.get().needs) == 2


def test_a_form_that_was_tampered_with_is_refused(erp: System, director: Client) -> None:
    for seen in ("", "[]x", '[["a"]]', '[["a","b",[["x"]]]]', "7"):
        assert director.post(CONFIRM, {"seen": seen}).status_code == 400
    assert director.post(CONFIRM, {"seen": "[]"}).status_code == 302


def test_the_state_shows_on_the_system_the_overview_and_the_map(
    acme: Cast, erp: System, director: Client
) -> None:
    sheet = f"/o/acme/systems/{erp.pk}/"
    assert "Never confirmed" in director.get(f"{sheet}?tab=needs").content.decode()
    overview = director.get("/o/acme/").content.decode()
    assert "What 2 systems need was never confirmed." in overview
    make_review(erp, acme.user(Role.IT_DIRECTOR))
    make_dependency(erp, make_system(acme.organisation, "DNS"))
    assert "Changed since it was confirmed" in director.get(sheet).content.decode()
    overview = director.get("/o/acme/").content.decode()
    assert "The dependencies of 1 system changed since they were confirmed." in overview
    drawn = director.get("/o/acme/map/", {"system": erp.pk}).content.decode()
    assert "dependencies changed since they were confirmed" in drawn


def test_the_export_says_what_is_needed_and_what_changed(
    acme: Cast, erp: System, director: Client
) -> None:
    make_review(erp, acme.user(Role.IT_DIRECTOR), "Asked")
    exported = director.get(REVIEWS, {"export": "csv", "q": "ERP"}).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(exported))
    assert (row["name"], row["needs"], row["note"]) == ("ERP", "Database", "Asked")


def test_a_hundred_systems_cost_as_many_queries_as_two(
    acme: Cast, erp: System, director: Client
) -> None:
    def queries(address: str) -> int:
        director.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert director.get(address).status_code == 200
        return len(seen)

    few = [queries(REVIEWS), queries(f"{CONFIRM}?all=1")]
    grow(acme.organisation, 100)
    assert [queries(REVIEWS), queries(f"{CONFIRM}?all=1")] == few


def test_readers_see_the_state_and_no_way_to_confirm(
    acme: Cast, erp: System, client: Client
) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    for address in (REVIEWS, f"{REVIEWS}{erp.pk}/", f"/o/acme/systems/{erp.pk}/?tab=needs"):
        text = client.get(address).content.decode()
        assert "Never confirmed" in text
        assert CONFIRM not in text
