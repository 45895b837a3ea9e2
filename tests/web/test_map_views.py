"""The views of the map by address, and the same views as files."""

from __future__ import annotations

import io
import re
from itertools import pairwise, permutations
from xml.etree import ElementTree

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
from tests.factories import make_contact, make_dependency, make_site, make_system
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
    drawing = page.context["drawing"]
    for words in ("City", "no owner", "on the critical chain"):
        assert words in drawing.svg
    key = {meaning for _sample, meaning in drawing.legend}
    assert key >= {"one zone: lost together", "no owner", "critical chain: decides the time"}
    text = page.content.decode()
    assert all(meaning in text for meaning in key)
    assert "zone <bdi>City</bdi>" in text
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
    svg = ElementTree.fromstring(saved(director, "?export=svg"))
    width, height = (float(svg.attrib[side]) for side in ("width", "height"))
    image = Image.open(io.BytesIO(saved(director, "?export=png")))
    assert image.format == "PNG"
    assert image.width / image.height == pytest.approx(width / height, rel=0.01)
    assert image.width >= width


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


@pytest.mark.parametrize(
    "query",
    [
        *("?by=tier", "?by=site", "?scenario=site:HQ"),
        *("?by=tier&export=graphml", "?scenario=site:HQ&export=graphml"),
    ],
)
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


# --- groups that nearly all need each other --------------------------------------------------


@pytest.fixture
def tangle(acme: Cast) -> int:
    """Twelve owners, each with a system that needs the system of each other."""
    systems = [
        make_system(acme.organisation, f"S{number}", owner=make_contact(acme.organisation, name))
        for number, name in enumerate(f"Owner {letter}" for letter in "ABCDEFGHIJKL")
    ]
    for one, other in permutations(systems, 2):
        make_dependency(one, other)
    return len(systems) * (len(systems) - 1)


def arrows(svg: str) -> int:
    return svg.count('class="map-edge"')


def test_of_a_tangle_between_groups_the_strongest_is_drawn_and_the_rest_is_said(
    tangle: int, director: Client
) -> None:
    page = director.get(f"{MAP}?by=owner")
    drawn = arrows(page.context["drawing"].svg)
    assert drawn == 36
    text = page.content.decode()
    assert f"{tangle - drawn} weaker arrows are not drawn" in text
    assert f"stand for {tangle - drawn} of the {tangle} dependencies between groups" in text
    assert len(page.context["between"]) == tangle
    assert f'href="{MAP}?by=owner&amp;arrows=all"' in text


def test_every_arrow_is_drawn_for_whoever_asks(tangle: int, director: Client) -> None:
    page = director.get(f"{MAP}?by=owner&arrows=all")
    assert arrows(page.context["drawing"].svg) == tangle
    text = page.content.decode()
    assert "not drawn" not in text
    assert f'href="{MAP}?by=owner"' in text


def test_a_saved_picture_says_what_it_leaves_out_and_a_file_of_data_leaves_out_nothing(
    tangle: int, director: Client
) -> None:
    svg = saved(director, "?by=owner&export=svg").decode()
    words = " ".join(re.findall(r'class="map-small"[^>]*>([^<]*)<', svg))
    assert f"{tangle - 36} weaker arrows are not drawn" in words
    with pdfplumber.open(io.BytesIO(saved(director, "?by=owner&export=pdf"))) as document:
        for page in document.pages[:1]:
            assert f"{tangle - 36} weaker arrows are not drawn" in (page.extract_text() or "")
    graph = nx.read_graphml(io.BytesIO(saved(director, "?by=owner&export=graphml")))
    assert graph.number_of_edges() == tangle
