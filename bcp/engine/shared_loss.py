"""The loss of a system in one scenario, with what it shares with coupled data (rules B1, B2, B4).

Coupled data come back as of the oldest common restore point: everything in the group goes back
to the member whose newest good point is the oldest. A member that the scenario spares has to
follow the others back as well. The loss of a system without data is that of the data it stands
on; one that stands on none loses its configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bcp.engine.effects import Scenario
from bcp.engine.estate import Copy, CopyKind
from bcp.engine.loss import LossState, OwnLoss
from bcp.engine.scenario_on_copies import Blow
from bcp.engine.survival import Verdict

_RANK = {LossState.BOUNDED: 0, LossState.UNKNOWN: 1, LossState.TOTAL: 2}


@dataclass(frozen=True, slots=True)
class SystemLoss:
    """What a scenario takes from one system.

    `loss_minutes` is `None` unless the state is "bounded"; 0 if the system is lost and the data
    that it stands on are not. `at_least_minutes` is what can be said where the state is
    "unknown". `tested`: every copy behind the figure was restored within the cadence, it is no
    rumour. `system` and `copy` name whose copy decides. `shared` are the losses of the data that
    come back together, that of the system itself included. `newest` is the other end of the pair
    that decides: the member that is taken furthest back; `None` where nobody else is. `stranded`
    are members whose copies may not reach back as far as the common point.
    """

    scenario: Scenario
    state: LossState
    loss_minutes: int | None = None
    at_least_minutes: int | None = None
    tested: bool = False
    system: int | None = None
    copy: int | None = None
    shared: tuple[OwnLoss, ...] = ()
    newest: int | None = None
    stranded: tuple[int, ...] = ()

    @property
    def rpo_loss_minutes(self) -> int | None:
        """What is held against the RPO (rule B5): the age of the newest good point by itself.

        Rule B1 over the surviving copies. The dwell time comes on top of it in `loss_minutes`:
        no copy can shorten the time in which nobody noticed the attacker.
        """
        return _without_dwell(self.loss_minutes, self.scenario)

    @property
    def rpo_loss_at_least_minutes(self) -> int | None:
        return _without_dwell(self.at_least_minutes, self.scenario)


def _without_dwell(minutes: int | None, scenario: Scenario) -> int | None:
    return None if minutes is None else max(0, minutes - (scenario.dwell_minutes or 0))


OwnLosses = Callable[[int], OwnLoss]


def group_loss(
    group: Sequence[int], blow: Blow, own: OwnLosses, copies: Sequence[Copy]
) -> SystemLoss | None:
    """Rule B4 for one group; `None` if the scenario spares all of it."""
    losses = tuple(own(member) for member in group if blow.loses(member))
    if not losses:
        return None
    worst = max(losses, key=lambda one: (_RANK[one.state], one.at_least_minutes or 0))
    bounded = worst.state is LossState.BOUNDED
    return SystemLoss(
        scenario=blow.scenario,
        state=worst.state,
        loss_minutes=worst.loss_minutes,
        at_least_minutes=None
        if worst.state is LossState.TOTAL
        else max(one.at_least_minutes or 0 for one in losses),
        tested=bounded and all(one.tested for one in losses),
        system=worst.system,
        copy=worst.copy,
        shared=losses,
        newest=_newest(group, losses, worst),
        stranded=_stranded(losses, worst, copies),
    )


def alone(scenario: Scenario, own: OwnLoss) -> SystemLoss:
    """The loss of a system that stands on no data: that of its own copies."""
    return SystemLoss(
        scenario,
        own.state,
        own.loss_minutes,
        own.at_least_minutes,
        own.tested,
        own.system,
        own.copy,
        (own,),
    )


def worst_of(losses: Sequence[SystemLoss]) -> SystemLoss:
    """The worst of several; a figure is tested only if all of them are."""
    return max(
        losses, key=lambda one: (_RANK[one.state], one.at_least_minutes or 0, not one.tested)
    )


def _newest(group: Sequence[int], losses: Sequence[OwnLoss], worst: OwnLoss) -> int | None:
    if len(group) == 1:
        return None
    lost = {one.system for one in losses}
    spared = next((member for member in group if member not in lost), None)
    if spared is not None:
        return spared
    others = [one for one in losses if one.system != worst.system]
    best = min(others, key=lambda one: (_RANK[one.state], one.at_least_minutes or 0))
    return best.system


def _stranded(losses: Sequence[OwnLoss], worst: OwnLoss, copies: Sequence[Copy]) -> tuple[int, ...]:
    """Members none of whose surviving copies is known to keep points as old as the common one."""
    common = worst.loss_minutes
    if common is None:
        return ()
    return tuple(
        one.system
        for one in losses
        if one.loss_minutes is not None
        and one.loss_minutes < common
        and not any(
            fate.verdict is Verdict.SURVIVES and _reaches(copies[fate.copy], common)
            for fate in one.fates
        )
    )


def _reaches(copy: Copy, age_minutes: int) -> bool:
    kept = copy.retention_minutes
    return copy.kind is not CopyKind.REPLICA and (kept is None or kept >= age_minutes)
