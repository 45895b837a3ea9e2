"""Deleting a record: what named it is edited, what rested on it deleted, and all of it audited."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.errors import InvalidInput
from bcp.models import AuditEvent, BackupCopy, Dependency, RecoveryTarget, System, Team
from bcp.queries import history
from bcp.services import contacts, escalation, sites, systems, targets, teams
from bcp.services.escalation import StepValues
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
    make_team,
)


def told(cast: Cast, kind: str, key: str) -> AuditEvent:
    event = history.of_record(cast.organisation, kind, key).first()
    assert event is not None
    return event


def test_systems_lose_a_deleted_site_each_with_its_own_history(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    erp = make_system(acme.organisation, "ERP", site=site)
    copy = make_copy(erp, "Nightly", site=site)
    sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
    erp.refresh_from_db()
    assert (erp.site, erp.version) == (None, 2)
    for kind, record in (("system", erp), ("backupcopy", copy)):
        event = told(acme, kind, record.pk)
        assert event.before == {"site": {"id": site.pk, "name": "HQ"}}
        assert event.after == {"site": None}
    assert history.first_broken(acme.organisation) is None


def test_a_deleted_contact_leaves_every_place_it_stood_in(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    bob = make_contact(acme.organisation, "Bob", deputy=ann)
    team = make_team(acme.organisation, "Net", ann, bob)
    erp = make_system(acme.organisation, "ERP", owner=ann, technical_owner=ann)
    contacts.delete(acme.organisation, ann.pk, seen_version=1, by=acme.actor())
    erp.refresh_from_db()
    bob.refresh_from_db()
    team = Team.objects.get(pk=team.pk)
    assert (erp.owner, erp.technical_owner, bob.deputy) == (None, None, None)
    assert list(team.members.all()) == [bob]
    event = told(acme, "team", team.pk)
    assert event.after == {"members": [{"id": bob.pk, "name": "Bob"}]}
    assert team.version == 3


def test_a_contact_on_a_ladder_is_kept_and_the_ladder_named(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    make_path(acme.organisation, "Night", StepValues(ann))
    with pytest.raises(InvalidInput, match=r"Night: 1\. Ann"):
        contacts.delete(acme.organisation, ann.pk, seen_version=1, by=acme.actor())
    assert told(acme, "contact", ann.pk).action == "created"


def test_a_system_that_a_ladder_calls_over_is_kept(acme: Cast) -> None:
    """Emptying the step would call its channel independent of everything."""
    chat = make_system(acme.organisation, "Chat")
    make_path(
        acme.organisation,
        "Night",
        StepValues(make_contact(acme.organisation, "Ann"), channel_system=chat),
    )
    with pytest.raises(InvalidInput, match=r"Night: 1\. Ann"):
        systems.delete(acme.organisation, chat.pk, seen_version=1, by=acme.actor())


def test_a_deleted_system_takes_its_edges_copies_and_proposals_along(acme: Cast) -> None:
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    edge = make_dependency(erp, san)
    copy = make_copy(san, "Nightly")
    proposal = targets.propose(
        acme.organisation, san.pk, rto_minutes=60, rpo_minutes=None, by=acme.actor()
    )
    systems.delete(acme.organisation, san.pk, seen_version=1, by=acme.actor())
    for model in (Dependency, BackupCopy, RecoveryTarget):
        assert not model.objects.exists()
    for kind, record in (("dependency", edge), ("backupcopy", copy), ("recoverytarget", proposal)):
        assert told(acme, kind, record.pk).action == "deleted"
    assert list(System.objects.all()) == [erp]


def test_a_system_with_an_approved_target_is_retired_not_deleted(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP")
    make_target(erp, acme.user(Role.EXECUTIVE), rto=60)
    with pytest.raises(InvalidInput, match="Retire it"):
        systems.delete(acme.organisation, erp.pk, seen_version=1, by=acme.actor())
    retired = systems.retire(acme.organisation, erp.pk, seen_version=1, by=acme.actor())
    assert retired.status == "retired"


def test_a_deleted_path_is_audited_with_its_ladder(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    path = make_path(acme.organisation, "Night", StepValues(ann, wait_minutes=7))
    erp = make_system(acme.organisation, "ERP", escalation_path=path)
    escalation.delete(acme.organisation, path.pk, seen_version=path.version, by=acme.actor())
    event = told(acme, "escalationpath", path.pk)
    assert event.before is not None
    assert event.before["steps"][0]["wait_minutes"] == 7
    assert event.before["steps"][0]["contact"] == {"id": ann.pk, "name": "Ann"}
    erp.refresh_from_db()
    assert erp.escalation_path is None
    contacts.delete(acme.organisation, ann.pk, seen_version=1, by=acme.actor())


def test_a_deleted_team_is_audited_with_its_members(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    team = make_team(acme.organisation, "Net", ann)
    teams.delete(acme.organisation, team.pk, seen_version=team.version, by=acme.actor())
    event = told(acme, "team", team.pk)
    assert event.before is not None
    assert event.before["members"] == [{"id": ann.pk, "name": "Ann"}]


def test_many_records_that_name_it_take_no_more_queries_than_one(acme: Cast) -> None:
    counted = []
    for place, many in (("A", 1), ("B", 40)):
        site = make_site(acme.organisation, place)
        for number in range(many):
            make_system(acme.organisation, f"{place} {number}", site=site)
        with CaptureQueriesContext(connection) as queries:
            sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
        counted.append(len(queries))
    assert counted[0] == counted[1]
