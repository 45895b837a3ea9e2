"""Taking a write back, and when that is refused."""

from __future__ import annotations

import pytest

from bcp.engine.impacts import Category
from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import (
    AuditEvent,
    BackupCopy,
    Contact,
    Dependency,
    ImpactAssessment,
    Site,
    System,
    Team,
)
from bcp.queries import history
from bcp.services import (
    contacts,
    copies,
    dependencies,
    impact_requests,
    impacts,
    members,
    sites,
    systems,
    targets,
    teams,
)
from bcp.services.ledger import facts_of
from bcp.services.undo import can_undo, undo
from tests.conftest import Cast
from tests.factories import (
    answer_everything,
    make_contact,
    make_copy,
    make_dependency,
    make_procedure,
    make_proposed,
    make_restore_test,
    make_review,
    make_site,
    make_system,
    make_team,
)


def latest(cast: Cast, key: str) -> AuditEvent:
    event = history.events(cast.organisation).filter(record_id=key).first()
    assert event is not None
    return event


def test_a_change_is_set_back_and_that_is_a_write_like_any_other(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    erp = make_system(acme.organisation, "ERP", owner=ann, data_gb=20, recovery_minutes=60)
    systems.change(
        acme.organisation,
        erp.pk,
        {"owner": None, "data_gb": 30, "recovery_minutes": None},
        seen_version=1,
        by=acme.actor(),
    )
    undo(acme.organisation, latest(acme, erp.pk), by=acme.actor(Role.ENGINEER))
    erp.refresh_from_db()
    assert (erp.owner, erp.data_gb, erp.recovery_minutes) == (ann, 20, 60)
    assert erp.version == 3
    event = latest(acme, erp.pk)
    assert (event.action, event.actor) == ("changed", acme.user(Role.ENGINEER))
    undo(acme.organisation, event, by=acme.actor())
    erp.refresh_from_db()
    assert erp.owner is None
    assert history.first_broken(acme.organisation) is None


def test_a_change_made_again_since_stands_and_is_shown(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ", zone="A")
    for version, zone in enumerate(("B", "C"), start=1):
        sites.change(
            acme.organisation, site.pk, {"zone": zone}, seen_version=version, by=acme.actor()
        )
    first = history.events(acme.organisation).filter(record_id=site.pk, action="changed").last()
    assert first is not None
    with pytest.raises(Conflict) as conflict:
        undo(acme.organisation, first, by=acme.actor())
    assert conflict.value.current["zone"] == "C"


def test_other_fields_changed_since_are_left_alone(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ", zone="A")
    sites.change(acme.organisation, site.pk, {"zone": "B"}, seen_version=1, by=acme.actor())
    event = latest(acme, site.pk)
    sites.change(acme.organisation, site.pk, {"name": "Berlin"}, seen_version=2, by=acme.actor())
    undo(acme.organisation, event, by=acme.actor())
    site.refresh_from_db()
    assert (site.zone, site.name) == ("A", "Berlin")


def test_a_reference_renamed_since_is_still_the_same(acme: Cast) -> None:
    old, new = make_site(acme.organisation, "Old"), make_site(acme.organisation, "New")
    erp = make_system(acme.organisation, "ERP", site=old)
    systems.change(acme.organisation, erp.pk, {"site": new}, seen_version=1, by=acme.actor())
    event = latest(acme, erp.pk)
    sites.change(acme.organisation, new.pk, {"name": "Newer"}, seen_version=1, by=acme.actor())
    undo(acme.organisation, event, by=acme.actor())
    erp.refresh_from_db()
    assert erp.site == old


def test_a_reference_that_is_gone_is_named(acme: Cast) -> None:
    old = make_site(acme.organisation, "Old place")
    erp = make_system(acme.organisation, "ERP", site=old)
    systems.change(acme.organisation, erp.pk, {"site": None}, seen_version=1, by=acme.actor())
    event = latest(acme, erp.pk)
    sites.delete(acme.organisation, old.pk, seen_version=1, by=acme.actor())
    with pytest.raises(InvalidInput, match="Old place"):
        undo(acme.organisation, event, by=acme.actor())


def test_a_deleted_record_returns_under_its_key(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann", phones=["+49 30 1"], may_spend=5000)
    contacts.delete(acme.organisation, ann.pk, seen_version=1, by=acme.actor())
    event = latest(acme, ann.pk)
    returned = undo(acme.organisation, event, by=acme.actor())
    again = Contact.objects.get(pk=ann.pk)
    assert returned == again
    assert (again.name, again.phones, again.may_spend) == ("Ann", ["+49 30 1"], 5000)
    with pytest.raises(Conflict, match="there again"):
        undo(acme.organisation, event, by=acme.actor())


def test_a_deleted_site_returns_to_the_systems_that_stood_there(acme: Cast) -> None:
    site, other = make_site(acme.organisation, "HQ"), make_site(acme.organisation, "Other")
    stays = make_system(acme.organisation, "Stays", site=site)
    moved = make_system(acme.organisation, "Moved", site=site)
    copy = make_copy(stays, "Nightly", site=site)
    sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
    event = latest(acme, site.pk)
    systems.change(acme.organisation, moved.pk, {"site": other}, seen_version=2, by=acme.actor())
    undo(acme.organisation, event, by=acme.actor())
    assert System.objects.get(pk=stays.pk).site == site
    assert BackupCopy.objects.get(pk=copy.pk).site == site
    assert System.objects.get(pk=moved.pk).site == other, "the later edit stands"


def test_a_deleted_contact_returns_to_its_teams_and_systems(acme: Cast) -> None:
    ann, bob = make_contact(acme.organisation, "Ann"), make_contact(acme.organisation, "Bob")
    team = make_team(acme.organisation, "Net", ann, bob)
    erp = make_system(acme.organisation, "ERP", owner=ann, technical_owner=ann)
    contacts.delete(acme.organisation, ann.pk, seen_version=1, by=acme.actor())
    undo(acme.organisation, latest(acme, ann.pk), by=acme.actor())
    assert set(Team.objects.get(pk=team.pk).members.all()) == {ann, bob}
    erp.refresh_from_db()
    assert (erp.owner, erp.technical_owner) == (ann, ann)


def test_a_deleted_system_returns_with_its_edges_and_copies(acme: Cast) -> None:
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    gone = make_system(acme.organisation, "Gone")
    edge = make_dependency(erp, san, needed_to="run", bootstrap="from the console")
    lost = make_dependency(gone, san)
    copy = make_copy(san, "Nightly", interval_minutes=1440)
    systems.delete(acme.organisation, san.pk, seen_version=1, by=acme.actor())
    event = latest(acme, san.pk)
    systems.delete(acme.organisation, gone.pk, seen_version=1, by=acme.actor())
    undo(acme.organisation, event, by=acme.actor())
    assert System.objects.get(pk=san.pk).name == "SAN"
    assert Dependency.objects.get(pk=edge.pk).bootstrap == "from the console"
    assert BackupCopy.objects.get(pk=copy.pk).interval_minutes == 1440
    assert not Dependency.objects.filter(pk=lost.pk).exists(), "its other end is gone"
    assert history.first_broken(acme.organisation) is None


def test_a_deleted_process_returns_with_its_answers_and_who_confirmed_them(acme: Cast) -> None:
    payroll = make_system(acme.organisation, "Payroll", kind="business process")
    executive = acme.user(Role.EXECUTIVE)
    answer_everything(payroll, executive, peaks=[impacts.PeakValues("Month end", "28th", None)])
    by = acme.actor(Role.EXECUTIVE)
    assessment = ImpactAssessment.objects.get(process=payroll)
    impacts.confirm(acme.organisation, payroll.pk, seen_version=assessment.version, by=by)
    before = impacts.document_facts(ImpactAssessment.objects.get(process=payroll))
    systems.delete(acme.organisation, payroll.pk, seen_version=1, by=acme.actor())
    assert not ImpactAssessment.objects.of(acme.organisation).exists()
    undo(acme.organisation, latest(acme, payroll.pk), by=acme.actor())
    returned = ImpactAssessment.objects.get(process=payroll)
    assert impacts.document_facts(returned) == before
    assert (returned.confirmed_by, returned.peaks.get().name) == (executive, "Month end")
    assert history.first_broken(acme.organisation) is None


def test_answers_return_though_nobody_who_was_asked_for_them_is_a_member_any_more(
    acme: Cast,
) -> None:
    payroll = make_system(acme.organisation, "Payroll", kind="business process")
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    asked = acme.members[Role.EXECUTIVE]
    impact_requests.ask(
        acme.organisation, payroll.pk, asked.pk, link="x", seen_version=None, by=acme.actor()
    )
    systems.delete(acme.organisation, payroll.pk, seen_version=1, by=acme.actor())
    event = latest(acme, payroll.pk)
    members.remove(acme.organisation, asked.pk, seen_version=asked.version, by=acme.shell)
    undo(acme.organisation, event, by=acme.actor())
    returned = ImpactAssessment.objects.get(process=payroll)
    assert returned.asked_of is None
    assert returned.answers.count() == len(Category)


def test_what_rested_on_the_deleted_system_returns_with_it_as_it_was(acme: Cast) -> None:
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    make_dependency(erp, san)
    director = acme.user(Role.IT_DIRECTOR)
    tested = make_restore_test(make_copy(erp, "Nightly"))
    draft = make_procedure(erp, 10, 20)
    proposed = make_proposed(san, erp)
    review = make_review(erp, director)
    proposal = targets.propose(
        acme.organisation, erp.pk, rto_minutes=60, rpo_minutes=None, by=acme.actor()
    )
    rows = (tested, draft, proposed, review, proposal, *draft.steps.all())
    before = [facts_of(type(row).objects.get(pk=row.pk)) for row in rows]
    erp.refresh_from_db()
    systems.delete(acme.organisation, erp.pk, seen_version=erp.version, by=acme.actor())
    undo(acme.organisation, latest(acme, erp.pk), by=acme.actor())
    assert [facts_of(type(row).objects.get(pk=row.pk)) for row in rows] == before


def test_what_was_deleted_before_the_system_stays_away(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP")
    copy = make_copy(erp, "Nightly")
    copies.delete(acme.organisation, copy.pk, seen_version=1, by=acme.actor())
    systems.delete(acme.organisation, erp.pk, seen_version=1, by=acme.actor())
    undo(acme.organisation, latest(acme, erp.pk), by=acme.actor())
    assert not BackupCopy.objects.of(acme.organisation).exists()


def test_a_name_taken_since_keeps_the_deleted_record_out(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
    event = latest(acme, site.pk)
    make_site(acme.organisation, "hq")
    with pytest.raises(InvalidInput, match="already taken"):
        undo(acme.organisation, event, by=acme.actor())
    assert Site.objects.of(acme.organisation).count() == 1


def test_a_record_deleted_since_cannot_be_set_back(acme: Cast) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    copies.change(acme.organisation, copy.pk, {"offline": True}, seen_version=1, by=acme.actor())
    event = latest(acme, copy.pk)
    copies.delete(acme.organisation, copy.pk, seen_version=2, by=acme.actor())
    with pytest.raises(Conflict, match="deleted"):
        undo(acme.organisation, event, by=acme.actor())


def test_a_dependency_just_added_goes_again(acme: Cast) -> None:
    erp, san = (make_system(acme.organisation, name) for name in ("ERP", "SAN"))
    edge = make_dependency(erp, san)
    undo(acme.organisation, latest(acme, edge.pk), by=acme.actor())
    assert not Dependency.objects.of(acme.organisation).exists()
    assert latest(acme, edge.pk).action == "deleted"


def test_a_dependency_added_and_changed_since_stays(acme: Cast) -> None:
    erp, san = (make_system(acme.organisation, name) for name in ("ERP", "SAN"))
    edge = make_dependency(erp, san)
    added = latest(acme, edge.pk)
    dependencies.change(
        acme.organisation, edge.pk, {"needed_to": "run"}, seen_version=1, by=acme.actor()
    )
    with pytest.raises(Conflict, match="changed again"):
        undo(acme.organisation, added, by=acme.actor())
    assert Dependency.objects.of(acme.organisation).get().needed_to == "run"


def test_other_creations_teams_and_decisions_are_not_taken_back(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP")
    team = make_team(acme.organisation, "Net")
    teams.change(acme.organisation, team.pk, {"heads_day": 2}, seen_version=1, by=acme.actor())
    proposal = targets.propose(
        acme.organisation, erp.pk, rto_minutes=60, rpo_minutes=None, by=acme.actor()
    )
    targets.withdraw(acme.organisation, proposal.pk, seen_version=1, by=acme.actor())
    for record in (erp, team, proposal):
        event = latest(acme, record.pk)
        assert not can_undo(event)
        with pytest.raises(InvalidInput):
            undo(acme.organisation, event, by=acme.actor())


def test_a_foreign_event_is_refused(acme: Cast, rival: Cast) -> None:
    site = make_site(rival.organisation, "HQ")
    sites.change(rival.organisation, site.pk, {"zone": "B"}, seen_version=1, by=rival.actor())
    with pytest.raises(InvalidInput):
        undo(acme.organisation, latest(rival, site.pk), by=acme.actor())


def test_a_reader_takes_nothing_back(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
    with pytest.raises(NotAllowed):
        undo(acme.organisation, latest(acme, site.pk), by=acme.actor(Role.EXECUTIVE))
