"""The map page: everything or a focus, groups above what can be read, and the same as tables."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.documents import map_layout
from bcp.engine.map_views import MOST_NODES
from bcp.engine.permissions import Role
from bcp.models import System
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_system
from tests.web.large_estate import grow

MAP = "/o/acme/map/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def a_chain(cast: Cast, *names: str) -> list[System]:
    """Each needs the next."""
    systems = [make_system(cast.organisation, name, tier=1) for name in names]
    for above, below in pairwise(systems):
        make_dependency(above, below)
    return systems


def drawn(client: Client, query: str = "") -> ElementTree.Element:
    return ElementTree.fromstring(client.get(MAP + query).context["drawing"].svg)


def names_on(root: ElementTree.Element) -> set[str]:
    return {one.text or "" for one in root.iter() if "map-name" in one.get("class", "").split()}


def test_a_small_estate_is_drawn_whole_with_equal_tables(acme: Cast, director: Client) -> None:
    a_chain(acme, "ERP", "Database", "SAN")
    page = director.get(MAP)
    assert names_on(drawn(director)) == {"ERP", "Database", "SAN"}
    assert {row.system.name for row in page.context["rows"]} == {"ERP", "Database", "SAN"}
    edges = {
        (edge.dependent.system.name, edge.dependency.system.name) for edge in page.context["edges"]
    }
    assert edges == {("ERP", "Database"), ("Database", "SAN")}
    assert "to rebuild" in page.content.decode()


def test_a_focus_shows_its_surroundings_as_far_as_wanted(acme: Cast, director: Client) -> None:
    portal, erp, *_rest = a_chain(acme, "Portal", "ERP", "Database", "SAN")
    assert names_on(drawn(director, f"?focus={erp.pk}")) == {"Portal", "ERP", "Database"}
    two = names_on(drawn(director, f"?focus={erp.pk}&depth=2"))
    assert two == {"Portal", "ERP", "Database", "SAN"}
    assert names_on(drawn(director, f"?focus={portal.pk}")) == {"Portal", "ERP"}


def test_every_node_is_a_link_that_opens(acme: Cast, director: Client) -> None:
    _portal, erp, *_rest = a_chain(acme, "Portal", "ERP", "Database")
    root = drawn(director, f"?focus={erp.pk}")
    addresses = [one.attrib["href"] for one in root.iter() if one.tag.endswith("}a")]
    assert len(addresses) == 3
    for address in addresses:
        facts = director.get(address)
        assert facts.status_code == 200
        assert facts.context["map_url"] == f"/o/acme/map/?focus={erp.pk}"


def test_a_bootstrap_note_and_the_standing_are_in_the_tables(acme: Cast, director: Client) -> None:
    erp, ad = (make_system(acme.organisation, name) for name in ("ERP", "AD"))
    make_dependency(erp, ad, needed_to="run", bootstrap="Emergency account in the safe")
    page = director.get(MAP).content.decode()
    assert "Emergency account in the safe" in page
    assert "to run" in page
    assert "standing-unknown" in page


def test_a_large_estate_offers_groups_and_draws_one_that_can_be_read(
    acme: Cast, director: Client
) -> None:
    grow(acme.organisation, MOST_NODES * 3)
    page = director.get(MAP)
    groups = {group.label: group for group in page.context["group_rows"]}
    assert names_on(drawn(director)) == set(groups)
    assert sum(group.count for group in groups.values()) == MOST_NODES * 3 + 1
    picture = ElementTree.fromstring(director.get(groups["Tier 1"].url).context["drawing"].svg)
    nodes = [one for one in picture.iter() if "map-node" in one.get("class", "").split()]
    assert len(nodes) == groups["Tier 1"].count
    by_kind = director.get(f"{MAP}?in=kind:application")
    assert {group.label for group in by_kind.context["group_rows"]} == set(groups)
    first = next(group for group in by_kind.context["group_rows"] if group.label == "Tier 1")
    assert first.url == f"{MAP}?in=kind%3Aapplication&in=tier%3A1"
    assert len(director.get(first.url).context["rows"]) == first.count


def test_a_hub_is_cut_to_what_can_be_read_and_says_so(acme: Cast, director: Client) -> None:
    hub = make_system(acme.organisation, "AD", tier=1)
    for number in range(MOST_NODES + 10):
        make_dependency(make_system(acme.organisation, f"Server {number:03d}", tier=2), hub)
    page = director.get(f"{MAP}?focus={hub.pk}")
    assert len(page.context["rows"]) == MOST_NODES
    assert "11 more neighbours do not fit the picture" in page.content.decode()
    left_out = {option.label for option in page.context["options"]}
    assert len(left_out) == 11
    assert left_out.isdisjoint(row.system.name for row in page.context["rows"])


def test_a_name_leads_to_its_map_and_a_part_of_one_to_a_choice(
    acme: Cast, director: Client
) -> None:
    erp, _database = a_chain(acme, "ERP", "ERP database")
    exact = director.get(f"{MAP}?q=erp")
    assert exact.headers["Location"] == f"{MAP}?focus={erp.pk}"
    part = director.get(f"{MAP}?q=er")
    assert [one.label for one in part.context["options"]] == ["ERP", "ERP database"]
    assert "No live system has “xyz”" in director.get(f"{MAP}?q=xyz").content.decode()


@pytest.mark.parametrize(
    "query", ["?focus=nothing", "?focus=%00", f"?focus={'k' * 500}", "?focus=..%2F"]
)
def test_a_focus_that_is_not_there_is_not_found(query: str, acme: Cast, director: Client) -> None:
    a_chain(acme, "ERP", "SAN")
    assert director.get(MAP + query).status_code == 404


def test_the_systems_of_another_organisation_are_not_there(
    acme: Cast, rival: Cast, director: Client
) -> None:
    a_chain(acme, "ERP", "SAN")
    foreign, *_rest = a_chain(rival, CANARY, f"{CANARY} 2")
    assert director.get(f"{MAP}?focus={foreign.pk}").status_code == 404
    assert CANARY not in director.get(MAP).content.decode()
    assert director.get(f"{MAP}?q={CANARY}").context["found"] == 0


def test_two_tenants_never_share_a_drawing(
    acme: Cast, rival: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal names in two organisations: the cache must still hold two pictures."""
    cache.clear()
    for cast in (acme, rival):
        a_chain(cast, "ERP", "SAN")
    client.force_login(acme.user(Role.ENGINEER))
    own = client.get(MAP).context["drawing"].svg
    client.force_login(rival.user(Role.ENGINEER))
    other = client.get("/o/rival/map/").context["drawing"].svg
    assert "/o/acme/" in own
    assert "/o/acme/" not in other
    assert "/o/rival/" in other


def test_a_map_is_laid_out_once_until_something_on_it_changes(
    acme: Cast, director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    place = map_layout.place
    monkeypatch.setattr(map_layout, "place", lambda *args: (made.append(args), place(*args))[1])
    erp, _san = a_chain(acme, "ERP", "SAN")
    director.get(MAP)
    director.get(MAP)
    assert len(made) == 1
    make_dependency(make_system(acme.organisation, "Mail"), erp)
    director.get(MAP)
    assert len(made) == 2


@pytest.mark.parametrize(
    "name",
    [
        "</text></svg><script>alert(1)</script>",
        "قاعدة بيانات العملاء",
        "👩‍👩‍👧‍👦 portal",
        "W" * 200,
        "{{ 7|add:7 }} {% now 'Y' %}",
    ],
)
def test_hostile_names_are_text(name: str, acme: Cast, director: Client) -> None:
    a_chain(acme, name, "SAN")
    page = director.get(MAP)
    assert "<script>alert" not in page.content.decode()
    assert ElementTree.fromstring(page.context["drawing"].svg) is not None


def test_nothing_on_the_page_needs_an_inline_style_or_script(acme: Cast, director: Client) -> None:
    a_chain(acme, "ERP", "SAN")
    page = director.get(MAP).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_an_empty_organisation_is_told_what_to_do(director: Client) -> None:
    assert "There is no live system yet" in director.get(MAP).content.decode()


def test_a_focus_costs_the_same_in_a_small_and_in_a_large_estate(
    acme: Cast, director: Client
) -> None:
    def cost(key: str) -> int:
        director.get(f"{MAP}?focus={key}&depth=2")
        with CaptureQueriesContext(connection) as queries:
            director.get(f"{MAP}?focus={key}&depth=2")
        return len(queries)

    few = cost(grow(acme.organisation, 20)[5].pk)
    assert cost(grow(acme.organisation, 280)[5].pk) == few <= 9
