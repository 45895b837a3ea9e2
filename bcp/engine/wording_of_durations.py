"""How long the recovery of one system takes, how that is known and since when, in a sentence
(rule G9)."""

from __future__ import annotations

from datetime import date

from bcp.engine.estate import DurationSource
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.results import SystemResult

_DATED = {
    DurationSource.TEST: gettext_noop(
        "Its recovery work takes %(duration)s, measured on %(date)s: %(days)s days ago."
    ),
    DurationSource.PROCEDURE: gettext_noop(
        "Its recovery work takes %(duration)s, the sum of its procedure as of %(date)s: "
        "%(days)s days ago."
    ),
    DurationSource.RESTORE: gettext_noop(
        "Its recovery work takes %(duration)s, the restore of its volume; that copy was last "
        "restored on %(date)s: %(days)s days ago."
    ),
}
_UNDATED = {
    DurationSource.TEST: gettext_noop("Its recovery work takes %(duration)s, measured in a test."),
    DurationSource.PROCEDURE: gettext_noop(
        "Its recovery work takes %(duration)s, the sum of a procedure that nobody approved yet."
    ),
    DurationSource.RESTORE: gettext_noop(
        "Its recovery work takes %(duration)s, the restore of its volume; nobody ever restored "
        "that copy."
    ),
    DurationSource.ESTIMATE: gettext_noop(
        "Its recovery work takes %(duration)s, an estimate that somebody typed in."
    ),
    DurationSource.CONTRACT: gettext_noop(
        "Its supplier's contract gives it %(duration)s to come back."
    ),
}
_UNKNOWN = gettext_noop("Nobody knows how long its recovery work takes.")


def explain_duration(result: SystemResult, *, today: date) -> Message:
    """`today` is the organisation's date; the age is told in whole days."""
    source, as_of = result.duration_source, result.duration_as_of
    if result.duration_minutes is None or source is None:
        return Message(_UNKNOWN)
    duration = Minutes(result.duration_minutes)
    if as_of is None or source not in _DATED:
        return Message(_UNDATED[source], {"duration": duration})
    days = max(0, (today - as_of).days)
    return Message(_DATED[source], {"duration": duration, "date": as_of.isoformat(), "days": days})
