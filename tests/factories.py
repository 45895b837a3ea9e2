"""Records for tests, made through the services by the machine's own command line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from bcp.engine.acceptance import default_end, facts_of, identity_of
from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category
from bcp.engine.reviews import facts_of as facts_of_needs
from bcp.models import (
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    DependencyReview,
    EscalationPath,
    Exercise,
    GapAcceptance,
    ImpactAssessment,
    Organisation,
    PlanFile,
    PlanVersion,
    Procedure,
    ProposedDependency,
    RecoveryTarget,
    RestoreTest,
    SavedView,
    ScenarioCombination,
    Site,
    SuggestionDismissal,
    System,
    Team,
    User,
)
from bcp.queries import plans as plan_reads
from bcp.queries import reviews as review_reads
from bcp.queries import suggestions as suggestion_reads
from bcp.queries.analysis import analysis
from bcp.services import (
    acceptances,
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    impacts,
    map_views,
    plans,
    policies,
    procedures,
    proposed_dependencies,
    restore_tests,
    scenarios,
    sites,
    suggestions,
    systems,
    targets,
    teams,
)
from bcp.services import reviews as review_writes
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


def make_review(system: System, director: User, note: str = "") -> DependencyReview:
    """The needs of the system as they are now, confirmed by somebody who may."""
    organisation = system.organisation
    needs = review_reads.needs_now(organisation, [system.pk])[system.pk]
    by = Actor.member(director.memberships.get(organisation=organisation), via="web")
    facts = facts_of_needs(needs)
    return review_writes.confirm(organisation, system.pk, note, seen_facts=facts, by=by)


def make_proposed(
    dependent: System, dependency: System, needed_to: str = "rebuild", reason: str = "Seen"
) -> ProposedDependency:
    organisation = dependent.organisation
    return proposed_dependencies.suggest(
        organisation,
        dependent,
        dependency,
        needed_to=needed_to,
        reason=reason,
        by=Actor.command_line(organisation),
    )


def make_dismissal(system: System, director: User, reason: str = "A demo") -> SuggestionDismissal:
    """The suggestion that the application needs something, dismissed."""
    organisation = system.organisation
    now = timezone.now().astimezone(ZoneInfo(organisation.time_zone))
    asked = suggestion_reads.asked(organisation, now=now)
    one = next(
        row.suggestion
        for row in asked.rows
        if row.suggestion.identity == f"application alone:{system.pk}"
    )
    by = Actor.member(director.memberships.get(organisation=organisation), via="web")
    seen = [(one.identity, one.facts)]
    (made,) = suggestions.dismiss_many(organisation, seen, reason, by=by, now=now)
    return made


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


def make_acceptance(
    system: System,
    executive: User,
    *,
    code: str = "owner_missing",
    reason: str = "It is replaced in spring",
    until: date | None = None,
) -> GapAcceptance:
    """The gap `code` of the system, accepted for as long as is usual unless said otherwise."""
    organisation = system.organisation
    now = timezone.now().astimezone(ZoneInfo(organisation.time_zone))
    gap = next(
        gap
        for gap in analysis(organisation, now=now).gaps
        if (gap.code, gap.subject_key) == (code, system.pk)
    )
    return acceptances.accept(
        organisation,
        identity_of(gap),
        reason,
        until or default_end(now.date()),
        seen_facts=facts_of(gap),
        by=Actor.member(executive.memberships.get(organisation=organisation), via="web"),
        now=now,
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


def make_saved_view(organisation: Organisation, name: str, query: str = "") -> SavedView:
    """A view of the map by its address; without a `query` the whole organisation."""
    by = Actor.command_line(organisation)
    return map_views.create(organisation, {"name": name, "query": query}, by=by)


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
    return targets.approve(organisation, proposal.pk, seen_version=None, seen_basis=None, by=by)


def answer_everything(
    process: System,
    user: User,
    *,
    levels: Mapping[int, int | None] = MappingProxyType({1: 240, 2: 480, 3: 1440, 4: 4320}),
    cost: Decimal | None = None,
    basis: str = "",
    work_recovery: int | None = None,
    peaks: Sequence[impacts.PeakValues] = (),
) -> ImpactAssessment:
    """Every question about a business process answered and confirmed by `user`, a member who may:
    of clients `levels`, of everything else that it is never even noticed."""
    organisation = process.organisation
    by = Actor.member(user.memberships.get(organisation=organisation), via="web")
    usual: dict[str, Any] = {"seen_version": None, "by": by}
    for category in Category:
        answers = levels if category is Category.CLIENTS else {1: NEVER}
        for threshold, value in answers.items():
            impacts.answer(organisation, process.pk, category, threshold, value, **usual)
    impacts.answer_cost(organisation, process.pk, cost, basis, **usual)
    impacts.answer_peaks(organisation, process.pk, peaks, **usual)
    impacts.answer_work_recovery(organisation, process.pk, work_recovery, **usual)
    return impacts.confirm(organisation, process.pk, **usual)


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
