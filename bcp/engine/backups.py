"""The losses of an estate, worked out when asked for and kept (rules B1, B2, B4).

An estate of thousands of systems costs nothing until somebody reads of its backups. What is made
of the losses, system by system, is in `backup_answers`.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from bcp.engine.contents import Contents, Holds, contents
from bcp.engine.coupling import Coupling, coupling
from bcp.engine.effects import Scenario
from bcp.engine.estate import Copy, Estate, Exercise, Procedure
from bcp.engine.exercises import Proof, prove
from bcp.engine.loss import LossState, OwnLoss, is_tested, own_loss
from bcp.engine.policies import TierRules, tier_rules
from bcp.engine.scenario_on_copies import Blow, Zones, blow
from bcp.engine.shared_loss import SystemLoss, alone, group_loss, worst_of
from bcp.engine.survival import judge


class Backups:
    """Rules B1, B2 and B4 for one estate on one day; `today` is the organisation's date.

    Systems and copies are named by their positions in the estate, scenarios as
    `scenario.parse_scenario` returns them, or `blow.OWN_FAILURE`.
    """

    def __init__(self, estate: Estate, *, today: date) -> None:
        self.estate = estate
        self.today = today
        self.zones = Zones(estate)
        self._blows: dict[str, Blow] = {}
        self._own: dict[tuple[int, str], OwnLoss] = {}
        self._of_group: dict[tuple[int, str], SystemLoss | None] = {}
        self._proofs: dict[int, Proof] = {}

    @cached_property
    def contents(self) -> Contents:
        return contents(self.estate)

    @cached_property
    def coupling(self) -> Coupling:
        return coupling(self.estate, self.contents.holds)

    @cached_property
    def _rules(self) -> dict[int | None, TierRules]:
        return tier_rules(self.estate)

    def rules(self, system: int) -> TierRules:
        """The policy that the system's tier sets."""
        tier = self.estate.systems[system].tier
        return self._rules.get(tier, self._rules[None])

    @cached_property
    def procedures(self) -> dict[int, Procedure]:
        """The procedure of each system that has one: an approved one before a draft, the last
        approved before an earlier one."""
        best: dict[int, Procedure] = {}
        for procedure in self.estate.procedures:
            other = best.get(procedure.system)
            if other is None or _weight(procedure) >= _weight(other):
                best[procedure.system] = procedure
        return best

    @cached_property
    def _exercises(self) -> dict[int, list[Exercise]]:
        found: dict[int, list[Exercise]] = {}
        for exercise in self.estate.exercises:
            found.setdefault(exercise.system, []).append(exercise)
        return found

    def proof(self, system: int) -> Proof:
        """What the system's exercises prove, and when the next one is due (X3, X4)."""
        if system not in self._proofs:
            self._proofs[system] = prove(
                self.estate.systems[system],
                self._exercises.get(system, ()),
                self.rules(system),
                holds_data=self.contents.holds[system] is Holds.DATA,
                today=self.today,
            )
        return self._proofs[system]

    def needed_copies(self, system: int) -> list[Copy]:
        """The copies of what the system needs copies of."""
        return [self.estate.copies[position] for position in self.contents.needed[system]]

    def tested(self, copy: int) -> bool:
        """It was restored successfully within the cadence of its system's tier (B1)."""
        one = self.estate.copies[copy]
        return is_tested(one, self.rules(one.system).restore_test_days, self.today)

    def blow(self, scenario: Scenario) -> Blow:
        if scenario.name not in self._blows:
            self._blows[scenario.name] = blow(scenario, self.estate, self.zones)
        return self._blows[scenario.name]

    def own_loss(self, system: int, scenario: Scenario) -> OwnLoss:
        """Rules B1 and B2 for the system's own copies, as if the scenario took its data."""
        if not self.contents.needed[system]:
            return OwnLoss(system, LossState.TOTAL)
        key = system, scenario.name
        if key not in self._own:
            struck = self.blow(scenario)
            owner, copies = self.estate.systems[system], self.estate.copies
            needed = self.contents.needed[system]
            self._own[key] = own_loss(
                system,
                [
                    judge(position, copies[position], owner, struck, self.zones)
                    for position in needed
                ],
                [self.tested(position) for position in needed],
            )
        return self._own[key]

    def loss(self, system: int, scenario: Scenario) -> SystemLoss:
        """Rules B1, B2 and B4 for one system in one scenario."""
        groups = self.coupling.data_of[system]
        of_groups = [self._loss_of_group(group, scenario) for group in groups]
        shared = [one for one in of_groups if one is not None]
        if shared:
            return shared[0] if len(shared) == 1 else worst_of(shared)
        if not self.blow(scenario).loses(system):
            return SystemLoss(scenario, LossState.UNTOUCHED)
        if groups:
            return SystemLoss(scenario, LossState.BOUNDED, 0, 0, tested=True)
        if self.contents.holds[system] is Holds.NOTHING:
            return SystemLoss(scenario, LossState.NOTHING_HELD)
        return alone(scenario, self.own_loss(system, scenario))

    def _loss_of_group(self, group: int, scenario: Scenario) -> SystemLoss | None:
        key = group, scenario.name
        if key not in self._of_group:
            self._of_group[key] = group_loss(
                self.coupling.groups[group],
                self.blow(scenario),
                lambda member: self.own_loss(member, scenario),
                self.estate.copies,
            )
        return self._of_group[key]


def _weight(procedure: Procedure) -> tuple[bool, date]:
    return procedure.approved, procedure.approved_on or date.min
