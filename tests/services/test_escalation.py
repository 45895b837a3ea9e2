"""Ladders: written whole, in order, one default in an organisation."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.engine.durations import LONGEST_MINUTES
from bcp.errors import Conflict, InvalidInput
from bcp.models import Contact, EscalationPath
from bcp.queries import escalation as reads
from bcp.queries import history
from bcp.services import escalation
from bcp.services.escalation import MOST_STEPS, StepValues
from tests.conftest import Cast
from tests.factories import make_contact, make_path, make_system


@pytest.fixture
def ann(acme: Cast) -> Contact:
    return make_contact(acme.organisation, "Ann")


@pytest.fixture
def bob(acme: Cast) -> Contact:
    return make_contact(acme.organisation, "Bob")


def ladder(path: EscalationPath) -> list[tuple[int, str, int]]:
    rows = path.steps.order_by("position")
    return [(row.position, row.contact.name, row.wait_minutes) for row in rows]


def change(cast: Cast, path: EscalationPath, **options: Any) -> EscalationPath:
    values = options.pop("values", {})
    return escalation.change(
        cast.organisation,
        path.pk,
        values,
        seen_version=options.pop("seen_version", path.version),
        by=cast.actor(),
        **options,
    )


def test_steps_stand_in_the_order_given(acme: Cast, ann: Contact, bob: Contact) -> None:
    path = make_path(acme.organisation, "Night", StepValues(bob, wait_minutes=5), StepValues(ann))
    assert ladder(path) == [(1, "Bob", 5), (2, "Ann", 15)]
    path = change(acme, path, steps=[StepValues(ann), StepValues(bob), StepValues(ann)])
    assert ladder(path) == [(1, "Ann", 15), (2, "Bob", 15), (3, "Ann", 15)]


def test_a_changed_ladder_is_an_edit_of_its_path(acme: Cast, ann: Contact, bob: Contact) -> None:
    path = make_path(acme.organisation, "Night", StepValues(ann))
    version = path.version
    path = change(acme, path, steps=[StepValues(bob)])
    assert path.version == version + 1
    event = history.of_record(acme.organisation, "escalationpath", path.pk).first()
    assert event is not None
    assert event.before is not None
    assert event.after is not None
    assert event.before["steps"][0]["contact"]["name"] == "Ann"
    assert event.after["steps"][0]["contact"]["name"] == "Bob"
    with pytest.raises(Conflict):
        change(acme, path, steps=[], seen_version=version)


def test_the_same_ladder_again_is_no_edit_and_none_leaves_it(acme: Cast, ann: Contact) -> None:
    path = make_path(acme.organisation, "Night", StepValues(ann))
    again = change(acme, path, steps=[StepValues(ann)])
    assert again.version == path.version
    renamed = change(acme, path, values={"name": "Late"})
    assert ladder(renamed) == [(1, "Ann", 15)]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"wait_minutes": -1}, "Step 2"),
        ({"wait_minutes": LONGEST_MINUTES + 1}, "Step 2"),
        ({"wait_minutes": 2**40}, "Step 2"),
        ({"wait_minutes": None}, "Step 2"),
        ({"channel": "pigeon"}, "Step 2"),
    ],
)
def test_a_wrong_step_is_named_and_the_old_ladder_stays(
    wrong: dict[str, Any], fault: str, acme: Cast, ann: Contact
) -> None:
    path = make_path(acme.organisation, "Night", StepValues(ann))
    steps = [StepValues(ann), StepValues(**{"contact": ann, **wrong})]
    with pytest.raises(InvalidInput, match=fault) as refused:
        change(acme, path, steps=steps)
    assert list(refused.value.fields) == ["steps"]
    assert ladder(path) == [(1, "Ann", 15)]


def test_a_foreign_contact_or_system_in_a_step_is_refused(
    acme: Cast, rival: Cast, ann: Contact
) -> None:
    foreign = make_contact(rival.organisation, "Foreign")
    chat = make_system(rival.organisation, "Chat")
    for step in (StepValues(foreign), StepValues(ann, channel_system=chat)):
        with pytest.raises(InvalidInput, match="no such record"):
            make_path(acme.organisation, "Night", step)
    assert not EscalationPath.objects.of(acme.organisation).exists()


def test_a_ladder_has_an_end(acme: Cast, ann: Contact) -> None:
    make_path(acme.organisation, "Long", *[StepValues(ann)] * MOST_STEPS)
    with pytest.raises(InvalidInput, match="at most 50"):
        make_path(acme.organisation, "Longer", *[StepValues(ann)] * (MOST_STEPS + 1))


def test_making_a_path_the_default_unmakes_the_other(acme: Cast, rival: Cast) -> None:
    theirs = make_path(rival.organisation, "Theirs", is_default=True)
    first = make_path(acme.organisation, "First", is_default=True)
    second = make_path(acme.organisation, "Second", is_default=True)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    change(acme, first, values={"is_default": True}, seen_version=2)
    second.refresh_from_db()
    theirs.refresh_from_db()
    assert (second.is_default, theirs.is_default) == (False, True)
    told = history.of_record(acme.organisation, "escalationpath", second.pk).first()
    assert told is not None
    assert told.after == {"is_default": False}


def test_a_refused_change_leaves_the_default_where_it_was(acme: Cast, ann: Contact) -> None:
    first = make_path(acme.organisation, "First", is_default=True)
    with pytest.raises(InvalidInput):
        make_path(acme.organisation, "first", is_default=True)
    first.refresh_from_db()
    assert first.is_default


def test_reading_paths_takes_the_same_queries_however_many(
    acme: Cast, ann: Contact, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        make_path(acme.organisation, f"Path {number}", StepValues(ann), StepValues(ann))
    with django_assert_num_queries(2):
        for path in reads.listing(acme.organisation):
            assert [step.contact.name for step in path.steps.all()] == ["Ann", "Ann"]
