"""What the map can show, chosen without scripts; what is not there; and its tables as files."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bcp.engine.map_views import MOST_NODES
from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services import systems
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_dependency,
    make_saved_view,
    make_scenario,
    make_site,
    make_system,
    make_target,
    make_team,
)
from tests.web.large_estate import grow

MAP = "/o/acme/map/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def estate(acme: Cast) -> dict[str, System]:
    """Payroll, due after an hour, needs ERP, that its database; each takes an hour. Mail ⇄ DNS."""
    site = make_site(acme.organisation, "HQ: main & annex")
    team = make_team(acme.organisation, "Web team")
    kinds = {"Payroll": "business process"}
    made = {
        name: make_system(
            acme.organisation,
            name,
            kind=kinds.get(name, "application"),
            recovery_minutes=60,
            tier=tier,
            team=team,
            site=site if name == "ERP" else None,
        )
        for tier, name in enumerate(("Payroll", "ERP", "Database", "Mail"), start=1)
    }
    made["DNS"] = make_system(acme.organisation, "DNS", recovery_minutes=60)
    for above, below in pairwise(("Payroll", "ERP", "Database")):
        make_dependency(made[above], made[below])
    make_dependency(made["Mail"], made["DNS"])
    make_dependency(made["DNS"], made["Mail"])
    make_target(made["Payroll"], acme.user(Role.EXECUTIVE), rto=60)
    return made


def offered(client: Client, show: str) -> dict[str, str]:
    """What there is to choose from: its words and its note."""
    page = client.get(f"{MAP}?show={show}")
    assert page.status_code == 200
    return {option.label: option.note for option in page.context["options"]}


def names(page: Any) -> set[str]:
    return {row.system.name for row in page.context["rows"]}


def test_each_kind_of_view_lists_what_there_is_of_it(
    estate: dict[str, System], director: Client
) -> None:
    assert offered(director, "ground") == {"Payroll": "Tier 1"}
    assert list(offered(director, "around"))[:2] == ["Payroll", "ERP"]
    assert offered(director, "loop") == {"DNS, Mail": "2 systems"}
    missed = offered(director, "chain")
    assert set(missed) == {"Payroll"}
    assert missed["Payroll"].startswith("misses by ")


def test_every_choice_opens(estate: dict[str, System], director: Client) -> None:
    for show in ("ground", "around", "loop", "chain"):
        for option in director.get(f"{MAP}?show={show}").context["options"]:
            page = director.get(option.url)
            assert page.status_code == 200
            assert page.context["drawing"]
    for tab in director.get(MAP).context["kinds"]:
        assert director.get(tab.url).status_code == 200


def test_a_form_offers_every_tier_site_kind_owner_and_team(
    estate: dict[str, System], director: Client
) -> None:
    form = director.get(f"{MAP}?show=part").context["form"]
    groups = dict(form.fields["in"].choices)
    assert ("site:HQ: main & annex", "HQ: main & annex (1)") in groups["Sites"]
    assert ("tier:", "No tier (1)") in groups["Tiers"]
    assert ("team:Web team", "Web team (4)") in groups["Teams"]
    chosen = director.get(MAP, {"in": "site:HQ: main & annex"})
    assert names(chosen) == {"ERP"}
    assert chosen.context["title"] == "Map: HQ: main & annex"
    assert names(director.get(MAP, {"in": "tier:"})) == {"DNS"}


def test_a_scenario_is_chosen_from_a_form_or_by_the_name_of_a_system(
    estate: dict[str, System], director: Client
) -> None:
    assert "picker_lost_system" in director.get(f"{MAP}?show=scenario").content.decode()
    by_name = director.get(MAP, {"scenario": "everything", "lost_system": "erp"}, follow=True)
    assert names(by_name) == {"ERP", "Payroll"}
    assert "1 system is lost. 1 more stops because it needs one of them." in (
        by_name.content.decode()
    )
    unknown = director.get(MAP, {"lost_system": "Nobody’s"}, follow=True)
    assert unknown.status_code == 404
    assert "there is no system named “Nobody’s”; allowed are DNS" in unknown.content.decode()


def test_nothing_of_a_kind_is_said(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "ERP")
    for show, says in {
        "ground": "No business process is recorded",
        "chain": "No system misses its target",
        "loop": "there is no loop",
    }.items():
        assert says in director.get(f"{MAP}?show={show}").content.decode()


def test_a_name_is_looked_for_in_the_kind_of_view_that_is_open(
    estate: dict[str, System], director: Client
) -> None:
    found = director.get(f"{MAP}?show=ground&q=payroll")
    assert found.headers["Location"] == f"{MAP}?focus={estate['Payroll'].pk}&show=ground"
    page = director.get(found.headers["Location"])
    assert names(page) == {"Payroll", "ERP", "Database"}
    assert "It needs 2 systems, directly or through others." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("show=hairball", 400, "“show=hairball” is not known; allowed: around, ground"),
        ("by=colour", 400, "“by=colour” is not known; allowed: tier, site"),
        ("export=csv&table=people", 400, "allowed: systems, dependencies"),
        ("in=site:Mars", 404, "No live system is in the group “Mars”, or not any more."),
        ("scenario=meteor", 404, "meteor"),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_says_so_and_shows_a_way_on(
    query: str, status: int, says: str, estate: dict[str, System], director: Client
) -> None:
    page = director.get(f"{MAP}?{query}")
    assert page.status_code == status
    assert says in page.content.decode()
    assert "What the map shows" in page.content.decode()


def test_a_system_that_is_gone_is_named(
    acme: Cast, rival: Cast, estate: dict[str, System], director: Client
) -> None:
    saved = make_saved_view(acme.organisation, "Where we started", f"focus={estate['Mail'].pk}")
    systems.delete(acme.organisation, estate["Mail"].pk, seen_version=None, by=acme.actor())
    page = director.get(f"/o/acme/map/views/{saved.pk}/", follow=True)
    assert page.status_code == 404
    assert "“Mail” has been deleted." in page.content.decode()
    assert "Where we started" in page.content.decode()
    retired = estate["ERP"]
    systems.change(
        acme.organisation, retired.pk, {"status": "retired"}, seen_version=None, by=acme.actor()
    )
    page = director.get(f"{MAP}?focus={retired.pk}")
    assert page.status_code == 404
    assert "“ERP” is not live" in page.content.decode()
    foreign = make_system(rival.organisation, CANARY)
    page = director.get(f"{MAP}?focus={foreign.pk}")
    assert page.status_code == 404
    assert CANARY not in page.content.decode()


def test_a_change_is_on_the_map_at_once(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    address = f"{MAP}?focus={estate['Database'].pk}"
    assert names(director.get(address)) == {"ERP", "Database"}
    make_dependency(estate["Database"], make_system(acme.organisation, "SAN"))
    assert names(director.get(address)) == {"ERP", "Database", "SAN"}


def test_what_is_too_much_for_one_picture_opens_group_by_group(
    acme: Cast, director: Client
) -> None:
    """All at one site: the site opens by tier, a tier of it system by system."""
    site = make_site(acme.organisation, "HQ")
    grown = grow(acme.organisation, MOST_NODES * 3)
    System.objects.filter(pk__in=[one.pk for one in grown]).update(site=site)
    make_system(acme.organisation, "Elsewhere")
    at_site = director.get(MAP, {"in": "site:HQ"})
    assert sum(row.count for row in at_site.context["group_rows"]) == len(grown)
    opened = director.get(at_site.context["group_rows"][0].url)
    assert opened.context["title"] == "Map: HQ · Tier 1"
    assert len(opened.context["rows"]) == at_site.context["group_rows"][0].count
    wider = opened.context["turns"][0].tabs[1]
    assert director.get(wider.url).context["title"] == "Map: HQ"


def test_what_no_grouping_tells_apart_is_drawn_in_part_and_the_rest_listed(
    acme: Cast, director: Client
) -> None:
    grown = grow(acme.organisation, MOST_NODES + 30)
    System.objects.filter(pk__in=[one.pk for one in grown]).update(tier=1)
    make_system(acme.organisation, "One more", tier=2)
    page = director.get(MAP, {"in": "tier:1"})
    left_out = {option.label for option in page.context["options"]}
    assert len(left_out) == 30
    assert names(page) | left_out == {one.name for one in grown}
    assert "30 more systems do not fit the picture" in page.content.decode()


# --- the tables as files -------------------------------------------------------------------


def table(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"{MAP}?{query}")
    assert response.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_both_tables_are_saved_as_they_stand_beside_the_map(
    estate: dict[str, System], director: Client
) -> None:
    query = f"focus={estate['Payroll'].pk}&show=ground&export=csv"
    rows = {row["name"]: row for row in table(director, f"{query}&table=systems")}
    assert set(rows) == {"Payroll", "ERP", "Database"}
    assert rows["Payroll"]["standing"] == "misses"
    assert rows["Payroll"]["target"] == "1 h"
    assert rows["ERP"]["site"] == "HQ: main & annex"
    assert rows["ERP"]["target"] == ""
    edges = table(director, f"{query}&table=dependencies")
    assert {(one["dependent"], one["dependency"], one["needed_to"]) for one in edges} == {
        ("Payroll", "ERP", "rebuild"),
        ("ERP", "Database", "rebuild"),
    }
    between = table(director, "by=kind&export=csv&table=dependencies")
    assert between == [{"group": "Business process", "needs": "Application", "dependencies": "1"}]


def test_every_table_file_that_the_page_offers_opens(
    estate: dict[str, System], director: Client
) -> None:
    for query in ("", "?by=site"):
        offered_files = director.get(MAP + query).context["table_files"]
        addresses = [url for files in offered_files.values() for _label, url in files]
        assert len(addresses) == 4
        for address in addresses:
            response = director.get(address)
            assert response.status_code == 200
            assert "acme-map-of-all-systems-" in response.headers["Content-Disposition"]


# --- ways in -------------------------------------------------------------------------------


def test_pages_lead_to_what_they_are_about_on_the_map(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    key = estate["Payroll"].pk
    site, team = estate["ERP"].site, estate["ERP"].team
    scenario = make_scenario(acme.organisation, "Fire and theft")
    ways_in = {
        f"systems/{key}/": [f"focus={key}&amp;show=chain", f"focus={key}&amp;show=ground"],
        "gaps/": [f"focus={key}&amp;show=chain"],
        f"sites/{site.pk}/": ["in=site%3AHQ%3A+main", "scenario=site%3AHQ%3A+main"],
        f"teams/{team.pk}/": ["in=team%3AWeb+team"],
        f"scenarios/{scenario.pk}/": ["scenario=Fire+and+theft"],
        "recovery-order/": ["scenario=everything"],
    }
    for path, queries in ways_in.items():
        text = director.get(f"/o/acme/{path}").content.decode()
        for query in queries:
            assert f'href="{MAP}?{query}' in text, path
