"""What the backup jobs themselves reported: observed loss, late and failed copies (rule B6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bcp.engine.estate import Copy

_SECONDS = 60


class CopyState(StrEnum):
    """What is known of a copy's last run."""

    ON_TIME = "on time"
    LATE = "late"
    """The run that was due has not reported success in time."""
    FAILED = "failed"
    """The last report is a failure."""
    SILENT = "silent"
    """No success was ever reported."""
    UNKNOWN = "unknown"
    """It reported success once, but nobody recorded how often it runs."""


def observed_loss_minutes(copy: Copy, now: datetime) -> int | None:
    """Whole minutes since the last reported success; `None` if none was ever reported.

    `now` must be aware of its time zone. A report from the future counts as one of just now.
    """
    if copy.last_success is None:
        return None
    return max(0, int((now - copy.last_success).total_seconds() // _SECONDS))


def overdue_minutes(copy: Copy, now: datetime) -> int | None:
    """By how many minutes the next success is overdue, 0 if it is not; `None` if unknown.

    Success is reported at the end of a run, so the next one is due an interval after the last
    and has its run time on top: a run that takes a little longer is not yet late.
    """
    observed = observed_loss_minutes(copy, now)
    if observed is None or copy.interval_minutes is None:
        return None
    return max(0, observed - copy.interval_minutes - (copy.run_minutes or 0))


def next_due(copy: Copy) -> datetime | None:
    """Until when the next success is on time; `None` if nobody can say."""
    if copy.last_success is None or copy.interval_minutes is None:
        return None
    return copy.last_success + timedelta(minutes=copy.interval_minutes + (copy.run_minutes or 0))


def copy_state(copy: Copy, now: datetime) -> CopyState:
    """Rule B6 for one copy; a failure that was reported after the last success goes first."""
    if copy.last_failure is not None and (
        copy.last_success is None or copy.last_failure > copy.last_success
    ):
        return CopyState.FAILED
    if copy.last_success is None:
        return CopyState.SILENT
    overdue = overdue_minutes(copy, now)
    if overdue is None:
        return CopyState.UNKNOWN
    return CopyState.LATE if overdue else CopyState.ON_TIME
