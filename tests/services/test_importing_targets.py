"""Targets that arrive in a file: proposals, or approved by a member who may."""

from __future__ import annotations

import pytest

from bcp.engine.permissions import Role
from bcp.errors import NotAllowed
from bcp.models import RecoveryTarget, System, TierPolicy
from bcp.models.targets import TargetState
from bcp.queries import history, targets
from bcp.services import importing, organisations
from bcp.services import targets as target_service
from bcp.services.actor import Actor
from bcp.services.import_plan import ImportPlan, ImportRefused
from bcp.services.importing import Options
from tests.conftest import Cast
from tests.factories import make_system, make_target


def run(cast: Cast, systems: str, *, by: Actor | None = None, approver: str = "") -> ImportPlan:
    incoming = importing.from_files({"systems.csv": systems.encode()})
    options = Options(approver=approver)
    return importing.apply(cast.organisation, incoming, options, by=by or cast.shell)


def rows(cast: Cast) -> list[tuple[str, int | None, int | None, int | None]]:
    """State and figures, oldest first."""
    found = RecoveryTarget.objects.of(cast.organisation).order_by("created_at", "decided_at", "id")
    return list(found.values_list("state", "rto_minutes", "rpo_minutes", "mtd_minutes"))


def test_a_target_that_arrives_is_a_proposal(acme: Cast) -> None:
    run(acme, "name,rto,rpo,mtd\nERP,4h,0,1d\nDB,,,\n")
    assert rows(acme) == [("proposed", 240, 0, 1440)]
    assert targets.approved(acme.organisation) == {}


def test_the_same_figures_again_propose_nothing(acme: Cast) -> None:
    run(acme, "name,rto\nERP,4h\n")
    assert not run(acme, "name,rto\nERP,240\n").changes_something
    executive = acme.actor(Role.EXECUTIVE)
    [proposal] = targets.proposals(acme.organisation)
    target_service.approve(
        acme.organisation, proposal.pk, seen_version=None, seen_basis=None, by=executive
    )
    assert not run(acme, "name,rto\nERP,4h\n").changes_something


def test_another_figure_replaces_the_open_proposal_and_keeps_the_rest(acme: Cast) -> None:
    run(acme, "name,rto,rpo\nERP,4h,1h\n")
    run(acme, "name,rto,rpo\nERP,8h,\n")
    assert sorted(rows(acme)) == [("proposed", 480, 60, None), ("withdrawn", 240, 60, None)]
    assert history.first_broken(acme.organisation) is None


def test_a_file_that_says_what_is_approved_leaves_an_open_proposal_alone(acme: Cast) -> None:
    system = make_system(acme.organisation, "ERP")
    make_target(system, acme.user(Role.EXECUTIVE), rto=240)
    target_service.propose(
        acme.organisation, system.pk, rto_minutes=480, rpo_minutes=None, by=acme.actor()
    )
    assert not run(acme, "name,rto\nERP,4h\n").changes_something


def test_a_member_with_the_right_approves_them_at_once(acme: Cast) -> None:
    email = acme.user(Role.EXECUTIVE).email
    plan = run(acme, "name,rto\nERP,4h\nDB,2h\n", approver=email.upper())
    assert plan.approves == 2
    found = targets.approved(acme.organisation)
    assert {target.rto_minutes for target in found.values()} == {240, 120}
    erp = System.objects.get(name="ERP")
    assert found[erp.pk].decided_by == acme.user(Role.EXECUTIVE)
    events = history.of_record(acme.organisation, "recoverytarget", found[erp.pk].pk)
    assert [(event.action, event.actor_label) for event in events] == [
        ("changed", email),
        ("created", "command line"),
    ]
    assert history.first_broken(acme.organisation) is None
    assert not run(acme, "name,rto\nERP,4h\nDB,2h\n", approver=email).changes_something


def test_an_open_proposal_that_says_the_same_is_approved_as_it_is(acme: Cast) -> None:
    run(acme, "name,rto\nERP,4h\n")
    run(acme, "name,rto\nERP,4h\n", approver=acme.user(Role.EXECUTIVE).email)
    assert rows(acme) == [("approved", 240, None, None)]


def test_nobody_approves_what_they_proposed_themselves(acme: Cast) -> None:
    run(acme, "name\nERP\n")
    system = System.objects.get()
    executive = acme.actor(Role.EXECUTIVE)
    target_service.propose(
        acme.organisation, system.pk, rto_minutes=240, rpo_minutes=None, by=executive
    )
    with pytest.raises(ImportRefused) as refusal:
        run(acme, "name,rto\nERP,4h\n", approver=acme.user(Role.EXECUTIVE).email)
    assert "somebody else must approve it" in str(refusal.value.plan.faults[0])
    assert RecoveryTarget.objects.get().state == TargetState.PROPOSED


@pytest.mark.parametrize("approver", ["nobody@acme.example", "engineer@acme.example"])
def test_an_approver_without_the_right_is_refused_and_nothing_is_saved(
    acme: Cast, approver: str
) -> None:
    with pytest.raises(NotAllowed):
        run(acme, "name,rto\nERP,4h\n", approver=approver)
    assert not System.objects.exists()


def test_an_approver_of_another_organisation_is_refused(acme: Cast, rival: Cast) -> None:
    with pytest.raises(NotAllowed):
        run(acme, "name,rto\nERP,4h\n", approver=rival.user(Role.EXECUTIVE).email)


def test_a_role_that_may_not_propose_is_told_which_columns_to_leave_out(acme: Cast) -> None:
    with pytest.raises(ImportRefused) as refusal:
        run(acme, "name,RTO\nERP,4h\n", by=acme.actor(Role.ENGINEER))
    [fault] = refusal.value.plan.faults
    assert str(fault).startswith("systems.csv:1:RTO: your role (engineer) may not propose targets")
    run(acme, "name,RTO\nERP,\n", by=acme.actor(Role.ENGINEER))
    assert System.objects.get().name == "ERP"


def test_a_member_is_the_proposer_of_what_they_import(acme: Cast) -> None:
    run(acme, "name,rto\nERP,4h\n", by=acme.actor())
    assert RecoveryTarget.objects.get().proposed_by == acme.user(Role.IT_DIRECTOR)


def test_an_rto_beyond_the_mtd_is_a_fault_also_with_the_mtd_there_was(acme: Cast) -> None:
    run(acme, "name,mtd\nERP,1d\n")
    with pytest.raises(ImportRefused) as refusal:
        run(acme, "name,rto\nERP,2d\n")
    assert "must not be longer than the MTD (1 d)" in str(refusal.value.plan.faults[0])


def test_a_target_looser_than_its_tier_says_why_in_the_file(acme: Cast) -> None:
    policy = TierPolicy.objects.of(acme.organisation).get(tier=1)
    organisations.change_tier(
        acme.organisation,
        policy.pk,
        {"rto_minutes": 240},
        seen_version=None,
        by=acme.actor(Role.ADMINISTRATOR),
    )
    with pytest.raises(ImportRefused) as refusal:
        run(acme, "name,tier,rto\nERP,1,8h\nMail,1,4h\nWiki,2,8h\n")
    [fault] = refusal.value.plan.faults
    assert str(fault) == (
        "systems.csv:2:rto: Tier 1 promises an RTO of 4 h; 8 h is looser, so say why."
        " The column target_reason is the place for it."
    )
    run(acme, "name,tier,rto,target_reason\nERP,1,8h,Agreed with the board\n")
    assert RecoveryTarget.objects.get().reason == "Agreed with the board"


def test_approvals_of_an_import_keep_the_figures_of_one_analysis_with_all_of_them(
    acme: Cast,
) -> None:
    email = acme.user(Role.EXECUTIVE).email
    run(acme, "name,rto,recovery\nERP,4h,3h\nDB,2h,1h\nWiki,1d,\n", approver=email)
    kept = {one.system.name: one.decided_on for one in RecoveryTarget.objects.all()}
    assert {one["together"] for one in kept.values()} == {3}
    assert {one["at"] for one in kept.values()} == {kept["ERP"]["at"]}
    assert kept["ERP"]["standing_before"] == "unknown", "before it had no target"
    assert kept["ERP"]["restored_minutes"] == 15 + 180
    assert kept["Wiki"]["at_least"] is True
    assert RecoveryTarget.objects.filter(proposed_on__isnull=True).count() == 3, (
        "nobody looked at figures when they were proposed"
    )
