"""Records for tests, made through the services by the machine's own command line."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from bcp.models import (
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    EscalationPath,
    Exercise,
    Organisation,
    PlanFile,
    PlanVersion,
    Procedure,
    RecoveryTarget,
    RestoreTest,
    ScenarioCombination,
    Site,
    System,
    Team,
    User,
)
from bcp.queries import plans as plan_reads
from bcp.services import (
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    plans,
    policies,
    procedures,
    restore_tests,
    scenarios,
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


def make_exercise(
    *systems: System,
    name: str = "",
    type: str = "tabletop",
    planned_on: date | None = None,
    done_on: date | None = None,
    outcome: str = "",
    rta: int | None = None,
    rpa: int | None = None,
    objectives: str = "",
) -> Exercise:
    """An exercise over `systems` that showed the same of each. With no day at all it is planned
    for the first of January 2030; with no name it is called by type, day and first system."""
    if planned_on is None and done_on is None:
        planned_on = date(2030, 1, 1)
    organisation = systems[0].organisation
    return exercises.create(
        organisation,
        {
            "name": name or f"{type} of {systems[0]}, {done_on or planned_on}",
            "type": type,
            "planned_on": planned_on,
            "done_on": done_on,
            "objectives": objectives,
        },
        results=[exercises.ResultValues(one, outcome, rta, rpa) for one in systems],
        by=Actor.command_line(organisation),
    )


def make_procedure(
    system: System, *minutes: int | None, approved_by: User | None = None, **values: Any
) -> Procedure:
    """A step for each of the likely `minutes`, all with `values`: a draft by the command line,
    or approved by `approved_by`, a member who may."""
    organisation = system.organisation
    steps = [
        procedures.StepValues(**{"instruction": f"Do {number}", "minutes": one, **values})
        for number, one in enumerate(minutes, start=1)
    ]
    by = Actor.command_line(organisation)
    draft = procedures.start(organisation, system.pk, by=by)
    draft = procedures.save(organisation, draft.pk, steps, seen_version=draft.version, by=by)
    if approved_by is None:
        return draft
    approver = Actor.member(approved_by.memberships.get(organisation=organisation), via="web")
    return procedures.approve(organisation, draft.pk, seen_version=draft.version, by=approver)


def make_policy(organisation: Organisation, name: str, **values: Any) -> BackupPolicy:
    by = Actor.command_line(organisation)
    return policies.create(organisation, {"name": name, **values}, by=by)


def make_restore_test(copy: BackupCopy, **values: Any) -> RestoreTest:
    """Successful, and done today, unless said otherwise."""
    organisation = copy.organisation
    today = timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    usual = {"copy": copy, "done_on": today, "outcome": "success"}
    by = Actor.command_line(organisation)
    return restore_tests.create(organisation, usual | values, by=by)


def make_scenario(
    organisation: Organisation, name: str, *parts: scenarios.PartValues, **values: Any
) -> ScenarioCombination:
    """An own scenario; without `parts`, stolen credentials after ransomware of 14 days."""
    happens = parts or (
        scenarios.PartValues("ransomware", dwell_minutes=14 * 1440),
        scenarios.PartValues("stolen_credentials"),
    )
    by = Actor.command_line(organisation)
    return scenarios.create(organisation, {"name": name, **values}, parts=happens, by=by)


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


def make_plan_version(organisation: Organisation, content: bytes = b"%PDF-1.7\n") -> PlanVersion:
    """An issue of the whole plan that says what is so now, with `content` for a file: printing
    a real one takes seconds."""
    now = timezone.now().astimezone(ZoneInfo(organisation.time_zone))
    issue = plan_reads.highest_issue(organisation) + 1
    frozen = plans.compose(
        organisation,
        scenario="everything",
        system_key=None,
        issue=issue,
        now=now,
        made_by="somebody",
    )
    version = PlanVersion.objects.create(
        organisation=organisation,
        issue=issue,
        title=frozen["print"]["title"],
        effective_on=now.date(),
        review_on=plans.months_later(now.date(), organisation.review_months),
        snapshot=frozen,
        fingerprint=hashlib.sha256(content).hexdigest(),
    )
    PlanFile.objects.create(
        organisation=organisation,
        plan_version=version,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        pages=1,
    )
    return version
