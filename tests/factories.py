"""Records for tests, made through the services by the machine's own command line."""

from __future__ import annotations

from typing import Any

from bcp.models import (
    BackupCopy,
    Contact,
    Dependency,
    EscalationPath,
    Organisation,
    RecoveryTarget,
    Site,
    System,
    Team,
    User,
)
from bcp.services import (
    contacts,
    copies,
    dependencies,
    escalation,
    sites,
    systems,
    targets,
    teams,
)
from bcp.services.actor import Actor


def make_site(organisation: Organisation, name: str, **values: Any) -> Site:
    by = Actor.command_line(organisation)
    return sites.create(organisation, {"name": name, **values}, by=by)


def make_contact(organisation: Organisation, name: str, **values: Any) -> Contact:
    by = Actor.command_line(organisation)
    return contacts.create(organisation, {"name": name, **values}, by=by)


def make_team(organisation: Organisation, name: str, *members: Contact, **values: Any) -> Team:
    by = Actor.command_line(organisation)
    return teams.create(organisation, {"name": name, **values}, members=members, by=by)


def make_path(
    organisation: Organisation, name: str, *steps: escalation.StepValues, **values: Any
) -> EscalationPath:
    by = Actor.command_line(organisation)
    return escalation.create(organisation, {"name": name, **values}, steps=steps, by=by)


def make_system(organisation: Organisation, name: str, **values: Any) -> System:
    by = Actor.command_line(organisation)
    return systems.create(organisation, {"name": name, **values}, by=by)


def make_dependency(dependent: System, dependency: System, **values: Any) -> Dependency:
    organisation = dependent.organisation
    ends = {"dependent": dependent, "dependency": dependency}
    return dependencies.create(
        organisation, {**ends, **values}, by=Actor.command_line(organisation)
    )


def make_copy(system: System, name: str, **values: Any) -> BackupCopy:
    organisation = system.organisation
    by = Actor.command_line(organisation)
    return copies.create(organisation, {"system": system, "name": name, **values}, by=by)


def make_target(
    system: System, approver: User, *, rto: int | None = None, rpo: int | None = None
) -> RecoveryTarget:
    """An approved target: proposed by the command line, approved by `approver`, a member who
    may."""
    organisation = system.organisation
    proposal = targets.propose(
        organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=rpo,
        by=Actor.command_line(organisation),
    )
    membership = approver.memberships.get(organisation=organisation)
    by = Actor.member(membership, via="web")
    return targets.approve(organisation, proposal.pk, seen_version=None, by=by)
