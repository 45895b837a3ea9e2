"""When a gap that somebody accepted is open again.

An acceptance is of what was known: it is bound to the gap and to the facts that the gap states,
and ends on its day, or when the gap says something else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bcp.engine.results import Gap

DEFAULT_DAYS = 180


class AcceptanceState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CHANGED = "changed"
    """The facts it rests on are not those that were accepted."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`facts` is the `facts_of` the gap as it was accepted; valid up to and including `until`."""

    gap: str
    facts: str
    until: date


def identity_of(gap: Gap) -> str:
    """Which gap it is, whatever it says today: stays the same while its figures change."""
    return f"{gap.code}:{gap.subject_kind}:{gap.subject_key}:{_partner(gap)}"


def facts_of(gap: Gap) -> str:
    """A digest of what the gap states: another as soon as a figure or a name in it is."""
    said = {"severity": gap.severity.value, "says": str(gap.says)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def state_of(gap: Gap, acceptance: Acceptance | None, *, today: date) -> AcceptanceState:
    """Where a gap stands that `acceptance` was given for, or none."""
    if acceptance is None or acceptance.gap != identity_of(gap):
        return AcceptanceState.OPEN
    if acceptance.until < today:
        return AcceptanceState.EXPIRED
    if acceptance.facts != facts_of(gap):
        return AcceptanceState.CHANGED
    return AcceptanceState.ACCEPTED


def _partner(gap: Gap) -> str:
    """The other end of a contradiction: a system may have several of the same kind."""
    return str(gap.says.values.get("dependency", ""))
