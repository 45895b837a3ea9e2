"""The matrix system by scenario: what each column takes from each system, against its RPO (B5).

A column may mean several scenarios for a system (the loss of each site on which its data are); a
cell shows the worst of them. The word and shape of a cell follow the same rules as the class of
a system: a cell that a tier demands and that misses is a reason why the backups half is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bcp.engine.backups import Backups
from bcp.engine.columns import Columns
from bcp.engine.contents import Holds
from bcp.engine.estate import NEVER_AT_A_SITE
from bcp.engine.loss import LOSES, LossState, OwnLoss
from bcp.engine.messages import Message
from bcp.engine.readiness import misses_rpo
from bcp.engine.remedies import remedy
from bcp.engine.scenario import SITE
from bcp.engine.shared_loss import SystemLoss, worst_of


class Mark(StrEnum):
    """How a cell stands against the RPO."""

    MISSES = "misses"
    """More than the RPO is lost, or all of it."""
    UNKNOWN = "unknown"
    """Nobody can say how much is lost, or nobody decided how much may be."""
    UNTESTED = "untested"
    """The figure is within the RPO, but a rumour: nobody restored what it rests on (B1)."""
    MEETS = "meets"
    SPARED = "spared"
    """The scenario takes nothing from the system."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One system in one column.

    `loss` is the worst of what the column means for the system; `None` if it means nothing for
    it, or (mark "unknown") if nobody recorded the site on which that depends. `demanded`: the
    tier of the system is to withstand it.
    """

    index: int
    column: str
    loss: SystemLoss | None
    mark: Mark
    demanded: bool
    _backups: Backups = field(repr=False, compare=False)

    @property
    def own(self) -> OwnLoss | None:
        """The loss from the system's own copies with the fate of each; `None` where it holds
        nothing or the scenario does not take the system itself."""
        backups, loss = self._backups, self.loss
        if loss is None or backups.contents.holds[self.index] is Holds.NOTHING:
            return None
        if not backups.blow(loss.scenario).loses(self.index):
            return None
        return backups.own_loss(self.index, loss.scenario)

    @property
    def fix(self) -> Message | None:
        """What would make it hold; `None` if it does."""
        return None if self.loss is None else remedy(self._backups, self.index, self.loss)

    def tested(self, copy: int) -> bool:
        """The copy at that position was restored within the cadence of its system's tier."""
        return self._backups.tested(copy)


class Matrix:
    """Rows of cells, made when asked for from losses that are kept."""

    def __init__(self, backups: Backups, columns: Columns) -> None:
        self._backups = backups
        self._columns = columns
        self._demanded: dict[int | None, frozenset[str]] = {}

    def row(self, index: int) -> tuple[Cell, ...]:
        """One cell per name in `Columns.shown`."""
        return tuple(self.cell(index, name) for name in self._columns.shown)

    def cell(self, index: int, name: str) -> Cell:
        """What the column of that name, or any other scenario, does to the system."""
        losses = [self._backups.loss(index, scenario) for scenario in self._columns.of(index, name)]
        taken = [loss for loss in losses if loss.state in LOSES]
        loss = worst_of(taken) if taken else next(iter(losses), None)
        demanded = name in self._demanded_of(index)
        return Cell(index, name, loss, self._mark(index, name, loss), demanded, self._backups)

    def _demanded_of(self, index: int) -> frozenset[str]:
        """The columns that the system's tier is to withstand; a dwell time may be written in
        other units than in the column's name."""
        tier = self._backups.estate.systems[index].tier
        if tier not in self._demanded:
            names = self._backups.rules(index).scenarios
            parsed = [self._columns.parsed(name) for name in names]
            self._demanded[tier] = frozenset(names) | {one.name for one in parsed if one}
        return self._demanded[tier]

    def _mark(self, index: int, name: str, loss: SystemLoss | None) -> Mark:
        system = self._backups.estate.systems[index]
        if loss is None:
            nowhere = name == SITE and system.site is None and system.kind not in NEVER_AT_A_SITE
            return Mark.UNKNOWN if nowhere else Mark.SPARED
        if loss.state is LossState.TOTAL:
            return Mark.MISSES
        rpo = system.rpo_minutes
        if loss.state is LossState.UNKNOWN:
            least = loss.rpo_loss_at_least_minutes
            return Mark.MISSES if _more(least, rpo) else Mark.UNKNOWN
        if loss.state is not LossState.BOUNDED:
            return Mark.SPARED
        if misses_rpo(loss, system):
            return Mark.MISSES
        if rpo is None and loss.loss_minutes and self._backups.coupling.data_of[index]:
            return Mark.UNKNOWN
        return Mark.MEETS if loss.tested else Mark.UNTESTED


def _more(minutes: int | None, than: int | None) -> bool:
    return minutes is not None and than is not None and minutes > than
