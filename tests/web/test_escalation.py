"""The ladder editor without a script, and what a path's page says of the week."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import Contact, EscalationPath
from bcp.services.escalation import StepValues
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_path, make_system

LIST = "/o/acme/escalation/"


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ENGINEER))
    return client


@pytest.fixture
def people(acme: Cast) -> dict[str, Contact]:
    return {name: make_contact(acme.organisation, name) for name in ("Ann", "Bob", "Cid")}


def rows(*steps: tuple[str, ...]) -> dict[str, Any]:
    """The fields of the rows (contact, wait, system, channel) as a browser sends them."""
    sent: dict[str, Any] = {"steps-count": len(steps)}
    for position, step in enumerate(steps):
        values = dict(zip(("contact", "wait", "system", "channel"), step, strict=False))
        for name in ("contact", "channel", "wait", "system"):
            default = {"channel": "phone", "wait": "15 min"}.get(name, "")
            sent[f"steps-{position}-{name}"] = values.get(name, default)
    return sent


def ladder(path: EscalationPath) -> list[tuple[str, int]]:
    return [(step.contact.name, step.wait_minutes) for step in path.steps.order_by("position")]


def shown_rows(response: Any) -> list[tuple[str, str]]:
    """Contact and wait of every row as the page shows them again."""
    field = response.context["form"]["steps"]
    return [(row["contact"], row["wait"]) for row in field.value()]


def test_a_path_is_written_with_its_ladder(
    acme: Cast, people: dict[str, Contact], engineer: Client
) -> None:
    system = make_system(acme.organisation, "Chat")
    typed = rows(
        (people["Bob"].pk, "5 min", "chat", "messenger"), (people["Ann"].pk, "1h"), ("", "15 min")
    )
    engineer.post(f"{LIST}new/", {"name": "Night", "is_default": "on", **typed})
    path = EscalationPath.objects.of(acme.organisation).get()
    assert ladder(path) == [("Bob", 5), ("Ann", 60)], "the blank row is not kept"
    first = path.steps.get(position=1)
    assert (first.channel, first.channel_system) == ("messenger", system)
    assert path.is_default


@pytest.mark.parametrize(
    ("button", "after"),
    [
        ("up-1", ["Bob", "Ann", "Cid"]),
        ("down-0", ["Bob", "Ann", "Cid"]),
        ("down-2", ["Ann", "Bob", "Cid"]),
        ("up-0", ["Ann", "Bob", "Cid"]),
        ("remove-0", ["Bob", "Cid"]),
        ("add", ["Ann", "Bob", "Cid", ""]),
        ("remove-9", ["Ann", "Bob", "Cid"]),
        ("nonsense", ["Ann", "Bob", "Cid"]),
        ("up--1", ["Ann", "Bob", "Cid"]),
        ("up-²", ["Ann", "Bob", "Cid"]),
    ],
)
@pytest.mark.parametrize("editing", [False, True])
def test_a_button_of_a_row_rearranges_and_saves_nothing(
    button: str,
    after: list[str],
    editing: bool,
    acme: Cast,
    people: dict[str, Contact],
    engineer: Client,
) -> None:
    path = make_path(acme.organisation, "Night", StepValues(people["Cid"]))
    address = f"{LIST}{path.pk}/edit/" if editing else f"{LIST}new/"
    typed = rows(*((people[name].pk, "7 min") for name in ("Ann", "Bob", "Cid")))
    response = engineer.post(
        address, {"name": "Typed", "version": 2, "ladder": button, "is_default": "on", **typed}
    )
    assert response.status_code == 200
    names = {contact.pk: name for name, contact in people.items()} | {"": ""}
    again = shown_rows(response)
    assert [names[key] for key, _wait in again] == after
    assert {wait for key, wait in again if key} == {"7 min"}
    assert response.context["form"]["name"].value() == "Typed"
    assert response.context["form"]["is_default"].value()
    assert ladder(path) == [("Cid", 15)]
    assert EscalationPath.objects.count() == 1
    if editing:
        assert response.context["version"] == 2


def test_the_edit_page_shows_the_ladder_as_kept_and_saves_what_is_moved(
    acme: Cast, people: dict[str, Contact], engineer: Client
) -> None:
    path = make_path(
        acme.organisation,
        "Night",
        StepValues(people["Ann"], wait_minutes=90),
        StepValues(people["Bob"]),
    )
    response = engineer.get(f"{LIST}{path.pk}/edit/")
    assert shown_rows(response) == [(people["Ann"].pk, "1 h 30 min"), (people["Bob"].pk, "15 min")]
    engineer.post(
        f"{LIST}{path.pk}/edit/",
        {"name": "Night", "version": path.version, **rows((people["Bob"].pk, "2 min"))},
    )
    assert ladder(path) == [("Bob", 2)]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (("", "15 min", "Chat"), "Step 2: choose whom to call"),
        (("ANN", "soon"), "Step 2: “soon” is not a duration"),
        (("ANN", ""), "Step 2: say how long to wait"),
        (("ANN", "99999d"), "Step 2: a duration of more than ten years"),
        (("ANN", "1h", "No such"), "Step 2: there is no system “No such”"),
        (("ANN", "1h", "nul\x00"), "Step 2: there is no system"),
        (("ANN", "1h", "", "pigeon"), "Step 2: choose one of the channels"),
        (("neverexisted", "1h"), "Step 2: choose whom to call"),
        (("nul\x00", "1h"), "Step 2: choose whom to call"),
    ],
)
def test_a_fault_names_its_step_and_what_was_typed_stays(
    step: tuple[str, ...], fault: str, people: dict[str, Contact], engineer: Client
) -> None:
    ann = people["Ann"].pk
    typed = tuple(ann if value == "ANN" else value for value in step)
    response = engineer.post(f"{LIST}new/", {"name": "Night", **rows((ann, "1h"), typed)})
    assert response.status_code == 422
    assert response.context["form"].errors["steps"][0].startswith(fault)
    assert shown_rows(response)[0] == (ann, "1h")
    assert not EscalationPath.objects.exists()


@pytest.mark.parametrize("count", ["-1", "many", "9" * 30, "51"])
def test_a_wrong_number_of_rows_is_no_500(
    count: str, people: dict[str, Contact], engineer: Client
) -> None:
    response = engineer.post(f"{LIST}new/", {"name": "Night", "steps-count": count})
    assert response.status_code == 302


def test_more_steps_than_a_ladder_holds_are_refused(
    people: dict[str, Contact], engineer: Client
) -> None:
    typed = rows(*[(people["Ann"].pk, "1h")] * 51)
    response = engineer.post(f"{LIST}new/", {"name": "Night", **typed})
    assert "at most 50 steps" in response.content.decode()


def test_two_editors_of_one_ladder_see_both_ladders(
    acme: Cast, people: dict[str, Contact], engineer: Client
) -> None:
    path = make_path(acme.organisation, "Night", StepValues(people["Ann"]))
    edit = f"{LIST}{path.pk}/edit/"
    version = {"name": "Night", "version": path.version}
    engineer.post(edit, {**version, **rows((people["Bob"].pk, "2 min"))})
    response = engineer.post(edit, {**version, **rows((people["Cid"].pk, "3 min"))})
    assert response.status_code == 409
    [difference] = response.context["differences"]
    assert difference["theirs"] == "Bob, Phone, 2 min"
    assert difference["mine"] == "Cid, Phone, 3 min"
    assert shown_rows(response) == [(people["Cid"].pk, "3 min")]
    assert ladder(path) == [("Bob", 2)]


def test_only_contacts_and_systems_of_the_organisation_are_offered_and_taken(
    acme: Cast, rival: Cast, people: dict[str, Contact], engineer: Client
) -> None:
    foreign = make_contact(rival.organisation, CANARY)
    make_system(rival.organisation, f"{CANARY} chat")
    assert CANARY not in engineer.get(f"{LIST}new/").content.decode()
    for step in ((foreign.pk, "1h"), (people["Ann"].pk, "1h", f"{CANARY} chat")):
        response = engineer.post(f"{LIST}new/", {"name": "Night", **rows(step)})
        assert response.status_code == 422
    assert not EscalationPath.objects.exists()


@time_machine.travel("2026-11-21T22:00:00Z", tick=False)  # Saturday, 23:00 in Berlin
def test_the_page_says_who_is_reached_now_at_worst_and_at_no_hour(
    acme: Cast, engineer: Client
) -> None:
    engineer.force_login(acme.user(Role.ENGINEER))
    desk = make_contact(acme.organisation, "Desk", phones=["1"], coverage="24x7")
    boss = make_contact(
        acme.organisation, "Boss", phones=["2"], coverage="Mo-Fr 08:00-18:00", may_declare=True
    )
    path = make_path(
        acme.organisation,
        "Night",
        StepValues(desk, wait_minutes=10),
        StepValues(boss),
        is_default=True,
    )
    response = engineer.get(f"{LIST}{path.pk}/")
    shown = response.content.decode()
    assert response.context["at_this_hour"].authority_minutes is None
    assert "Right now nobody who may declare would be reached." in shown
    assert "At some hours of the week nobody" in shown
    assert "<strong>Mo 18:00 – Tu 08:00</strong>" in shown
    monday = response.context["week"][0].hours
    assert [(one.first, one.last, one.says) for one in monday] == [
        ("00:00", "08:00", "nobody"),
        ("08:00", "18:00", "after 10 min"),
        ("18:00", "24:00", "nobody"),
    ]
    assert "nobody at some hours" in engineer.get(LIST).content.decode()


@time_machine.travel("2026-11-23T08:00:00Z", tick=False)  # Monday, 09:00 in Berlin
def test_the_hour_is_that_of_the_organisation(acme: Cast, engineer: Client) -> None:
    engineer.force_login(acme.user(Role.ENGINEER))
    boss = make_contact(
        acme.organisation, "Boss", phones=["2"], coverage="Mo 09:00-10:00", may_declare=True
    )
    path = make_path(acme.organisation, "Night", StepValues(boss))
    shown = engineer.get(f"{LIST}{path.pk}/").content.decode()
    assert "Right now somebody who may declare is reached at once." in shown


def test_an_empty_path_says_that_nobody_is_on_it(acme: Cast, engineer: Client) -> None:
    path = make_path(acme.organisation, "Night")
    shown = engineer.get(f"{LIST}{path.pk}/").content.decode()
    assert "Nobody is on it yet." in shown
