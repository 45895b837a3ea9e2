"""Accepted gaps: where each gap of an analysis stands, and what became of each acceptance.

What is accepted is what a gap says when everything is lost. In the analysis of another scenario a
gap counts as accepted where it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from bcp.engine.acceptance import Acceptance, AcceptanceState, ends_soon, identity_of, state_of
from bcp.engine.results import Analysis, Gap
from bcp.engine.scenario import EVERYTHING
from bcp.models.acceptances import GapAcceptance
from bcp.models.organisations import Organisation
from bcp.queries.analysis import analysis


@dataclass(frozen=True, slots=True)
class GapStanding:
    """A gap and where it stands. `acceptance` is the last one that nobody took back or replaced,
    also where it has expired or the gap says something else by now; `None`: never accepted."""

    gap: Gap
    state: AcceptanceState
    acceptance: GapAcceptance | None

    @property
    def is_accepted(self) -> bool:
        return self.state is AcceptanceState.ACCEPTED


class HeldState(StrEnum):
    """What became of an acceptance."""

    IN_FORCE = "in_force"
    CHANGED = "changed"
    """The gap says something else by now, and is open again."""
    EXPIRED = "expired"
    GONE = "gone"
    """What was accepted is no longer a gap."""
    ENDED = "ended"
    """Taken back, or replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class Held:
    """An acceptance and what became of it. `gap` is what it was given for as it is now, `None` if
    that is no longer a gap. `ends_soon`: in force, but not for much longer."""

    acceptance: GapAcceptance
    state: HeldState
    gap: Gap | None
    ends_soon: bool


def listing(organisation: Organisation) -> QuerySet[GapAcceptance]:
    """Every acceptance there ever was, newest first."""
    return GapAcceptance.objects.of(organisation).select_related("accepted_by", "ended_by")


def unended(organisation: Organisation) -> QuerySet[GapAcceptance]:
    """Those that nobody took back or replaced; one for a gap at most."""
    return listing(organisation).filter(ended_at__isnull=True)


def states(organisation: Organisation, gaps: Iterable[Gap], today: date) -> list[GapStanding]:
    """Where each of `gaps` of the loss of everything stands, in their order. One query."""
    given = {row.gap: row for row in unended(organisation)}
    return [_standing(gap, given.get(identity_of(gap)), today) for gap in gaps]


def of_analysis(
    organisation: Organisation, answer: Analysis, *, now: datetime
) -> list[GapStanding]:
    """Where each gap of an analysis of any scenario stands, in their order; `now` is in the
    organisation's time zone."""
    if answer.scenario.name == EVERYTHING:
        return states(organisation, answer.gaps, now.date())
    usual = analysis(organisation, now=now)
    known = {
        (identity_of(one.gap), one.gap.says.steady()): one
        for one in states(organisation, usual.gaps, now.date())
        if one.acceptance is not None
    }
    found = []
    for gap in answer.gaps:
        same = known.get((identity_of(gap), gap.says.steady())) if known else None
        if same is None:
            found.append(GapStanding(gap, AcceptanceState.OPEN, None))
        else:
            found.append(GapStanding(gap, same.state, same.acceptance))
    return found


def in_force(
    organisation: Organisation, answer: Analysis, *, now: datetime
) -> dict[str, dict[str, Any]]:
    """The accepted gaps of an analysis as plans print them: identity → by whom, until when (ISO
    8601) and why."""
    return {
        identity_of(one.gap): {
            "by": str(one.acceptance.accepted_by),
            "until": one.acceptance.until.isoformat(),
            "why": one.acceptance.reason,
        }
        for one in of_analysis(organisation, answer, now=now)
        if one.acceptance is not None and one.is_accepted
    }


def held(rows: Iterable[GapAcceptance], answer: Analysis, today: date) -> list[Held]:
    """What became of each of `rows` of `listing`, in their order; `answer` is the analysis of the
    loss of everything. No further query."""
    gaps = {identity_of(gap): gap for gap in answer.gaps}
    return [_held(row, gaps.get(row.gap), today) for row in rows]


def _held(row: GapAcceptance, gap: Gap | None, today: date) -> Held:
    state = _held_state(row, gap, today)
    soon = state is HeldState.IN_FORCE and ends_soon(row.until, today)
    return Held(row, state, gap, soon)


_HELD = {
    AcceptanceState.ACCEPTED: HeldState.IN_FORCE,
    AcceptanceState.EXPIRED: HeldState.EXPIRED,
    AcceptanceState.CHANGED: HeldState.CHANGED,
}


def _held_state(row: GapAcceptance, gap: Gap | None, today: date) -> HeldState:
    if row.ended_at is not None:
        return HeldState.ENDED
    if gap is None:
        return HeldState.GONE
    return _HELD[_standing(gap, row, today).state]


def _standing(gap: Gap, row: GapAcceptance | None, today: date) -> GapStanding:
    given = None if row is None else Acceptance(row.gap, row.facts, row.until)
    return GapStanding(gap, state_of(gap, given, today=today), row)
