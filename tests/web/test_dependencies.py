"""Dependencies: systems chosen by name, faults at the right field, many at once."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, Dependency, System
from bcp.models.base import new_key
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_system

LIST = "/o/acme/dependencies/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def estate(acme: Cast) -> dict[str, System]:
    names = ("ERP", "SAN", "DNS")
    return {name: make_system(acme.organisation, name) for name in names}


def test_systems_are_chosen_by_name_in_any_case(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    director.post(
        f"{LIST}new/", {"dependent": "erp", "dependency": " SAN ", "needed_to": "rebuild"}
    )
    edge = Dependency.objects.of(acme.organisation).get()
    assert (edge.dependent, edge.dependency) == (estate["ERP"], estate["SAN"])


def test_the_form_offers_every_system_by_name_and_shows_the_name_of_a_key(
    estate: dict[str, System], director: Client
) -> None:
    page = director.get(f"{LIST}new/?dependent={estate['ERP'].pk}").content.decode()
    assert page.count('<option value="SAN"></option>') == 2
    assert 'value="ERP"' in page


@pytest.mark.parametrize(
    ("dependency", "fault"),
    [
        ("Nothing like it", "There is no “Nothing like it” here."),
        ("ERP", "A system cannot depend on itself."),
        ("DNS", "This dependency is already recorded."),
        ("", "This field is required."),
    ],
)
def test_a_fault_is_said_at_what_is_needed_and_the_name_typed_is_kept(
    dependency: str, fault: str, estate: dict[str, System], director: Client
) -> None:
    make_dependency(estate["ERP"], estate["DNS"])
    response = director.post(
        f"{LIST}new/", {"dependent": "ERP", "dependency": dependency, "needed_to": "run"}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["dependency"][0].startswith(fault)
    assert f'value="{dependency}"' in response.content.decode() or not dependency


def test_a_foreign_system_cannot_be_named_by_name_or_key(
    acme: Cast, rival: Cast, estate: dict[str, System], director: Client
) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} SAN")
    for typed in (theirs.name, theirs.pk):
        response = director.post(
            f"{LIST}new/", {"dependent": "ERP", "dependency": typed, "needed_to": "run"}
        )
        assert response.context["form"].errors["dependency"] == [
            f"There is no “{typed}” here. Choose one of the names offered."
        ]
    assert CANARY not in director.get(f"{LIST}new/").content.decode()
    assert not Dependency.objects.of(acme.organisation).exists()


def test_the_list_is_filtered_by_either_end_by_name_or_key(
    estate: dict[str, System], director: Client
) -> None:
    edge = make_dependency(estate["ERP"], estate["SAN"])
    make_dependency(estate["SAN"], estate["DNS"])
    for query in (f"?dependent={estate['ERP'].pk}", "?dependent=erp", "?dependency=SAN"):
        assert list(director.get(LIST + query).context["rows"]) == [edge]


def test_the_list_is_sorted_and_exported(estate: dict[str, System], director: Client) -> None:
    make_dependency(estate["ERP"], estate["SAN"], needed_to="run")
    make_dependency(estate["ERP"], estate["DNS"], bootstrap="hosts file")
    text = director.get(f"{LIST}?export=csv&sort=-dependency_name").content.decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text))) == [
        {"dependent": "ERP", "dependency": "SAN", "needed_to": "run", "bootstrap": ""},
        {
            "dependent": "ERP",
            "dependency": "DNS",
            "needed_to": "rebuild",
            "bootstrap": "hosts file",
        },
    ]


def test_the_second_editor_is_shown_both_versions(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    edge = make_dependency(estate["ERP"], estate["SAN"])
    typed = {"dependent": "ERP", "dependency": "SAN", "needed_to": "run", "version": "1"}
    director.post(f"{LIST}{edge.pk}/edit/", typed)
    response = director.post(
        f"{LIST}{edge.pk}/edit/", typed | {"dependency": "DNS", "needed_to": "full service"}
    )
    assert response.status_code == 409
    assert [
        (row["label"], row["theirs"], row["mine"]) for row in response.context["differences"]
    ] == [("needs", "SAN", "DNS"), ("needed to", "Run", "Full service")]


def test_a_removed_dependency_comes_back(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    edge = make_dependency(estate["ERP"], estate["SAN"], bootstrap="by hand")
    page = director.post(f"{LIST}{edge.pk}/delete/", {"version": 1}, follow=True)
    director.post(next(iter(page.context["messages"])).extra_tags)
    assert Dependency.objects.of(acme.organisation).get(pk=edge.pk).bootstrap == "by hand"


def test_many_are_set_or_deleted_at_once_in_one_audited_write(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    edges = [
        make_dependency(estate["ERP"], estate["SAN"]),
        make_dependency(estate["ERP"], estate["DNS"]),
    ]
    keys = ",".join(edge.pk for edge in edges)
    director.post(f"{LIST}bulk/", {"keys": keys, "needed_to": "run"})
    assert {edge.needed_to for edge in Dependency.objects.of(acme.organisation)} == {"run"}
    director.post(f"{LIST}bulk/", {"keys": keys, "delete": "1"})
    assert not Dependency.objects.of(acme.organisation).exists()
    deleted = AuditEvent.objects.of(acme.organisation).filter(action="deleted")
    assert sorted(event.record_label for event in deleted) == ["ERP → DNS", "ERP → SAN"]


def test_the_form_costs_the_same_however_many_systems_there_are(
    acme: Cast, director: Client
) -> None:
    counts = []
    for count in (10, 300):
        rows = [System(organisation=acme.organisation, name=new_key()) for _number in range(count)]
        System.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as queries:
            director.get(f"{LIST}new/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
