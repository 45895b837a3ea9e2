"""Lists: paged, filtered, sorted, and as cheap for three hundred rows as for twenty."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import Contact, Dependency, Organisation, Site, System
from bcp.services.escalation import StepValues
from tests.api.conftest import Caller, caller
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_path,
    make_site,
    make_system,
    make_target,
    make_team,
)


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_a_list_is_paged_with_a_count_and_links(acme: Cast, director: Caller) -> None:
    for number in range(5):
        make_site(acme.organisation, f"Site {number}")
    first = director.get("sites/", page_size=2).json()
    assert (first["count"], first["previous"]) == (5, None)
    second = director.client.get(first["next"]).json()
    last = director.client.get(second["next"]).json()
    assert last["next"] is None
    rows = first["results"] + second["results"] + last["results"]
    assert [row["name"] for row in rows] == [f"Site {number}" for number in range(5)]


def test_pages_of_equal_rows_repeat_and_lose_none(acme: Cast, director: Caller) -> None:
    for number in range(9):
        make_system(acme.organisation, f"System {number}", tier=1)
    seen: list[str] = []
    for page in (1, 2, 3):
        seen += names(director.get("systems/", sort="tier", page=page, page_size=3))
    assert sorted(seen) == [f"System {number}" for number in range(9)]


def test_an_empty_list_is_a_page_of_nothing(director: Caller) -> None:
    listed = director.get("systems/")
    assert listed.json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_systems_are_searched_filtered_and_sorted(acme: Cast, director: Caller) -> None:
    organisation = acme.organisation
    site = make_site(organisation, "Hamburg")
    make_system(organisation, "ERP", tier=1, site=site)
    make_system(organisation, "DNS", tier=1, kind="network")
    wiki = make_system(organisation, "Wiki", tier=4, description="erp handbook")
    make_target(wiki, acme.user(Role.EXECUTIVE), rto=600)
    assert names(director.get("systems/")) == ["DNS", "ERP", "Wiki"]
    assert names(director.get("systems/", q="erp")) == ["ERP", "Wiki"]
    assert names(director.get("systems/", tier="1", kind="network")) == ["DNS"]
    assert names(director.get("systems/", tier=["1", "4"], sort="-name")) == ["Wiki", "ERP", "DNS"]
    assert names(director.get("systems/", site=site.pk)) == ["ERP"]
    assert names(director.get("systems/", missing="rto_minutes")) == ["DNS", "ERP"]


def test_the_approved_target_stands_in_the_list(acme: Cast, director: Caller) -> None:
    system = make_system(acme.organisation, "ERP")
    make_target(system, acme.user(Role.EXECUTIVE), rto=240, rpo=0)
    (row,) = director.get("systems/").json()["results"]
    assert (row["rto_minutes"], row["rpo_minutes"], row["mtd_minutes"]) == (240, 0, None)


def test_the_audit_trail_is_filtered(acme: Cast) -> None:
    site = make_site(acme.organisation, "Hamburg")
    make_system(acme.organisation, "ERP")
    auditor = caller(acme, Role.AUDITOR)
    for params in (
        {"record_id": site.pk},
        {"record_type": "site", "action": "created"},
        {"q": "hambu"},
    ):
        (event,) = auditor.get("audit/", **params).json()["results"]
        assert event["record_label"] == "Hamburg"
    assert auditor.get("audit/", since="2100-01-01T00:00:00Z").json()["count"] == 0
    assert auditor.get("audit/", until="2100-01-01T00:00:00Z").json()["count"] > 2


def fill(organisation: Organisation, batch: str, count: int) -> None:
    """That many more systems, sites, contacts and dependencies, and a tenth of the rest, each
    with relations to name."""
    site = make_site(organisation, f"{batch} site")
    boss = make_contact(organisation, f"{batch} boss")
    Site.objects.bulk_create(
        Site(organisation=organisation, name=f"{batch} {number}") for number in range(count)
    )
    contacts = Contact.objects.bulk_create(
        Contact(organisation=organisation, name=f"{batch} {number}", deputy=boss)
        for number in range(count)
    )
    systems = System.objects.bulk_create(
        System(
            organisation=organisation,
            name=f"{batch} {number}",
            kind="business process",
            site=site,
            owner=boss,
        )
        for number in range(count)
    )
    Dependency.objects.bulk_create(
        Dependency(organisation=organisation, dependent=one, dependency=other)
        for one, other in pairwise(systems)
    )
    for number in range(count // 10):
        make_team(organisation, f"{batch} {number}", *contacts[number : number + 3])
        make_path(organisation, f"{batch} {number}", StepValues(boss), StepValues(contacts[number]))
        make_copy(systems[number], "nightly", site=site)


CEILINGS = {
    "systems": 5,
    "dependencies": 5,
    "sites": 5,
    "contacts": 5,
    "teams": 6,
    "escalation-paths": 6,
    "copies": 6,  # their states are worked out from their reports
    "targets": 5,
    "impacts": 7,  # answers and peaks
    "members": 5,
    "audit": 5,
}


@pytest.mark.parametrize("noun", CEILINGS)
def test_a_list_costs_the_same_few_queries_whatever_its_length(noun: str, acme: Cast) -> None:
    """Session, login, membership, count, rows; one more where a row has parts."""
    auditor = caller(acme, Role.AUDITOR)
    cost = []
    for batch, count in (("few", 20), ("many", 280)):
        fill(acme.organisation, batch, count)
        with CaptureQueriesContext(connection) as captured:
            response = auditor.get(f"{noun}/", page_size=1000)
        assert response.status_code == 200
        cost.append(len(captured))
    assert cost[0] == cost[1] <= CEILINGS[noun]
