"""The blast radius of what is chosen, with when it is back, when it hurts and who is to be told:
worked out from a cached analysis, so it costs no query; and the same as plain values for scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from bcp.engine.backups import Backups
from bcp.engine.blast_radius import BlastRadius, Reasons, scenario_of, strike
from bcp.engine.estate import Contact, Kind, System
from bcp.engine.harm import Onset, limit_says, onset_of, urgency
from bcp.engine.impacts import Limit
from bcp.engine.recovery import Recovery, recover
from bcp.engine.results import Analysis
from bcp.engine.scenario import lost_systems
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.standing import Standing
from bcp.engine.telling import (
    PathToClimb,
    Told,
    declarers,
    paths_to_climb,
    to_be_told,
    with_nobody,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is lost: positions of systems, and names of sites. `unknown` are keys and names that
    no live system and no site has."""

    systems: tuple[int, ...]
    sites: tuple[str, ...]
    unknown: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.systems or self.sites)


def chosen(found: Analysis, keys: Iterable[str], sites: Iterable[str]) -> Choice:
    """The choice that system keys and names of sites make, each once, in the order given."""
    places = {system.key: position for position, system in enumerate(found.estate.systems)}
    known_sites = {site.name for site in found.estate.sites}
    keys, sites = list(dict.fromkeys(keys)), list(dict.fromkeys(sites))
    return Choice(
        systems=tuple(places[key] for key in keys if key in places),
        sites=tuple(name for name in sites if name in known_sites),
        unknown=(
            *(key for key in keys if key not in places),
            *(name for name in sites if name not in known_sites),
        ),
    )


@dataclass(frozen=True, slots=True)
class StoppedProcess:
    """A business process that stops: when that hurts, and when it is back by then. `standing`
    says whether it is back before the harm is intolerable."""

    position: int
    system: System
    onset: Onset
    restored_minutes: int
    at_least: bool
    standing: Standing


class Blast:
    """The answer for a choice that names something; what needs more work than the radius itself
    is done when it is asked for."""

    def __init__(self, found: Analysis, choice: Choice, *, today: date) -> None:
        self.found, self.choice = found, choice
        self.scenario = scenario_of(found.estate, choice.systems, choice.sites)
        self.lost = lost_systems(self.scenario, found.estate)
        self.radius: BlastRadius = strike(found.estate, self.lost)
        self._backups = Backups(found.estate, today=today)

    @cached_property
    def stopped(self) -> list[int]:
        return self.radius.stopped

    @cached_property
    def recovery(self) -> Recovery:
        """When everything is back after exactly this loss (rules G2, T3)."""
        return recover(self.found.estate, self.scenario, self._backups)

    @property
    def is_provisional(self) -> bool:
        """Systems that stop wait for each other: times hold once their loop is opened (G5)."""
        stopped = set(self.stopped)
        return any(loop.systems[0] in stopped for loop in self.recovery.loops)

    def loss(self, position: int) -> SystemLoss:
        """What this loss takes of the data of a system (rules B1, B2, B4)."""
        return self._backups.loss(position, self.scenario)

    @cached_property
    def processes(self) -> list[StoppedProcess]:
        """Those that stop, the soonest hurt first."""
        estate = self.found.estate
        answered = {impact.system: impact for impact in estate.impacts}
        rows = [
            self._process(position, onset_of(answered.get(position)))
            for position in self.stopped
            if estate.systems[position].kind is Kind.PROCESS
        ]
        return sorted(rows, key=lambda row: (*urgency(row.onset), row.system.name))

    def _process(self, position: int, onset: Onset) -> StoppedProcess:
        restored = self.recovery.timeline.restored[position]
        at_least = bool(self.recovery.at_least[position])
        return StoppedProcess(
            position,
            self.found.estate.systems[position],
            onset,
            restored,
            at_least,
            _in_time(onset.intolerable, restored, at_least=at_least),
        )

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Who answers for anything that stops, goes on by hand or degrades."""
        radius = self.radius
        return to_be_told(self.found.estate, [*self.stopped, *radius.by_hand, *radius.degraded])

    @cached_property
    def untold(self) -> list[int]:
        """Systems that stop and for which nobody answers."""
        return with_nobody(self.found.estate, self.stopped)

    @property
    def paths(self) -> tuple[PathToClimb, ...]:
        return paths_to_climb(self.found.estate, self.stopped)

    @property
    def declarers(self) -> tuple[Contact, ...]:
        return declarers(self.found.estate)


def _in_time(limit: Limit, restored: int, *, at_least: bool) -> Standing:
    """Whether a process is back before its outage is intolerable. What is unknown is not good."""
    if limit.minutes is not None and restored > limit.minutes:
        return Standing.MISSES
    if limit.may_be_earlier or at_least:
        return Standing.UNKNOWN
    return Standing.MEETS


def first_phone(contact: Contact | None) -> str:
    """The number to try first: the one that works without the organisation's own systems."""
    if contact is None:
        return ""
    return contact.independent_phone or next(iter(contact.phones), "")


def told(blast: Blast) -> dict[str, Any]:
    """The whole answer, ready for JSON. Minutes are whole and count from the disruption; `null`
    is unknown."""
    systems, radius, recovery = blast.found.estate.systems, blast.radius, blast.recovery
    return {
        "lost": [systems[one].name for one in blast.lost],
        "sites": list(blast.choice.sites),
        "stopped_count": len(blast.stopped),
        "provisional": blast.is_provisional,
        "stopped": [
            {
                "id": systems[one].key,
                "name": systems[one].name,
                "steps": steps,
                "through": systems[radius.through[one]].name if one in radius.through else None,
                "restored_minutes": recovery.timeline.restored[one],
                "at_least": bool(recovery.at_least[one]),
            }
            for steps, wave in enumerate(radius.waves)
            for one in wave
        ],
        "by_hand": _spared(systems, radius.by_hand),
        "degraded": _spared(systems, radius.degraded),
        "processes": [
            {
                "id": row.system.key,
                "name": row.system.name,
                "serious": _limit(row.onset.serious),
                "intolerable": _limit(row.onset.intolerable),
                "beyond_repair": _limit(row.onset.beyond_repair),
                "restored_minutes": row.restored_minutes,
                "at_least": row.at_least,
                "back_before_intolerable": row.standing.value,
            }
            for row in blast.processes
        ],
        "tell": [
            {
                "name": one.name,
                "phone": first_phone(one.contact),
                "owns": [systems[at].name for at in one.owns],
                "looks_after": [systems[at].name for at in one.runs],
                "stands_in_for": [systems[at].name for at in one.deputises],
            }
            for one in blast.told
        ],
        "without_anybody": [systems[one].name for one in blast.untold],
        "paths": [{"name": one.path.name, "systems": one.systems} for one in blast.paths],
        "declarers": [{"name": one.name, "phone": first_phone(one)} for one in blast.declarers],
    }


def _spared(systems: Sequence[System], found: Reasons) -> list[dict[str, Any]]:
    return [
        {
            "id": systems[one].key,
            "name": systems[one].name,
            "without": [systems[at].name for at in without],
        }
        for one, without in found.items()
    ]


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "minutes": limit.minutes,
        "at_most": limit.may_be_earlier,
        "category": limit.category.value if limit.category else None,
        "says": limit_says(limit).said(gettext),
    }
