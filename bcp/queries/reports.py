"""What backup jobs reported of their copies (rule B6): the state of each copy, and the calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bcp.engine import observed
from bcp.engine.estate import Copy
from bcp.engine.observed import CopyState
from bcp.engine.survival import worst_loss_minutes
from bcp.models.copies import BackupCopy
from bcp.models.organisations import Organisation
from bcp.models.reports import CopyReport, CopyStatus
from bcp.models.systems import StatusChoice
from bcp.queries import copies, estate_backups

LATE_OR_FAILED = frozenset({CopyState.LATE, CopyState.FAILED})


class Observed(NamedTuple):
    """One copy (a row of `copies.listing`) at a moment. Minutes are whole, `None` is unknown."""

    copy: Any
    state: CopyState
    overdue_minutes: int | None
    """By how much the next success is overdue; 0: it is not."""
    observed_loss_minutes: int | None
    """What would be lost now, going by the last success that was reported."""


def standing(rows: Iterable[Any], now: datetime) -> list[Observed]:
    """The state of each of `rows`, which come from `copies.listing`; no further query."""
    return [_observed(row, estate_backups.engine_copy(row), now) for row in rows]


def late_or_failed(organisation: Organisation, now: datetime) -> list[Observed]:
    """The copies of live systems whose last run did not succeed in time, as the gaps name them:
    failed ones first, then those that are overdue for longest. One query."""
    found = with_state(organisation, LATE_OR_FAILED, now)
    return sorted(
        found,
        key=lambda one: (
            one.state is not CopyState.FAILED,
            -(one.overdue_minutes or 0),
            str(one.copy),
        ),
    )


def with_state(
    organisation: Organisation, states: Collection[CopyState], now: datetime
) -> list[Observed]:
    """The copies of live systems that are in one of `states`, by system and name. One query."""
    rows = copies.listing(organisation).filter(system__status=StatusChoice.LIVE)
    return [one for one in standing(rows, now) if one.state in states]


def state_of(copy: BackupCopy, status: CopyStatus | None, now: datetime) -> CopyState:
    """The same for a copy and its status as they stand in memory, saved or not."""
    reported = status.last_success if status else None
    known = [moment for moment in (copy.last_success, reported) if moment is not None]
    facts = Copy(
        system=0,
        key=copy.pk,
        name="",
        interval_minutes=copy.interval_minutes,
        run_minutes=copy.run_minutes,
        last_success=max(known, default=None),
        last_failure=status.last_failure if status else None,
    )
    return observed.copy_state(facts, now)


def promised_loss_minutes(row: Any) -> int | None:
    """Rule B1 for one row of `copies.listing`; `None` if it cannot be said."""
    return worst_loss_minutes(estate_backups.engine_copy(row))


def next_due(row: Any) -> datetime | None:
    """Until when the next success of a row of `copies.listing` is on time; `None` if unknown."""
    return observed.next_due(estate_backups.engine_copy(row))


def calls(organisation: Organisation, copy_key: str) -> QuerySet[CopyReport]:
    """What the job of one copy reported, the latest first."""
    return CopyReport.objects.of(organisation).filter(copy_id=copy_key).order_by("-number")


def _observed(row: Any, copy: Copy, now: datetime) -> Observed:
    return Observed(
        row,
        observed.copy_state(copy, now),
        observed.overdue_minutes(copy, now),
        observed.observed_loss_minutes(copy, now),
    )
