"""Proposed dependencies: made by imports and suggestions, accepted or refused by a person.

They count in no analysis. An accepted one becomes a dependency like any other; what was decided
can be taken back for as long as nobody changed that dependency since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.proposed_dependencies import ProposedDependency, ProposedSource, ProposedState
from bcp.models.systems import System
from bcp.queries import proposed_dependencies as reads
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

_BATCH = 500
_NAMED = 5
_DECISION = [
    *("state", "decided_by", "decided_at", "decision_reason", "edge_before", "edge_version"),
    *("version", "updated_at"),
]

Seen = tuple[str, int]
"""The key of a proposal, and its version as it was looked at."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A dependency to be proposed, and why."""

    dependent: System
    dependency: System
    needed_to: str
    reason: str


def suggest(
    organisation: Organisation,
    dependent: System,
    dependency: System,
    *,
    needed_to: str,
    reason: str,
    by: Actor,
) -> ProposedDependency:
    """Propose one dependency; see `suggest_many`."""
    one = Suggested(dependent, dependency, needed_to, reason)
    (made,) = suggest_many(organisation, [one], by=by)
    return made


def suggest_many(
    organisation: Organisation, wanted: Sequence[Suggested], *, by: Actor
) -> list[ProposedDependency]:
    """Propose all of the dependencies for the reasons of suggestions, or none. Raises
    `InvalidInput` if one of them is proposed or recorded already."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        made = []
        for one in wanted:
            ends = {"dependent": one.dependent, "dependency": one.dependency}
            if Dependency.objects.of(ledger.organisation).filter(**ends).exists():
                fault = _("This dependency is already recorded.")
                raise InvalidInput(fault, {"dependency": [fault]})
            values = {
                **ends,
                "needed_to": one.needed_to,
                "source": ProposedSource.SUGGESTION,
                "reason": one.reason,
                "proposed_by": by.user,
            }
            made.append(records.create(ledger, ProposedDependency, values))
        return made


def accept_many(
    organisation: Organisation, seen: Sequence[Seen], note: str = "", *, by: Actor
) -> list[ProposedDependency]:
    """Make dependencies of all of the proposals, or of none. Raises `Conflict` if one of them is
    not as it was seen."""
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        rows = _locked(ledger, seen)
        befores = {row.pk: facts_of(row) for row in rows}
        recorded = reads.edges_of(ledger.organisation, rows)
        made, altered = [], []
        for row in rows:
            edge = recorded.get((row.dependent_id, row.dependency_id))
            if edge is None:
                edge = Dependency(
                    organisation=ledger.organisation,
                    dependent=row.dependent,
                    dependency=row.dependency,
                )
                made.append(edge)
                row.edge_before, row.edge_version = None, edge.version
            else:
                row.edge_before = {"needed_to": edge.needed_to, "bootstrap": edge.bootstrap}
                altered.append((edge, facts_of(edge)))
                edge.version += 1
                edge.updated_at = ledger.now
                row.edge_version = edge.version
            edge.needed_to, edge.bootstrap = row.needed_to, row.bootstrap
            records.validate_part(edge)
        Dependency.objects.bulk_create(made, batch_size=_BATCH)
        Dependency.objects.bulk_update(
            [edge for edge, _before in altered],
            ["needed_to", "bootstrap", "version", "updated_at"],
            batch_size=_BATCH,
        )
        for edge in made:
            ledger.note("created", edge, after=facts_of(edge))
        for edge, before in altered:
            ledger.changed(edge, before, facts_of(edge))
        _decide(ledger, rows, befores, ProposedState.ACCEPTED, note)
        return rows


def refuse_many(
    organisation: Organisation, seen: Sequence[Seen], reason: str, *, by: Actor
) -> list[ProposedDependency]:
    """Refuse all of the proposals, or none; no import proposes the same again. Raises
    `InvalidInput` without a reason, and `Conflict` if one of them is not as it was seen."""
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        if not reason.strip():
            fault = _("Say why, so that nobody proposes it again.")
            raise InvalidInput(fault, {"reason": [fault]})
        rows = _locked(ledger, seen)
        befores = {row.pk: facts_of(row) for row in rows}
        _decide(ledger, rows, befores, ProposedState.REFUSED, reason)
        return rows


def reopen_many(
    organisation: Organisation, seen: Sequence[Seen], *, by: Actor
) -> list[ProposedDependency]:
    """Take decisions back, all or none: the proposals wait again, and what was accepted is recorded
    as it was before. Raises `Conflict` if a dependency was changed since, or if the same is
    proposed again already."""
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        rows = _locked(ledger, seen, decided=True)
        befores = {row.pk: facts_of(row) for row in rows}
        _check_not_waiting(ledger, rows)
        recorded = reads.edges_of(ledger.organisation, rows)
        for row in rows:
            if row.state == ProposedState.ACCEPTED:
                _set_back(ledger, row, recorded.get((row.dependent_id, row.dependency_id)))
            row.edge_before = row.edge_version = None
        _decide(ledger, rows, befores, ProposedState.WAITING, "")
        return rows


def _locked(
    ledger: Ledger, seen: Sequence[Seen], *, decided: bool = False
) -> list[ProposedDependency]:
    versions = dict(seen)
    rows = records.locked_many(ledger, ProposedDependency, versions)
    changed = [
        row
        for row in rows
        if row.version != versions[row.pk] or (row.state != ProposedState.WAITING) != decided
    ]
    if changed:
        raise Conflict(
            _("Somebody else has decided or changed this meanwhile, so nothing was done: %(names)s")
            % {"names": _names(changed)}
        )
    return rows


def _decide(
    ledger: Ledger,
    rows: Sequence[ProposedDependency],
    befores: dict[str, dict[str, Any]],
    state: ProposedState,
    reason: str,
) -> None:
    is_decided = state is not ProposedState.WAITING
    for row in rows:
        row.state = state
        row.decided_by = ledger.by.user if is_decided else None
        row.decided_at = ledger.now if is_decided else None
        row.decision_reason = reason
        row.version += 1
        row.updated_at = ledger.now
        records.validate_part(row)
    ProposedDependency.objects.bulk_update(rows, _DECISION, batch_size=_BATCH)
    for row in rows:
        ledger.changed(row, befores[row.pk], facts_of(row))


def _check_not_waiting(ledger: Ledger, rows: Iterable[ProposedDependency]) -> None:
    ends = {(row.dependent_id, row.dependency_id) for row in rows}
    waiting = ProposedDependency.objects.of(ledger.organisation).filter(
        state=ProposedState.WAITING, dependent__in={dependent for dependent, _other in ends}
    )
    again = [
        row
        for row in waiting.select_related("dependent", "dependency")
        if (row.dependent_id, row.dependency_id) in ends
    ]
    if again:
        raise Conflict(
            _("The same is proposed again already, so nothing was taken back: %(names)s")
            % {"names": _names(again)}
        )


def _set_back(ledger: Ledger, row: ProposedDependency, edge: Dependency | None) -> None:
    if edge is None or edge.version != row.edge_version:
        raise Conflict(
            _("“%(edge)s” has been changed since it was accepted; change it there.") % {"edge": row}
        )
    if row.edge_before is None:
        records.delete(ledger, edge, seen_version=None)
    else:
        records.change(ledger, edge, row.edge_before, seen_version=None)


def _names(rows: Sequence[ProposedDependency]) -> str:
    named = ", ".join(str(row) for row in rows[:_NAMED])
    return f"{named}, …" if len(rows) > _NAMED else f"{named}."
