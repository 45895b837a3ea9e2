"""Sites, contacts, teams, paths and copies: each is listed, added, changed, deleted, exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import BackupCopy, Contact, EscalationPath, Organisation, OrgOwned, Site, Team
from bcp.queries import history
from bcp.services.escalation import StepValues
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_path,
    make_site,
    make_system,
    make_team,
)
from tests.web.reading import as_read


@dataclass(frozen=True)
class Noun:
    path: str
    model: type[OrgOwned]
    make: Callable[[Organisation, str], Any]
    typed: dict[str, Any]
    """What somebody types into the form, beside the name."""
    says: str
    """A word of that on the page of the record."""


def _copy(organisation: Organisation, name: str) -> BackupCopy:
    return make_copy(make_system(organisation, f"{name} system"), name)


def _path(organisation: Organisation, name: str) -> EscalationPath:
    return make_path(organisation, name, StepValues(make_contact(organisation, f"{name} first")))


NOUNS = {
    "sites": Noun("sites", Site, make_site, {"zone": "River", "kind": "office"}, "River"),
    "contacts": Noun(
        "contacts",
        Contact,
        make_contact,
        {"phones": "+49 30 1\n\n +49 30 2 ", "coverage": "24x7"},
        "+49 30 2",
    ),
    "teams": Noun("teams", Team, make_team, {"mobilise_day_minutes": "1h 30m"}, "1 h 30 min"),
    "escalation": Noun("escalation", EscalationPath, _path, {"is_default": "on"}, "default path"),
    "copies": Noun(
        "copies",
        BackupCopy,
        _copy,
        {"system": "ERP", "content": "data", "kind": "backup", "interval_minutes": "1d"},
        "rumour",
    ),
}
EVERY = pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS.keys())
READERS = (Role.EXECUTIVE, Role.AUDITOR)


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    make_system(acme.organisation, "ERP")
    client.force_login(acme.user(Role.ENGINEER))
    return client


def address(noun: Noun, rest: str = "") -> str:
    return f"/o/acme/{noun.path}/{rest}"


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@EVERY
def test_it_is_added_and_shown(noun: Noun, acme: Cast, engineer: Client) -> None:
    response = engineer.post(address(noun, "new/"), {"name": "Made here", **noun.typed})
    record = noun.model.objects.of(acme.organisation).get(name="Made here")
    assert response.headers["Location"] == address(noun, f"{record.pk}/")
    shown = page(engineer, address(noun, f"{record.pk}/"))
    assert "Made here" in shown
    assert noun.says in as_read(shown)
    assert "Made here" in page(engineer, address(noun))


@EVERY
def test_the_form_shows_what_is_kept_and_saving_it_again_changes_nothing(
    noun: Noun, acme: Cast, engineer: Client
) -> None:
    engineer.post(address(noun, "new/"), {"name": "Made here", **noun.typed})
    record = noun.model.objects.get(name="Made here")
    form = engineer.get(address(noun, f"{record.pk}/edit/")).context["form"]
    same = {name: form[name].value() for name in form.fields if name != "steps"}
    typed = {name: value for name, value in same.items() if value not in (None, False)}
    engineer.post(address(noun, f"{record.pk}/edit/"), {**typed, "version": record.version})
    again = noun.model.objects.get(pk=record.pk)
    assert again.version == record.version


@EVERY
def test_the_second_editor_is_shown_both_versions_and_loses_nothing(
    noun: Noun, acme: Cast, engineer: Client
) -> None:
    record = noun.make(acme.organisation, "Contested")
    edit = address(noun, f"{record.pk}/edit/")
    extra = {}
    if noun.path == "copies":
        extra = {"system": record.system.name, "content": "data", "kind": "backup"}
    engineer.post(edit, {"name": "Theirs", "version": record.version, **extra})
    response = engineer.post(edit, {"name": "Mine", "version": record.version, **extra})
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Theirs" in shown
    assert 'value="Mine"' in shown
    current = noun.model.objects.get(pk=record.pk)
    engineer.post(edit, {"name": "Mine", "version": current.version, **extra})
    assert noun.model.objects.filter(pk=record.pk, name="Mine").exists()


@EVERY
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    noun: Noun, acme: Cast, engineer: Client
) -> None:
    response = engineer.post(address(noun, "new/"), {**noun.typed, "name": ""})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert "name" in response.context["form"].errors
    assert not noun.model.objects.exists()
    for value in noun.typed.values():
        assert str(value).strip().split("\n")[-1].strip() in response.content.decode()


@EVERY
def test_it_is_deleted_after_asking_and_its_history_stays(
    noun: Noun, acme: Cast, engineer: Client
) -> None:
    record = noun.make(acme.organisation, "Doomed")
    assert "Delete “" in page(engineer, address(noun, f"{record.pk}/delete/"))
    response = engineer.post(address(noun, f"{record.pk}/delete/"), {"version": record.version})
    assert response.headers["Location"] == address(noun)
    assert not noun.model.objects.filter(pk=record.pk).exists()
    assert history.events(acme.organisation).filter(record_id=record.pk).count() >= 2
    assert engineer.get(address(noun, f"{record.pk}/")).status_code == 404


@EVERY
@pytest.mark.parametrize("role", READERS)
def test_a_reader_sees_everything_and_is_offered_nothing_to_change(
    noun: Noun, role: Role, acme: Cast, client: Client
) -> None:
    record = noun.make(acme.organisation, "Seen")
    client.force_login(acme.user(role))
    for path in (address(noun), address(noun, f"{record.pk}/")):
        shown = page(client, path)
        assert "Seen" in shown
        for offer in ("/edit/", "/delete/", "/new/", "/bulk/", 'method="post" action="/o/'):
            assert offer not in shown, offer
    for rest in ("new/", f"{record.pk}/edit/", f"{record.pk}/delete/"):
        assert client.post(address(noun, rest), {"name": "x", "version": 1}).status_code == 403
    assert noun.model.objects.get().version == record.version


@EVERY
def test_nothing_of_another_organisation_is_shown(
    noun: Noun, acme: Cast, rival: Cast, engineer: Client
) -> None:
    foreign = noun.make(rival.organisation, CANARY)
    record = noun.make(acme.organisation, "Ours")
    for rest in ("", "new/", "?export=csv", f"{record.pk}/", f"{record.pk}/edit/"):
        assert CANARY not in page(engineer, address(noun, rest))
    missing = engineer.get(address(noun, "neverexisted/"))
    theirs = engineer.get(address(noun, f"{foreign.pk}/"))
    assert (missing.status_code, theirs.status_code) == (404, 404)
    nul = engineer.get(address(noun, "nul%00inside/"))
    assert nul.status_code == 404


@EVERY
def test_a_list_is_searched_sorted_and_exported(noun: Noun, acme: Cast, engineer: Client) -> None:
    for name in ("Beta", "Alpha", "=1+1"):
        noun.make(acme.organisation, name)
    found = engineer.get(address(noun, "?q=alph")).context["rows"]
    assert [row.name for row in found] == ["Alpha"]
    response = engineer.get(address(noun, "?export=csv&sort=-name"))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows][:2] == ["Beta", "Alpha"]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    sheet = engineer.get(address(noun, "?export=xlsx"))
    assert sheet.content[:2] == b"PK"


@EVERY
def test_lists_and_records_take_the_same_queries_however_many_there_are(
    noun: Noun, acme: Cast, engineer: Client
) -> None:
    counted = []
    first = noun.make(acme.organisation, "Number one")
    for more in (3, 30):
        for number in range(more):
            noun.make(acme.organisation, f"Of {more}: {number}")
        for path in (address(noun), address(noun, f"{first.pk}/")):
            page(engineer, path)  # the analysis is kept until the next write
            with CaptureQueriesContext(connection) as queries:
                page(engineer, path)
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
    assert max(counted) <= 20


@EVERY
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "שלום", "🚒" * 60, "x" * 200])
def test_odd_names_are_shown_as_text(noun: Noun, text: str, acme: Cast, engineer: Client) -> None:
    record = noun.make(acme.organisation, text[:150])
    for rest in ("", f"{record.pk}/", f"{record.pk}/edit/", f"{record.pk}/history/"):
        assert "<script>alert" not in page(engineer, address(noun, rest))
