"""A loss against the approved RPO, in one word: what a cell of the matrix shows (rules B1, B5)."""

from __future__ import annotations

from typing import Protocol

from bcp.engine.contents import Holds
from bcp.engine.estate import System
from bcp.engine.loss import LOSES, LossState
from bcp.engine.readiness import misses_rpo
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.standing import Standing


class Answer(Protocol):
    """Who loses: a `BackupResult` or a `Cell` of the matrix."""

    @property
    def index(self) -> int: ...
    @property
    def holds(self) -> Holds: ...


def loss_standing(answer: Answer, loss: SystemLoss, system: System) -> Standing:
    """One of the losses of `answer`, which is that of `system`.

    Misses: nothing is left, or what is lost is certainly more than the RPO. At risk: within the
    RPO if the copy can be restored, which nobody tried in time (a rumour). Unknown: the loss is,
    or there is no approved RPO to hold it against; configuration alone needs none.
    """
    if loss.state not in LOSES:
        return Standing.MEETS
    least, rpo = loss.rpo_loss_at_least_minutes, system.rpo_minutes
    certain = least is not None and rpo is not None and least > rpo
    if loss.state is LossState.TOTAL or misses_rpo(loss, system) or certain:
        return Standing.MISSES
    if loss.state is LossState.UNKNOWN:
        return Standing.UNKNOWN
    data = answer.holds is Holds.DATA or loss.system != answer.index
    if rpo is None and data and loss.loss_minutes:
        return Standing.UNKNOWN
    return Standing.MEETS if loss.tested else Standing.AT_RISK
