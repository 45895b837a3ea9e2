"""Several who decide about the same thing at the same moment: one does, the others are told."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict
from bcp.models import Dependency, GapAcceptance, RecoveryTarget, System, User
from bcp.queries import history
from bcp.services import members, procedures, proposed_dependencies, systems, targets, ways
from bcp.services.actor import Actor
from bcp.services.ways import Estimate, Tighter
from tests.conftest import Cast, make_cast
from tests.factories import (
    make_acceptance,
    make_dependency,
    make_procedure,
    make_proposed,
    make_system,
    make_target,
)
from tests.services.at_once import WRITERS, at_once, raised

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


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


def test_a_proposed_dependency_is_decided_once_however_many_decide(acme: Cast) -> None:
    row = make_proposed(*(make_system(acme.organisation, name) for name in ("CRM", "Directory")))
    accept = partial(proposed_dependencies.accept_many, acme.organisation, [(row.pk, 1)])
    refuse = partial(proposed_dependencies.refuse_many, acme.organisation, [(row.pk, 1)], "No")
    outcomes = at_once([partial(one, by=acme.actor()) for one in [accept, refuse] * (WRITERS // 2)])
    assert raised(outcomes, Conflict) == WRITERS - 1
    row.refresh_from_db()
    edges = Dependency.objects.of(acme.organisation).count()
    assert (row.state, edges) in {("accepted", 1), ("refused", 0)}


def test_of_many_who_write_the_same_offer_one_does_and_the_others_are_told(acme: Cast) -> None:
    database = make_system(acme.organisation, "Database", recovery_minutes=360)
    make_target(database, acme.user(Role.EXECUTIVE), rto=480)
    steps = [Estimate(database.pk, 60, 1), Tighter(database.pk, 120)]
    by = acme.actor(Role.IT_DIRECTOR)
    attempt = partial(ways.apply, acme.organisation, database.pk, 240, steps, by=by)
    answers = at_once([attempt] * 6)
    assert sum(isinstance(one, int) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == 5
    database = System.objects.get(pk=database.pk)
    assert (database.recovery_minutes, database.version) == (60, 2)
    assert database.targets.filter(state="proposed").count() == 1
