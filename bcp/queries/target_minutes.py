"""The minutes of a decision: every target that one signature approved, and where the audit trail
proves it."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.models.organisations import Organisation
from bcp.models.targets import RecoveryTarget
from bcp.queries import history, targets


@dataclass(frozen=True, slots=True)
class Minutes:
    """`rows` by the name of their system. The events of the decision have the numbers from `first`
    to `last` in the audit trail; `digest` is that of the last one."""

    rows: list[RecoveryTarget]
    first: int
    last: int
    digest: str
    via: str


def minutes(organisation: Organisation, approved: RecoveryTarget) -> Minutes:
    """Of the decision by which the target was approved. What is signed at once is one write, and
    has one moment."""
    signed = {"decided_at": approved.decided_at, "decided_by": approved.decided_by_id}
    together = targets.approvals(organisation).filter(**signed)
    rows = sorted(together, key=lambda row: row.system.name.casefold())
    written = {"at": approved.decided_at, "action": "changed", "record_type": "recoverytarget"}
    events = list(
        history.events(organisation)
        .filter(record_id__in=[row.pk for row in rows], **written)
        .order_by("sequence")
    )
    return Minutes(
        rows=rows,
        first=events[0].sequence,
        last=events[-1].sequence,
        digest=events[-1].digest,
        via=events[0].via,
    )
