"""Approving is of what was seen: the figures are frozen, and a change in between is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import RecoveryTarget, System, TierPolicy
from bcp.queries import changes, history
from bcp.queries import targets as reads
from bcp.services import organisations, systems, targets
from bcp.services.targets import Seen
from tests.conftest import Cast
from tests.factories import make_contact, make_dependency, make_system, make_target


@pytest.fixture
def san(acme: Cast) -> System:
    return make_system(acme.organisation, "SAN", tier=1, recovery_minutes=240)


@pytest.fixture
def erp(acme: Cast, san: System) -> System:
    erp = make_system(acme.organisation, "ERP", tier=1, recovery_minutes=120)
    make_dependency(erp, san)
    return erp


def local_now(cast: Cast) -> datetime:
    return timezone.now().astimezone(ZoneInfo(cast.organisation.time_zone))


def propose(cast: Cast, system: System, rto: int = 300, reason: str = "payroll") -> RecoveryTarget:
    return targets.propose(
        cast.organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=None,
        reason=reason,
        by=cast.actor(),
    )


def seen(cast: Cast, *proposals: RecoveryTarget) -> list[Seen]:
    shown = targets.basis(cast.organisation, proposals, now=local_now(cast))
    return [Seen(one.pk, one.version, shown[one.pk]) for one in proposals]


def approve(cast: Cast, looked_at: list[Seen]) -> list[RecoveryTarget]:
    return targets.approve_many(cast.organisation, looked_at, by=cast.actor(Role.EXECUTIVE))


def test_what_was_seen_is_approved_and_its_figures_are_kept(acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp)
    [approved] = approve(acme, seen(acme, proposal))
    approved.refresh_from_db()
    for kept in (approved.proposed_on, approved.decided_on):
        assert kept is not None
        assert kept["restored_minutes"] == 375
        assert [(one["name"], one["minutes"]) for one in kept["chain"]] == [
            ("SAN", 240),
            ("ERP", 120),
        ]
        assert (kept["standing_before"], kept["standing_after"]) == ("unknown", "misses")
        assert kept["demands"] == {
            "count": 1,
            "first": [
                {
                    "name": "SAN",
                    "before_minutes": None,
                    "before_at_most": False,
                    "now_minutes": 180,
                    "now_at_most": False,
                    "restored_minutes": 255,
                    "at_least": True,
                    "is_met": False,
                }
            ],
        }
        assert kept["appeared"]["count"] == 1
        assert kept["approved_before"] == dict.fromkeys(
            ("rto_minutes", "rpo_minutes", "mtd_minutes")
        )
    assert approved.decided_on["audit_count"] > approved.proposed_on["audit_count"]


def test_frozen_figures_stay_whatever_changes_afterwards(acme: Cast, erp: System) -> None:
    [approved] = approve(acme, seen(acme, propose(acme, erp)))
    kept = approved.decided_on
    systems.change(
        acme.organisation,
        erp.pk,
        {"name": "Renamed", "recovery_minutes": 1},
        seen_version=None,
        by=acme.actor(),
    )
    approved.refresh_from_db()
    assert approved.decided_on == kept


def test_a_write_that_changes_no_figure_does_not_disturb_an_approval(
    acme: Cast, erp: System
) -> None:
    looked_at = seen(acme, propose(acme, erp))
    make_contact(acme.organisation, "Somebody else")
    make_system(acme.organisation, "Unrelated", recovery_minutes=5)
    assert [one.state for one in approve(acme, looked_at)] == ["approved"]


def test_a_dependency_that_changed_since_stops_the_approval_and_is_named(
    acme: Cast, erp: System, san: System
) -> None:
    looked_at = seen(acme, propose(acme, erp))
    systems.change(
        acme.organisation, san.pk, {"recovery_minutes": 480}, seen_version=None, by=acme.actor()
    )
    with pytest.raises(Conflict) as told:
        approve(acme, looked_at)
    assert "the achievable time: was at least 6 h 15 min, now at least 10 h 15 min" in str(
        told.value
    )
    assert "“ERP”" in str(told.value)
    assert reads.approved(acme.organisation) == {}
    assert reads.proposals(acme.organisation).count() == 1


def test_a_target_approved_meanwhile_counts_too(acme: Cast, erp: System, san: System) -> None:
    looked_at = seen(acme, propose(acme, erp))
    make_target(san, acme.user(Role.EXECUTIVE), rto=60)
    with pytest.raises(Conflict, match="what it asks of other systems"):
        approve(acme, looked_at)


@pytest.mark.parametrize(
    "text", ["", "nonsense", "proposal=1&proposal=2", "achievable=x~", "&" * 99]
)
def test_a_basis_that_no_page_showed_approves_nothing(text: str, acme: Cast, erp: System) -> None:
    proposal = propose(acme, erp)
    with pytest.raises(Conflict, match="the proposal itself"):
        approve(acme, [Seen(proposal.pk, proposal.version, text)])


def test_several_are_approved_together_or_none_and_the_changed_ones_are_named(
    acme: Cast, erp: System, san: System
) -> None:
    mail = make_system(acme.organisation, "Mail", recovery_minutes=30)
    looked_at = seen(acme, propose(acme, erp), propose(acme, mail))
    systems.change(
        acme.organisation, san.pk, {"recovery_minutes": 1}, seen_version=None, by=acme.actor()
    )
    with pytest.raises(Conflict) as told:
        approve(acme, looked_at)
    assert list(told.value.current) == [looked_at[0].key]
    assert reads.approved(acme.organisation) == {}
    approved = approve(acme, seen(acme, *reads.proposals(acme.organisation)))
    assert {one.system_id for one in approved} == {erp.pk, mail.pk}


def test_one_that_was_withdrawn_meanwhile_leaves_the_others_open(acme: Cast, erp: System) -> None:
    mail = make_system(acme.organisation, "Mail")
    first, second = propose(acme, erp), propose(acme, mail)
    looked_at = seen(acme, first, second)
    targets.withdraw(acme.organisation, first.pk, seen_version=1, by=acme.actor())
    with pytest.raises(Conflict, match="“ERP” has been decided already: Withdrawn") as told:
        approve(acme, looked_at)
    assert list(told.value.current) == [first.pk]
    second.refresh_from_db()
    assert second.state == "proposed"


def test_ones_own_proposal_spoils_the_whole_signature(acme: Cast, erp: System) -> None:
    mail = make_system(acme.organisation, "Mail")
    own = targets.propose(
        acme.organisation,
        mail.pk,
        rto_minutes=60,
        rpo_minutes=None,
        by=acme.actor(Role.EXECUTIVE),
    )
    with pytest.raises(NotAllowed, match="you proposed: Mail"):
        approve(acme, seen(acme, propose(acme, erp), own))
    assert reads.approved(acme.organisation) == {}


def test_several_are_sent_back_for_one_reason(acme: Cast, erp: System) -> None:
    mail = make_system(acme.organisation, "Mail")
    proposals = [propose(acme, erp), propose(acme, mail)]
    executive = acme.actor(Role.EXECUTIVE)
    versions = {one.pk: one.version for one in proposals}
    with pytest.raises(InvalidInput):
        targets.send_back_many(acme.organisation, versions, " ", by=executive)
    done = targets.send_back_many(acme.organisation, versions, " too dear ", by=executive)
    assert {(one.state, one.decision_reason) for one in done} == {("sent back", "too dear")}


def promise(cast: Cast, tier: int, **figures: int) -> None:
    row = TierPolicy.objects.of(cast.organisation).get(tier=tier)
    organisations.change_tier(
        cast.organisation, row.pk, figures, seen_version=None, by=cast.actor(Role.ADMINISTRATOR)
    )


def test_a_target_looser_than_its_tier_says_why(acme: Cast, erp: System) -> None:
    promise(acme, 1, rto_minutes=240, rpo_minutes=60)
    with pytest.raises(InvalidInput) as refused:
        targets.propose(
            acme.organisation,
            erp.pk,
            rto_minutes=480,
            rpo_minutes=120,
            reason="  ",
            by=acme.actor(),
        )
    assert refused.value.fields == {
        "reason": [
            "Tier 1 promises an RTO of 4 h; 8 h is looser, so say why.",
            "Tier 1 promises an RPO of 1 h; 2 h is looser, so say why.",
        ]
    }
    assert not reads.proposals(acme.organisation).exists()
    assert propose(acme, erp, rto=480, reason="Agreed with the board").rto_minutes == 480
    assert propose(acme, erp, rto=240, reason="").rto_minutes == 240, "as tight as promised"


def test_a_planned_system_has_no_figures_and_can_be_decided_all_the_same(acme: Cast) -> None:
    planned = make_system(acme.organisation, "New shop", status="planned")
    [approved] = approve(acme, seen(acme, propose(acme, planned)))
    assert approved.decided_on is not None
    assert approved.decided_on["takes_part"] is False


def test_the_trail_says_in_short_what_a_decision_rests_on(acme: Cast, erp: System) -> None:
    [approved] = approve(acme, seen(acme, propose(acme, erp)))
    events = history.of_record(acme.organisation, "recoverytarget", approved.pk)
    said = [
        change.after
        for told in changes.told(events)
        for change in told.changes
        if change.label in ("Decided on", "Proposed on")
    ]
    assert said == ["achievable at least 6 h 15 min"] * 2
