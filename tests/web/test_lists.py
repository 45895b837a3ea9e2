"""Lists: search, filter, sort, page and export, and that they cost the same however long."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from bcp.engine.permissions import Role
from bcp.models import Organisation, System
from bcp.models.base import new_key
from bcp.services import organisations
from bcp.web.views.lists import ROWS_A_PAGE
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_dependency, make_site, make_system, make_target

LIST = "/o/acme/systems/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [row.name for row in response.context["rows"]]


def many_systems(organisation: Organisation, count: int) -> None:
    """Rows straight into the table: how they were written is not what is tested here."""
    rows = [
        System(id=new_key(), organisation=organisation, name=f"Server {new_key()}", kind="compute")
        for _number in range(count)
    ]
    System.objects.bulk_create(rows, batch_size=500)


def test_a_search_finds_part_of_a_name_in_any_case(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "ERP database")
    make_system(acme.organisation, "Mail")
    assert names(director, "?q=DATAB") == ["ERP database"]


def test_filters_of_one_field_widen_and_of_two_fields_narrow(acme: Cast, director: Client) -> None:
    for name, kind, tier in (("A", "compute", 1), ("B", "network", 1), ("C", "compute", 3)):
        make_system(acme.organisation, name, kind=kind, tier=tier)
    assert names(director, "?kind=compute&kind=network") == ["A", "B", "C"]
    assert names(director, "?kind=compute&tier=1") == ["A"]


def test_a_filter_value_that_does_not_exist_is_reported_and_not_applied(
    acme: Cast, director: Client
) -> None:
    make_system(acme.organisation, "A")
    response = director.get(LIST + "?kind=spaceship")
    assert [row.name for row in response.context["rows"]] == ["A"]
    assert "spaceship is not one of the available choices" in response.content.decode()


def test_a_click_on_a_heading_sorts_and_a_second_turns_it_round(
    acme: Cast, director: Client
) -> None:
    for name, tier in (("B", 2), ("A", 3), ("C", 1)):
        make_system(acme.organisation, name, tier=tier)
    assert names(director) == ["A", "B", "C"]
    assert names(director, "?sort=tier") == ["C", "B", "A"]
    assert names(director, "?sort=-tier") == ["A", "B", "C"]
    page = director.get(LIST + "?sort=tier").content.decode()
    assert 'aria-sort="ascending"' in page
    assert "sort=-tier" in page


def test_it_sorts_by_what_the_analysis_answers(acme: Cast, director: Client) -> None:
    slow = make_system(acme.organisation, "Slow", recovery_minutes=600)
    quick = make_system(acme.organisation, "Quick", recovery_minutes=10)
    for system in (slow, quick):
        make_target(system, acme.user(Role.EXECUTIVE), rto=120)
    assert names(director, "?sort=restored") == ["Quick", "Slow"]
    assert names(director, "?sort=-restored") == ["Slow", "Quick"]
    assert names(director, "?sort=standing") == ["Slow", "Quick"]


def test_it_filters_by_the_standing_against_the_target(acme: Cast, director: Client) -> None:
    missing = make_system(acme.organisation, "Slow", recovery_minutes=600)
    make_target(missing, acme.user(Role.EXECUTIVE), rto=120)
    make_system(acme.organisation, "Without a target", recovery_minutes=10)
    assert names(director, "?standing=misses") == ["Slow"]
    assert names(director, "?standing=unknown") == ["Without a target"]
    assert names(director, "?standing=meets") == []


def test_every_record_is_on_exactly_one_page(acme: Cast, director: Client) -> None:
    many_systems(acme.organisation, 2 * ROWS_A_PAGE + 7)
    for sort in ("", "&sort=kind", "&sort=restored"):
        seen = [name for page in (1, 2, 3) for name in names(director, f"?page={page}{sort}")]
        assert len(seen) == len(set(seen)) == 2 * ROWS_A_PAGE + 7


def test_a_page_beyond_the_last_shows_the_last(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "A")
    assert names(director, "?page=99") == ["A"]
    assert names(director, "?page=nonsense") == ["A"]


def test_the_address_of_other_pages_keeps_search_filters_and_order(
    acme: Cast, director: Client
) -> None:
    many_systems(acme.organisation, ROWS_A_PAGE + 1)
    page = director.get(LIST + "?q=server&kind=compute&sort=-name").content.decode()
    assert "?q=server&amp;kind=compute&amp;sort=-name&amp;page=2" in page


def test_a_script_gets_the_table_alone_and_a_clean_address(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "A")
    response = director.get(LIST + "?q=a&kind=&sort=", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"] == LIST + "?q=a"
    assert "HX-Request" in response.headers["Vary"]


def test_an_empty_list_says_what_to_do_next(acme: Cast, director: Client) -> None:
    assert "Add a system" in director.get(LIST).content.decode()
    assert "Nothing fits this search" in director.get(LIST + "?q=x").content.decode()


def test_who_may_not_edit_is_offered_nothing_to_edit(acme: Cast, client: Client) -> None:
    make_system(acme.organisation, "A")
    client.force_login(acme.user(Role.AUDITOR))
    page = client.get(LIST).content.decode()
    assert "Add a system" not in page
    assert 'name="keys"' not in page


def test_csv_holds_the_whole_narrowed_list_under_importable_headings(
    acme: Cast, director: Client
) -> None:
    many_systems(acme.organisation, ROWS_A_PAGE + 5)
    owner = make_contact(acme.organisation, "Greta Lang")
    erp = make_system(acme.organisation, "ERP", kind="application", tier=1, owner=owner)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=1500)
    response = director.get(LIST + "?export=csv&sort=name")
    assert response.headers["Content-Disposition"] == 'attachment; filename="acme-systems.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == ROWS_A_PAGE + 6
    assert rows[0]["name"] == "ERP"
    assert rows[0]["owner"] == "Greta Lang"
    assert rows[0]["kind"] == "application"
    assert rows[0]["rto"] == "1 d 1 h"
    assert rows[0]["rpo"] == ""
    assert (
        len(
            list(
                csv.DictReader(
                    io.StringIO(
                        director.get(LIST + "?export=csv&q=erp").content.decode("utf-8-sig")
                    )
                )
            )
        )
        == 1
    )


def test_no_cell_of_an_export_runs_as_a_formula(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, '=HYPERLINK("http://evil.example")', description="@SUM(A1)")
    text = director.get(LIST + "?export=csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["name"].startswith("'=")
    assert row["description"].startswith("'@")
    book = load_workbook(io.BytesIO(director.get(LIST + "?export=xlsx").content))
    types = {cell.data_type for cell in book.active[2] if cell.value is not None}
    assert "f" not in types


def test_an_export_format_that_does_not_exist_shows_the_page(acme: Cast, director: Client) -> None:
    assert "<html" in director.get(LIST + "?export=exe").content.decode()


@pytest.mark.parametrize("export", ["", "?export=csv", "?export=xlsx", "?q=Zanzibar"])
def test_nothing_of_another_organisation_is_in_a_list(
    export: str, acme: Cast, rival: Cast, director: Client
) -> None:
    site = make_site(rival.organisation, f"{CANARY} site")
    owner = make_contact(rival.organisation, f"{CANARY} owner")
    theirs = make_system(rival.organisation, f"{CANARY} one", site=site, owner=owner)
    make_dependency(theirs, make_system(rival.organisation, f"{CANARY} two"))
    make_system(acme.organisation, "Ours")
    for noun in ("systems", "dependencies"):
        content = director.get(f"/o/acme/{noun}/{export}").content
        if export.endswith("xlsx"):
            book = load_workbook(io.BytesIO(content))
            content = str([[cell.value for cell in row] for row in book.active]).encode()
        assert CANARY.encode() not in content


def test_a_filter_by_a_foreign_record_is_refused_like_by_a_missing_one(
    acme: Cast, rival: Cast, director: Client
) -> None:
    foreign = make_site(rival.organisation, f"{CANARY} site")
    make_system(acme.organisation, "Ours")
    answers = [director.get(f"{LIST}?site={key}") for key in (foreign.pk, new_key())]
    faults = [answer.context["filters"].form.errors["site"] for answer in answers]
    assert faults[0] == faults[1]
    assert "Select a valid choice" in answers[0].content.decode()


@pytest.mark.parametrize(
    "query", ["", "?q=server", "?sort=-standing", "?standing=unknown", "?export=csv"]
)
def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_hundreds(
    query: str, acme: Cast, director: Client
) -> None:
    counts = []
    for more in (20, 400):
        many_systems(acme.organisation, more)
        director.get(LIST + query)
        with CaptureQueriesContext(connection) as queries:
            director.get(LIST + query)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_hostile_text_is_shown_and_never_run(acme: Cast, director: Client) -> None:
    hostile = "<script>alert(1)</script> \u202eשלום 🧯 " + "x" * 160
    system = make_system(acme.organisation, hostile, description="<img src=x onerror=alert(1)>")
    make_dependency(system, make_system(acme.organisation, '"><b>bold</b>'))
    for address in (
        LIST,
        f"{LIST}{system.pk}/",
        f"{LIST}{system.pk}/?tab=needs",
        f"{LIST}{system.pk}/?tab=history",
        f"{LIST}{system.pk}/edit/",
        f"{LIST}{system.pk}/delete/",
        f"{LIST}bulk/?keys={system.pk}",
        "/o/acme/dependencies/",
        "/o/acme/search/?q=<script>",
    ):
        page = director.get(address).content.decode()
        assert "&lt;script&gt;" in page, address
        for running in ("<script>alert", "<img src=x", "<b>bold"):
            assert running not in page, address


def test_an_organisation_of_ones_own_has_its_own_clock(acme: Cast, director: Client) -> None:
    organisations.change(
        acme.organisation,
        {"time_zone": "Asia/Tokyo"},
        seen_version=None,
        by=acme.shell,
    )
    response = director.get(LIST)
    assert response.context["now"].tzinfo.key == "Asia/Tokyo"
    assert response.context["today"] == response.context["now"].date()


@pytest.mark.parametrize("role", list(Role))
def test_every_place_in_the_rail_opens_and_says_that_one_is_there(
    role: Role, acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(role))
    groups = client.get(LIST).context["navigation"]
    addresses = [place.url for _heading, places in groups for place in places]
    assert len(addresses) >= 13
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        here = [
            place.url
            for _heading, places in response.context["navigation"]
            for place in places
            if place.is_current
        ]
        assert here == [address]
