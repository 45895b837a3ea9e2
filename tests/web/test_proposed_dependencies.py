"""Proposed dependencies on pages: sent in, listed, decided together, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import Dependency, ProposedDependency, System
from bcp.services import proposed_dependencies
from tests.conftest import Cast
from tests.factories import make_proposed, make_system

PROPOSED, DECIDE = "/o/acme/dependencies/proposed/", "/o/acme/dependencies/proposed/decide/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def crm(acme: Cast) -> System:
    return make_system(acme.organisation, "CRM")


def proposals(acme: Cast, crm: System, count: int) -> list[ProposedDependency]:
    others = [make_system(acme.organisation, f"Server {number}") for number in range(count)]
    return [make_proposed(crm, other, reason="A scanner saw it") for other in others]


def decide(client: Client, rows: list[ProposedDependency], verb: str, reason: str = "") -> Any:
    page = client.get(DECIDE, {"keys": [row.pk for row in rows]})
    data = {"seen": page.context["seen"], "reason": reason, verb: "1"}
    return client.post(DECIDE, data, follow=True)


def test_a_list_sent_in_as_proposals_waits_and_is_accepted_at_once(
    acme: Cast, crm: System, director: Client
) -> None:
    make_system(acme.organisation, "Directory")
    sent = SimpleUploadedFile("dependencies.csv", b"dependent,dependency\nCRM,Directory\n")
    preview = director.post(
        "/o/acme/exchange/upload/", {"upload": sent, "propose_dependencies": "on"}, follow=True
    )
    assert "new proposed dependency" in preview.content.decode()
    address = preview.redirect_chain[-1][0]
    done = director.post(address, {"seen": preview.context["plan"].fingerprint}, follow=True)
    assert done.redirect_chain[-1][0] == PROPOSED
    assert "dependencies.csv, row 2" in done.content.decode()
    assert (
        "1 proposed dependency waits for your review." in director.get("/o/acme/").content.decode()
    )
    assert not Dependency.objects.exists()
    told = decide(director, list(ProposedDependency.objects.all()), "accept")
    assert "1 dependency is recorded and counts from now on." in told.content.decode()
    assert Dependency.objects.count() == 1


def test_many_are_accepted_together_and_taken_back_together(
    acme: Cast, crm: System, director: Client
) -> None:
    rows = proposals(acme, crm, 3)
    told = decide(director, rows[:2], "accept", "Seen in the rack")
    assert Dependency.objects.count() == 2
    (message,) = told.context["messages"]
    assert [row.pk for row in director.get(PROPOSED).context["rows"]] == [rows[2].pk]
    accepted = director.get(PROPOSED, {"state": "accepted"})
    assert "Seen in the rack" in accepted.content.decode()
    back = director.post(message.extra_tags, follow=True)
    assert "2 proposed dependencies wait for review again." in back.content.decode()
    assert not Dependency.objects.exists()
    assert len(director.get(PROPOSED).context["rows"]) == 3


def test_one_of_many_is_taken_back_alone(acme: Cast, crm: System, director: Client) -> None:
    rows = proposals(acme, crm, 2)
    decide(director, rows, "refuse", "The scanner was wrong")
    director.post(f"{PROPOSED}{rows[0].pk}/undo/", {"alone": "1"})
    assert [row.pk for row in director.get(PROPOSED).context["rows"]] == [rows[0].pk]


def test_refusing_without_a_reason_keeps_what_was_chosen(
    acme: Cast, crm: System, director: Client
) -> None:
    rows = proposals(acme, crm, 2)
    page = decide(director, rows, "refuse")
    assert page.status_code == 422
    assert "Say why, so that nobody proposes it again." in page.content.decode()
    assert len(page.context["rows"]) == 2
    director.post(DECIDE, {"seen": page.context["seen"], "reason": "Wrong", "refuse": "1"})
    assert set(ProposedDependency.objects.values_list("state", flat=True)) == {"refused"}


def test_the_second_decider_is_shown_what_the_first_did(
    acme: Cast, crm: System, director: Client
) -> None:
    rows = proposals(acme, crm, 2)
    page = director.get(DECIDE, {"keys": [row.pk for row in rows]})
    proposed_dependencies.refuse_many(
        acme.organisation, [(rows[0].pk, 1)], "Scrapped", by=acme.actor(Role.ADMINISTRATOR)
    )
    data = {"seen": page.context["seen"], "reason": "Fine", "accept": "1"}
    told = director.post(DECIDE, data)
    assert told.status_code == 409
    text = told.content.decode()
    assert "Scrapped" in text
    assert "Fine" in text
    assert not Dependency.objects.exists()
    director.post(DECIDE, data | {"seen": told.context["seen"]})
    assert Dependency.objects.count() == 1


def test_forms_that_were_tampered_with_and_empty_choices_do_nothing(
    acme: Cast, crm: System, director: Client
) -> None:
    for seen in ("", "7", '[["a"]]', '[["a","b"]]'):
        assert director.post(DECIDE, {"seen": seen}).status_code == 400
    assert director.get(DECIDE).status_code == 302
    (row,) = proposals(acme, crm, 1)
    assert director.post(f"{PROPOSED}{row.pk}/undo/").status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_list_of_forty_costs_as_many_queries_as_one_of_two(
    acme: Cast, crm: System, director: Client
) -> None:
    def queries() -> list[int]:
        found = []
        for address in (PROPOSED, f"{DECIDE}?all=1"):
            director.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert director.get(address).status_code == 200
            found.append(len(seen))
        return found

    proposals(acme, crm, 2)
    few = queries()
    others = [make_system(acme.organisation, f"Node {number}") for number in range(40)]
    for other in others:
        make_proposed(crm, other)
    assert queries() == few


def test_an_engineer_reads_them_and_cannot_decide(acme: Cast, crm: System, client: Client) -> None:
    proposals(acme, crm, 1)
    client.force_login(acme.user(Role.ENGINEER))
    text = client.get(PROPOSED).content.decode()
    assert "A scanner saw it" in text
    assert DECIDE not in text
