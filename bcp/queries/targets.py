"""Recovery targets: the approved ones that count, and the open proposals."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from bcp.models.organisations import Organisation
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.models.users import User


def listing(organisation: Organisation) -> QuerySet[RecoveryTarget]:
    """Every row there ever was, newest first."""
    return RecoveryTarget.objects.of(organisation).select_related(
        "system", "proposed_by", "decided_by"
    )


def proposals(organisation: Organisation) -> QuerySet[RecoveryTarget]:
    return listing(organisation).filter(state=TargetState.PROPOSED)


def to_decide(organisation: Organisation, user: User) -> QuerySet[RecoveryTarget]:
    """The open proposals that somebody else than this user has made."""
    return proposals(organisation).exclude(proposed_by=user)


def sent_back(organisation: Organisation) -> QuerySet[RecoveryTarget]:
    """Proposals that were sent back and that nobody followed with another, newest first."""
    later = RecoveryTarget.objects.of(organisation).filter(
        system=OuterRef("system"), created_at__gt=OuterRef("created_at")
    )
    return listing(organisation).filter(~Exists(later), state=TargetState.REJECTED)


def approvals(organisation: Organisation) -> QuerySet[RecoveryTarget]:
    """Every target that was ever approved."""
    return listing(organisation).filter(state=TargetState.APPROVED)


def approved(organisation: Organisation) -> dict[str, RecoveryTarget]:
    """System key → the target that counts: its latest approval (Rule T4)."""
    rows = RecoveryTarget.objects.of(organisation).filter(state=TargetState.APPROVED)
    return {row.system_id: row for row in rows.order_by("decided_at", "created_at", "id")}
