"""The list, the sheet and the editor of procedures, without a script; and the decision."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import Procedure, System
from bcp.queries import procedures as reads
from bcp.services import procedures
from bcp.services.procedures import StepValues
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_procedure, make_system, make_team
from tests.web.reading import as_read

LIST = "/o/acme/procedures/"


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP", tier=1)


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ENGINEER))
    return client


def as_(cast: Cast, role: Role) -> Client:
    client = Client()
    client.force_login(cast.user(role))
    return client


def rows(*steps: dict[str, Any]) -> dict[str, Any]:
    """The fields of the rows as a browser sends them."""
    sent: dict[str, Any] = {"steps-count": len(steps)}
    names = ("instruction", "team", "contact", "heads", "minutes_low", "minutes", "minutes_high")
    texts = ("expected", "verification", "way_back", "decision")
    for position, step in enumerate(steps):
        for name in (*names, *texts):
            sent[f"steps-{position}-{name}"] = step.get(name, "")
        sent[f"steps-{position}-covers"] = step.get("covers", [])
    return sent


def said(procedure: Procedure) -> list[tuple[str, int | None]]:
    return [(step.instruction, step.minutes) for step in procedure.steps.order_by("position")]


def shown_rows(response: Any) -> list[str]:
    return [row["instruction"] for row in response.context["form"]["steps"].value()]


def test_a_procedure_is_begun_written_and_approved_by_somebody_else(
    acme: Cast, erp: System, engineer: Client
) -> None:
    make_team(acme.organisation, "Databases")
    make_contact(acme.organisation, "Ann")
    begun = engineer.post(f"{LIST}of/{erp.pk}/start/", {"begin": "empty"})
    draft = Procedure.objects.get()
    assert begun.url == f"{LIST}{draft.pk}/edit/"
    typed = rows(
        {
            "instruction": "Start it\r\ncarefully",
            "team": "databases",
            "contact": "ann",
            "heads": "2",
            "minutes_low": "30",
            "minutes": "1h 30m",
            "covers": ["data", "access"],
            "way_back": "Stop it",
        },
        {},
        {"instruction": "Open the gate"},
    )
    engineer.post(begun.url, {"version": 1, "summary": "First", **typed})
    draft.refresh_from_db()
    assert said(draft) == [("Start it\ncarefully", 90), ("Open the gate", None)]
    step = draft.steps.get(position=1)
    assert (step.team.name, step.contact.name, step.heads) == ("Databases", "Ann", 2)
    assert (step.minutes_low, step.minutes_high, step.covers) == (30, None, ["data", "access"])
    page = engineer.get(f"{LIST}{draft.pk}/").content.decode()
    assert "somebody else approves it" in page
    assert "at least 1 h 30 min" in as_read(page)
    assert "(1 step unknown)" in page
    assert engineer.post(f"{LIST}{draft.pk}/approve/", {"version": 2}).status_code == 403
    director = as_(acme, Role.IT_DIRECTOR)
    assert "Approve" in director.get(f"{LIST}{draft.pk}/").content.decode()
    director.post(f"{LIST}{draft.pk}/approve/", {"version": 2})
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("approved", acme.user(Role.IT_DIRECTOR))
    assert engineer.get(f"{LIST}{draft.pk}/edit/").url == f"{LIST}{draft.pk}/"


@pytest.mark.parametrize(
    ("button", "after", "focus"),
    [
        ("up-1", ["B", "A", "C"], 'value="down-0" formnovalidate autofocus'),
        ("up-2", ["A", "C", "B"], 'value="up-1" formnovalidate autofocus'),
        ("down-0", ["B", "A", "C"], 'value="down-1" formnovalidate autofocus'),
        ("down-2", ["A", "B", "C"], 'value="up-2" formnovalidate autofocus'),
        ("remove-0", ["B", "C"], 'id="id_steps-0-instruction" rows="2" maxlength="5000" autofocus'),
        ("insert-0", ["A", "", "B", "C"], 'id="id_steps-1-instruction" rows="2"'),
        ("add", ["A", "B", "C", ""], 'id="id_steps-3-instruction" rows="2"'),
        ("remove-9", ["A", "B", "C"], ""),
        ("nonsense", ["A", "B", "C"], ""),
        ("up-²", ["A", "B", "C"], ""),
    ],
)
def test_a_button_of_a_row_rearranges_keeps_what_was_typed_and_saves_nothing(
    button: str, after: list[str], focus: str, erp: System, engineer: Client
) -> None:
    draft = make_procedure(erp, 10)
    typed = rows(*({"instruction": one, "minutes": "soon", "heads": "x"} for one in "ABC"))
    sent = {"version": 7, "summary": "Typed", "rows": button, **typed}
    response = engineer.post(f"{LIST}{draft.pk}/edit/", sent)
    assert response.status_code == 200
    assert shown_rows(response) == after
    assert response.context["form"]["summary"].value() == "Typed"
    assert response.context["version"] == 7
    page = response.content.decode()
    assert focus in page
    assert page.count('value="soon"') == len([one for one in after if one])
    assert said(draft) == [("Do 1", 10)]


def test_every_fault_is_named_by_its_step_and_nothing_typed_is_lost(
    acme: Cast, rival: Cast, erp: System, engineer: Client
) -> None:
    make_team(rival.organisation, CANARY)
    draft = make_procedure(erp, 10)
    typed = rows(
        {"instruction": "A", "minutes": "soon", "team": CANARY},
        {"minutes": "2h", "minutes_low": "3h"},
    )
    response = engineer.post(f"{LIST}{draft.pk}/edit/", {"version": 2, **typed})
    assert response.status_code == 422
    faults = response.context["form"].errors["steps"]
    assert [fault[:7] for fault in faults] == ["Step 1:", "Step 1:"]
    assert shown_rows(response) == ["A", ""]
    assert 'value="soon"' in response.content.decode()
    again = rows({"instruction": "A"}, {"minutes": "2h", "minutes_low": "3h", "heads": "0"})
    response = engineer.post(f"{LIST}{draft.pk}/edit/", {"version": 2, **again})
    assert response.status_code == 422
    again["steps-1-heads"] = "1"
    response = engineer.post(f"{LIST}{draft.pk}/edit/", {"version": 2, **again})
    assert [fault[:7] for fault in response.context["form"].errors["steps"]] == ["Step 2:"] * 2
    assert said(draft) == [("Do 1", 10)]


def test_whoever_saves_second_is_shown_both_versions(
    acme: Cast, erp: System, engineer: Client
) -> None:
    draft = make_procedure(erp, 10)
    steps = [StepValues("Theirs")]
    procedures.save(acme.organisation, draft.pk, steps, seen_version=2, by=acme.shell)
    mine = {"version": 2, **rows({"instruction": "Mine"})}
    response = engineer.post(f"{LIST}{draft.pk}/edit/", mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Theirs" in page
    assert shown_rows(response) == ["Mine"]


def test_what_was_typed_into_an_approved_version_becomes_the_next_draft(
    acme: Cast, erp: System, engineer: Client
) -> None:
    draft = make_procedure(erp, 10)
    procedures.approve(acme.organisation, draft.pk, seen_version=2, by=acme.actor())
    mine = {"version": 2, "summary": "Mine", **rows({"instruction": "Mine"})}
    response = engineer.post(f"{LIST}{draft.pk}/edit/", mine)
    assert response.status_code == 409
    assert "Make it the next draft" in response.content.decode()
    response = engineer.post(f"{LIST}{draft.pk}/edit/", {**mine, "version": 3, "reopen": "1"})
    again = reads.drafts(acme.organisation)[erp.pk]
    assert response.url == f"{LIST}{again.pk}/"
    assert (again.number, again.summary, said(again)) == (2, "Mine", [("Mine", None)])
    assert said(draft) == [("Do 1", 10)]


def test_a_draft_shows_what_differs_and_says_why_it_was_sent_back(
    acme: Cast, erp: System, engineer: Client
) -> None:
    first = make_procedure(erp, 10, 20, approved_by=acme.user(Role.EXECUTIVE))
    engineer.post(f"{LIST}of/{erp.pk}/start/", {"begin": "approved"})
    draft = reads.drafts(acme.organisation)[erp.pk]
    assert said(draft) == said(first)
    steps = [StepValues("Do 1", minutes=45), StepValues("Do it otherwise")]
    procedures.save(acme.organisation, draft.pk, steps, seen_version=1, by=acme.actor())
    executive = as_(acme, Role.EXECUTIVE)
    empty = executive.post(f"{LIST}{draft.pk}/send-back/", {"version": 2, "reason": " "})
    assert empty.status_code == 422
    executive.post(f"{LIST}{draft.pk}/send-back/", {"version": 2, "reason": "Say who"})
    for address in (f"{LIST}{draft.pk}/", f"/o/acme/systems/{erp.pk}/?tab=procedure"):
        page = engineer.get(address).content.decode()
        for words in ("Say who", "10 min", "45 min", "Do it otherwise", "draft, sent back"):
            assert words in page
    assert "Say who" in engineer.get(f"{LIST}{draft.pk}/edit/").content.decode()


def test_a_draft_begins_with_the_steps_of_another_system(
    acme: Cast, rival: Cast, erp: System, engineer: Client
) -> None:
    make_procedure(erp, 10)
    crm = make_system(acme.organisation, "CRM")
    make_procedure(make_system(rival.organisation, CANARY), 10)
    address = f"{LIST}of/{crm.pk}/start/"
    for other in ("", CANARY, "CRM"):
        refused = engineer.post(address, {"begin": "other", "other": other})
        assert refused.status_code == 422
    engineer.post(address, {"begin": "other", "other": "erp"})
    assert said(reads.drafts(acme.organisation)[crm.pk]) == [("Do 1", 10)]
    assert engineer.post(address, {"begin": "empty"}).status_code == 409


def test_a_discarded_draft_leaves_the_approved_version(
    acme: Cast, erp: System, engineer: Client
) -> None:
    make_procedure(erp, 10, approved_by=acme.user(Role.EXECUTIVE))
    engineer.post(f"{LIST}of/{erp.pk}/start/", {"begin": "approved"})
    draft = reads.drafts(acme.organisation)[erp.pk]
    response = engineer.post(f"{LIST}{draft.pk}/delete/", {"version": 1})
    assert response.url == f"/o/acme/systems/{erp.pk}/?tab=procedure"
    assert not reads.drafts(acme.organisation)
    assert erp.pk in reads.current(acme.organisation)


def test_the_list_says_how_every_system_stands_and_is_narrowed(
    acme: Cast, rival: Cast, engineer: Client
) -> None:
    names = ("Approved", "Changed", "Waiting", "Returned", "Missing")
    systems = {name: make_system(acme.organisation, name) for name in names}
    make_system(rival.organisation, CANARY)
    director = acme.user(Role.IT_DIRECTOR)
    for name in ("Approved", "Changed"):
        make_procedure(systems[name], 10, None, approved_by=director)
    later = timezone.localdate() + timedelta(days=2)
    System.objects.filter(name="Changed").update(structure_changed_on=later)
    System.objects.filter(name="Approved").update(structure_changed_on=None)
    make_procedure(systems["Waiting"], 10)
    returned = make_procedure(systems["Returned"], 10)
    procedures.send_back(
        acme.organisation, returned.pk, "Why?", seen_version=2, by=acme.actor(Role.EXECUTIVE)
    )
    for standing, expected in (
        ("", names),
        ("missing", ("Waiting", "Returned", "Missing")),
        ("waiting", ("Waiting",)),
        ("sent back", ("Returned",)),
        ("approved", ("Approved", "Changed")),
        ("changed", ("Changed",)),
    ):
        found = engineer.get(LIST, {"standing": standing}).context["rows"]
        assert {row.name for row in found} == set(expected)
    content = engineer.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    table = {row["system"]: row for row in csv.DictReader(io.StringIO(content))}
    assert (table["Approved"]["approved"], table["Approved"]["takes"]) == (
        "● version 1",
        "at least 10 min",
    )
    assert "data" in table["Approved"]["not_covered"]
    assert table["Changed"]["changed_since"] == later.isoformat()
    assert table["Missing"]["approved"] == "■ none approved"
    assert CANARY not in content


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    acme: Cast, engineer: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_procedure(make_system(acme.organisation, f"System {number}"), 1, 2)
    with django_assert_max_num_queries(16):
        assert len(engineer.get(LIST).context["rows"]) == 30
