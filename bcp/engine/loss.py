"""The worst loss of one system in one scenario, from its own copies alone (rule B1).

The least over the copies that survive and were restored successfully within the cadence. If none
of those was, the least over all that survive stands, but it is a rumour: nobody ever saw it come
back. What coupled systems add is in `coupling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bcp.engine.estate import Copy, Outcome
from bcp.engine.survival import Fate, Verdict


class LossState(StrEnum):
    BOUNDED = "bounded"
    """At most `loss_minutes` are lost."""
    UNKNOWN = "unknown"
    """A copy may be left, but nobody can say how old its newest good point is."""
    TOTAL = "total"
    """No copy is left: all of it is lost."""
    UNTOUCHED = "untouched"
    """The scenario takes nothing of it."""
    NOTHING_HELD = "nothing held"
    """There is nothing to lose."""


LOSES = (LossState.BOUNDED, LossState.UNKNOWN, LossState.TOTAL)
"""The states of a system that the scenario takes something from."""


@dataclass(frozen=True, slots=True)
class OwnLoss:
    """What one system loses in one scenario.

    `loss_minutes` is `None` unless the state is "bounded". `at_least_minutes`: the sum of what
    is known of the best copy that may be left; `None` where there is none. `copy` is the position
    of the copy that decides. `tested`: that copy was restored within the cadence; if not, the
    figure is a rumour. `fates` has one entry for every copy that the system needs.
    """

    system: int
    state: LossState
    loss_minutes: int | None = None
    at_least_minutes: int | None = None
    copy: int | None = None
    tested: bool = False
    fates: tuple[Fate, ...] = ()


def own_loss(system: int, fates: Sequence[Fate], tested: Sequence[bool]) -> OwnLoss:
    """Rule B1 over the fates of a system's copies; `tested` has one entry per fate."""
    known = [
        (not was_tested, fate.loss_minutes, fate.copy)
        for fate, was_tested in zip(fates, tested, strict=True)
        if fate.loss_minutes is not None
    ]
    if known:
        untested, loss, copy = min(known)
        return OwnLoss(system, LossState.BOUNDED, loss, loss, copy, not untested, tuple(fates))
    left = [fate.known_minutes for fate in fates if fate.verdict is not Verdict.LOST]
    if left:
        return OwnLoss(system, LossState.UNKNOWN, at_least_minutes=min(left), fates=tuple(fates))
    return OwnLoss(system, LossState.TOTAL, fates=tuple(fates))


def is_tested(copy: Copy, cadence_days: int, today: date) -> bool:
    """Its last restore test succeeded, and that was within the cadence."""
    return (
        copy.restore_outcome is Outcome.SUCCESS
        and copy.restore_tested_on is not None
        and (today - copy.restore_tested_on).days <= cadence_days
    )
