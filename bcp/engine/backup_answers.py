"""The backups half of an analysis, one result per system, made when asked for (rules B1 to B5)."""

from __future__ import annotations

from functools import cached_property

from bcp.engine.backups import Backups
from bcp.engine.columns import Columns
from bcp.engine.contents import Holds
from bcp.engine.effects import Scenario
from bcp.engine.estate import GATING
from bcp.engine.loss import LOSES
from bcp.engine.matrix import Matrix
from bcp.engine.readiness import Facts, Readiness, readiness
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.three_two_one import CopiesRule, copies_rule


class BackupAnswers:
    """Answers for one analysed scenario; the losses behind them are shared by all scenarios."""

    def __init__(self, backups: Backups, scenario: Scenario) -> None:
        self.backups = backups
        self.columns = Columns(backups)
        self.matrix = Matrix(backups, self.columns)
        self._scenario = scenario

    def of(self, index: int) -> BackupResult:
        """Everything that there is to say of one system."""
        backups = self.backups
        losses = self.losses(index)
        holds = backups.contents.holds[index]
        return BackupResult(
            index=index,
            name=backups.estate.systems[index].name,
            holds=holds,
            losses=losses,
            own_losses={
                name: backups.own_loss(index, loss.scenario)
                for name, loss in losses.items()
                if holds is not Holds.NOTHING and backups.blow(loss.scenario).loses(index)
            },
            demanded=frozenset(one.name for one in self._demanded(index) if one.name in losses),
            readiness=self.readiness(index),
            copies_rule=self.copies_rule(index),
            proof=backups.proof(index),
            analysed=self.matrix.cell(index, self._scenario.name),
        )

    def losses(self, index: int) -> dict[str, SystemLoss]:
        """The columns that concern the system, and the analysed scenario."""
        scenarios = [
            scenario for name in self.columns.shown for scenario in self.columns.of(index, name)
        ]
        found: dict[str, SystemLoss] = {}
        for scenario in (*scenarios, self._scenario):
            if scenario.name not in found:
                loss = self.backups.loss(index, scenario)
                if loss.state in LOSES:
                    found[scenario.name] = loss
        return found

    def readiness(self, index: int) -> Readiness:
        """Rule B5 for one system."""
        backups = self.backups
        holds = backups.contents.holds[index]
        demanded = self._demanded(index)
        losses = [backups.loss(index, scenario) for scenario in demanded]
        bare = holds is Holds.CONFIGURATION
        return readiness(
            Facts(
                systems=backups.estate.systems,
                index=index,
                holds=holds,
                stands_on_data=bool(backups.coupling.data_of[index]),
                has_copies=bool(backups.contents.needed[index]),
                demanded=[loss for loss in losses if loss.state in LOSES],
                configuration=[
                    (scenario, backups.own_loss(index, scenario))
                    for scenario in demanded
                    if bare and backups.blow(scenario).loses(index)
                ],
                unclear=self.columns.unclear(index),
                procedure=backups.procedures.get(index),
                proof=backups.proof(index),
                dependents=self._dependents.get(index, 0),
            )
        )

    def _demanded(self, index: int) -> list[Scenario]:
        """The scenarios that the system's tier is to withstand, as they concern it; each once,
        also where a tier names its own site beside "site"."""
        demanded = {
            scenario.name: scenario
            for name in self.backups.rules(index).scenarios
            for scenario in self.columns.of(index, name)
        }
        return list(demanded.values())

    def copies_rule(self, index: int) -> CopiesRule | None:
        """Rule B3 for one system; `None` if it needs no copies."""
        backups = self.backups
        if backups.contents.holds[index] is Holds.NOTHING:
            return None
        return copies_rule(
            backups.estate.systems[index],
            backups.needed_copies(index),
            backups.zones,
            cadence_days=backups.rules(index).restore_test_days,
            today=backups.today,
        )

    @cached_property
    def _dependents(self) -> dict[int, int]:
        """How many systems need each one directly, to be rebuilt or to run."""
        pairs = {
            (edge.dependent, edge.dependency)
            for edge in self.backups.estate.dependencies
            if edge.needed_to in GATING and edge.dependent != edge.dependency
        }
        counts: dict[int, int] = {}
        for _, dependency in pairs:
            counts[dependency] = counts.get(dependency, 0) + 1
        return counts
