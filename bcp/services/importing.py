"""Importing a folder of CSV files: read, look at what it would do, do all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict
from bcp.exchange import reading, sources
from bcp.exchange.findings import Finding, Findings
from bcp.exchange.layouts import LAYOUTS
from bcp.exchange.reading import Bundle
from bcp.models.organisations import Organisation
from bcp.services import (
    import_copies,
    import_estate,
    import_exercises,
    import_impacts,
    import_ladders,
    import_proposals,
    import_saving,
    import_steps,
    import_targets,
    organisations,
)
from bcp.services.actor import Actor
from bcp.services.import_exercises import ExerciseDrafts
from bcp.services.import_impacts import ImpactDrafts
from bcp.services.import_plan import Change, ImportPlan, ImportRefused, Outcome
from bcp.services.import_proposals import ProposalDrafts
from bcp.services.import_steps import ProcedureDrafts
from bcp.services.import_targets import TargetDrafts
from bcp.services.import_workbench import Workbench
from bcp.services.ledger import writing


@dataclass(frozen=True)
class Incoming:
    """Files that were read, with what is wrong with them by themselves."""

    bundle: Bundle
    findings: Findings


@dataclass(frozen=True, slots=True)
class Options:
    """`add_missing`: systems that only dependencies name are made. `approver`: the e-mail address
    of the member who approves the targets that come in; empty leaves them proposals.
    `propose_dependencies`: dependencies wait for review and change nothing until then."""

    add_missing: bool = False
    approver: str = ""
    propose_dependencies: bool = False


def from_folder(folder: Path) -> Incoming:
    findings = Findings()
    files = sources.from_folder(folder, findings, longest=settings.IMPORT_FILE_BYTES)
    return _read(files, findings)


def from_files(files: Mapping[str, bytes], findings: Findings | None = None) -> Incoming:
    """File names and their contents; a ZIP archive among them stands for the files in it."""
    findings, longest = findings or Findings(), settings.IMPORT_FILE_BYTES
    found: dict[str, bytes] = {}
    for name, content in files.items():
        if name.casefold().endswith(".zip"):
            unpacked = sources.from_zip(content, findings, longest=longest)
        else:
            unpacked = sources.from_upload(name, content, findings, longest=longest)
        for twice in found.keys() & unpacked.keys():
            findings.fault(twice, None, None, _("this file is there twice; send it once"))
        found |= unpacked
    return _read(found, findings)


def _read(files: Mapping[str, bytes], findings: Findings) -> Incoming:
    return Incoming(reading.read_files(files, findings), findings)


def preview(
    organisation: Organisation, incoming: Incoming, options: Options, *, by: Actor
) -> ImportPlan:
    """What the import would do; writes nothing. Raises `NotAllowed`."""
    by.require(organisation, Capability.EDIT_ESTATE)
    return _prepare(organisation, incoming, options, by).plan


def apply(
    organisation: Organisation,
    incoming: Incoming,
    options: Options,
    *,
    seen: str | None = None,
    by: Actor,
) -> ImportPlan:
    """Import everything, or raise `ImportRefused` with every fault and import nothing.

    `seen` is the fingerprint of the preview that was confirmed; raises `Conflict` if the import
    would do something else by now.
    """
    with transaction.atomic():
        with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
            prepared = _prepare(ledger.organisation, incoming, options, by)
            if prepared.plan.faults:
                raise ImportRefused(prepared.plan)
            if seen is not None and seen != prepared.plan.fingerprint:
                raise Conflict(
                    _("Somebody has changed the organisation since; look at what would be done.")
                )
            import_saving.save(prepared.bench, ledger)
            import_proposals.save(ledger, prepared.proposals)
            import_impacts.save(ledger, prepared.impacts)
            import_steps.save(ledger, prepared.procedures)
            import_exercises.save(ledger, prepared.exercises)
            import_targets.save(ledger, prepared.targets)
        if prepared.plan.approves and prepared.approving is not None:
            by, needs = prepared.approving, Capability.APPROVE_TARGET
            with writing(organisation, by=by, needs=needs) as approvals:
                approvals.new_systems |= ledger.new_systems
                import_targets.approve(approvals, prepared.targets)
    return prepared.plan


def create_and_apply(
    slug: str, name: str, incoming: Incoming, options: Options, *, dry_run: bool
) -> ImportPlan:
    """Make the organisation and import into it, or do neither. From the command line alone."""
    with transaction.atomic():
        organisation = organisations.create(slug, name)
        by = Actor.command_line(organisation)
        if not dry_run:
            return apply(organisation, incoming, options, by=by)
        plan = preview(organisation, incoming, options, by=by)
        transaction.set_rollback(True)
        return plan


@dataclass(frozen=True)
class _Prepared:
    bench: Workbench
    proposals: ProposalDrafts
    targets: TargetDrafts
    impacts: ImpactDrafts
    procedures: ProcedureDrafts
    exercises: ExerciseDrafts
    approving: Actor | None
    plan: ImportPlan


def _prepare(
    organisation: Organisation, incoming: Incoming, options: Options, by: Actor
) -> _Prepared:
    bundle, found = incoming.bundle, incoming.findings
    findings = Findings(list(found.faults), list(found.notices))
    approving = None
    if options.approver:
        approving = import_targets.approver(organisation, options.approver)
    bench = Workbench(organisation, findings)
    missing = import_estate.enrol(bench, bundle, add_missing=options.add_missing)
    import_estate.fill(bench, bundle, dependencies=not options.propose_dependencies)
    proposals = ProposalDrafts()
    if options.propose_dependencies:
        proposals = import_proposals.draft(bench, bundle, by=by)
    import_copies.fill(bench, bundle)
    import_ladders.fill(bench, bundle)
    impacts = import_impacts.draft(bench, bundle, by=by)
    drafts = import_targets.draft(bench, bundle, by=by, approving=approving)
    procedures = import_steps.draft(bench, bundle, by=by)
    today = timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    exercises = import_exercises.draft(bench, bundle, today=today)
    if not findings.faults:
        import_estate.notice_loops(bench, bundle)
    done = (draft.change() for draft in bench.drafts.values())
    changes = [one for one in done if one.outcome is not Outcome.UNCHANGED]
    approves = len(drafts.proposed) + len(drafts.open_to_approve) if approving else 0
    plan = ImportPlan(
        changes=_in_order(
            [
                *changes,
                *proposals.changes,
                *impacts.changes,
                *procedures.changes,
                *exercises.changes,
                *drafts.changes,
            ]
        ),
        counts=bench.counts()
        | proposals.counts()
        | impacts.counts()
        | procedures.counts()
        | exercises.counts()
        | drafts.counts(),
        faults=tuple(sorted(findings.faults, key=_place)),
        notices=tuple(findings.notices),
        approves=approves,
        missing_systems=missing,
        proposed_dependencies=len(proposals.made),
    )
    return _Prepared(bench, proposals, drafts, impacts, procedures, exercises, approving, plan)


def _in_order(changes: list[Change]) -> tuple[Change, ...]:
    """By file, in the order in which the files rest on each other, then by row."""
    files = {layout.file: number for number, layout in enumerate(LAYOUTS)}
    return tuple(sorted(changes, key=lambda change: (files[change.file.casefold()], change.row)))


def _place(finding: Finding) -> tuple[str, int]:
    return finding.file, finding.row or 0
