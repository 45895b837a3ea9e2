"""When a gap that somebody accepted is open again.

An acceptance is of what was known: it is bound to the gap and to the facts that the gap states,
and ends after its last day, or when the gap says something else. The mere passing of time is no
other fact: "3 h ago" is counted from a moment, and that moment is the fact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bcp.engine.estate import Estate
from bcp.engine.results import Gap

DEFAULT_DAYS = 180
LONGEST_DAYS = 2 * 365
_SOON_DAYS = 30


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
    """Which gap it is, whatever it says today: stays the same while its figures change, and no
    two gaps of one analysis have the same."""
    return f"{gap.code}:{gap.subject_kind}:{gap.subject_key}:{gap.case}"


def address_of(gap: Gap) -> str:
    """The identity as sixteen characters, for addresses and boxes to tick."""
    return hashlib.sha256(identity_of(gap).encode()).hexdigest()[:16]


def facts_of(gap: Gap) -> str:
    """A digest of what the gap states: another as soon as a figure or a name in it is, or its
    severity; the same however long it lasts."""
    return hashlib.sha256(f"{gap.severity.value}\n{gap.says.steady()}".encode()).hexdigest()


def subject_of(estate: Estate) -> Callable[[Gap], str]:
    """Names what a gap of the estate is about, for people."""
    contacts = {contact.key: contact.name for contact in estate.contacts}

    def name(gap: Gap) -> str:
        if gap.system is not None:
            return estate.systems[gap.system].name
        return contacts.get(gap.subject_key, gap.subject_key)

    return name


def state_of(gap: Gap, acceptance: Acceptance | None, *, today: date) -> AcceptanceState:
    """Where a gap stands that `acceptance` was given for, or none."""
    if acceptance is None or acceptance.gap != identity_of(gap):
        return AcceptanceState.OPEN
    if acceptance.until < today:
        return AcceptanceState.EXPIRED
    if acceptance.facts != facts_of(gap):
        return AcceptanceState.CHANGED
    return AcceptanceState.ACCEPTED


def default_end(today: date) -> date:
    """The last day of an acceptance if nobody chooses another."""
    return today + timedelta(days=DEFAULT_DAYS)


def latest_end(today: date) -> date:
    """The last day that may be chosen."""
    return today + timedelta(days=LONGEST_DAYS)


def ends_soon(until: date, today: date) -> bool:
    """The last day is so near that somebody should renew the acceptance, or let it end."""
    return today <= until <= today + timedelta(days=_SOON_DAYS)
