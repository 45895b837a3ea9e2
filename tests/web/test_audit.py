"""The organisation-wide history: narrowed, exported, checked, and one tenant's alone."""

from __future__ import annotations

import ast
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp import services
from bcp.engine.permissions import Capability, Role, allows
from bcp.models import AuditEvent
from bcp.models.base import OrgOwned
from bcp.queries import history
from bcp.queries.audit_trail import ACTIONS, KINDS
from bcp.services import sites
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_site

PLACE = "/o/acme/history/"
IN_THE_ROW_OF_ANOTHER = {
    *("escalationstep", "procedurestep", "scenariopart", "impactanswer", "peakperiod"),
    *("importupload", "planfile"),
}
"""What has no audit row of its own: parts of a record, and files behind one."""


@pytest.fixture
def auditor(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.AUDITOR))
    return client


def labels(client: Client, query: str) -> list[str]:
    response = client.get(f"{PLACE}?{query}")
    assert response.status_code == 200
    assert not response.context["filters"].form.errors
    return [row.record_label for row in response.context["rows"]]


def test_every_write_is_there_newest_first_with_who_and_what(acme: Cast, auditor: Client) -> None:
    site = make_site(acme.organisation, "HQ", zone="Old")
    sites.change(acme.organisation, site.pk, {"zone": "New"}, seen_version=1, by=acme.actor())
    response = auditor.get(PLACE)
    first, second = response.context["rows"][:2]
    assert (first.action, first.actor_label) == ("changed", "it.director@acme.example")
    assert second.action == "created"
    shown = response.content.decode()
    assert "<del>Old</del>" in shown
    assert "<ins>New</ins>" in shown


def test_it_is_narrowed_by_who_kind_action_record_and_words(acme: Cast, auditor: Client) -> None:
    site = make_site(acme.organisation, "HQ")
    make_contact(acme.organisation, "Ann")
    sites.change(acme.organisation, site.pk, {"name": "Berlin"}, seen_version=1, by=acme.actor())
    assert labels(auditor, "who=DIRECTOR") == ["Berlin"]
    assert labels(auditor, "record_type=contact") == ["Ann"]
    assert labels(auditor, "action=changed") == ["Berlin"]
    assert labels(auditor, f"record_id={site.pk}") == ["Berlin", "HQ"]
    assert labels(auditor, "q=berl") == ["Berlin"]
    assert labels(auditor, "q=Ann&action=deleted") == []


def test_days_are_those_of_the_organisation(acme: Cast, auditor: Client) -> None:
    with time_machine.travel("2027-01-05T23:30:00Z", tick=False):  # the 6th in Berlin
        make_site(acme.organisation, "After midnight")
        auditor.force_login(acme.user(Role.AUDITOR))
        assert labels(auditor, "since=2027-01-06&until=2027-01-06") == ["After midnight"]
        assert labels(auditor, "since=2027-01-07") == []
        assert "After midnight" not in labels(auditor, "until=2027-01-05")


@pytest.mark.parametrize(
    "query", ["record_type=nonsense", "action=read", "since=yesterday", "record_id=%00"]
)
def test_a_filter_that_makes_no_sense_is_reported(query: str, auditor: Client) -> None:
    response = auditor.get(f"{PLACE}?{query}")
    assert response.status_code == 200
    assert response.context["filters"].form.errors


def test_every_kind_of_record_that_is_written_has_a_word() -> None:
    written = {
        model._meta.model_name
        for model in apps.get_app_config("bcp").get_models()
        if issubclass(model, OrgOwned) and not model.kept_by_machines
    }
    assert written | {"organisation"} == set(KINDS) | IN_THE_ROW_OF_ANOTHER


def test_every_action_that_a_service_notes_has_a_word() -> None:
    calls = (
        node
        for file in Path(services.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    noted = {ast.literal_eval(call.args[0]) for call in calls if call.func.attr == "note"}
    assert noted == set(ACTIONS)


def test_the_export_is_whole_and_can_be_checked_elsewhere(acme: Cast, auditor: Client) -> None:
    site = make_site(acme.organisation, "HQ", zone="Old")
    sites.change(acme.organisation, site.pk, {"zone": "New"}, seen_version=1, by=acme.actor())
    response = auditor.get(f"{PLACE}?export=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == history.events(acme.organisation).count()
    assert rows[0]["action"] == "changed"
    assert json.loads(rows[0]["before"]) == {"zone": "Old"}
    assert json.loads(rows[0]["after"]) == {"zone": "New"}
    assert {row["digest"] for row in rows} == set(
        history.events(acme.organisation).values_list("digest", flat=True)
    )


def test_the_check_says_that_it_is_whole_or_where_it_breaks(acme: Cast, auditor: Client) -> None:
    shown = auditor.get(f"{PLACE}check/").content.decode()
    count = history.events(acme.organisation).count()
    assert f"All {count} events are whole." in shown
    QuerySet(AuditEvent).filter(organisation=acme.organisation, sequence=3).update(action="read")
    assert "Broken at event 3." in auditor.get(f"{PLACE}check/").content.decode()


def test_nothing_of_another_organisation_is_in_it(acme: Cast, rival: Cast, auditor: Client) -> None:
    foreign = make_site(rival.organisation, CANARY)
    for query in ("", f"q={CANARY}", f"record_id={foreign.pk}", "export=csv"):
        response = auditor.get(f"{PLACE}?{query}")
        assert CANARY not in response.content.decode().replace(f'value="{CANARY}"', "")


@pytest.mark.parametrize("role", Role)
def test_it_is_for_who_may_read_it(role: Role, acme: Cast, client: Client) -> None:
    client.force_login(acme.user(role))
    may = allows(role, Capability.READ_AUDIT)
    for path in (PLACE, f"{PLACE}check/", f"{PLACE}?export=csv"):
        assert client.get(path).status_code == (200 if may else 403)


def test_a_long_trail_takes_the_same_queries_and_pages(acme: Cast, auditor: Client) -> None:
    counted = []
    for many in (20, 200):
        for number in range(many):
            make_site(acme.organisation, f"{many}-{number}")
        with CaptureQueriesContext(connection) as queries:
            response: Any = auditor.get(PLACE)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(response.context["rows"]) == 50


def test_hostile_text_in_the_trail_is_shown_as_text(acme: Cast, auditor: Client) -> None:
    make_site(acme.organisation, "<script>alert(1)</script>", address="<img src=x onerror=alert>")
    shown = auditor.get(PLACE).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
