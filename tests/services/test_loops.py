"""Opening a loop writes the note and the step of the procedure together, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, Dependency, Procedure, System
from bcp.queries import history
from bcp.queries.analysis import analysis
from bcp.services import dependencies, loops, procedures, undo
from bcp.services.loops import SeenDraft, StepValues
from tests.conftest import Cast
from tests.factories import make_dependency, make_procedure, make_system

NOTE = "Sealed envelope in the safe: the local administrator of the hosts."
STEP = StepValues("Sign in on host 1 with the account from the safe.", minutes=20)


@dataclass
class Ring:
    """A directory on hosts that need it to run."""

    cast: Cast
    directory: System
    hosts: System
    needs_hosts: Dependency
    needs_directory: Dependency

    def open(self, edge: Dependency, role: Role = Role.ENGINEER, **changes: Any) -> Procedure:
        given: dict[str, Any] = {
            "note": NOTE,
            "step": STEP,
            "seen_version": edge.version,
            "seen_draft": None,
            "by": self.cast.actor(role),
        }
        return loops.open_dependency(self.cast.organisation, edge.pk, **{**given, **changes})

    def loops_left(self) -> int:
        return len(analysis(self.cast.organisation, now=timezone.now()).loops)

    def steps(self, draft: Procedure) -> list[str]:
        return [step.instruction for step in draft.steps.order_by("position")]


@pytest.fixture
def ring(acme: Cast) -> Ring:
    directory = make_system(acme.organisation, "AD")
    hosts = make_system(acme.organisation, "VM hosts")
    return Ring(
        acme,
        directory,
        hosts,
        make_dependency(directory, hosts),
        make_dependency(hosts, directory, needed_to="run"),
    )


def test_the_note_opens_the_loop_and_a_first_draft_has_the_step(ring: Ring) -> None:
    assert ring.loops_left() == 1
    draft = ring.open(ring.needs_hosts)
    assert ring.loops_left() == 0
    ring.needs_hosts.refresh_from_db()
    assert ring.needs_hosts.bootstrap == NOTE
    assert (draft.system, draft.state, draft.number) == (ring.directory, "draft", 1)
    [step] = draft.steps.all()
    assert (step.instruction, step.minutes) == (STEP.instruction, 20)


def test_one_write_leaves_a_row_for_each_record(ring: Ring) -> None:
    last = AuditEvent.objects.order_by("sequence").last()
    assert last is not None
    draft = ring.open(ring.needs_hosts)
    events = AuditEvent.objects.filter(sequence__gt=last.sequence).order_by("sequence")
    assert [(one.action, one.record_type, one.record_id) for one in events] == [
        ("changed", "dependency", ring.needs_hosts.pk),
        ("created", "procedure", draft.pk),
    ]
    assert len({one.at for one in events}) == 1


def test_a_draft_begins_as_a_copy_of_the_approved_version(ring: Ring) -> None:
    make_procedure(ring.directory, 10, 15, approved_by=ring.cast.user(Role.IT_DIRECTOR))
    draft = ring.open(ring.needs_hosts)
    assert (draft.number, draft.state) == (2, "draft")
    assert ring.steps(draft) == [STEP.instruction, "Do 1", "Do 2"]


def test_what_is_needed_only_to_run_is_worked_around_at_the_end(ring: Ring) -> None:
    waiting = make_procedure(ring.hosts, 10, 15)
    seen = SeenDraft(waiting.pk, waiting.version)
    draft = ring.open(ring.needs_directory, seen_draft=seen)
    assert draft.pk == waiting.pk
    assert ring.steps(draft) == ["Do 1", "Do 2", STEP.instruction]
    assert draft.version == waiting.version + 1
    assert ring.loops_left() == 0


def test_the_note_is_taken_back_from_its_history_and_the_draft_stays(ring: Ring) -> None:
    draft = ring.open(ring.needs_hosts)
    event = history.of_record(ring.cast.organisation, "dependency", ring.needs_hosts.pk).first()
    assert event is not None
    undo.undo(ring.cast.organisation, event, by=ring.cast.actor())
    assert ring.loops_left() == 1
    assert ring.steps(draft) == [STEP.instruction]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"note": " \n"}, "note"), ({"step": StepValues("  ")}, "instruction")],
)
def test_note_and_step_must_say_something(ring: Ring, changes: dict[str, Any], field: str) -> None:
    events = AuditEvent.objects.count()
    with pytest.raises(InvalidInput) as refused:
        ring.open(ring.needs_hosts, **changes)
    assert list(refused.value.fields) == [field]
    assert (AuditEvent.objects.count(), Procedure.objects.count()) == (events, 0)


def test_a_step_that_is_refused_leaves_no_note(ring: Ring) -> None:
    with pytest.raises(InvalidInput, match="Step 1"):
        ring.open(ring.needs_hosts, step=StepValues("Sign in", minutes=-5))
    ring.needs_hosts.refresh_from_db()
    assert ring.needs_hosts.bootstrap == ""
    assert ring.loops_left() == 1


def test_whoever_comes_second_writes_nothing(ring: Ring) -> None:
    seen = ring.needs_hosts.version
    by = ring.cast.actor()
    changed = {"needed_to": "run"}
    dependencies.change(
        ring.cast.organisation, ring.needs_hosts.pk, changed, seen_version=seen, by=by
    )
    with pytest.raises(Conflict, match="Somebody else changed"):
        ring.open(ring.needs_hosts, seen_version=seen)
    assert not Procedure.objects.exists()


def test_a_draft_that_was_begun_or_edited_meanwhile_stops_everything(ring: Ring) -> None:
    draft = make_procedure(ring.directory, 10)
    with pytest.raises(Conflict, match="begun or decided a draft"):
        ring.open(ring.needs_hosts)
    with pytest.raises(Conflict, match="Somebody else changed"):
        ring.open(ring.needs_hosts, seen_draft=SeenDraft(draft.pk, draft.version - 1))
    procedures.approve(
        ring.cast.organisation, draft.pk, seen_version=draft.version, by=ring.cast.actor()
    )
    with pytest.raises(Conflict, match="begun or decided a draft"):
        ring.open(ring.needs_hosts, seen_draft=SeenDraft(draft.pk, draft.version))
    ring.needs_hosts.refresh_from_db()
    assert ring.needs_hosts.bootstrap == ""


def test_what_holds_nothing_up_is_not_opened(ring: Ring) -> None:
    ring.open(ring.needs_hosts)
    ring.needs_hosts.refresh_from_db()
    draft = Procedure.objects.get()
    with pytest.raises(InvalidInput, match="nothing to open"):
        ring.open(ring.needs_hosts, seen_draft=SeenDraft(draft.pk, draft.version))


def test_it_takes_the_right_to_edit_in_this_organisation(ring: Ring, rival: Cast) -> None:
    for role in (Role.EXECUTIVE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            ring.open(ring.needs_hosts, role)
    theirs = make_dependency(
        make_system(rival.organisation, "Their AD"), make_system(rival.organisation, "Their VM")
    )
    with pytest.raises(Conflict, match="deleted this record"):
        ring.open(theirs)
