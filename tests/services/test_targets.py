"""Targets: proposed by one, approved by another; only what is approved counts (Rule T4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bcp.engine.durations import LONGEST_MINUTES
from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import Membership, RecoveryTarget, System, TierPolicy
from bcp.queries import history
from bcp.queries import targets as reads
from bcp.services import members, targets
from bcp.services.actor import Actor
from tests.conftest import Cast
from tests.factories import make_system


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP")


def propose(
    cast: Cast, system: System, rto: int | None = 60, role: Role = Role.IT_DIRECTOR
) -> RecoveryTarget:
    return targets.propose(
        cast.organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=None,
        reason="payroll",
        by=cast.actor(role),
    )


def approve(cast: Cast, target: RecoveryTarget, role: Role = Role.EXECUTIVE) -> RecoveryTarget:
    return targets.approve(
        cast.organisation, target.pk, seen_version=1, seen_basis=None, by=cast.actor(role)
    )


@pytest.mark.parametrize("role", Role)
def test_proposing_and_deciding_are_for_the_roles_that_may(
    role: Role, acme: Cast, erp: System
) -> None:
    if allows(role, Capability.PROPOSE_TARGET):
        assert propose(acme, erp, role=role).proposed_by == acme.user(role)
    else:
        with pytest.raises(NotAllowed):
            propose(acme, erp, role=role)
    proposal = targets.propose(
        acme.organisation, erp.pk, rto_minutes=1, rpo_minutes=None, by=acme.shell
    )
    if allows(role, Capability.APPROVE_TARGET):
        assert approve(acme, proposal, role).decided_by == acme.user(role)
    else:
        with pytest.raises(NotAllowed):
            approve(acme, proposal, role)
        with pytest.raises(NotAllowed):
            targets.send_back(
                acme.organisation, proposal.pk, "no", seen_version=1, by=acme.actor(role)
            )


def test_a_proposal_is_no_target_until_it_is_approved(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp)
    assert reads.approved(acme.organisation) == {}
    assert list(reads.proposals(acme.organisation)) == [proposal]
    approve(acme, proposal)
    assert reads.approved(acme.organisation) == {erp.pk: proposal}
    assert not reads.proposals(acme.organisation).exists()


def test_the_approved_target_stands_while_the_next_is_only_proposed(
    acme: Cast, erp: System
) -> None:
    first = approve(acme, propose(acme, erp, 60))
    second = propose(acme, erp, 30)
    assert reads.approved(acme.organisation)[erp.pk].rto_minutes == 60
    approve(acme, second)
    assert reads.approved(acme.organisation)[erp.pk].rto_minutes == 30
    first.refresh_from_db()
    assert (first.state, first.rto_minutes) == ("approved", 60), "history is kept"


def test_nobody_approves_their_own_proposal(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp, role=Role.EXECUTIVE)
    with pytest.raises(NotAllowed, match="somebody other"):
        approve(acme, proposal)
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_the_database_too_refuses_an_approver_who_proposed(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp, role=Role.EXECUTIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryTarget.objects.filter(pk=proposal.pk).update(
            state="approved", decided_by=proposal.proposed_by, decided_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryTarget.objects.filter(pk=proposal.pk).update(state="approved")


def test_a_machine_approves_nothing(acme: Cast, erp: System) -> None:
    with pytest.raises(NotAllowed, match="by a person"):
        targets.approve(
            acme.organisation,
            propose(acme, erp).pk,
            seen_version=1,
            seen_basis=None,
            by=acme.shell,
        )


def test_what_the_command_line_proposed_any_approver_may_approve(acme: Cast, erp: System) -> None:
    proposal = targets.propose(
        acme.organisation, erp.pk, rto_minutes=0, rpo_minutes=0, by=acme.shell
    )
    approve(acme, proposal)
    assert reads.approved(acme.organisation)[erp.pk].rto_minutes == 0


def test_a_newer_proposal_takes_the_place_of_an_open_one(acme: Cast, erp: System) -> None:
    older = propose(acme, erp, 60)
    newer = propose(acme, erp, 30, role=Role.EXECUTIVE)
    older.refresh_from_db()
    assert (older.state, older.decision_reason) == ("withdrawn", "Replaced by a newer proposal.")
    assert older.decided_by == acme.user(Role.EXECUTIVE)
    assert list(reads.proposals(acme.organisation)) == [newer]
    with pytest.raises(Conflict):
        approve(acme, older)


def test_a_decided_proposal_is_not_decided_again(acme: Cast, erp: System) -> None:
    proposal = approve(acme, propose(acme, erp))
    for version in (2, None):
        with pytest.raises(Conflict, match="decided already") as conflict:
            targets.send_back(
                acme.organisation,
                proposal.pk,
                "no",
                seen_version=version,
                by=acme.actor(Role.EXECUTIVE),
            )
        assert conflict.value.current["state"] == "approved"


def test_a_proposal_is_sent_back_with_a_reason(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp)
    executive = acme.actor(Role.EXECUTIVE)
    with pytest.raises(InvalidInput) as silent:
        targets.send_back(acme.organisation, proposal.pk, " \u200b", seen_version=1, by=executive)
    assert list(silent.value.fields) == ["reason"]
    sent_back = targets.send_back(
        acme.organisation, proposal.pk, "too dear", seen_version=1, by=executive
    )
    assert (sent_back.state, sent_back.decision_reason) == ("sent back", "too dear")
    assert reads.approved(acme.organisation) == {}


def test_what_its_tier_has_come_to_promise_more_than_takes_a_reason(
    acme: Cast, erp: System
) -> None:
    silent = targets.propose(
        acme.organisation, erp.pk, rto_minutes=240, rpo_minutes=None, by=acme.actor()
    )
    System.objects.filter(pk=erp.pk).update(tier=1)
    TierPolicy.objects.of(acme.organisation).filter(tier=1).update(rto_minutes=60)
    with pytest.raises(Conflict, match="says no reason: send it back"):
        approve(acme, silent)
    reasoned = targets.propose(
        *(acme.organisation, erp.pk),
        rto_minutes=240,
        rpo_minutes=None,
        reason="The lines wait anyway.",
        by=acme.actor(),
    )
    assert approve(acme, reasoned).state == "approved"


def test_only_its_proposer_withdraws_a_proposal(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp)
    with pytest.raises(NotAllowed, match="by its proposer"):
        targets.withdraw(
            acme.organisation, proposal.pk, seen_version=1, by=acme.actor(Role.EXECUTIVE)
        )
    done = targets.withdraw(acme.organisation, proposal.pk, seen_version=1, by=acme.actor())
    assert done.state == "withdrawn"


def test_a_decision_is_audited_with_who_and_when(acme: Cast, erp: System) -> None:
    proposal = approve(acme, propose(acme, erp))
    created, decided = history.of_record(acme.organisation, "recoverytarget", proposal.pk).order_by(
        "sequence"
    )
    assert created.after is not None
    assert created.after["rto_minutes"] == 60
    assert created.after["rpo_minutes"] is None
    assert decided.before is not None
    assert decided.before["state"] == "proposed"
    assert decided.after is not None
    assert decided.after["state"] == "approved"
    assert decided.after["decided_by"]["id"] == acme.user(Role.EXECUTIVE).pk


@pytest.mark.parametrize(
    ("figures", "column"),
    [
        ({"rto_minutes": None, "rpo_minutes": None}, None),
        ({"rto_minutes": 120, "rpo_minutes": None, "mtd_minutes": 60}, "rto_minutes"),
        ({"rto_minutes": -1, "rpo_minutes": None}, "rto_minutes"),
        ({"rto_minutes": LONGEST_MINUTES + 1, "rpo_minutes": None}, "rto_minutes"),
        ({"rto_minutes": None, "rpo_minutes": 2**40}, "rpo_minutes"),
        ({"rto_minutes": 1, "rpo_minutes": 1, "reason": "x" * 5001}, "reason"),
        ({"rto_minutes": 1, "rpo_minutes": 1, "reason": "a\x00b"}, "reason"),
    ],
)
def test_impossible_figures_are_refused_and_the_open_proposal_stays(
    figures: dict[str, Any], column: str | None, acme: Cast, erp: System
) -> None:
    proposal = propose(acme, erp)
    with pytest.raises(InvalidInput) as refused:
        targets.propose(acme.organisation, erp.pk, **figures, by=acme.actor())
    assert list(refused.value.fields) == ([column] if column else [])
    assert list(reads.proposals(acme.organisation)) == [proposal]


def test_a_foreign_system_or_proposal_is_as_good_as_gone(
    acme: Cast, rival: Cast, erp: System
) -> None:
    foreign = propose(rival, make_system(rival.organisation, "Foreign"))
    with pytest.raises(Conflict):
        propose(acme, foreign.system)
    with pytest.raises(Conflict):
        approve(acme, foreign)


def test_a_login_with_two_memberships_decides_by_the_role_it_has_here(
    acme: Cast, rival: Cast, erp: System
) -> None:
    """An executive there is an engineer here."""
    user = rival.user(Role.EXECUTIVE)
    here: Membership = members.add(acme.organisation, user, Role.ENGINEER, by=acme.shell)
    with pytest.raises(NotAllowed):
        targets.approve(
            acme.organisation,
            propose(acme, erp).pk,
            seen_version=1,
            seen_basis=None,
            by=Actor.member(here, via="web"),
        )
