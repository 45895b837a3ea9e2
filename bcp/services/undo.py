"""Taking back one audited write: what was changed is set back, what was deleted returns, and a
dependency that was added goes again."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import BcpError, Conflict, InvalidInput
from bcp.models.audit import AuditEvent
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import POLICY_FIELDS, BackupCopy, BackupPolicy, RestoreTest
from bcp.models.dependencies import Dependency
from bcp.models.exercises import ExerciseResult
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod
from bcp.models.map_views import SavedView
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureStep
from bcp.models.proposed_dependencies import ProposedDependency
from bcp.models.reviews import DependencyReview
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget
from bcp.models.teams import Team
from bcp.services import copies, policies, records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, reference, writing

# Records that are plain fields. Paths are written with their steps, and decisions are never
# taken back silently.
UNDOABLE: dict[str, type[OrgOwned]] = {
    "site": Site,
    "contact": Contact,
    "system": System,
    "dependency": Dependency,
    "backupcopy": BackupCopy,
    "backuppolicy": BackupPolicy,
    "restoretest": RestoreTest,
    "exerciseresult": ExerciseResult,
    "savedview": SavedView,
}

# What a deletion takes along and its undoing brings back as it was, and what is not undone alone:
# answers and whoever confirmed them, drafts, and proposals that became no promise.
_ALONG: dict[str, type[OrgOwned]] = {
    "impactassessment": ImpactAssessment,
    "impactanswer": ImpactAnswer,
    "peakperiod": PeakPeriod,
    "recoverytarget": RecoveryTarget,
    "procedure": Procedure,
    "procedurestep": ProcedureStep,
    "proposeddependency": ProposedDependency,
    "dependencyreview": DependencyReview,
}
_RETURNING = UNDOABLE | _ALONG

# What can be added by one key while looking at a map; nothing else ever rests on it.
_ADDITION = ("dependency", "created")


def can_undo(event: AuditEvent) -> bool:
    if (event.record_type, event.action) == _ADDITION:
        return True
    return event.record_type in UNDOABLE and event.action in {"changed", "deleted"}


def undo(organisation: Organisation, event: AuditEvent, *, by: Actor) -> OrgOwned:
    """Write the opposite of `event`. Raises `Conflict` if the fields have changed again since,
    `InvalidInput` if what the record rested on is gone. Returns the record that was written; one
    that was only added has no key any more.

    A deleted record returns with what its deletion took along (edges, copies and their tests,
    impact answers, proposals, drafts, its name on other records), except where that has been
    changed again since or cannot be any more.
    """
    is_told = event.action == "created" or event.before is not None
    if not (can_undo(event) and is_told and event.organisation_id == organisation.pk):
        raise InvalidInput(_("This change cannot be taken back."))
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        if event.action == "created":
            return _take_away(ledger, UNDOABLE[event.record_type], event)
        if event.action == "changed":
            return _set_back(ledger, UNDOABLE[event.record_type], event)
        record = _bring_back(ledger, event)
        deleted, edited = _taken_along(ledger, event)
        for other in deleted:
            # What cannot return any more, or has returned already, stays as it is.
            with suppress(BcpError):
                _bring_back(ledger, other, along=True)
        _name_again(ledger, record, edited)
        return record


def _unchanged_since(ledger: Ledger, model: type[OrgOwned], event: AuditEvent) -> OrgOwned:
    record = records.locked(ledger, model, event.record_id)
    facts = facts_of(record)
    for name, stored in (event.after or {}).items():
        if not _says_the_same(facts.get(name), stored):
            raise Conflict(_("This has been changed again since; look at it first."), facts)
    return record


def _take_away(ledger: Ledger, model: type[OrgOwned], event: AuditEvent) -> OrgOwned:
    record = _unchanged_since(ledger, model, event)
    records.delete(ledger, record, seen_version=None)
    return record


def _set_back(ledger: Ledger, model: type[OrgOwned], event: AuditEvent) -> OrgOwned:
    record = _unchanged_since(ledger, model, event)
    values = _values(ledger, model, event)
    if isinstance(record, BackupPolicy):
        return policies.rewrite(ledger, record, values)
    if isinstance(record, BackupCopy):
        values = copies.following(ledger, values, record)
    return records.change(ledger, record, values, seen_version=None)


def _bring_back(ledger: Ledger, event: AuditEvent, *, along: bool = False) -> OrgOwned:
    """The deleted record under its old key. One that returns `along` with another leaves empty
    what may be empty and has been deleted since, as that deletion would have left it."""
    model = _RETURNING[event.record_type]
    if model.objects.of(ledger.organisation).filter(pk=event.record_id).exists():
        raise Conflict(_("This record is there again already."))
    values = _values(ledger, model, event, may_be_gone=along)
    if model is BackupCopy and values.get("policy") is not None:
        # Its policy may have been changed since: it says what that one says by now.
        own = {name: value for name, value in values.items() if name not in POLICY_FIELDS}
        values = copies.following(ledger, own, None)
    return records.create(ledger, model, values, key=event.record_id)


def _taken_along(ledger: Ledger, event: AuditEvent) -> tuple[list[AuditEvent], list[AuditEvent]]:
    """What the same write deleted because it rested on the deleted record, or on what rested on
    it, each after what it rested on; and what it edited because it named the record. A write has
    one moment, and notes what rests on a record before the record."""
    gone, deleted, edited = {event.record_id}, [], []
    for other in (
        AuditEvent.objects.of(ledger.organisation)
        .filter(at=event.at, actor_label=event.actor_label, sequence__lt=event.sequence)
        .order_by("-sequence")
    ):
        if other.action == "deleted" and _names(other.before, gone):
            gone.add(other.record_id)
            if other.record_type in _RETURNING:
                deleted.append(other)
        elif other.action == "changed" and _names(other.before, {event.record_id}):
            edited.append(other)
    return deleted, edited


def _names(before: Facts | None, keys: set[str]) -> bool:
    for stored in (before or {}).values():
        for one in stored if isinstance(stored, list) else [stored]:
            if isinstance(one, dict) and one.get("id") in keys:
                return True
    return False


def _name_again(ledger: Ledger, returned: OrgOwned, edits: list[AuditEvent]) -> None:
    """Put a returned record back where it stood, unless somebody else stands there by now."""
    emptied: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for edit in edits:
        for name in edit.after or {}:
            emptied[edit.record_type, name].append(edit.record_id)
    for (record_type, name), keys in emptied.items():
        if record_type == "team":
            _join_again(ledger, returned, keys)
        elif record_type in UNDOABLE:
            model = UNDOABLE[record_type]
            others = model.objects.of(ledger.organisation).filter(pk__in=keys, **{name: None})
            for other in records.with_names(others):
                ledger.changed(other, {name: None}, {name: reference(returned)})
            others.update(**{name: returned}, version=F("version") + 1, updated_at=ledger.now)


def _join_again(ledger: Ledger, returned: OrgOwned, keys: list[str]) -> None:
    for team in Team.objects.of(ledger.organisation).filter(pk__in=keys):
        before = facts_of(team)
        team.members.add(returned)
        records.touch(team)
        ledger.changed(team, before, facts_of(team))


def _says_the_same(now: Any, then: Any) -> bool:
    """References are compared by key: what they name may have been renamed."""
    if isinstance(now, dict) and isinstance(then, dict):
        return now.get("id") == then.get("id")
    return bool(now == then)


def _values(
    ledger: Ledger, model: type[OrgOwned], event: AuditEvent, *, may_be_gone: bool = False
) -> dict[str, Any]:
    return {
        name: _value(ledger, model, name, stored, may_be_gone=may_be_gone)
        for name, stored in (event.before or {}).items()
    }


def _value(
    ledger: Ledger, model: type[OrgOwned], name: str, stored: Any, *, may_be_gone: bool
) -> Any:
    try:
        column: Any = model._meta.get_field(name)
        if not column.is_relation:
            return column.to_python(stored)
    except (FieldDoesNotExist, ValidationError) as error:
        raise InvalidInput(_("This change cannot be taken back.")) from error
    if stored is None:
        return None
    found = _named(ledger, column.related_model).filter(pk=stored["id"]).first()
    if found is None and not (may_be_gone and column.remote_field.on_delete is models.SET_NULL):
        raise InvalidInput(
            _("“%(name)s”, which this record names, has been deleted.") % {"name": stored["name"]}
        )
    return found


def _named(ledger: Ledger, model: Any) -> models.QuerySet[Any]:
    """What a record of the organisation can name: its records, and logins, which belong to none."""
    if issubclass(model, OrgOwned):
        return model.objects.of(ledger.organisation)
    return model.objects.all()
