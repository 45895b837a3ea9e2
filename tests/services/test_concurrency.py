"""Writers who really write at the same time, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import Exercise, Membership, Site, User
from bcp.queries import history
from bcp.services import (
    contacts,
    copies,
    escalation,
    exercises,
    invitations,
    members,
    policies,
    sites,
    systems,
)
from bcp.services.actor import Actor
from tests.conftest import PASSWORD, Cast, make_cast
from tests.factories import (
    make_contact,
    make_copy,
    make_exercise,
    make_path,
    make_policy,
    make_site,
    make_system,
)
from tests.services.at_once import WRITERS, at_once, raised

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


def test_of_many_editors_of_one_version_exactly_one_wins(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")

    def edit(number: int) -> Callable[[], Any]:
        zone = {"zone": str(number)}
        return partial(
            sites.change, acme.organisation, site.pk, zone, seen_version=1, by=acme.actor()
        )

    answers = at_once([edit(number) for number in range(WRITERS)])
    assert raised(answers, Conflict) == WRITERS - 1
    [winner] = [answer for answer in answers if isinstance(answer, Site)]
    site.refresh_from_db()
    assert (site.version, site.zone) == (2, winner.zone)
    assert history.first_broken(acme.organisation) is None


def test_editors_who_look_again_lose_nothing(acme: Cast) -> None:
    """Every writer retries until its word is in: as many versions as edits."""
    system = make_system(acme.organisation, "ERP", description="")

    def append(number: int) -> Callable[[], Any]:
        def attempt() -> Any:
            while True:
                now = type(system).objects.get(pk=system.pk)
                try:
                    return systems.change(
                        acme.organisation,
                        system.pk,
                        {"description": f"{now.description} {number}"},
                        seen_version=now.version,
                        by=acme.actor(),
                    )
                except Conflict:
                    continue

        return attempt

    at_once([append(number) for number in range(WRITERS)])
    system.refresh_from_db()
    assert system.version == 1 + WRITERS
    assert sorted(system.description.split()) == [str(number) for number in range(WRITERS)]
    assert history.of_record(acme.organisation, "system", system.pk).count() == 1 + WRITERS
    assert history.first_broken(acme.organisation) is None


def test_writers_of_different_records_keep_one_unbroken_chain(acme: Cast) -> None:
    answers = at_once(
        [partial(make_site, acme.organisation, f"Site {number}") for number in range(WRITERS)]
    )
    assert all(isinstance(answer, Site) for answer in answers)
    events = history.events(acme.organisation)
    assert sorted(events.values_list("sequence", flat=True)) == list(range(1, events.count() + 1))
    assert history.first_broken(acme.organisation) is None


def test_a_name_is_given_once(acme: Cast) -> None:
    answers = at_once([partial(make_site, acme.organisation, "HQ")] * WRITERS)
    assert raised(answers, InvalidInput) == WRITERS - 1
    assert Site.objects.count() == 1


def test_of_two_people_who_record_results_one_is_told_and_no_result_is_mixed(acme: Cast) -> None:
    many = [make_system(acme.organisation, f"System {number}") for number in range(5)]
    exercise = make_exercise(*many, done_on=date(2026, 9, 1))

    def record(number: int) -> Callable[[], Any]:
        results = [exercises.ResultValues(one, "success", number) for one in many]
        return partial(
            exercises.change,
            acme.organisation,
            exercise.pk,
            {},
            results=results,
            seen_version=exercise.version,
            by=acme.actor(),
        )

    answers = at_once([record(number) for number in range(WRITERS)])
    assert raised(answers, Conflict) == WRITERS - 1
    assert [isinstance(one, Exercise) for one in answers].count(True) == 1
    assert len(set(exercise.results.values_list("rta_minutes", flat=True))) == 1
    assert history.first_broken(acme.organisation) is None


def test_two_administrators_who_demote_each_other_leave_one(acme: Cast) -> None:
    first = acme.members[Role.ADMINISTRATOR]
    second = members.change_role(
        acme.organisation,
        acme.members[Role.ENGINEER].pk,
        Role.ADMINISTRATOR,
        seen_version=None,
        by=acme.shell,
    )

    def demote(by: Membership, other: Membership) -> Callable[[], Any]:
        return partial(
            members.change_role,
            acme.organisation,
            other.pk,
            Role.AUDITOR,
            seen_version=None,
            by=Actor.member(by, via="web"),
        )

    answers = at_once([demote(first, second), demote(second, first)])
    assert raised(answers, NotAllowed) == 1, "who was demoted first may no longer demote"
    administrators = Membership.objects.filter(role=Role.ADMINISTRATOR.value)
    assert administrators.count() == 1


def test_one_default_path_is_left_however_many_were_made_it_at_once(acme: Cast) -> None:
    paths = [make_path(acme.organisation, f"Path {number}") for number in range(WRITERS)]
    at_once(
        [
            partial(
                escalation.change,
                acme.organisation,
                path.pk,
                {"is_default": True},
                seen_version=None,
                by=acme.actor(),
            )
            for path in paths
        ]
    )
    assert type(paths[0]).objects.filter(is_default=True).count() == 1


def test_an_invitation_accepted_twice_at_once_lets_one_in(acme: Cast) -> None:
    invited = invitations.invite(
        acme.organisation, "new@acme.example", Role.ENGINEER, link_base="", by=acme.shell
    )

    accept = partial(invitations.accept, invited.token, user=None, password=PASSWORD)
    answers = at_once([accept] * 4)
    assert raised(answers, InvalidInput) == 3
    assert Membership.objects.filter(user__email="new@acme.example").count() == 1


def test_invitations_of_two_organisations_make_one_login(acme: Cast) -> None:
    rival = make_cast("rival", "Rival")
    tokens = [
        invitations.invite(
            cast.organisation, "new@both.example", Role.ENGINEER, link_base="", by=cast.shell
        ).token
        for cast in (acme, rival)
    ]
    answers = at_once(
        [partial(invitations.accept, token, user=None, password=PASSWORD) for token in tokens]
    )
    assert raised(answers, NotAllowed) == 1
    assert User.objects.filter(email="new@both.example").count() == 1


def test_a_reference_deleted_at_the_same_moment_is_refused_or_let_go(acme: Cast) -> None:
    """Either the system came too late for its owner, or it lost the owner again."""
    ann = make_contact(acme.organisation, "Ann")
    create = partial(
        systems.create, acme.organisation, {"name": "ERP", "owner": ann}, by=acme.actor()
    )
    delete = partial(contacts.delete, acme.organisation, ann.pk, seen_version=1, by=acme.actor())
    made, deleted = at_once([create, delete])
    assert deleted is None
    if isinstance(made, InvalidInput):
        assert list(made.fields) == ["owner"]
    else:
        made.refresh_from_db()
        assert made.owner is None
    assert history.first_broken(acme.organisation) is None


def test_a_policy_assigned_and_changed_at_once_stays_alike_with_its_copies(acme: Cast) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440)
    keys = [make_system(acme.organisation, f"Server {number}").pk for number in range(WRITERS)]
    assign = partial(policies.assign, acme.organisation, policy.pk, keys, by=acme.actor())
    changes = [
        partial(
            policies.change,
            acme.organisation,
            policy.pk,
            {"interval_minutes": minutes},
            seen_version=None,
            by=acme.actor(),
        )
        for minutes in range(1, WRITERS // 2 + 1)
    ]
    answers = at_once([*changes, *[assign] * (WRITERS // 2)])
    made = [answer for answer in answers if isinstance(answer, list)]
    assert sorted(len(one) for one in made) == [0] * (WRITERS // 2 - 1) + [WRITERS]
    policy.refresh_from_db()
    intervals = policy.copies.values_list("interval_minutes", flat=True)
    assert list(intervals) == [policy.interval_minutes] * WRITERS
    assert history.first_broken(acme.organisation) is None


def test_a_copy_that_joins_a_policy_while_that_is_changed_or_deleted_is_never_unlike(
    acme: Cast,
) -> None:
    policy = make_policy(acme.organisation, "Daily", interval_minutes=1440)
    made = [
        make_copy(make_system(acme.organisation, f"Server {number}"), "Own")
        for number in range(WRITERS - 2)
    ]
    joining = [
        partial(
            copies.change,
            acme.organisation,
            copy.pk,
            {"policy": policy},
            seen_version=1,
            by=acme.actor(),
        )
        for copy in made
    ]
    change = partial(
        policies.change,
        acme.organisation,
        policy.pk,
        {"interval_minutes": 60},
        seen_version=1,
        by=acme.actor(),
    )
    delete = partial(
        policies.delete, acme.organisation, policy.pk, seen_version=None, by=acme.shell
    )
    at_once([*joining, change, delete])
    for copy in made:
        copy.refresh_from_db()
        assert copy.policy is None or copy.interval_minutes == copy.policy.interval_minutes
    assert history.first_broken(acme.organisation) is None
