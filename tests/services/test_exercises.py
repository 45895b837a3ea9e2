"""Exercises: one document with its results, recorded only once it was done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.durations import LONGEST_MINUTES
from bcp.errors import Conflict, InvalidInput
from bcp.models import Exercise, ExerciseResult, System
from bcp.queries import changes, history
from bcp.queries import exercises as reads
from bcp.services import exercises, systems, undo
from bcp.services.exercises import MOST_SYSTEMS, ResultValues
from tests.conftest import CANARY, Cast
from tests.factories import make_exercise, make_system

DONE = date(2026, 9, 1)


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP")


@pytest.fixture
def crm(acme: Cast) -> System:
    return make_system(acme.organisation, "CRM")


def change(cast: Cast, exercise: Exercise, **options: Any) -> Exercise:
    values = options.pop("values", {})
    return exercises.change(
        cast.organisation,
        exercise.pk,
        values,
        seen_version=options.pop("seen_version", exercise.version),
        by=cast.actor(),
        **options,
    )


def shown(exercise: Exercise) -> dict[str, tuple[str, int | None, int | None]]:
    rows = ExerciseResult.objects.filter(exercise=exercise).select_related("system")
    return {row.system.name: (row.outcome, row.rta_minutes, row.rpa_minutes) for row in rows}


def test_what_was_planned_is_recorded_when_it_was_done(
    acme: Cast, erp: System, crm: System
) -> None:
    exercise = make_exercise(erp, crm, planned_on=date(2026, 9, 1))
    assert shown(exercise) == {"ERP": ("", None, None), "CRM": ("", None, None)}
    results = [ResultValues(erp, "success", 0, 15), ResultValues(crm, "failure")]
    exercise = change(acme, exercise, values={"done_on": DONE}, results=results)
    assert shown(exercise) == {"ERP": ("success", 0, 15), "CRM": ("failure", None, None)}
    [row] = reads.listing(acme.organisation)
    assert (row.systems_count, row.recorded_count, row.success_count) == (2, 2, 1)


def test_what_is_only_planned_shows_nothing(acme: Cast, erp: System) -> None:
    exercise = make_exercise(erp)
    with pytest.raises(InvalidInput) as refused:
        change(acme, exercise, results=[ResultValues(erp, rta_minutes=0)])
    assert list(refused.value.fields) == ["results"]
    done = make_exercise(erp, done_on=DONE, outcome="success")
    with pytest.raises(InvalidInput, match="ERP"):
        change(acme, done, values={"done_on": None, "planned_on": DONE})


def test_nothing_was_done_in_the_future(acme: Cast, erp: System) -> None:
    """The day is the organisation's own: in Berlin it begins before that of UTC."""
    today = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()
    make_exercise(erp, name="Today", done_on=today)
    with pytest.raises(InvalidInput) as refused:
        make_exercise(erp, name="Tomorrow", done_on=today + timedelta(days=1))
    assert list(refused.value.fields) == ["done_on"]
    assert not Exercise.objects.filter(name="Tomorrow").exists()


def test_an_exercise_has_a_day(acme: Cast) -> None:
    with pytest.raises(InvalidInput, match="planned"):
        exercises.create(acme.organisation, {"name": "Some day", "type": "parallel"}, by=acme.shell)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"outcome": "splendid"}, "ERP: "),
        ({"rta_minutes": -1}, "ERP: "),
        ({"rpa_minutes": LONGEST_MINUTES + 1}, "ERP: "),
        ({"note": "nul\x00"}, "ERP: "),
    ],
)
def test_a_wrong_result_is_named_by_its_system(
    acme: Cast, erp: System, crm: System, wrong: dict[str, Any], fault: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        exercises.create(
            acme.organisation,
            {"name": "Autumn", "type": "full interruption", "done_on": DONE},
            results=[ResultValues(crm, "success"), ResultValues(erp, **wrong)],
            by=acme.actor(),
        )
    assert refused.value.fields["results"][0].startswith(fault)
    assert not Exercise.objects.exists()


def test_a_system_is_in_an_exercise_once(acme: Cast, erp: System) -> None:
    exercise = make_exercise(erp)
    with pytest.raises(InvalidInput, match="twice"):
        change(acme, exercise, results=[ResultValues(erp), ResultValues(erp)])


def test_a_foreign_system_is_as_unknown_as_a_deleted_one(
    acme: Cast, rival: Cast, erp: System
) -> None:
    foreign, gone = (
        make_system(rival.organisation, CANARY),
        make_system(acme.organisation, "Gone"),
    )
    System.objects.filter(pk=gone.pk).delete()
    said = set()
    for system in (foreign, gone):
        with pytest.raises(InvalidInput) as refused:
            change(acme, make_exercise(erp, name=system.pk), results=[ResultValues(system)])
        said.add(str(refused.value.fields))
    assert len(said) == 1
    assert CANARY not in said.pop()


def test_only_what_differs_is_written_and_told(acme: Cast, erp: System, crm: System) -> None:
    exercise = make_exercise(erp, crm, done_on=DONE, outcome="success")
    kept = exercise.results.get(system=erp)
    same = [ResultValues(erp, "success"), ResultValues(crm, "success")]
    assert change(acme, exercise, results=same).version == exercise.version
    worse = [ResultValues(erp, "success"), ResultValues(crm, "failure", note="No backup")]
    changed = change(acme, exercise, results=worse)
    assert changed.version == exercise.version + 1
    event = history.of_record(acme.organisation, "exercise", exercise.pk).first()
    assert event is not None
    assert event.before is not None
    assert event.after is not None
    assert [one["system"]["name"] for one in event.before["results"]] == ["CRM"]
    assert [one["outcome"] for one in event.after["results"]] == ["failure"]
    [told] = next(iter(changes.told([event]))).changes
    assert (told.before, told.after) == (
        "CRM, outcome: success",
        "CRM, note: No backup, outcome: failure",
    )
    again = exercise.results.get(system=erp)
    assert (again.pk, again.version) == (kept.pk, kept.version)


def test_who_saves_second_is_told_and_nothing_is_lost(acme: Cast, erp: System) -> None:
    exercise = make_exercise(erp, done_on=DONE)
    change(acme, exercise, results=[ResultValues(erp, "success")])
    with pytest.raises(Conflict):
        change(acme, exercise, results=[ResultValues(erp, "failure")])
    assert shown(exercise) == {"ERP": ("success", None, None)}


def test_a_deleted_exercise_leaves_what_it_said_in_the_history(acme: Cast, erp: System) -> None:
    exercise = make_exercise(erp, done_on=DONE, outcome="success", rta=60)
    exercises.delete(acme.organisation, exercise.pk, seen_version=exercise.version, by=acme.actor())
    assert not ExerciseResult.objects.exists()
    event = history.events(acme.organisation).first()
    assert event is not None
    assert event.before is not None
    assert event.before["results"][0]["rta_minutes"] == 60


def test_a_system_that_returns_has_its_results_again(acme: Cast, erp: System) -> None:
    exercise = make_exercise(erp, done_on=DONE, outcome="success", rta=60)
    systems.delete(acme.organisation, erp.pk, seen_version=1, by=acme.actor())
    assert shown(exercise) == {}
    deletion = history.of_record(acme.organisation, "system", erp.pk).first()
    assert deletion is not None
    undo.undo(acme.organisation, deletion, by=acme.actor())
    assert shown(exercise) == {"ERP": ("success", 60, None)}


def test_thousands_of_systems_cost_as_many_queries_as_two(acme: Cast) -> None:
    many = System.objects.bulk_create(
        System(organisation=acme.organisation, name=f"System {number:04}")
        for number in range(MOST_SYSTEMS + 1)
    )
    exercise = make_exercise(*many[:2], done_on=DONE)
    with CaptureQueriesContext(connection) as few:
        exercise = change(
            acme, exercise, results=[ResultValues(one, "success") for one in many[1:3]]
        )
    with CaptureQueriesContext(connection) as all_of_them:
        exercise = change(
            acme, exercise, results=[ResultValues(one, "partial") for one in many[:MOST_SYSTEMS]]
        )
    batches = MOST_SYSTEMS // 80  # SQLite takes no more rows in one statement
    assert len(all_of_them) <= len(few) + batches
    assert exercise.results.count() == MOST_SYSTEMS
    with pytest.raises(InvalidInput, match="2000"):
        change(acme, exercise, results=[ResultValues(one) for one in many])
