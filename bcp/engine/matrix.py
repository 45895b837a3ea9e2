"""The matrix system by scenario: what each column takes from each system, against its RPO (B5).

A column may mean several scenarios for a system (the loss of each site on which its data are); a
cell shows the worst of them. The word and shape of a cell follow the same rules as the class of
a system: a cell that a tier demands and that misses is a reason why the backups half is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bcp.engine.backups import Backups
from bcp.engine.columns import Columns
from bcp.engine.contents import Holds
from bcp.engine.estate import NEVER_AT_A_SITE
from bcp.engine.loss import LOSES, OwnLoss
from bcp.engine.loss_standing import loss_standing
from bcp.engine.messages import Message
from bcp.engine.remedies import remedy
from bcp.engine.scenario import SITE
from bcp.engine.shared_loss import SystemLoss, worst_of
from bcp.engine.standing import Standing


@dataclass(frozen=True, slots=True)
class Cell:
    """One system in one column.

    `loss` is the worst of what the column means for the system; `None` if it means nothing for
    it, or nobody recorded the site on which that depends (then `standing` is "unknown").
    `standing` is `None` where nothing is taken. `demanded`: the tier of the system is to
    withstand it.
    """

    index: int
    column: str
    holds: Holds
    loss: SystemLoss | None
    demanded: bool
    _backups: Backups = field(repr=False, compare=False)

    @property
    def standing(self) -> Standing | None:
        """Against the RPO, in one word; what is within it by copies that nobody restored in time
        is "at risk": a rumour (B1)."""
        system = self._backups.estate.systems[self.index]
        if self.loss is None:
            nowhere = self.column == SITE and system.site is None
            return Standing.UNKNOWN if nowhere and system.kind not in NEVER_AT_A_SITE else None
        if self.loss.state not in LOSES:
            return None
        return loss_standing(self, self.loss, system)

    @property
    def own(self) -> OwnLoss | None:
        """The loss from the system's own copies with the fate of each; `None` where it holds
        nothing or the scenario does not take the system itself."""
        backups, loss = self._backups, self.loss
        if loss is None or self.holds is Holds.NOTHING:
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
        holds = self._backups.contents.holds[index]
        return Cell(index, name, holds, loss, demanded, self._backups)

    def _demanded_of(self, index: int) -> frozenset[str]:
        """The columns that the system's tier is to withstand; a dwell time may be written in
        other units than in the column's name."""
        tier = self._backups.estate.systems[index].tier
        if tier not in self._demanded:
            names = self._backups.rules(index).scenarios
            parsed = [self._columns.parsed(name) for name in names]
            self._demanded[tier] = frozenset(names) | {one.name for one in parsed if one}
        return self._demanded[tier]
