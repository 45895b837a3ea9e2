"""Proposing and deciding recovery targets. The figures of a row are never changed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing


def propose(
    organisation: Organisation,
    system_key: str,
    *,
    rto_minutes: int | None,
    rpo_minutes: int | None,
    mtd_minutes: int | None = None,
    reason: str = "",
    by: Actor,
) -> RecoveryTarget:
    """A new proposal; it takes the place of an open one of the same system."""
    with writing(organisation, by=by, needs=Capability.PROPOSE_TARGET) as ledger:
        system = records.locked(ledger, System, system_key)
        return add_proposal(ledger, system, rto_minutes, rpo_minutes, mtd_minutes, reason)


def add_proposal(
    ledger: Ledger,
    system: System,
    rto_minutes: int | None,
    rpo_minutes: int | None,
    mtd_minutes: int | None,
    reason: str,
) -> RecoveryTarget:
    """The proposal itself, inside a write that is already open (an import has many)."""
    if rto_minutes is None and rpo_minutes is None and mtd_minutes is None:
        raise InvalidInput(_("A proposal needs at least one figure: RTO, RPO or MTD."))
    if rto_minutes is not None and mtd_minutes is not None and rto_minutes > mtd_minutes:
        fault = _("The RTO must not be longer than the MTD.")
        raise InvalidInput(fault, {"rto_minutes": [fault]})
    for open_one in RecoveryTarget.objects.of(ledger.organisation).filter(
        system=system, state=TargetState.PROPOSED
    ):
        _decide(ledger, open_one, TargetState.WITHDRAWN, _("Replaced by a newer proposal."))
    return records.create(
        ledger,
        RecoveryTarget,
        {
            "system": system,
            "rto_minutes": rto_minutes,
            "rpo_minutes": rpo_minutes,
            "mtd_minutes": mtd_minutes,
            "reason": reason,
            "proposed_by": ledger.by.user,
        },
    )


def approve(
    organisation: Organisation, key: str, *, seen_version: int | None, by: Actor
) -> RecoveryTarget:
    """Make a proposal the target. Raises `NotAllowed` for its own proposer and `Conflict` if it
    has been decided already."""
    with writing(organisation, by=by, needs=Capability.APPROVE_TARGET) as ledger:
        target = _open(ledger, key, seen_version)
        return approve_open(ledger, target)


def approve_open(ledger: Ledger, target: RecoveryTarget) -> RecoveryTarget:
    if ledger.by.user is None:
        raise NotAllowed(_("A target is approved by a person, not by the command line."))
    if target.proposed_by_id == ledger.by.user.pk:
        raise NotAllowed(_("A target is approved by somebody other than its proposer."))
    return _decide(ledger, target, TargetState.APPROVED, "")


def send_back(
    organisation: Organisation, key: str, reason: str, *, seen_version: int | None, by: Actor
) -> RecoveryTarget:
    with writing(organisation, by=by, needs=Capability.APPROVE_TARGET) as ledger:
        if not reason.strip():
            fault = _("Say why, so that the proposer knows what to change.")
            raise InvalidInput(fault, {"reason": [fault]})
        return _decide(ledger, _open(ledger, key, seen_version), TargetState.REJECTED, reason)


def withdraw(
    organisation: Organisation, key: str, *, seen_version: int | None, by: Actor
) -> RecoveryTarget:
    """Take back one's own proposal."""
    with writing(organisation, by=by, needs=Capability.PROPOSE_TARGET) as ledger:
        target = _open(ledger, key, seen_version)
        if by.user is not None and target.proposed_by_id != by.user.pk:
            raise NotAllowed(_("A proposal is withdrawn by its proposer; it can be sent back."))
        return _decide(ledger, target, TargetState.WITHDRAWN, "")


def _open(ledger: Ledger, key: str, seen_version: int | None) -> RecoveryTarget:
    target = records.locked(ledger, RecoveryTarget, key)
    records.check_version(target, seen_version)
    if target.state != TargetState.PROPOSED:
        raise Conflict(
            _("This proposal has been decided already: %(state)s.")
            % {"state": target.get_state_display()},
            current=facts_of(target),
        )
    return target


def _decide(
    ledger: Ledger, target: RecoveryTarget, state: TargetState, reason: str
) -> RecoveryTarget:
    return records.change(
        ledger,
        target,
        {
            "state": state.value,
            "decided_by": ledger.by.user,
            "decided_at": ledger.now,
            "decision_reason": reason,
        },
        seen_version=None,
    )
