"""Proposed dependencies on the map: shown for what they are, in picture and table, with the way
to their review, and in no answer and no file that an import would take for recorded ones."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import networkx as nx
import pytest
from django.core.cache import cache
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import ProposedDependency, System
from tests.conftest import CANARY, Cast
from tests.documents.drawn_maps import with_class
from tests.factories import make_dependency, make_system
from tests.web.test_map_views import MAP, saved


def propose(dependent: System, dependency: System, **values: str) -> ProposedDependency:
    usual = {"needed_to": "run", "source": "import"}
    return ProposedDependency.objects.create(
        organisation=dependent.organisation,
        dependent=dependent,
        dependency=dependency,
        **{**usual, **values},
    )


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def systems(acme: Cast) -> dict[str, System]:
    """ERP needs SAN; CRM and Mail need nothing that is recorded."""
    made = {name: make_system(acme.organisation, name) for name in ("ERP", "SAN", "CRM", "Mail")}
    make_dependency(made["ERP"], made["SAN"])
    return made


def proposed_arrows(svg: str) -> set[tuple[str | None, str | None]]:
    edges = with_class(ElementTree.fromstring(svg), "map-edge")
    dotted = [one for one in edges if "map-proposed" in one.attrib["class"]]
    return {(one.get("data-from"), one.get("data-to")) for one in dotted}


def test_what_waits_is_dotted_in_the_picture_and_leads_to_its_review(
    systems: dict[str, System], director: Client
) -> None:
    crm, san = systems["CRM"], systems["SAN"]
    row = propose(crm, san, reason="12 of 14 systems need it")
    page = director.get(MAP)
    assert proposed_arrows(page.context["drawing"].svg) == {(crm.pk, san.pk)}
    key = {meaning for _sample, meaning in page.context["drawing"].legend}
    assert "proposed: waits for review" in key
    text = page.content.decode()
    assert "Proposed, waiting for review" in text
    assert "12 of 14 systems need it" in text
    review = f"/o/acme/dependencies/proposed/decide/?keys={row.pk}"
    assert f'href="{review}"' in text
    assert director.get(review).status_code == 200


def test_a_proposal_counts_in_no_answer(systems: dict[str, System], director: Client) -> None:
    def facts() -> list[tuple[str, int, bool]]:
        rows = director.get(MAP).context["rows"]
        return [(row.system.name, row.result.restored_minutes, row.result.in_loop) for row in rows]

    before = facts()
    propose(systems["SAN"], systems["ERP"], needed_to="rebuild")  # accepted, it would be a loop
    assert facts() == before
    assert len(director.get(MAP).context["edges"]) == 1


def test_only_what_waits_between_systems_that_are_shown_is_drawn(
    acme: Cast, rival: Cast, systems: dict[str, System], director: Client
) -> None:
    foreign = make_system(rival.organisation, CANARY), make_system(rival.organisation, "Other")
    propose(*foreign)
    propose(systems["CRM"], systems["Mail"])
    propose(systems["CRM"], systems["SAN"], state="refused")
    propose(systems["ERP"], systems["Mail"])
    page = director.get(f"{MAP}?focus={systems['ERP'].pk}")
    assert proposed_arrows(page.context["drawing"].svg) == set()
    assert "Proposed, waiting for review" not in page.content.decode()
    whole = director.get(MAP)
    assert len(proposed_arrows(whole.context["drawing"].svg)) == 2
    assert CANARY not in whole.content.decode()


def test_who_may_not_review_is_led_to_the_list(
    acme: Cast, systems: dict[str, System], director: Client
) -> None:
    row = propose(systems["CRM"], systems["SAN"])
    director.force_login(acme.user(Role.AUDITOR))
    text = director.get(MAP).content.decode()
    assert "proposed/decide/" not in text
    listed = "/o/acme/dependencies/proposed/?q=CRM"
    assert f'href="{listed}"' in text
    assert str(row.dependency) in director.get(listed).content.decode()


def test_a_change_of_what_is_recorded_says_so(systems: dict[str, System], director: Client) -> None:
    propose(systems["ERP"], systems["SAN"], needed_to="full service")
    page = director.get(MAP)
    assert "It is recorded already and would be changed." in page.content.decode()
    edges = with_class(ElementTree.fromstring(page.context["drawing"].svg), "map-edge")
    assert len(edges) == 2


def test_files_for_other_programs_mark_what_is_proposed_and_tables_to_import_leave_it_out(
    systems: dict[str, System], director: Client
) -> None:
    propose(systems["CRM"], systems["SAN"])
    graph = nx.read_graphml(io.BytesIO(saved(director, "?export=graphml")))
    names = nx.get_node_attributes(graph, "label")
    marked = {
        (names[above], names[below]): facts.get("proposed", False)
        for above, below, facts in graph.edges(data=True)
    }
    assert marked == {("ERP", "SAN"): False, ("CRM", "SAN"): True}
    assert b"to run, proposed" in saved(director, "?export=dot")
    table = director.get(f"{MAP}?export=csv&table=dependencies").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["dependent"], row["dependency"]) for row in rows] == [("ERP", "SAN")]
