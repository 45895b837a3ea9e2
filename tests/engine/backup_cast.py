"""A small estate for the rules of backups: short names for what the tests vary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bcp.engine.backup_answers import BackupAnswers
from bcp.engine.backups import Backups
from bcp.engine.durations import MINUTES_PER_DAY, MINUTES_PER_HOUR
from bcp.engine.estate import Copy, Estate, Kind, Outcome, Site, System
from bcp.engine.loss import OwnLoss
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.scenario import parse_scenario
from bcp.engine.scenario_on_copies import OWN_FAILURE
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.survival import Fate

TODAY = date(2026, 3, 2)
HOUR, DAY = MINUTES_PER_HOUR, MINUTES_PER_DAY

HQ, ANNEX, VAULT = Site("HQ", "city"), Site("Annex", "city"), Site("Vault")
DATABASE = System("db", "ERP DB", kind=Kind.DATA_STORE, tier=1, site="HQ", rpo_minutes=DAY)
NIGHTLY = Copy(
    0,
    "c1",
    "nightly",
    medium="disk",
    site="Vault",
    interval_minutes=DAY,
    run_minutes=HOUR,
    lag_minutes=30,
    retention_minutes=35 * DAY,
    locked_minutes=0,
    offline=False,
    separate_credentials=False,
    restore_tested_on=TODAY,
    restore_outcome=Outcome.SUCCESS,
)
"""A daily backup off-site that nothing protects from an attacker; restored in a test today."""

LOCKED = replace(NIGHTLY, key="c2", name="locked", medium="object", locked_minutes=35 * DAY)


def estate_of(*copies: Copy, systems: Iterable[System] = (DATABASE,), **others: object) -> Estate:
    return Estate("acme", systems=tuple(systems), sites=(HQ, ANNEX, VAULT), copies=copies, **others)


def loss_in(estate: Estate, name: str, system: int = 0) -> SystemLoss:
    """The loss of a system; `system` is its own failure."""
    backups = Backups(estate, today=TODAY)
    return backups.loss(system, OWN_FAILURE if name == "system" else parse_scenario(name, estate))


def own_loss_in(estate: Estate, name: str, system: int = 0) -> OwnLoss:
    backups = Backups(estate, today=TODAY)
    scenario = OWN_FAILURE if name == "system" else parse_scenario(name, estate)
    return backups.own_loss(system, scenario)


def fate_of(copy: Copy, name: str, **others: object) -> Fate:
    """What a scenario does to the only copy of the only system."""
    (fate,) = own_loss_in(estate_of(copy, **others), name).fates
    return fate


def why(fate: Fate) -> str:
    return "; ".join(map(str, fate.reasons))


def result_of(estate: Estate, system: int = 0, name: str = "everything") -> BackupResult:
    backups = Backups(estate, today=TODAY)
    return BackupAnswers(backups, parse_scenario(name, estate)).of(system)
