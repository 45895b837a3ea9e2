"""One word for what is achieved against what was promised: of times and of losses."""

from __future__ import annotations

from enum import StrEnum

from bcp.engine.messages import gettext_noop


class Standing(StrEnum):
    """The achieved time against the approved target, or the loss against the RPO."""

    MEETS = "meets"
    AT_RISK = "at risk"
    """Meets its own target, but not what its dependents require of it. Of a loss: within the RPO,
    but nobody tried in time whether the copy comes back."""
    MISSES = "misses"
    UNKNOWN = "unknown"
    """No approved target, or the sum rests on an unknown and may be later than it says."""


STANDING_WORDS = {
    Standing.MEETS: gettext_noop("meets"),
    Standing.AT_RISK: gettext_noop("at risk"),
    Standing.MISSES: gettext_noop("misses"),
    Standing.UNKNOWN: gettext_noop("unknown"),
}


def standing_of(
    rto_minutes: int | None, latest_minutes: int, restored_minutes: int, at_least: bool
) -> Standing:
    """Of a time achieved against the target and the latest time that dependents can accept. A
    certain miss is a miss even where the time rests on an unknown: it can only be later."""
    if rto_minutes is None:
        return Standing.UNKNOWN
    if restored_minutes > rto_minutes:
        return Standing.MISSES
    if at_least:
        return Standing.UNKNOWN
    return Standing.AT_RISK if restored_minutes > latest_minutes else Standing.MEETS
