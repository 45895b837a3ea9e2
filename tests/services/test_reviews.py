"""Confirming dependencies: bound to what was seen, all or nothing, by a person who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.engine.reviews import ReviewState, facts_of, needs_of
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, DependencyReview, System
from bcp.queries import estate as estates
from bcp.queries import reviews as reads
from bcp.services import dependencies, reviews, systems
from bcp.services.reviews import Seen
from tests.conftest import Cast
from tests.factories import make_dependency, make_review, make_system


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP")


@pytest.fixture
def database(acme: Cast) -> System:
    return make_system(acme.organisation, "Database", kind="data store")


def seen(*records: System) -> list[Seen]:
    found = reads.needs_now(records[0].organisation, [one.pk for one in records])
    return [Seen(one.pk, facts_of(found[one.pk])) for one in records]


def state(system: System) -> reads.Standing:
    estate = estates.load(system.organisation)
    today = timezone.localdate()
    found = reads.standings(system.organisation, estate, today=today)
    return next(one for one in found if one.system.key == system.pk)


def test_a_confirmation_says_who_when_and_what(acme: Cast, erp: System, database: System) -> None:
    make_dependency(erp, database, needed_to="run")
    assert state(erp).state is ReviewState.NEVER
    director = acme.user(Role.IT_DIRECTOR)
    made = make_review(erp, director, "Asked the team")
    assert (made.reviewed_by, made.note) == (director, "Asked the team")
    assert made.needs == [[database.pk, "Database", "run", ""]]
    assert state(erp).state is ReviewState.CURRENT
    event = AuditEvent.objects.of(acme.organisation).latest("sequence")
    assert (event.action, event.record_type) == ("confirmed", "dependencyreview")


def test_what_changes_afterwards_is_named(acme: Cast, erp: System, database: System) -> None:
    edge = make_dependency(erp, database, bootstrap="By hand")
    make_review(erp, acme.user(Role.ADMINISTRATOR))
    dns = make_system(acme.organisation, "DNS", kind="network")
    make_dependency(erp, dns)
    dependencies.delete(acme.organisation, edge.pk, seen_version=1, by=acme.shell)
    standing = state(erp)
    assert standing.state is ReviewState.CHANGED
    assert [one.name for one in standing.changes.came] == ["DNS"]
    assert [one.name for one in standing.changes.went] == ["Database"]


def test_a_retired_need_is_gone_and_the_latest_confirmation_counts(
    acme: Cast, erp: System, database: System
) -> None:
    make_dependency(erp, database)
    first = make_review(erp, acme.user(Role.IT_DIRECTOR))
    systems.change(
        acme.organisation, database.pk, {"status": "retired"}, seen_version=1, by=acme.shell
    )
    assert [one.name for one in state(erp).changes.went] == ["Database"]
    second = make_review(erp, acme.user(Role.IT_DIRECTOR))
    standing = state(erp)
    assert (standing.state, standing.review) == (ReviewState.CURRENT, second)
    assert DependencyReview.objects.filter(pk=first.pk).exists()


def test_the_records_and_the_estate_say_the_same_of_needs(
    acme: Cast, erp: System, database: System
) -> None:
    make_dependency(erp, database, bootstrap="Zurück zu Papier")
    make_dependency(erp, make_system(acme.organisation, "Old", status="retired"))
    make_dependency(erp, make_system(acme.organisation, "DNS"), needed_to="full service")
    estate = estates.load(acme.organisation)
    found = reads.needs_now(acme.organisation, [one.key for one in estate.systems])
    of_estate = needs_of(estate, range(len(estate.systems)))
    assert {estate.systems[at].key: needs for at, needs in of_estate.items()} == found


def test_a_confirmation_half_a_year_old_asks_for_another(acme: Cast, erp: System) -> None:
    made = make_review(erp, acme.user(Role.IT_DIRECTOR))
    DependencyReview.objects.filter(pk=made.pk).update(
        reviewed_at=timezone.now() - timedelta(days=181)
    )
    assert state(erp).state is ReviewState.OVERDUE


def test_nothing_is_confirmed_if_one_of_many_changed_since(
    acme: Cast, erp: System, database: System
) -> None:
    looked_at = seen(erp, database)
    make_dependency(erp, database)
    with pytest.raises(Conflict, match="What “ERP” needs has changed"):
        reviews.confirm_many(acme.organisation, looked_at, "Walkthrough", by=acme.actor())
    assert not DependencyReview.objects.exists()


def test_several_at_once_need_a_reason_and_are_written_in_few_queries(
    acme: Cast, erp: System, database: System, django_assert_max_num_queries
) -> None:
    many = [erp, database, *(make_system(acme.organisation, f"S{n}") for n in range(20))]
    with pytest.raises(InvalidInput, match="Say what you confirm them on"):
        reviews.confirm_many(acme.organisation, seen(*many), " ", by=acme.actor())
    looked_at = seen(*many)
    with django_assert_max_num_queries(14):
        made = reviews.confirm_many(acme.organisation, looked_at, "Workshop", by=acme.actor())
    assert len(made) == 22
    assert {one.note for one in made} == {"Workshop"}


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.EXECUTIVE, Role.AUDITOR])
def test_only_an_it_director_and_an_administrator_confirm(
    acme: Cast, erp: System, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        reviews.confirm_many(acme.organisation, seen(erp), by=acme.actor(role))


def test_the_command_line_confirms_nothing(acme: Cast, erp: System) -> None:
    with pytest.raises(NotAllowed, match="by a person"):
        reviews.confirm_many(acme.organisation, seen(erp), by=acme.shell)


def test_a_foreign_or_retired_system_cannot_be_confirmed(acme: Cast, rival: Cast) -> None:
    foreign = make_system(rival.organisation, "Theirs")
    retired = make_system(acme.organisation, "Old", status="retired")
    for system in (foreign, retired):
        with pytest.raises(Conflict):
            reviews.confirm(acme.organisation, system.pk, seen_facts=facts_of(()), by=acme.actor())


def test_deleting_a_system_takes_its_confirmations_along(acme: Cast, erp: System) -> None:
    make_review(erp, acme.user(Role.IT_DIRECTOR))
    systems.delete(acme.organisation, erp.pk, seen_version=None, by=acme.shell)
    assert not DependencyReview.objects.exists()
