"""Writers who really write at the same time, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import BcpError, Conflict, InvalidInput, NotAllowed
from bcp.models import (
    Dependency,
    Exercise,
    GapAcceptance,
    Membership,
    RecoveryTarget,
    Site,
    System,
    User,
)
from bcp.queries import history
from bcp.services import (
    contacts,
    copies,
    escalation,
    exercises,
    invitations,
    members,
    policies,
    procedures,
    proposed_dependencies,
    sites,
    systems,
    targets,
)
from bcp.services.actor import Actor
from tests.conftest import PASSWORD, Cast, make_cast
from tests.factories import (
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_exercise,
    make_path,
    make_policy,
    make_procedure,
    make_proposed,
    make_site,
    make_system,
    make_target,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

WRITERS = 8


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


def at_once(attempts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all attempts in threads that start together; each one's answer, or what it raised."""
    ready = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return attempt()
        except BcpError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def raised(answers: list[Any], kind: type[BcpError]) -> int:
    return sum(isinstance(answer, kind) for answer in answers)


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


def test_of_concurrent_approvals_of_one_proposal_exactly_one_wins(acme: Cast) -> None:
    approvers = [Actor.member(acme.members[Role.EXECUTIVE], via="web")]
    for number in range(WRITERS - 1):
        user = User.objects.create_user(f"executive{number}@acme.example", name="Executive")
        member = members.add(acme.organisation, user, Role.EXECUTIVE, by=acme.shell)
        approvers.append(Actor.member(member, via="web"))
    proposal = proposed(acme, make_system(acme.organisation, "ERP"))
    [basis] = shown(acme, proposal).values()
    answers = at_once(
        [
            partial(
                targets.approve,
                acme.organisation,
                proposal.pk,
                seen_version=1,
                seen_basis=basis,
                by=by,
            )
            for by in approvers
        ]
    )
    assert raised(answers, Conflict) == WRITERS - 1
    assert {str(one) for one in answers if isinstance(one, Conflict)} == {
        "The proposal for “ERP” has been decided already: Approved."
    }
    [winner] = [answer for answer in answers if isinstance(answer, RecoveryTarget)]
    proposal.refresh_from_db()
    assert proposal.decided_by_id == winner.decided_by_id
    approved = history.of_record(acme.organisation, "recoverytarget", proposal.pk)
    assert [event.action for event in approved] == ["changed", "created"]


def proposed(acme: Cast, system: System) -> RecoveryTarget:
    return targets.propose(
        acme.organisation, system.pk, rto_minutes=60, rpo_minutes=None, by=acme.actor()
    )


def shown(acme: Cast, *proposals: RecoveryTarget) -> dict[str, str]:
    """What a page shows each of them with."""
    now = timezone.now().astimezone(ZoneInfo(acme.organisation.time_zone))
    return targets.basis(acme.organisation, proposals, now=now)


def test_who_approves_while_a_dependency_changes_approves_what_was_seen_or_is_told(
    acme: Cast,
) -> None:
    """Every approver has seen the chain as it was. Whoever comes after the change is told."""
    server = make_system(acme.organisation, "Server", recovery_minutes=30)
    strictest = make_system(acme.organisation, "Strictest")
    make_dependency(strictest, server)
    make_target(strictest, acme.user(Role.EXECUTIVE), rto=1)  # so that no other asks more of it
    needing = [make_system(acme.organisation, f"App {one}") for one in range(WRITERS - 1)]
    for one in needing:
        make_dependency(one, server)
    proposals = [proposed(acme, one) for one in needing]
    seen = shown(acme, *proposals)
    approvals = [
        partial(
            targets.approve,
            acme.organisation,
            one.pk,
            seen_version=1,
            seen_basis=seen[one.pk],
            by=acme.actor(Role.EXECUTIVE),
        )
        for one in proposals
    ]
    change = partial(
        systems.change,
        acme.organisation,
        server.pk,
        {"recovery_minutes": 90},
        seen_version=1,
        by=acme.actor(),
    )
    half = len(approvals) // 2
    answers = at_once([*approvals[:half], change, *approvals[half:]])
    del answers[half]
    for proposal, answer in zip(proposals, answers, strict=True):
        proposal.refresh_from_db()
        if isinstance(answer, Conflict):
            assert proposal.state == "proposed"
        else:
            assert proposal.state == "approved"
            assert proposal.decided_on["restored_minutes"] == 45, "what it was seen with"
    told = [str(one) for one in answers if isinstance(one, Conflict)]
    assert all("the achievable time: was at least 45 min, now" in one for one in told)
    assert history.first_broken(acme.organisation) is None


def test_of_concurrent_acceptances_of_one_gap_exactly_one_wins(acme: Cast) -> None:
    executives = [acme.user(Role.EXECUTIVE)]
    for number in range(WRITERS - 1):
        user = User.objects.create_user(f"executive{number}@acme.example", name="Executive")
        members.add(acme.organisation, user, Role.EXECUTIVE, by=acme.shell)
        executives.append(user)
    erp = make_system(acme.organisation, "ERP", tier=1)
    answers = at_once([partial(make_acceptance, erp, user) for user in executives])
    assert raised(answers, Conflict) == WRITERS - 1
    [winner] = [answer for answer in answers if isinstance(answer, GapAcceptance)]
    assert GapAcceptance.objects.get() == winner
    told = [str(answer) for answer in answers if isinstance(answer, Conflict)]
    assert all(str(winner.accepted_by) in says for says in told)
    assert history.first_broken(acme.organisation) is None


def test_accepting_while_the_gap_changes_lets_its_acceptor_know(acme: Cast) -> None:
    """Whichever is first: what is accepted is what was looked at."""
    erp = make_system(acme.organisation, "ERP", tier=1)
    accept = partial(make_acceptance, erp, acme.user(Role.EXECUTIVE), code="target_missing")
    change = partial(
        systems.change, acme.organisation, erp.pk, {"tier": 2}, seen_version=1, by=acme.actor()
    )
    answers = at_once([accept, change])
    accepted = [answer for answer in answers if isinstance(answer, GapAcceptance)]
    assert len(accepted) + raised(answers, Conflict) == 1
    events = list(history.events(acme.organisation).order_by("sequence"))
    order = [(event.record_type, event.action) for event in events]
    for one in accepted:
        first = order.index(("gapacceptance", "created")) < order.index(("system", "changed"))
        assert ("tier 1" in one.says) is first


def test_of_concurrent_approvals_of_one_procedure_exactly_one_wins(acme: Cast) -> None:
    draft = make_procedure(make_system(acme.organisation, "ERP"), 10)
    approvers = [acme.actor(Role.EXECUTIVE), acme.actor(Role.IT_DIRECTOR)] * (WRITERS // 2)
    answers = at_once(
        [
            partial(procedures.approve, acme.organisation, draft.pk, seen_version=2, by=by)
            for by in approvers
        ]
    )
    assert raised(answers, Conflict) == WRITERS - 1
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("approved", 3)


def test_approving_while_the_author_saves_lets_one_of_them_know(acme: Cast) -> None:
    draft = make_procedure(make_system(acme.organisation, "ERP"), 10)
    steps = [procedures.StepValues("Do it otherwise")]
    save = partial(
        procedures.save,
        *(acme.organisation, draft.pk, steps),
        seen_version=2,
        by=acme.actor(Role.ENGINEER),
    )
    approve = partial(
        procedures.approve, acme.organisation, draft.pk, seen_version=2, by=acme.actor()
    )
    answers = at_once([save, approve])
    assert raised(answers, Conflict) == 1
    draft.refresh_from_db()
    saved = draft.steps.filter(instruction="Do it otherwise").exists()
    assert saved is (draft.state == "draft"), "what was approved is what was seen"


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


def test_a_proposed_dependency_is_decided_once_however_many_decide(acme: Cast) -> None:
    row = make_proposed(*(make_system(acme.organisation, name) for name in ("CRM", "Directory")))
    accept = partial(proposed_dependencies.accept_many, acme.organisation, [(row.pk, 1)])
    refuse = partial(proposed_dependencies.refuse_many, acme.organisation, [(row.pk, 1)], "No")
    outcomes = at_once([partial(one, by=acme.actor()) for one in [accept, refuse] * (WRITERS // 2)])
    assert raised(outcomes, Conflict) == WRITERS - 1
    row.refresh_from_db()
    edges = Dependency.objects.of(acme.organisation).count()
    assert (row.state, edges) in {("accepted", 1), ("refused", 0)}
