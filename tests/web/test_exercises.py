"""Tests: what is due and why, planning over many systems, and recording results on one sheet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import Exercise, ExerciseResult, System
from bcp.services import exercises, systems
from bcp.services.exercises import ResultValues
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_exercise, make_system
from tests.web.large_estate import grow
from tests.web.reading import as_read

TESTS = "/o/acme/tests/"
EXERCISES = "/o/acme/tests/exercises/"


def ago(days: int) -> date:
    today = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()
    return today - timedelta(days=days)


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ENGINEER))
    return client


@pytest.fixture
def estate(acme: Cast) -> dict[str, System]:
    """One system of each state, all of the least tier but for the first."""
    ann = make_contact(acme.organisation, "Ann")
    made = {
        "Core": make_system(acme.organisation, "Core", tier=1),
        "Old": make_system(acme.organisation, "Old", tier=4, owner=ann),
        "Near": make_system(acme.organisation, "Near", tier=4),
        "Fresh": make_system(acme.organisation, "Fresh", tier=4),
    }
    make_exercise(made["Core"], made["Fresh"], name="Table", done_on=ago(2), outcome="success")
    make_exercise(made["Old"], name="Long ago", done_on=ago(400), outcome="success")
    make_exercise(made["Near"], name="Last year", done_on=ago(350), outcome="success")
    return made


def rows(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(TESTS + query)
    assert response.status_code == 200
    return {row.name: row for row in response.context["rows"]}


def says(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_due_first_stands_at_the_top(engineer: Client, estate: dict[str, System]) -> None:
    found = rows(engineer)
    assert {name: row.state.value for name, row in found.items()} == {
        "Core": "never",
        "Old": "overdue",
        "Near": "soon",
        "Fresh": "later",
    }
    assert list(found) == ["Core", "Old", "Near", "Fresh"]
    assert found["Old"].due == ago(35)
    assert "full fail-over" in found["Core"].why
    assert "does not count" in found["Core"].why
    page = says(engineer, TESTS)
    assert page.index("never proved") < page.index("overdue")


def test_what_is_due_is_narrowed_sorted_and_exported(
    engineer: Client, estate: dict[str, System]
) -> None:
    assert list(rows(engineer, "?state=overdue&state=soon")) == ["Old", "Near"]
    assert list(rows(engineer, "?tier=1")) == ["Core"]
    assert list(rows(engineer, "?owner=Ann")) == ["Old"]
    assert list(rows(engineer, "?q=ann")) == ["Old"]
    assert list(rows(engineer, "?sort=due")) == ["Old", "Core", "Near", "Fresh"]
    response = engineer.get(TESTS + "?state=overdue&export=csv")
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["system"], row["state"], row["due"]) == ("Old", "overdue", ago(35).isoformat())
    assert "every 365 days" in row["why"]


def test_an_organisation_with_nothing_is_told_where_to_begin(engineer: Client) -> None:
    assert "no live system is recorded yet" in says(engineer, TESTS)
    assert "Plan an exercise" in says(engineer, EXERCISES)


def test_ticked_systems_become_an_exercise(
    engineer: Client, acme: Cast, estate: dict[str, System]
) -> None:
    keys = [estate["Core"].pk, estate["Old"].pk]
    form = engineer.get(f"{EXERCISES}new/?keys={keys[0]}&keys={keys[1]}").context["form"]
    assert form["systems"].value() == keys
    typed = {"name": "Autumn", "type": "full interruption", "planned_on": "2030-10-01"}
    response = engineer.post(f"{EXERCISES}new/", {**typed, "systems": keys})
    exercise = Exercise.objects.get(name="Autumn")
    assert response.headers["Location"] == f"{EXERCISES}{exercise.pk}/"
    assert set(exercise.results.values_list("system_id", flat=True)) == set(keys)
    found = rows(engineer)
    assert found["Core"].planned_on == date(2030, 10, 1)
    assert list(rows(engineer, "?unplanned=on")) == ["Near", "Fresh"]


def test_all_that_fit_the_search_can_be_taken(engineer: Client, estate: dict[str, System]) -> None:
    form = engineer.get(f"{EXERCISES}new/?all=1&tier=4&state=overdue&state=soon").context["form"]
    assert form["systems"].value() == [estate["Old"].pk, estate["Near"].pk]


def test_the_picker_finds_and_keeps_what_was_typed(
    engineer: Client, estate: dict[str, System]
) -> None:
    typed = {"name": "Half typed", "objectives": "Payroll runs", "systems": [estate["Core"].pk]}
    find = {"systems-q": "ann", "pick": "find"}
    response = engineer.post(f"{EXERCISES}new/", {**typed, **find})
    page = response.content.decode()
    assert "Half typed" in page
    assert "Payroll runs" in page
    assert page.count('type="checkbox" name="systems"') == 2
    assert f'value="{estate["Old"].pk}"' in page
    every = {"systems-tier": "4", "pick": "all"}
    response = engineer.post(f"{EXERCISES}new/", {**typed, **every})
    assert len(response.context["form"]["systems"].value()) == 4
    assert Exercise.objects.count() == 3


def test_a_fault_loses_nothing_typed(engineer: Client, estate: dict[str, System]) -> None:
    typed = {"name": "table", "type": "parallel", "planned_on": "2030-10-01"}
    response = engineer.post(f"{EXERCISES}new/", {**typed, "systems": [estate["Core"].pk]})
    assert response.status_code == 422
    page = response.content.decode()
    assert "already taken" in page
    assert f'value="{estate["Core"].pk}" checked' in page
    gone = engineer.post(f"{EXERCISES}new/", {**typed, "name": "New", "systems": ["0" * 12]})
    assert "no longer exist" in gone.content.decode()


def test_foreign_systems_cannot_be_picked(
    engineer: Client, rival: Cast, estate: dict[str, System]
) -> None:
    foreign = make_system(rival.organisation, CANARY)
    typed = {"name": "New", "type": "parallel", "planned_on": "2030-10-01"}
    response = engineer.post(f"{EXERCISES}new/", {**typed, "systems": [foreign.pk]})
    assert response.status_code == 422
    assert CANARY not in response.content.decode()
    response = engineer.post(f"{EXERCISES}new/", {**typed, "systems-q": CANARY[:8], "pick": "find"})
    assert CANARY not in response.content.decode()


def sheet(exercise: Exercise, **typed: str) -> dict[str, str]:
    return {"version": str(exercise.version), "done_on": ago(1).isoformat(), **typed}


def test_results_are_recorded_on_one_sheet(engineer: Client, estate: dict[str, System]) -> None:
    old, near = estate["Old"], estate["Near"]
    exercise = make_exercise(old, near, name="Winter")
    path = f"{EXERCISES}{exercise.pk}/results/"
    assert "Old" in says(engineer, path)
    typed = {f"outcome-{old.pk}": "success", f"rta-{old.pk}": "1h 30m", f"rpa-{old.pk}": "0"}
    typed |= {f"outcome-{near.pk}": "failure", f"note-{near.pk}": "No key"}
    response = engineer.post(path, sheet(exercise, **typed))
    assert response.headers["Location"] == f"{EXERCISES}{exercise.pk}/"
    shown = says(engineer, f"{EXERCISES}{exercise.pk}/")
    for word in ("1 h 30 min", "0 min", "counts", "does not count", "No key"):
        assert word in as_read(shown)
    assert rows(engineer)["Old"].state.value == "later"


def test_a_fault_on_the_sheet_names_the_system_and_keeps_the_rest(
    engineer: Client, estate: dict[str, System]
) -> None:
    exercise = make_exercise(estate["Old"], estate["Near"], name="Winter")
    typed = {f"rta-{estate['Old'].pk}": "soon", f"note-{estate['Near'].pk}": "Kept"}
    response = engineer.post(f"{EXERCISES}{exercise.pk}/results/", sheet(exercise, **typed))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Recovery time of Old:" in page
    assert 'value="Kept"' in page
    tomorrow = {"done_on": ago(-2).isoformat(), f"outcome-{estate['Old'].pk}": "success"}
    response = engineer.post(f"{EXERCISES}{exercise.pk}/results/", sheet(exercise) | tomorrow)
    assert "still to come" in response.content.decode()


def test_who_records_second_is_shown_both_versions(
    engineer: Client, acme: Cast, estate: dict[str, System]
) -> None:
    old = estate["Old"]
    exercise = make_exercise(old, name="Winter")
    seen = sheet(exercise, **{f"outcome-{old.pk}": "failure", f"rta-{old.pk}": "9h"})
    exercises.change(
        acme.organisation,
        exercise.pk,
        {"done_on": ago(1)},
        results=[ResultValues(old, "success", 60)],
        seen_version=None,
        by=acme.actor(),
    )
    response = engineer.post(f"{EXERCISES}{exercise.pk}/results/", seen)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Success" in page
    assert 'value="9h"' in page
    again = seen | {"version": str(response.context["version"])}
    assert engineer.post(f"{EXERCISES}{exercise.pk}/results/", again).status_code == 302
    assert exercise.results.get().outcome == "failure"


def test_a_large_exercise_is_recorded_sheet_by_sheet(engineer: Client, acme: Cast) -> None:
    many = grow(acme.organisation, 120)
    exercise = make_exercise(*many, name="Everything")
    last = max(many, key=lambda one: one.name)
    path = f"{EXERCISES}{exercise.pk}/results/"
    response = engineer.post(path, sheet(exercise))
    assert response.headers["Location"] == f"{path}?page=2"
    exercise.refresh_from_db()
    typed = {f"outcome-{last.pk}": "success"}
    engineer.post(f"{path}?page=2", sheet(exercise, **typed))
    assert ExerciseResult.objects.filter(outcome="success").count() == 1
    assert ExerciseResult.objects.filter(exercise=exercise).count() == 120


def test_editing_keeps_the_results_of_systems_that_stay(
    engineer: Client, estate: dict[str, System]
) -> None:
    exercise = Exercise.objects.get(name="Table")
    page = engineer.get(f"{EXERCISES}{exercise.pk}/edit/")
    assert set(page.context["form"]["systems"].value()) == {
        estate["Core"].pk,
        estate["Fresh"].pk,
    }
    typed = {
        "version": exercise.version,
        "name": "Table",
        "type": "tabletop",
        "done_on": ago(2).isoformat(),
        "systems": [estate["Core"].pk, estate["Old"].pk],
    }
    engineer.post(f"{EXERCISES}{exercise.pk}/edit/", typed)
    kept = dict(exercise.results.values_list("system__name", "outcome"))
    assert kept == {"Core": "success", "Old": ""}


def test_a_system_tells_of_its_tests(
    engineer: Client, acme: Cast, estate: dict[str, System]
) -> None:
    make_exercise(estate["Core"], name="Coming")
    page = says(engineer, f"/o/acme/systems/{estate['Core'].pk}/?tab=tests")
    for word in ("never proved", "Coming", "planned for 1 Jan 2030", "Table", "does not count"):
        assert word in page
    systems.retire(acme.organisation, estate["Old"].pk, seen_version=None, by=acme.shell)
    assert "Only live systems" in says(engineer, f"/o/acme/systems/{estate['Old'].pk}/?tab=tests")


def test_exercises_are_listed_with_what_they_showed(
    engineer: Client, estate: dict[str, System]
) -> None:
    make_exercise(estate["Core"], name="Coming")
    page = says(engineer, EXERCISES)
    assert "● all 2 met their objectives" in page
    assert "not done yet" in page
    only = says(engineer, f"{EXERCISES}?system={estate['Old'].pk}")
    assert "Long ago" in only
    assert "Last year" not in only
    assert "Long ago" not in says(engineer, f"{EXERCISES}?planned=true")


def test_thousands_of_systems_cost_as_many_queries_as_twenty(engineer: Client, acme: Cast) -> None:
    counts = []
    many: list[System] = []
    for count in (20, 1980):
        many += grow(acme.organisation, count)
        exercise = make_exercise(*many, name=f"Over {len(many)}", done_on=ago(1))
        paths = (TESTS, EXERCISES, f"{EXERCISES}{exercise.pk}/", f"{EXERCISES}{exercise.pk}/edit/")
        for path in (*paths, f"{EXERCISES}{exercise.pk}/results/"):
            with CaptureQueriesContext(connection) as queries:
                says(engineer, path)
            counts.append(len(queries))
    assert counts[5:] <= counts[:5]
