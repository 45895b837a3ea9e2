"""The views of the map by address, and the same views as files."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import networkx as nx
import pdfplumber
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from bcp.engine.map_groups import Grouping
from bcp.engine.map_views import MOST_NODES
from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services import map_files
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_site, make_system
from tests.web.large_estate import grow

MAP = "/o/acme/map/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def estate(acme: Cast) -> dict[str, System]:
    """Portal → ERP → Database → SAN, all but the portal at the site in the city; Mail ⇄ DNS."""
    site = make_site(acme.organisation, "HQ", zone="City")
    names = ("Portal", "ERP", "Database", "SAN", "Mail", "DNS")
    systems = {
        name: make_system(
            acme.organisation,
            name,
            tier=1 + position % 2,
            recovery_minutes=30,
            site=None if name == "Portal" else site,
        )
        for position, name in enumerate(names)
    }
    for above, below in pairwise(names[:4]):
        make_dependency(systems[above], systems[below])
    make_dependency(systems["Mail"], systems["DNS"])
    make_dependency(systems["DNS"], systems["Mail"])
    return systems


def shown(client: Client, query: str) -> set[str]:
    """The systems of a view: the same in the table and in the picture."""
    context = client.get(MAP + query).context
    rows = {row.system.name for row in context["rows"]}
    for name in rows:
        assert f">{name}</text>" in context["drawing"].svg
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("way=needs", {"ERP", "Database"}),
        ("way=needs&depth=3", {"ERP", "Database", "SAN"}),
        ("way=needed-by", {"ERP", "Portal"}),
        ("show=ground", {"ERP", "Database", "SAN"}),
        ("show=chain", {"ERP", "Database", "SAN"}),
        ("unheard=of&show=around", {"ERP", "Database", "Portal"}),
    ],
)
def test_one_system_is_looked_at_in_many_ways(
    query: str, expected: set[str], estate: dict[str, System], director: Client
) -> None:
    assert shown(director, f"?focus={estate['ERP'].pk}&{query}") == expected


def test_a_loop_and_the_loss_of_a_system_or_site_are_views(
    estate: dict[str, System], director: Client
) -> None:
    for name in ("Mail", "DNS"):
        assert shown(director, f"?loop={estate[name].pk}") == {"Mail", "DNS"}
    assert shown(director, "?scenario=system:Database") == {"Portal", "ERP", "Database"}
    assert shown(director, "?scenario=site:HQ") == set(estate)


@pytest.mark.parametrize(
    "query",
    [
        *("?loop=1", "?loop=-1", "?loop=²", f"?loop={'9' * 50}", "?loop=%00"),
        *("?scenario=site:Nowhere", "?scenario=nonsense", "?in=site:Nowhere"),
        *("?in=kind:nonsense", "?in=tier:9", "?in=tier:1&in=tier:2"),
    ],
)
def test_a_view_that_is_not_there_is_not_found(
    query: str, estate: dict[str, System], director: Client
) -> None:
    assert director.get(MAP + query).status_code == 404


def test_the_recovery_order_leads_to_the_drawing_of_each_loop(
    estate: dict[str, System], director: Client
) -> None:
    page = director.get("/o/acme/recovery-order/").content.decode()
    addresses = re.findall(r'href="(/o/acme/map/\?loop=[^"]+)"', page)
    assert len(addresses) == 1
    assert shown(director, addresses[0].removeprefix(MAP)) == {"Mail", "DNS"}


@pytest.mark.parametrize("by", Grouping)
def test_groups_open_to_their_systems(
    by: Grouping, estate: dict[str, System], director: Client
) -> None:
    page = director.get(f"{MAP}?by={by}")
    assert sum(row.count for row in page.context["group_rows"]) == len(estate)
    inside = sum(row.inside for row in page.context["group_rows"])
    assert inside + sum(row.count for row in page.context["between"]) == 5
    opened: set[str] = set()
    for row in page.context["group_rows"]:
        systems = {one.system.name for one in director.get(row.url).context["rows"]}
        assert len(systems) == row.count
        opened |= systems
    assert opened == set(estate)


def test_zones_flags_and_the_critical_chain_are_told_in_picture_and_table(
    estate: dict[str, System], director: Client
) -> None:
    page = director.get(f"{MAP}?focus={estate['ERP'].pk}")
    svg = page.context["drawing"].svg
    for words in ("City", "one zone: lost together", "no owner", "critical chain"):
        assert words in svg
    text = page.content.decode()
    assert "(on the critical chain)" in text
    assert "<strong>no owner</strong>" in text


# --- files ---------------------------------------------------------------------------------


def saved(client: Client, query: str) -> bytes:
    response = client.get(MAP + query)
    assert response.status_code == 200
    wanted = map_files.Format(query.split("export=")[1].split("&")[0])
    assert response.headers["Content-Type"] == map_files.CONTENT_TYPES[wanted]
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content


def test_every_file_that_the_page_offers_opens(estate: dict[str, System], director: Client) -> None:
    page = director.get(f"{MAP}?focus={estate['ERP'].pk}&depth=2")
    files = page.context["files"]
    assert {label for label, _url in files} >= {"SVG", "PNG", "PDF A4", "PDF A3", "GraphML"}
    for _label, url in files:
        assert url.startswith(f"{MAP}?focus={estate['ERP'].pk}&depth=2&export=")
        saved(director, url.removeprefix(MAP))


def test_graphml_holds_the_systems_that_are_shown(
    estate: dict[str, System], director: Client
) -> None:
    text = saved(director, f"?focus={estate['ERP'].pk}&show=ground&export=graphml")
    graph = nx.read_graphml(io.BytesIO(text))
    names = nx.get_node_attributes(graph, "label")
    assert set(names.values()) == {"ERP", "Database", "SAN"}
    edges = {(names[above], names[below]) for above, below in graph.edges}
    assert edges == {("ERP", "Database"), ("Database", "SAN")}
    facts = next(data for _node, data in graph.nodes(data=True) if data["label"] == "ERP")
    assert facts["no_owner"] is True
    assert facts["zone"] == "City"
    assert facts["key"] == estate["ERP"].pk


def test_the_picture_as_dots_has_the_shape_of_the_drawing(
    estate: dict[str, System], director: Client
) -> None:
    drawing = director.get(MAP).context["drawing"]
    image = Image.open(io.BytesIO(saved(director, "?export=png")))
    assert image.format == "PNG"
    assert image.width / image.height == pytest.approx(drawing.width / drawing.height, rel=0.01)
    assert image.width >= drawing.width


def test_the_printed_map_is_of_the_paper_asked_for_and_else_the_organisations(
    acme: Cast, estate: dict[str, System], director: Client
) -> None:
    def width(query: str) -> int:
        with pdfplumber.open(io.BytesIO(saved(director, query))) as document:
            assert "ERP" in (document.pages[0].extract_text() or "")
            return round(document.pages[0].width)

    assert width("?export=pdf&paper=a3") == 1191
    assert width("?export=pdf&paper=letter") == 792
    assert width("?export=pdf&paper=nonsense") == width("?export=pdf") == 842


def test_a_saved_picture_has_no_links_into_the_product(
    estate: dict[str, System], director: Client
) -> None:
    assert b"href" not in saved(director, "?export=svg")


def test_a_file_holds_nothing_of_another_organisation(
    acme: Cast, rival: Cast, estate: dict[str, System], director: Client
) -> None:
    foreign = make_system(rival.organisation, CANARY)
    for file_format in ("svg", "dot", "mermaid", "graphml"):
        assert CANARY.encode() not in saved(director, f"?export={file_format}")
        query = f"?focus={foreign.pk}&export={file_format}"
        assert director.get(MAP + query).status_code == 404
    assert director.get("/o/rival/map/?export=svg").status_code == 404


def test_an_export_of_nothing_is_the_page_and_of_an_unknown_kind_says_what_there_is(
    director: Client, acme: Cast
) -> None:
    assert "There is no live system yet" in director.get(f"{MAP}?export=svg").content.decode()
    make_system(acme.organisation, "ERP")
    refused = director.get(f"{MAP}?export=exe")
    assert refused.status_code == 400
    assert "“export=exe” is not known; allowed: svg, png, pdf" in refused.content.decode()


def test_without_the_program_for_pngs_the_page_says_what_else_there_is(
    estate: dict[str, System], director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    answer = director.get(f"{MAP}?export=png")
    assert answer.status_code == 503
    assert "Choose SVG or PDF instead" in answer.content.decode()


@pytest.mark.parametrize("query", ["?by=tier", "?by=site", "?scenario=site:HQ", "?export=graphml"])
def test_a_view_costs_the_same_in_a_small_and_in_a_large_estate(
    query: str, acme: Cast, estate: dict[str, System], director: Client
) -> None:
    def cost() -> int:
        director.get(MAP + query)
        with CaptureQueriesContext(connection) as queries:
            assert director.get(MAP + query).status_code == 200
        return len(queries)

    few = cost()
    grow(acme.organisation, MOST_NODES * 2)
    assert cost() == few <= 9
