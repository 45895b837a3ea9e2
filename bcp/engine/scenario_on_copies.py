"""What a scenario does to copies: which places are gone, and how far back an attacker was inside.

A combination does all that its parts do; of several dwell times the longest counts (rule B2).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from bcp.engine.effects import Scenario
from bcp.engine.estate import Estate
from bcp.engine.scenario import (
    COMBINATION,
    EVERYTHING,
    RANSOMWARE,
    SITE,
    STOLEN_CREDENTIALS,
    SUPPLIER,
    SYSTEM,
    lost_systems,
)

Zone: TypeAlias = tuple[str, str]
"""What is lost together: ("zone", its name), or ("site", its name) for a site without a zone."""


@dataclass(frozen=True, slots=True)
class Blow:
    """One scenario as seen by a copy.

    `lost` are the systems whose production data are gone, `destroyed` those whose storage is
    gone as well, so that whatever lay on it is; `None` stands for whichever system is asked
    about. `zones` are the places that are gone. `dwell_minutes` is `None` where nothing is
    corrupted. `stolen`: somebody has the administrators' credentials.
    """

    scenario: Scenario
    lost: Set[int] | None
    destroyed: Set[int] | None
    zones: Set[Zone] = frozenset()
    dwell_minutes: int | None = None
    stolen: bool = False

    def loses(self, system: int) -> bool:
        return self.lost is None or system in self.lost

    def destroys(self, system: int) -> bool:
        return self.destroyed is None or system in self.destroyed


OWN_FAILURE = Scenario(SYSTEM, SYSTEM)
"""The failure of each system itself: the column `system` of a matrix (no subject)."""


class Zones:
    """Site → the zone that it is lost with; a site that the estate does not list stands alone."""

    def __init__(self, estate: Estate) -> None:
        self._zones = {site.name: site.zone for site in estate.sites}

    def of(self, site: str) -> Zone:
        zone = self._zones.get(site)
        return ("zone", zone) if zone else ("site", site)

    def known(self, site: str | None) -> Zone | None:
        return None if site is None else self.of(site)


def blow(scenario: Scenario, estate: Estate, zones: Zones) -> Blow:
    """Rule B2 for `scenario`.

    A site takes its zone. The end of a supplier takes the zone of the supplier's site and the
    site that bears its name. Everything takes every zone in which a live system is. Ransomware
    and stolen credentials take no place: what they do to a copy depends on its protection.
    """
    if scenario.kind == COMBINATION:
        parts = [blow(part, estate, zones) for part in scenario.parts]
        return reduce(_both, parts, Blow(scenario, frozenset(), frozenset()))
    if scenario == OWN_FAILURE:
        return Blow(scenario, None, None)
    lost = frozenset(lost_systems(scenario, estate))
    if scenario.kind == RANSOMWARE:
        return Blow(scenario, lost, frozenset(), dwell_minutes=scenario.dwell_minutes)
    if scenario.kind == STOLEN_CREDENTIALS:
        return Blow(scenario, lost, frozenset(), stolen=True)
    return Blow(scenario, lost, lost, zones=_places(scenario, estate, zones))


def _places(scenario: Scenario, estate: Estate, zones: Zones) -> frozenset[Zone]:
    if scenario.kind == SITE:
        return frozenset({zones.of(scenario.subject)})
    if scenario.kind == SUPPLIER:
        sites = {one.site for one in estate.systems if one.name == scenario.subject}
        return frozenset(map(zones.of, {site for site in sites if site} | {scenario.subject}))
    if scenario.kind == EVERYTHING:
        return frozenset({zones.of(one.site) for one in estate.systems if one.site})
    return frozenset()


def _both(one: Blow, other: Blow) -> Blow:
    dwells = [each.dwell_minutes for each in (one, other) if each.dwell_minutes is not None]
    return Blow(
        scenario=one.scenario,
        lost=_union(one.lost, other.lost),
        destroyed=_union(one.destroyed, other.destroyed),
        zones=one.zones | other.zones,
        dwell_minutes=max(dwells, default=None),
        stolen=one.stolen or other.stolen,
    )


def _union(one: Set[int] | None, other: Set[int] | None) -> Set[int] | None:
    return None if one is None or other is None else one | other
