"""What the backups half of an analysis answers of one system, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bcp.engine.contents import Holds
from bcp.engine.effects import Scenario
from bcp.engine.exercises import Proof
from bcp.engine.loss import OwnLoss
from bcp.engine.matrix import Cell
from bcp.engine.readiness import Readiness
from bcp.engine.shared_loss import SystemLoss, worst_of
from bcp.engine.three_two_one import CopiesRule


@dataclass(frozen=True, slots=True)
class BackupResult:
    """One system's answer.

    `losses` has the scenarios that take something from it, by name, in the order of a matrix's
    columns. `own_losses` are those from its own copies alone, with the fate of each copy, where
    the scenario takes the system itself. `demanded` are the names of those losses that the policy
    of its tier asks to withstand. `copies_rule` is `None` for a system that needs none.
    `analysed` is the analysed scenario as a cell of the matrix, also where it takes nothing.
    """

    index: int
    name: str
    holds: Holds
    losses: dict[str, SystemLoss]
    own_losses: dict[str, OwnLoss]
    demanded: frozenset[str]
    readiness: Readiness
    copies_rule: CopiesRule | None
    proof: Proof
    analysed: Cell

    @property
    def loss_minutes(self) -> dict[str, int | None]:
        """Worst loss by scenario; `None`: no copy is left or nobody can say, `losses` tells."""
        return {name: loss.loss_minutes for name, loss in self.losses.items()}

    @property
    def worst(self) -> SystemLoss | None:
        """The worst of what its tier is to withstand; `None` if nothing of that concerns it."""
        demanded = [loss for name, loss in self.losses.items() if name in self.demanded]
        return worst_of(demanded) if demanded else None

    @property
    def next_test_due(self) -> date:
        return self.proof.due


@dataclass(frozen=True, slots=True)
class Tally:
    """One column of the matrix, counted. `scenario` is one of those that the column stands for;
    `concerned` are the systems from which it takes something, `misses` those of them that lose
    more than their RPO allows, or all."""

    column: str
    scenario: Scenario
    concerned: int
    misses: int
