"""exercises.csv: what was tried, one row a system."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.models import Exercise, ExerciseResult
from bcp.queries import history
from bcp.services import exporting, importing
from bcp.services.import_plan import ImportPlan, ImportRefused
from bcp.services.importing import Options
from tests.conftest import Cast
from tests.factories import make_system

FILE = (
    "name,type,done_on,planned_on,system,result,rta,rpa\n"
    "Autumn,full fail-over,2026-09-01,,ERP,ok,3h,15 min\n"
    "autumn,Full Interruption,01.09.2026,,db,failed,,\n"
    "Next,walkthrough,,2030-01-31,DB,,,\n"
)


@pytest.fixture
def estate(acme: Cast) -> Cast:
    for name in ("ERP", "DB"):
        make_system(acme.organisation, name)
    return acme


def run(cast: Cast, text: str) -> ImportPlan:
    incoming = importing.from_files({"exercises.csv": text.encode()})
    return importing.apply(cast.organisation, incoming, Options(), by=cast.shell)


def refused(cast: Cast, text: str) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        run(cast, text)
    return [str(fault) for fault in refusal.value.plan.faults]


def shown(cast: Cast) -> list[tuple[object, ...]]:
    rows = ExerciseResult.objects.of(cast.organisation).order_by("exercise__name", "system__name")
    return list(
        rows.values_list(
            *("exercise__name", "exercise__type", "system__name"),
            *("outcome", "rta_minutes", "rpa_minutes"),
        )
    )


def test_a_file_brings_exercises_with_their_results(estate: Cast) -> None:
    plan = run(estate, FILE)
    assert [(one.record, one.outcome) for one in plan.changes] == [
        ("Autumn", "new"),
        ("Next", "new"),
    ]
    assert shown(estate) == [
        ("Autumn", "full interruption", "DB", "failure", None, None),
        ("Autumn", "full interruption", "ERP", "success", 180, 15),
        ("Next", "tabletop", "DB", "", None, None),
    ]
    assert history.first_broken(estate.organisation) is None


def test_the_same_again_changes_nothing_and_so_does_what_was_exported(estate: Cast) -> None:
    run(estate, FILE)
    events = history.events(estate.organisation).count()
    assert not run(estate, FILE).changes_something
    archive = {"all.zip": exporting.organisation_zip(estate.organisation)}
    again = importing.from_files(archive)
    assert len(again.bundle.exercises.rows) == 3
    assert not importing.apply(
        estate.organisation, again, Options(), by=estate.shell
    ).changes_something
    assert history.events(estate.organisation).count() == events


def test_a_later_file_changes_what_it_says_and_nothing_else(estate: Cast) -> None:
    run(estate, FILE)
    plan = run(estate, "name,type,done_on,system,rta\nAutumn,full,2026-09-02,DB,9h\n")
    [change] = plan.changes
    assert [(one.before, one.after) for one in change.differences] == [
        ("2026-09-01", "2026-09-02"),
        ("DB, Failure", "DB, Failure, RTA 9 h"),
    ]
    assert shown(estate)[:2] == [
        ("Autumn", "full interruption", "DB", "failure", 540, None),
        ("Autumn", "full interruption", "ERP", "success", 180, 15),
    ]
    exercise = Exercise.objects.get(name="Autumn")
    assert exercise.version == 2
    event = history.of_record(estate.organisation, "exercise", exercise.pk).first()
    assert event is not None
    assert event.after is not None
    assert [one["system"]["name"] for one in event.after["results"]] == ["DB"]


def test_every_fault_is_named_at_its_place(estate: Cast) -> None:
    faults = refused(
        estate,
        "name,type,done_on,planned_on,system,result,rta\n"
        "A,full,2026-09-01,,ERP,,\n"
        "A,parallel,2026-09-02,,DB,,\n"
        "B,full,,,ERP,,\n"
        "C,full,2100-01-01,,ERP,,\n"
        "D,full,,2030-01-01,ERP,success,\n"
        "E,rehearsal,2026-09-01,,CRM,,soon\n"
        "F,full,2026-09-01,,CRM,,\n"
        "G,full,2026-09-01,,ERP,,\n"
        "g,full,2026-09-01,,erp,,\n",
    )
    places = [fault.split(": ")[0] for fault in faults]
    assert places == [
        "exercises.csv:3:type",
        "exercises.csv:3:done_on",
        "exercises.csv:4:done_on",
        "exercises.csv:5:done_on",
        "exercises.csv:6:result",
        "exercises.csv:7:type",
        "exercises.csv:7:rta",
        "exercises.csv:8:system",
        "exercises.csv:10:system",
    ]
    assert not Exercise.objects.exists()


def test_a_file_has_a_column_for_one_of_the_days(estate: Cast) -> None:
    [fault] = refused(estate, "name,type,system\nA,full,ERP\n")
    assert "done_on or planned_on" in fault
    run(estate, "name,type,planned_on,system\nA,full,2030-01-01,ERP\n")


def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(
    acme: Cast, rival: Cast
) -> None:
    counts = []
    for cast, size in ((acme, 2), (rival, 40)):
        for number in range(size):
            make_system(cast.organisation, f"S{number}")
        text = "name,type,done_on,system\n" + "".join(
            f"E{exercise},tabletop,2026-09-01,S{system}\n"
            for exercise in range(size)
            for system in range(size)
        )
        with CaptureQueriesContext(connection) as queries:
            run(cast, text)
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 1600 // 80 + 4
