"""Which systems a write changed structurally, told from the audit events of that write (rule X4).

Structural is what a recovery rests on: gating edges with their bootstrap notes (a supplier is
the far end of one), site, strategy, technical owner, an approved procedure, how a copy is made,
a tighter target. The ledger asks at the end of every write, so that no door is forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from bcp.engine.estate import NeededTo
from bcp.models.audit import AuditEvent
from bcp.models.base import OrgOwned
from bcp.models.copies import POLICY_FIELDS, BackupCopy
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureState
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState

Events = list[AuditEvent]

_OF_SYSTEM = {"site", "strategy", "technical_owner"}
_OF_EDGE = {"dependent", "dependency", "needed_to", "bootstrap"}
_OF_COPY = {"system", *POLICY_FIELDS}
_GATING = {NeededTo.REBUILD.value, NeededTo.RUN.value}
_BATCH = 5000


def created_systems(events: Iterable[AuditEvent]) -> set[str]:
    """The keys of the systems that a write made."""
    return {
        event.record_id
        for event in events
        if event.record_type == "system" and event.action == "created"
    }


def mark(
    organisation: Organisation, events: Iterable[AuditEvent], *, new: Collection[str], today: date
) -> None:
    """Note on every system that `events` changed structurally that this was `today`.

    Systems whose keys are in `new` are passed over: being made is no change, nor is what was
    written together with that. Versions do not move, because nobody edited these systems.
    """
    by_type: defaultdict[str, Events] = defaultdict(list)
    for event in events:
        by_type[event.record_type].append(event)
    changed = {
        *_systems(by_type["system"]),
        *_dependents(organisation, by_type["dependency"]),
        *_copied(organisation, by_type["backupcopy"]),
        *_approved_procedures(organisation, by_type["procedure"]),
        *_tightened(organisation, by_type["recoverytarget"]),
    }.difference(new)
    for keys in _batches(changed):
        System.objects.of(organisation).filter(pk__in=keys).update(structure_changed_on=today)


def _systems(events: Events) -> Iterator[str]:
    """Also those that return from a deletion; those that are made stand in `new`."""
    for event in events:
        if event.action == "created" or _names(event) & _OF_SYSTEM:
            yield event.record_id


def _dependents(organisation: Organisation, events: Events) -> Iterator[str]:
    edited = [one for one in events if one.action == "changed" and _names(one) & _OF_EDGE]
    now = _by_key(organisation, Dependency, edited, "dependent_id", "needed_to")
    for event in edited:
        if event.record_id in now:
            dependent, needed_to = now[event.record_id]
            sides = (event.before or {}, event.after or {})
            if any(side.get("needed_to", needed_to) in _GATING for side in sides):
                yield dependent
                yield from _keys(event, "dependent")
    for event in events:
        if event.action != "changed" and _facts(event).get("needed_to") in _GATING:
            yield from _keys(event, "dependent")


def _copied(organisation: Organisation, events: Events) -> Iterator[str]:
    edited = [one for one in events if one.action == "changed" and _names(one) & _OF_COPY]
    for (system,) in _by_key(organisation, BackupCopy, edited, "system_id").values():
        yield system
    for event in events:
        if event.action != "changed" or "system" in _names(event):
            yield from _keys(event, "system")


def _approved_procedures(organisation: Organisation, events: Events) -> Iterator[str]:
    approvals = _reaching(events, ProcedureState.APPROVED)
    for (system,) in _by_key(organisation, Procedure, approvals, "system_id").values():
        yield system


def _tightened(organisation: Organisation, events: Events) -> Iterator[str]:
    """A figure that is lower than in the target before, or that was not set there."""
    approvals = _reaching(events, TargetState.APPROVED)
    if not approvals:
        return
    keys = {event.record_id for event in approvals}
    rows = (
        RecoveryTarget.objects.of(organisation)
        .filter(state=TargetState.APPROVED)
        .order_by("decided_at", "created_at", "id")
        .values_list("pk", "system_id", "rto_minutes", "rpo_minutes")
    )
    before: dict[str, tuple[int | None, ...]] = {}
    for key, system, *figures in rows:
        if key in keys and _is_tighter(figures, before.get(system, (None, None))):
            yield system
        before[system] = tuple(figures)


def _is_tighter(figures: Iterable[int | None], before: Iterable[int | None]) -> bool:
    return any(
        new is not None and (old is None or new < old)
        for new, old in zip(figures, before, strict=True)
    )


def _reaching(events: Events, state: str) -> Events:
    return [event for event in events if (event.after or {}).get("state") == state]


def _names(event: AuditEvent) -> set[str]:
    """The fields that an edit changed."""
    return set(event.after or ()) if event.action == "changed" else set()


def _facts(event: AuditEvent) -> dict[str, Any]:
    return event.after or event.before or {}


def _keys(event: AuditEvent, name: str) -> Iterator[str]:
    """The records that a reference named before and after the write."""
    for side in (event.before or {}, event.after or {}):
        if side.get(name) is not None:
            yield side[name]["id"]


def _by_key(
    organisation: Organisation, model: type[OrgOwned], events: Events, *fields: str
) -> dict[str, tuple[Any, ...]]:
    """What the records of `events` say now, by their keys; those that are gone are left out."""
    found = {}
    for keys in _batches({event.record_id for event in events}):
        rows = model.objects.of(organisation).filter(pk__in=keys).values_list("pk", *fields)
        found.update({key: tuple(values) for key, *values in rows})
    return found


def _batches(keys: set[str]) -> Iterator[list[str]]:
    """In the steps that every database takes in one statement."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
