"""The organisation as the typed rows of the exchange files, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bcp.exchange import layouts
from bcp.exchange.rows import (
    AnyRow,
    ContactRow,
    DependencyRow,
    ExerciseRow,
    ProcedureStepRow,
    SiteRow,
    StepRow,
    SystemRow,
    TeamRow,
)
from bcp.models.contacts import Contact
from bcp.models.escalation import EscalationStep
from bcp.models.exercises import ExerciseResult
from bcp.models.organisations import Organisation
from bcp.models.procedures import ProcedureStep
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget
from bcp.queries import (
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    policies,
    procedures,
    sites,
    systems,
    targets,
    teams,
)
from bcp.services import export_copies, export_impacts

# The header is row 1.
_FIRST_ROW = 2


def export_rows(organisation: Organisation) -> dict[str, Sequence[AnyRow]]:
    """File name → its rows. Importing them again changes nothing."""
    return {
        layouts.SITES.file: [
            SiteRow(number, site.name, site.zone, site.kind, site.address)
            for number, site in _numbered(sites.listing(organisation))
        ],
        layouts.CONTACTS.file: [
            _contact(number, contact)
            for number, contact in _numbered(contacts.listing(organisation))
        ],
        layouts.TEAMS.file: [
            TeamRow(
                number,
                team.name,
                tuple(sorted(member.name for member in team.members.all())),
                team.heads_day,
                team.heads_night,
                team.mobilise_day_minutes,
                team.mobilise_night_minutes,
            )
            for number, team in _numbered(teams.listing(organisation))
        ],
        layouts.SYSTEMS.file: _systems(organisation),
        layouts.DEPENDENCIES.file: [
            DependencyRow(
                number, edge.dependent.name, edge.dependency.name, edge.needed_to, edge.bootstrap
            )
            for number, edge in _numbered(dependencies.listing(organisation))
        ],
        layouts.IMPACTS.file: export_impacts.impact_rows(organisation),
        layouts.ESCALATION.file: _steps(organisation),
        layouts.POLICIES.file: [
            export_copies.policy_row(number, policy)
            for number, policy in _numbered(policies.listing(organisation))
        ],
        layouts.COPIES.file: [
            export_copies.copy_row(number, copy, ZoneInfo(organisation.time_zone))
            for number, copy in _numbered(copies.listing(organisation))
        ],
        layouts.STEPS.file: _procedures(organisation),
        layouts.EXERCISES.file: [
            _exercise(number, result)
            for number, result in _numbered(exercises.results(organisation))
        ],
    }


def _numbered(records: Any) -> Any:
    return enumerate(records, start=_FIRST_ROW)


def _name(record: Any) -> str:
    return record.name if record is not None else ""


def _contact(number: int, contact: Contact) -> ContactRow:
    return ContactRow(
        row=number,
        name=contact.name,
        title=contact.title,
        email=contact.email,
        phones=tuple(contact.phones),
        independent_phone=contact.independent_phone,
        vendor=contact.vendor,
        may_declare=contact.may_declare,
        may_spend=contact.may_spend,
        may_fail_over=contact.may_fail_over,
        coverage=contact.coverage,
        deputy=_name(contact.deputy),
        verified_on=contact.verified_on,
    )


def _systems(organisation: Organisation) -> list[SystemRow]:
    """With the target that counts; where none was approved, with the open proposal."""
    proposed = {
        one.system_id: one for one in targets.proposals(organisation).order_by("created_at")
    }
    counting = proposed | targets.approved(organisation)
    return [
        _system(number, system, counting.get(system.pk))
        for number, system in _numbered(systems.listing(organisation))
    ]


def _system(number: int, system: System, target: RecoveryTarget | None) -> SystemRow:
    return SystemRow(
        row=number,
        name=system.name,
        kind=system.kind,
        tier=system.tier,
        owner=_name(system.owner),
        technical_owner=_name(system.technical_owner),
        deputy=_name(system.deputy),
        team=_name(system.team),
        site=_name(system.site),
        strategy=system.strategy,
        status=system.status,
        rto_minutes=target.rto_minutes if target else None,
        rpo_minutes=target.rpo_minutes if target else None,
        mtd_minutes=target.mtd_minutes if target else None,
        target_reason=target.reason if target else "",
        recovery_low_minutes=system.recovery_low_minutes,
        recovery_minutes=system.recovery_minutes,
        recovery_high_minutes=system.recovery_high_minutes,
        data_gb=system.data_gb,
        escalation=_name(system.escalation_path),
        description=system.description,
    )


def _steps(organisation: Organisation) -> list[StepRow]:
    steps = [(path, step) for path in escalation.listing(organisation) for step in path.steps.all()]
    return [
        StepRow(
            row=number,
            path=path.name,
            position=step.position,
            contact=step.contact.name,
            channel=_channel(step),
            wait_minutes=step.wait_minutes,
            default=path.is_default,
        )
        for number, (path, step) in _numbered(steps)
    ]


def _channel(step: EscalationStep) -> str:
    if step.channel_system is None:
        return step.channel
    return f"{step.channel}: {step.channel_system.name}"


def _procedures(organisation: Organisation) -> list[ProcedureStepRow]:
    """The approved version of each system; where none is, its draft."""
    versions = procedures.drafts(organisation) | procedures.current(organisation)
    steps = [
        (version.system, step)
        for version in sorted(versions.values(), key=lambda one: one.system.name)
        for step in version.steps.all()
    ]
    return [_procedure_step(number, system, step) for number, (system, step) in _numbered(steps)]


def _procedure_step(number: int, system: System, step: ProcedureStep) -> ProcedureStepRow:
    return ProcedureStepRow(
        row=number,
        system=system.name,
        position=step.position,
        instruction=step.instruction,
        team=_name(step.team),
        contact=_name(step.contact),
        heads=step.heads,
        minutes_low=step.minutes_low,
        minutes=step.minutes,
        minutes_high=step.minutes_high,
        expected=step.expected,
        verification=step.verification,
        way_back=step.way_back,
        decision=step.decision,
        covers=tuple(step.covers),
    )


def _exercise(number: int, result: ExerciseResult) -> ExerciseRow:
    exercise = result.exercise
    return ExerciseRow(
        row=number,
        name=exercise.name,
        type=exercise.type,
        system=result.system.name,
        done_on=exercise.done_on,
        planned_on=exercise.planned_on,
        outcome=result.outcome,
        rta_minutes=result.rta_minutes,
        rpa_minutes=result.rpa_minutes,
        note=result.note,
        objectives=exercise.objectives,
    )
