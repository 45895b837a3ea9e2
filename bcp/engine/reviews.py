"""Whether somebody confirmed what a system needs, and whether that still holds.

An IT director confirms: "these are right as of today". That is bound to the needs as they were: one
that came, went, or is needed for something else since asks for another look, and so does half a
year. A new name of a system changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bcp.engine.estate import Estate, Review
from bcp.engine.messages import Message, gettext_noop

REVIEW_LASTS_DAYS = 180


class ReviewState(StrEnum):
    """Where a system stands, the most urgent first."""

    CHANGED = "changed"
    """What it needs is not what was confirmed any more."""
    NEVER = "never"
    OVERDUE = "overdue"
    """Confirmed `REVIEW_LASTS_DAYS` ago or earlier."""
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a system needs. `note` is a digest of the bootstrap note, "" if there is
    none: enough to see that it changed."""

    key: str
    name: str
    needed_to: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Altered:
    """The same need, before and after."""

    then: Need
    now: Need


@dataclass(frozen=True, slots=True)
class Difference:
    """How the needs of a system differ between two moments."""

    came: tuple[Need, ...]
    went: tuple[Need, ...]
    altered: tuple[Altered, ...]

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.altered)


def note_digest(bootstrap: str) -> str:
    return hashlib.sha256(bootstrap.encode()).hexdigest()[:16] if bootstrap else ""


def needs_of(estate: Estate, systems: Collection[int]) -> dict[int, tuple[Need, ...]]:
    """What each of `systems` needs (positions in the estate), by name; one pass over the edges."""
    found: dict[int, list[Need]] = {system: [] for system in systems}
    for edge in estate.dependencies:
        if edge.dependent in found:
            other = estate.systems[edge.dependency]
            need = Need(other.key, other.name, edge.needed_to.value, note_digest(edge.bootstrap))
            found[edge.dependent].append(need)
    return {system: in_order(needs) for system, needs in found.items()}


def in_order(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(sorted(needs, key=lambda one: (one.name.casefold(), one.key)))


def facts_of(needs: Iterable[Need]) -> str:
    """A digest of what is needed and for what: the same whatever the systems are called and in
    whichever order they come."""
    facts = sorted((one.key, one.needed_to, one.note) for one in needs)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def state_of(facts: str, review: Review | None, *, today: date) -> ReviewState:
    """Where a system stands whose needs are `facts` today and were last confirmed by `review`."""
    if review is None:
        return ReviewState.NEVER
    if review.facts != facts:
        return ReviewState.CHANGED
    if review.reviewed_on <= today - timedelta(days=REVIEW_LASTS_DAYS):
        return ReviewState.OVERDUE
    return ReviewState.CURRENT


def states_of(estate: Estate, systems: Collection[int], *, today: date) -> dict[int, ReviewState]:
    """Where each of `systems` (positions) stands."""
    reviews = {one.system: one for one in estate.reviews}
    return {
        system: state_of(facts_of(needs), reviews.get(system), today=today)
        for system, needs in needs_of(estate, systems).items()
    }


def difference(then: Sequence[Need], now: Sequence[Need]) -> Difference:
    """What came, what went and what is needed for something else; in the order of the names."""
    before, after = ({one.key: one for one in needs} for needs in (then, now))
    return Difference(
        came=in_order(one for key, one in after.items() if key not in before),
        went=in_order(one for key, one in before.items() if key not in after),
        altered=tuple(
            Altered(before[one.key], one)
            for one in in_order(after.values())
            if one.key in before and _purpose(before[one.key]) != _purpose(one)
        ),
    )


def _purpose(need: Need) -> tuple[str, str]:
    return need.needed_to, need.note


_DOUBTS = {
    ReviewState.CHANGED: gettext_noop("dependencies changed since they were confirmed"),
    ReviewState.OVERDUE: gettext_noop("dependencies not confirmed for %(days)s days"),
    ReviewState.NEVER: gettext_noop("dependencies never confirmed"),
}


def doubts_of(estate: Estate, state: ReviewState) -> tuple[Message, ...]:
    """Why a map flags a system in that state. Where nobody has confirmed anything yet, nothing is
    flagged: a mark on every system would tell nothing."""
    if state is ReviewState.CURRENT or not estate.reviews:
        return ()
    return (Message(_DOUBTS[state], {"days": REVIEW_LASTS_DAYS}),)
