"""Writing what was prepared on the workbench, many records at a time, each with its audit row."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import prefetch_related_objects

from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import BackupCopy, BackupPolicy, RestoreTest
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.services.escalation import step_facts
from bcp.services.import_plan import Outcome
from bcp.services.import_workbench import Draft, Workbench
from bcp.services.ledger import Facts, Ledger, facts_of, references

_BATCH = 500
_ORDER: tuple[type[OrgOwned], ...] = (
    Site,
    Contact,
    Team,
    EscalationPath,
    System,
    Dependency,
    BackupPolicy,
    BackupCopy,
    RestoreTest,
)


def save(bench: Workbench, ledger: Ledger) -> None:
    """Write every draft that is new or changed. The number of queries grows with the number of
    records only by batches."""
    drafts: defaultdict[type[OrgOwned], list[Draft]] = defaultdict(list)
    for draft in bench.drafts.values():
        if draft.outcome is not Outcome.UNCHANGED:
            drafts[type(draft.record)].append(draft)
    _unmake_defaults(drafts[EscalationPath])
    for model in _ORDER:
        _create(model, [draft for draft in drafts[model] if draft.is_new])
        _update(model, [draft for draft in drafts[model] if not draft.is_new], ledger)
    _members(bench)
    _ladders(bench)
    prefetch_related_objects([draft.record for draft in drafts[Team]], "members")
    for model in _ORDER:
        for draft in drafts[model]:
            _note(bench, ledger, draft)


def _unmake_defaults(drafts: list[Draft]) -> None:
    """First of all: at no moment may there be two default paths."""
    unmade = [
        draft.record.pk
        for draft in drafts
        if not draft.is_new and "is_default" in draft.fields and not _is_default(draft)
    ]
    if unmade:
        EscalationPath.objects.filter(pk__in=unmade).update(is_default=False)


def _is_default(draft: Draft) -> bool:
    return bool(getattr(draft.record, "is_default", False))


def _create(model: type[OrgOwned], drafts: list[Draft]) -> None:
    model.objects.bulk_create([draft.record for draft in drafts], batch_size=_BATCH)


def _update(model: type[OrgOwned], drafts: list[Draft], ledger: Ledger) -> None:
    """Records of which the same fields change are written together."""
    alike: defaultdict[frozenset[str], list[OrgOwned]] = defaultdict(list)
    for draft in drafts:
        draft.record.version += 1
        draft.record.updated_at = ledger.now
        alike[frozenset(draft.fields)].append(draft.record)
    for fields, records in alike.items():
        names = [*sorted(fields), "version", "updated_at"]
        model.objects.bulk_update(records, names, batch_size=_BATCH)


def _members(bench: Workbench) -> None:
    through: Any = Team.members.through
    if bench.members:
        through.objects.filter(team_id__in=list(bench.members)).delete()
        through.objects.bulk_create(
            [
                through(team_id=team, contact_id=contact.pk)
                for team, contacts in bench.members.items()
                for contact in contacts
            ],
            batch_size=_BATCH,
        )


def _ladders(bench: Workbench) -> None:
    if bench.new_ladders:
        EscalationStep.objects.filter(path_id__in=list(bench.new_ladders)).delete()
        steps = [step for ladder in bench.new_ladders.values() for step in ladder]
        EscalationStep.objects.bulk_create(steps, batch_size=_BATCH)


def _note(bench: Workbench, ledger: Ledger, draft: Draft) -> None:
    """The audit row, as the services of the single nouns write it."""
    record = draft.record
    before, after = draft.before, _facts(bench, draft)
    if isinstance(record, EscalationPath) and record.pk in bench.new_ladders:
        before = before | {"steps": [step_facts(step) for step in bench.ladders[record.pk]]}
        after |= {"steps": [step_facts(step) for step in bench.new_ladders[record.pk]]}
    if draft.is_new:
        ledger.note("created", record, after=after)
    else:
        ledger.changed(record, before, after)


def _facts(bench: Workbench, draft: Draft) -> Facts:
    """The record's facts; members were read before they changed, so those come from the bench."""
    facts = facts_of(draft.record)
    if draft.record.pk in bench.members:
        facts["members"] = references(bench.members[draft.record.pk])
    return facts
