"""How bad a gap is, by the tier of the system that it is about."""

from __future__ import annotations

from bcp.engine.estate import System
from bcp.engine.results import Gap, Severity

LAST_TIER = 9
"""Where a system without a tier stands: after all that have one."""

RANK = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def by_tier(system: System, *, up_to_high: int, up_to_medium: int) -> Severity:
    """High up to one tier, medium up to another, low for the rest."""
    tier = system.tier or LAST_TIER
    if tier <= up_to_high:
        return Severity.HIGH
    return Severity.MEDIUM if tier <= up_to_medium else Severity.LOW


def severity_then_tier(gap: Gap, tiers: list[int]) -> tuple[int, int]:
    """The key by which a gap list is worst first; gaps of no system go before those of one."""
    return RANK[gap.severity], 0 if gap.system is None else tiers[gap.system]
