"""Procedures: written by one, approved by another; what is approved never changes."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import Procedure, System
from bcp.queries import history
from bcp.queries import procedures as reads
from bcp.services import procedures, systems, teams
from bcp.services.procedures import MOST_STEPS, StepValues
from tests.conftest import Cast
from tests.factories import make_contact, make_procedure, make_system, make_team


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP")


def steps_of(procedure: Procedure) -> list[tuple[int, str, int | None]]:
    rows = procedure.steps.order_by("position")
    return [(row.position, row.instruction, row.minutes) for row in rows]


def save(cast: Cast, draft: Procedure, *steps: StepValues, **options: Any) -> Procedure:
    role = options.pop("role", Role.ENGINEER)
    seen = options.pop("seen_version", draft.version)
    return procedures.save(
        cast.organisation, draft.pk, steps, seen_version=seen, by=cast.actor(role), **options
    )


def approve(cast: Cast, draft: Procedure, role: Role = Role.IT_DIRECTOR) -> Procedure:
    return procedures.approve(
        cast.organisation, draft.pk, seen_version=draft.version, by=cast.actor(role)
    )


def start(cast: Cast, system: System, copy_of: str | None = None) -> Procedure:
    by = cast.actor(Role.ENGINEER)
    return procedures.start(cast.organisation, system.pk, copy_of=copy_of, by=by)


def test_a_draft_is_written_whole_and_approved_by_somebody_else(acme: Cast, erp: System) -> None:
    team = make_team(acme.organisation, "Databases")
    draft = start(acme, erp)
    draft = save(
        acme,
        draft,
        StepValues("Start the database", team=team, heads=2, minutes=30, covers=["data"]),
        StepValues("Open the gate", minutes=None),
        summary="First of all",
    )
    assert (draft.number, draft.state, draft.version) == (1, "draft", 2)
    approved = approve(acme, draft)
    assert approved.approved_by == acme.user(Role.IT_DIRECTOR)
    assert steps_of(approved) == [(1, "Start the database", 30), (2, "Open the gate", None)]
    assert reads.current(acme.organisation)[erp.pk] == approved
    event = history.of_record(acme.organisation, "procedure", approved.pk).first()
    assert event is not None
    assert event.after is not None
    assert (event.after["state"], event.after["system"]["id"]) == ("approved", erp.pk)


def test_nobody_approves_what_they_have_written_at(acme: Cast, erp: System) -> None:
    """Also not if somebody else touched it after them."""
    draft = start(acme, erp)
    draft = save(acme, draft, StepValues("Start"), role=Role.IT_DIRECTOR)
    draft = save(acme, draft, StepValues("Start it"), role=Role.ENGINEER)
    with pytest.raises(NotAllowed, match="has not written"):
        approve(acme, draft, Role.IT_DIRECTOR)
    with pytest.raises(NotAllowed, match="by a person"):
        procedures.approve(acme.organisation, draft.pk, seen_version=draft.version, by=acme.shell)
    assert approve(acme, draft, Role.EXECUTIVE).state == "approved"


def test_whoever_sent_a_draft_back_may_approve_the_next_one(acme: Cast, erp: System) -> None:
    draft = save(acme, start(acme, erp), StepValues("Start"))
    director = acme.actor()
    draft = procedures.send_back(
        acme.organisation, draft.pk, "Say how", seen_version=draft.version, by=director
    )
    assert (draft.state, draft.sent_back_reason) == ("draft", "Say how")
    draft = save(acme, draft, StepValues("Start by hand"))
    assert draft.sent_back_reason == "", "it waits for approval again"
    assert approve(acme, draft).state == "approved"
    again = start(acme, erp)
    with pytest.raises(InvalidInput, match="Say why"):
        procedures.send_back(acme.organisation, again.pk, " ", seen_version=1, by=director)


def test_only_the_version_that_was_seen_is_approved(acme: Cast, erp: System) -> None:
    draft = save(acme, start(acme, erp), StepValues("Start"))
    seen = draft.version
    save(acme, draft, StepValues("Wipe the disks"))
    with pytest.raises(Conflict, match="Somebody else changed"):
        procedures.approve(acme.organisation, draft.pk, seen_version=seen, by=acme.actor())
    assert not reads.current(acme.organisation)


def test_a_team_that_is_gone_meanwhile_is_not_approved_unseen(acme: Cast, erp: System) -> None:
    team = make_team(acme.organisation, "Databases")
    draft = save(acme, start(acme, erp), StepValues("Start", team=team))
    teams.delete(acme.organisation, team.pk, seen_version=None, by=acme.shell)
    with pytest.raises(Conflict, match="Somebody else changed"):
        approve(acme, draft)


def test_what_is_approved_never_changes(acme: Cast, erp: System) -> None:
    director = acme.user(Role.IT_DIRECTOR)
    first = make_procedure(erp, 30, None, approved_by=director)
    for attempt in (
        lambda: save(acme, first, StepValues("Other")),
        lambda: approve(acme, first),
        lambda: procedures.delete(
            acme.organisation, first.pk, seen_version=first.version, by=acme.shell
        ),
    ):
        with pytest.raises(Conflict, match="decided already"):
            attempt()
    second = start(acme, erp, copy_of=first.pk)
    assert steps_of(second) == steps_of(first)
    second = approve(acme, save(acme, second, StepValues("Do it all", minutes=5)))
    first.refresh_from_db()
    assert (first.state, second.number, second.state) == ("superseded", 2, "approved")
    assert steps_of(first) == [(1, "Do 1", 30), (2, "Do 2", None)]


def test_there_is_nothing_to_approve_in_an_empty_or_unchanged_draft(
    acme: Cast, erp: System
) -> None:
    with pytest.raises(InvalidInput, match="no step yet"):
        approve(acme, start(acme, erp))
    other = make_system(acme.organisation, "CRM")
    first = make_procedure(other, 30, approved_by=acme.user(Role.EXECUTIVE))
    with pytest.raises(InvalidInput, match="the same as the approved version 1"):
        approve(acme, start(acme, other, copy_of=first.pk))


def test_a_system_has_one_draft_which_may_begin_as_that_of_another(acme: Cast, erp: System) -> None:
    other = make_system(acme.organisation, "CRM")
    source = make_procedure(erp, 10, 20, covers=["data"])
    draft = start(acme, other, copy_of=source.pk)
    assert steps_of(draft) == steps_of(source)
    with pytest.raises(Conflict, match="has a draft already"):
        start(acme, other)
    procedures.delete(acme.organisation, draft.pk, seen_version=draft.version, by=acme.shell)
    assert start(acme, other).number == 1
    told = history.of_record(acme.organisation, "procedure", draft.pk).first()
    assert told is not None
    assert told.before is not None
    assert [step["instruction"] for step in told.before["steps"]] == ["Do 1", "Do 2"]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"instruction": " "}, "Step 2: Say what is to be done"),
        ({"minutes_low": 20, "minutes": 10}, "Step 2: The best case"),
        ({"minutes": 20, "minutes_high": 10}, "Step 2: The worst case"),
        ({"minutes_low": 20, "minutes_high": 10}, "Step 2: The worst case"),
        ({"minutes": -1}, "Step 2"),
        ({"heads": 0}, "Step 2"),
        ({"covers": ["roof"]}, "Step 2: Allowed are"),
        ({"expected": "a\x00b"}, "Step 2"),
        ({"way_back": "x" * 5001}, "Step 2"),
    ],
)
def test_a_wrong_step_is_named_and_the_old_steps_stay(
    wrong: dict[str, Any], fault: str, acme: Cast, erp: System
) -> None:
    draft = make_procedure(erp, 10)
    step = StepValues(**{"instruction": "Start", **wrong})
    with pytest.raises(InvalidInput, match=fault) as refused:
        save(acme, draft, StepValues("Wait"), step)
    assert list(refused.value.fields) == ["steps"]
    assert steps_of(draft) == [(1, "Do 1", 10)]


def test_every_fault_of_every_step_is_listed(acme: Cast, erp: System) -> None:
    draft = make_procedure(erp, 10)
    with pytest.raises(InvalidInput) as refused:
        save(acme, draft, StepValues("", heads=0), StepValues("Start"), StepValues(""))
    assert [fault[:7] for fault in refused.value.fields["steps"]] == [
        "Step 1:",
        "Step 1:",
        "Step 3:",
    ]


def test_a_foreign_team_person_system_or_procedure_is_refused(
    acme: Cast, rival: Cast, erp: System
) -> None:
    draft = make_procedure(erp, 10)
    for foreign in (
        {"team": make_team(rival.organisation, "Foreign")},
        {"contact": make_contact(rival.organisation, "Foreign")},
    ):
        with pytest.raises(InvalidInput, match="no such record"):
            save(acme, draft, StepValues("Start", **foreign))
    theirs = make_procedure(make_system(rival.organisation, "Theirs"), 10)
    with pytest.raises(Conflict):
        start(acme, make_system(acme.organisation, "CRM"), copy_of=theirs.pk)
    with pytest.raises(Conflict):
        start(acme, theirs.system)


def test_saving_the_same_again_is_no_edit_and_keeps_the_author(acme: Cast, erp: System) -> None:
    step = StepValues("Start", minutes=5, covers=["data", "access"])
    draft = save(acme, start(acme, erp), step)
    again = save(acme, draft, step, role=Role.ADMINISTRATOR)
    assert (again.version, again.author) == (draft.version, acme.user(Role.ENGINEER))


def test_a_long_procedure_is_saved_in_as_many_queries_as_a_short_one(
    acme: Cast, erp: System, django_assert_max_num_queries: Any
) -> None:
    """SQLite writes fewer rows at a time than PostgreSQL."""
    team = make_team(acme.organisation, "Databases")
    draft = start(acme, erp)
    steps = [StepValues(f"Do {number}", team=team, minutes=1) for number in range(MOST_STEPS)]
    with django_assert_max_num_queries(40):
        save(acme, draft, *steps)
    with pytest.raises(InvalidInput, match="at most 200"):
        save(acme, draft, *steps, steps[0], seen_version=None)


def test_reading_procedures_takes_the_same_queries_however_many(
    acme: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        make_procedure(make_system(acme.organisation, f"System {number}"), 1, 2)
    with django_assert_num_queries(2):
        found = reads.drafts(acme.organisation)
        assert [len(one.steps.all()) for one in found.values()] == [2] * 20


def test_a_system_with_an_approved_procedure_is_retired_and_not_deleted(
    acme: Cast, erp: System
) -> None:
    make_procedure(erp, 10, approved_by=acme.user(Role.EXECUTIVE))
    with pytest.raises(InvalidInput, match="Retire it instead"):
        systems.delete(acme.organisation, erp.pk, seen_version=None, by=acme.shell)
    sketch = make_system(acme.organisation, "Sketch")
    make_procedure(sketch, 10)
    systems.delete(acme.organisation, sketch.pk, seen_version=None, by=acme.shell)
    assert not reads.of_system(acme.organisation, sketch.pk).exists()
