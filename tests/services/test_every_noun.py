"""What holds for every record: audited, by role, inside one tenant, one version at a time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, Team
from bcp.queries import history
from bcp.services import teams
from bcp.services.actor import Actor
from bcp.services.ledger import facts_of
from tests.conftest import CANARY, Cast
from tests.factories import make_contact
from tests.services.nouns import NOUNS, Noun

EDITORS = [role for role in Role if allows(role, Capability.EDIT_ESTATE)]
READERS = [role for role in Role if role not in EDITORS]
EVERY = pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS.keys())


def latest(cast: Cast) -> AuditEvent:
    event = history.events(cast.organisation).first()
    assert event is not None
    return event


def count(cast: Cast) -> int:
    return history.events(cast.organisation).count()


@EVERY
def test_creating_is_audited_with_what_was_written(noun: Noun, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.actor())
    event = latest(acme)
    assert (event.action, event.record_id, event.via) == ("created", record.pk, "web")
    assert event.actor == acme.user(Role.IT_DIRECTOR)
    assert event.before is None
    stored = noun.model.objects.get(pk=record.pk)
    assert event.after == facts_of(stored)


@EVERY
def test_changing_is_audited_with_only_what_changed(noun: Noun, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.shell)
    before = facts_of(record)
    changed = noun.service.change(
        acme.organisation, record.pk, noun.edit, seen_version=1, by=acme.actor()
    )
    assert changed.version == 2
    event = latest(acme)
    assert (event.action, event.record_id) == ("changed", record.pk)
    assert event.after == noun.edited
    assert event.before == {name: before[name] for name in noun.edited}


@EVERY
def test_deleting_is_audited_with_what_was_lost(noun: Noun, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.shell)
    noun.service.delete(acme.organisation, record.pk, seen_version=1, by=acme.actor())
    assert not noun.model.objects.filter(pk=record.pk).exists()
    event = latest(acme)
    assert (event.action, event.record_id) == ("deleted", record.pk)
    assert event.after is None
    assert event.before is not None
    assert facts_of(record).items() <= event.before.items()


@EVERY
def test_writing_the_same_again_is_no_edit(noun: Noun, acme: Cast) -> None:
    """Figures and moments read the same however they were written: 5000 is 5000.00."""
    values = noun.values_in(acme.organisation)
    record = noun.service.create(acme.organisation, values, by=acme.shell)
    events = count(acme)
    again = noun.service.change(acme.organisation, record.pk, values, seen_version=1, by=acme.shell)
    assert again.version == 1
    assert count(acme) == events


@EVERY
@pytest.mark.parametrize("role", EDITORS)
def test_an_editor_writes(noun: Noun, role: Role, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.actor(role))
    noun.service.change(
        acme.organisation, record.pk, noun.edit, seen_version=1, by=acme.actor(role)
    )
    noun.service.delete(acme.organisation, record.pk, seen_version=2, by=acme.actor(role))


@EVERY
@pytest.mark.parametrize("role", READERS)
def test_a_reader_writes_nothing(noun: Noun, role: Role, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.shell)
    events = count(acme)
    by = acme.actor(role)
    with pytest.raises(NotAllowed):
        noun.service.create(acme.organisation, noun.values, by=by)
    with pytest.raises(NotAllowed):
        noun.service.change(acme.organisation, record.pk, noun.edit, seen_version=1, by=by)
    with pytest.raises(NotAllowed):
        noun.service.delete(acme.organisation, record.pk, seen_version=1, by=by)
    assert count(acme) == events


@EVERY
def test_an_actor_of_another_organisation_writes_nothing(
    noun: Noun, acme: Cast, rival: Cast
) -> None:
    record = noun.make(acme.organisation, acme.shell)
    by = rival.actor(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        noun.service.create(acme.organisation, noun.values, by=by)
    with pytest.raises(NotAllowed):
        noun.service.change(acme.organisation, record.pk, noun.edit, seen_version=1, by=by)
    with pytest.raises(NotAllowed):
        noun.service.delete(acme.organisation, record.pk, seen_version=1, by=by)


@EVERY
def test_a_foreign_record_is_as_gone_as_one_that_never_was(
    noun: Noun, acme: Cast, rival: Cast
) -> None:
    foreign = noun.make(rival.organisation, rival.shell)
    said = []
    for key in (foreign.pk, "neverexisted", "nul\x00inside"):
        with pytest.raises(Conflict) as change:
            noun.service.change(acme.organisation, key, noun.edit, seen_version=1, by=acme.actor())
        with pytest.raises(Conflict) as delete:
            noun.service.delete(acme.organisation, key, seen_version=1, by=acme.actor())
        assert change.value.current == delete.value.current == {}
        said.append((str(change.value), str(delete.value)))
    assert len(set(said)) == 1
    assert noun.model.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize(
    ("noun", "column"),
    [(noun, column) for noun in NOUNS.values() for column in noun.references],
    ids=[f"{name}-{column}" for name, noun in NOUNS.items() for column in noun.references],
)
def test_a_foreign_record_is_refused_as_a_reference(
    noun: Noun, column: str, acme: Cast, rival: Cast
) -> None:
    record = noun.make(acme.organisation, acme.shell)
    foreign = noun.references[column](rival.organisation)
    with pytest.raises(InvalidInput) as change:
        noun.service.change(
            acme.organisation, record.pk, {column: foreign}, seen_version=1, by=acme.actor()
        )
    assert list(change.value.fields) == [column]
    assert CANARY not in str(change.value)
    with pytest.raises(InvalidInput) as create:
        noun.service.create(acme.organisation, {**noun.values, column: foreign}, by=acme.actor())
    assert column in create.value.fields


@pytest.mark.parametrize(
    ("noun", "column"),
    [(noun, column) for noun in NOUNS.values() for column in noun.references],
    ids=[f"{name}-{column}" for name, noun in NOUNS.items() for column in noun.references],
)
def test_a_reference_deleted_in_the_meantime_is_refused(
    noun: Noun, column: str, acme: Cast
) -> None:
    record = noun.make(acme.organisation, acme.shell)
    gone = noun.references[column](acme.organisation)
    type(gone).objects.filter(pk=gone.pk).delete()
    with pytest.raises(InvalidInput) as refused:
        noun.service.change(
            acme.organisation, record.pk, {column: gone}, seen_version=1, by=acme.actor()
        )
    assert list(refused.value.fields) == [column]


@EVERY
def test_the_second_editor_is_told_what_it_says_now(noun: Noun, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.shell)
    noun.service.change(
        acme.organisation, record.pk, noun.edit, seen_version=1, by=acme.actor(Role.ENGINEER)
    )
    events = count(acme)
    for attempt in (noun.service.change, noun.service.delete):
        values: list[Any] = [noun.edit] if attempt is noun.service.change else []
        with pytest.raises(Conflict) as conflict:
            attempt(acme.organisation, record.pk, *values, seen_version=1, by=acme.actor())
        assert conflict.value.current["version"] == 2
        assert noun.edited.items() <= conflict.value.current.items()
    assert count(acme) == events


@EVERY
@pytest.mark.parametrize("name", ["organisation", "version", "id", "created_at", "no_such_field"])
def test_what_is_not_a_writers_to_set_is_refused(
    noun: Noun, name: str, acme: Cast, rival: Cast
) -> None:
    """Else a value too many would move a record to another tenant."""
    record = noun.make(acme.organisation, acme.shell)
    value = rival.organisation if name == "organisation" else 7
    with pytest.raises(InvalidInput) as change:
        noun.service.change(
            acme.organisation, record.pk, {name: value}, seen_version=1, by=acme.actor()
        )
    assert list(change.value.fields) == [name]
    with pytest.raises(InvalidInput):
        noun.service.create(acme.organisation, {**noun.values, name: value}, by=acme.actor())


@EVERY
def test_an_edit_takes_few_queries(noun: Noun, acme: Cast) -> None:
    record = noun.make(acme.organisation, acme.shell)
    with CaptureQueriesContext(connection) as queries:
        noun.service.change(
            acme.organisation, record.pk, noun.edit, seen_version=1, by=acme.actor()
        )
    assert len(queries) <= 18


def test_a_write_that_fails_half_way_leaves_nothing_behind(acme: Cast, rival: Cast) -> None:
    """The team is written before its members are found to be foreign."""
    events = count(acme)
    foreign = make_contact(rival.organisation, "Foreign")
    with pytest.raises(InvalidInput) as refused:
        teams.create(acme.organisation, {"name": "Net"}, members=[foreign], by=acme.actor())
    assert list(refused.value.fields) == ["members"]
    assert not Team.objects.of(acme.organisation).exists()
    assert count(acme) == events
    assert history.first_broken(acme.organisation) is None


def test_a_role_taken_away_since_the_request_began_no_longer_writes(acme: Cast) -> None:
    by = acme.actor(Role.ENGINEER)
    membership = acme.members[Role.ENGINEER]
    type(membership).objects.filter(pk=membership.pk).update(role=Role.AUDITOR.value)
    with pytest.raises(NotAllowed):
        NOUNS["site"].make(acme.organisation, by)


def test_a_member_removed_since_the_request_began_no_longer_writes(acme: Cast) -> None:
    by = acme.actor(Role.ENGINEER)
    acme.members[Role.ENGINEER].delete()
    with pytest.raises(NotAllowed):
        NOUNS["site"].make(acme.organisation, by)


def test_a_login_switched_off_since_the_request_began_no_longer_writes(acme: Cast) -> None:
    by = acme.actor(Role.ENGINEER)
    user = acme.user(Role.ENGINEER)
    user.is_active = False
    user.save()
    with pytest.raises(NotAllowed):
        NOUNS["site"].make(acme.organisation, by)


def test_the_command_line_is_named_in_the_audit_trail(acme: Cast) -> None:
    NOUNS["site"].make(acme.organisation, Actor.command_line(acme.organisation))
    event = latest(acme)
    assert (event.actor, event.actor_label, event.via) == (None, "command line", "command line")
