"""What each tier must withstand and how it is to be tested, with the defaults (rules B5, X2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from bcp.engine.durations import BadDuration, compact_minutes, parse_minutes
from bcp.engine.estate import Estate, ExerciseType, TierPolicy
from bcp.engine.rejection import Rejected, gettext_noop
from bcp.engine.scenario import (
    EVERYTHING,
    RANSOMWARE,
    SITE,
    STOLEN_CREDENTIALS,
    SUPPLIER,
    SYSTEM,
)

_Figure = TypeVar("_Figure")

DEFAULT_RANSOMWARE = f"{RANSOMWARE}:14d"

QUARTERLY_DAYS = 92
"""The longest quarter, so that a test on the same day of each quarter is never late."""
YEARLY_DAYS = 365
CHANGE_TEST_DAYS = 30
"""Within these days of a structural change a test is due (rule X4)."""


@dataclass(frozen=True, slots=True)
class TierRules:
    """A tier's policy with nothing left open. `scenarios` as in `estate.TierPolicy`."""

    scenarios: tuple[str, ...]
    minimum_exercise: ExerciseType
    cadence_days: int
    restore_test_days: int
    change_test_days: int


_ATTACKED = (SYSTEM, SITE, DEFAULT_RANSOMWARE, STOLEN_CREDENTIALS)
_DEFAULTS: dict[int | None, TierRules] = {
    1: TierRules(_ATTACKED, ExerciseType.FULL, QUARTERLY_DAYS, QUARTERLY_DAYS, CHANGE_TEST_DAYS),
    2: TierRules(_ATTACKED, ExerciseType.FUNCTIONAL, YEARLY_DAYS, QUARTERLY_DAYS, CHANGE_TEST_DAYS),
    3: TierRules(
        (SYSTEM, SITE, DEFAULT_RANSOMWARE),
        ExerciseType.TABLETOP,
        YEARLY_DAYS,
        QUARTERLY_DAYS,
        CHANGE_TEST_DAYS,
    ),
}
_LEAST = TierRules(
    (SYSTEM, SITE), ExerciseType.TABLETOP, YEARLY_DAYS, QUARTERLY_DAYS, CHANGE_TEST_DAYS
)


BUILT_IN = (SYSTEM, SITE, SUPPLIER, RANSOMWARE, STOLEN_CREDENTIALS, EVERYTHING)
"""What a tier may be asked to withstand, in the order of a matrix's columns; combinations name
their tiers themselves."""

_NO_DEMAND = gettext_noop(
    "“%(name)s” is nothing that a tier can be asked to withstand; allowed are system, site, "
    "supplier, ransomware:14d, stolen_credentials and everything"
)


def demands(names: Iterable[str]) -> tuple[str, ...]:
    """What a policy names, once each and in order, spelled as the columns of a matrix are.

    Of several dwell times the longest stays: whatever withstands it withstands the others.
    Raises `Rejected` for anything else, which could never be held against a system.
    """
    found: dict[str, int] = {}
    for name in names:
        kind, colon, rest = name.strip().partition(":")
        kind = kind.strip().lower()
        dwell = _dwell(rest) if kind == RANSOMWARE else None
        if kind not in BUILT_IN or (kind == RANSOMWARE) != (dwell is not None):
            raise Rejected(_NO_DEMAND, name=name[:80])
        if colon and dwell is None:
            raise Rejected(_NO_DEMAND, name=name[:80])
        found[kind] = max(dwell or 0, found.get(kind, 0))
    return tuple(
        f"{kind}:{compact_minutes(found[kind])}" if kind == RANSOMWARE else kind
        for kind in BUILT_IN
        if kind in found
    )


def _dwell(text: str) -> int | None:
    try:
        return parse_minutes(text)
    except BadDuration:
        return None


def default_rules(tier: int | None) -> TierRules:
    """The rules of a tier that has no policy of its own; no tier counts as the least."""
    return _DEFAULTS.get(tier, _LEAST)


def tier_rules(estate: Estate) -> dict[int | None, TierRules]:
    """The rules of every tier and of "no tier": its policy, and the default where that is open."""
    policies: dict[int | None, TierPolicy] = {one.tier: one for one in estate.tier_policies}
    tiers = {None, 1, 2, 3, 4, *policies}
    return {tier: _filled(default_rules(tier), policies.get(tier)) for tier in tiers}


def _filled(default: TierRules, policy: TierPolicy | None) -> TierRules:
    if policy is None:
        return default
    return TierRules(
        scenarios=_either(policy.scenarios, default.scenarios),
        minimum_exercise=_either(policy.minimum_exercise, default.minimum_exercise),
        cadence_days=_either(policy.cadence_days, default.cadence_days),
        restore_test_days=_either(policy.restore_test_days, default.restore_test_days),
        change_test_days=_either(policy.change_test_days, default.change_test_days),
    )


def _either(own: _Figure | None, default: _Figure) -> _Figure:
    return default if own is None else own
