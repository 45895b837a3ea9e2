"""Which scenarios concern a system: the columns of the matrix system by scenario, and the
scenarios that its tier is to withstand (rule B5).

Three columns mean something else for each system: `system` is its own failure, `site` the loss
of its site or of one where data are that it stands on, `supplier` the end of a supplier that
holds such data. The loss of a site shows under the site's name, one site of each zone.
"""

from __future__ import annotations

from functools import cached_property

from bcp.engine.backups import Backups
from bcp.engine.effects import Scenario
from bcp.engine.estate import NEVER_AT_A_SITE, Kind, System
from bcp.engine.messages import Message, gettext_noop
from bcp.engine.policies import DEFAULT_RANSOMWARE
from bcp.engine.readiness import Reason, Shortfall
from bcp.engine.scenario import (
    EVERYTHING,
    RANSOMWARE,
    SITE,
    STOLEN_CREDENTIALS,
    SUPPLIER,
    SYSTEM,
    UnknownScenario,
    parse_scenario,
)
from bcp.engine.scenario_on_copies import OWN_FAILURE

_NO_SUCH_SCENARIO = gettext_noop(
    "its tier is to withstand “%(name)s”, which is no scenario of this organisation"
)
_NO_SITE = gettext_noop(
    "its tier is to withstand the loss of its site, and nobody recorded where it runs"
)


class Columns:
    """The scenarios of one estate, by the names that policies and matrices use."""

    def __init__(self, backups: Backups) -> None:
        self._backups = backups
        self._estate = backups.estate
        self._parsed: dict[str, Scenario | None] = {}
        self._of_groups: dict[int, list[int]] = {}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The columns of the matrix in order: the built-in ones, every dwell time that a tier is
        to withstand, and the organisation's combinations."""
        demanded = {
            name for policy in self._estate.tier_policies for name in policy.scenarios or ()
        }
        scenarios = [self.parsed(name) for name in sorted({DEFAULT_RANSOMWARE, *demanded})]
        attacks = {
            one.name: one.dwell_minutes or 0
            for one in scenarios
            if one is not None and one.kind == RANSOMWARE
        }
        return (
            *(SYSTEM, SITE, SUPPLIER),
            *sorted(attacks, key=lambda name: attacks[name]),
            *(STOLEN_CREDENTIALS, EVERYTHING),
            *(one.name for one in self._estate.combinations if self.parsed(one.name)),
        )

    def parsed(self, name: str) -> Scenario | None:
        """The scenario of that name; `None` if there is none (a policy may name what is gone)."""
        if name not in self._parsed:
            try:
                self._parsed[name] = parse_scenario(name, self._estate)
            except UnknownScenario:
                self._parsed[name] = None
        return self._parsed[name]

    def of(self, system: int, name: str) -> list[Scenario]:
        """What a column means for a system; empty if it does not concern it."""
        if name == SYSTEM:
            return [OWN_FAILURE]
        if name == SITE:
            return [Scenario(f"{SITE}:{site}", SITE, site) for site in self._sites(system)]
        if name == SUPPLIER:
            return [
                Scenario(f"{SUPPLIER}:{supplier}", SUPPLIER, supplier)
                for supplier in self._suppliers(system)
            ]
        scenario = self.parsed(name)
        return [] if scenario is None else [scenario]

    def unclear(self, system: int) -> list[Reason]:
        """Why what the system's tier demands cannot be held against it."""
        one = self._estate.systems[system]
        found = []
        for name in dict.fromkeys(self._backups.rules(system).scenarios):
            if name == SITE:
                if one.site is None and one.kind not in NEVER_AT_A_SITE:
                    found.append(Reason(Shortfall.SITE_UNKNOWN, Message(_NO_SITE)))
            elif name not in (SYSTEM, SUPPLIER) and self.parsed(name) is None:
                says = Message(_NO_SUCH_SCENARIO, {"name": name})
                found.append(Reason(Shortfall.SCENARIO_UNKNOWN, says, demand=name))
        return found

    def _stands_on(self, system: int) -> list[System]:
        """The system itself, then the holders of the data that it stands on."""
        groups = self._backups.coupling.data_of[system]
        holders = (member for group in groups for member in self._told_apart(group))
        return [self._estate.systems[one] for one in (system, *holders)]

    def _told_apart(self, group: int) -> list[int]:
        """Of the members of a group, one in each zone and all suppliers; of groups of hundreds
        that is all that the columns depend on."""
        if group not in self._of_groups:
            by_place: dict[object, int] = {}
            for member in self._backups.coupling.groups[group]:
                one = self._estate.systems[member]
                supplier = one.name if one.kind is Kind.SUPPLIER else None
                by_place.setdefault((self._backups.zones.known(one.site), supplier), member)
            self._of_groups[group] = list(by_place.values())
        return self._of_groups[group]

    def _sites(self, system: int) -> list[str]:
        by_zone: dict[object, str] = {}
        for one in self._stands_on(system):
            if one.site is not None:
                by_zone.setdefault(self._backups.zones.of(one.site), one.site)
        return list(by_zone.values())

    def _suppliers(self, system: int) -> list[str]:
        suppliers = (one.name for one in self._stands_on(system) if one.kind is Kind.SUPPLIER)
        return list(dict.fromkeys(suppliers))
