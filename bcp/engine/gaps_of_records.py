"""Gaps of what is written down about a system: owner, target, strategy, site, duration, deputy.

They are there whatever is lost; only how bad a missing duration is depends on the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.estate import NEVER_AT_A_SITE, Strategy, System
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.recovery import Recovery
from bcp.engine.results import Effect, Gap, Severity
from bcp.engine.severity import by_tier

_OWNER_SAYS = gettext_noop("“%(system)s” has no owner")
_OWNER_FIX = gettext_noop("Name who answers for it and approves its recovery")
_TECHNICAL_OWNER_SAYS = gettext_noop("“%(system)s” has no technical owner")
_TECHNICAL_OWNER_FIX = gettext_noop("Name who knows how it is rebuilt, and a deputy")
_STRATEGY_SAYS = gettext_noop("“%(system)s” has no recovery strategy")
_STRATEGY_FIX = gettext_noop("Decide how it comes back: standby, rebuild, restore or by hand")
_SITE_SAYS = gettext_noop("nobody recorded where “%(system)s” runs")
_SITE_FIX = gettext_noop("Give it a site, so that the loss of that site shows what goes with it")
_DURATION_SAYS = gettext_noop(
    "nobody knows how long the recovery of “%(system)s” takes; every time that rests on it "
    "is “at least”"
)
_DURATION_FIX = gettext_noop("Type in an estimate now; a procedure or a test replaces it later")
_TARGET_SAYS = gettext_noop("“%(system)s” is tier %(tier)s and has no approved target")
_TARGET_FIX = gettext_noop("Propose a recovery time and have it approved")
_TARGET_FIX_BY_TIER = gettext_noop(
    "Propose a recovery time and have it approved; its tier promises %(promise)s"
)
_ALONE_SAYS = gettext_noop(
    "only %(person)s answers for “%(system)s” and knows how to rebuild it; there is no deputy"
)
_ALONE_FIX = gettext_noop("Name a deputy, or a technical owner who is not the owner")


def record_gaps(recovery: Recovery) -> Iterator[Gap]:
    """Every gap of every system's record, system by system."""
    estate = recovery.estate
    promises = {
        policy.tier: policy.rto_minutes
        for policy in estate.tier_policies
        if policy.rto_minutes is not None
    }
    for index, system in enumerate(estate.systems):
        if system.tier is not None and system.rto_minutes is None:
            yield _target_gap(index, system, promises.get(system.tier))
        if recovery.durations.of(index).minutes is None:
            is_lost = recovery.effects[index] is Effect.LOST
            yield _duration_gap(index, system, is_lost=is_lost)
        yield from _owner_gaps(index, system)
        if system.strategy in (None, Strategy.NONE):
            severity = by_tier(system, up_to_high=1, up_to_medium=2)
            yield _gap(index, system, "strategy_missing", severity, _STRATEGY_SAYS, _STRATEGY_FIX)
        if system.site is None and system.kind not in NEVER_AT_A_SITE:
            severity = by_tier(system, up_to_high=0, up_to_medium=1)
            yield _gap(index, system, "site_missing", severity, _SITE_SAYS, _SITE_FIX)


def _gap(index: int, system: System, code: str, severity: Severity, says: str, fix: str) -> Gap:
    """A gap whose sentence names the system and nothing else."""
    sentence = Message(says, {"system": system.name})
    return Gap.of_system(index, system, code, severity, sentence, Message(fix))


def _target_gap(index: int, system: System, promise: int | None) -> Gap:
    return Gap.of_system(
        index,
        system,
        "target_missing",
        by_tier(system, up_to_high=1, up_to_medium=2),
        Message(_TARGET_SAYS, {"system": system.name, "tier": system.tier}),
        Message(_TARGET_FIX)
        if promise is None
        else Message(_TARGET_FIX_BY_TIER, {"promise": Minutes(promise)}),
    )


def _duration_gap(index: int, system: System, *, is_lost: bool) -> Gap:
    severity = by_tier(system, up_to_high=1, up_to_medium=2)
    if severity is Severity.HIGH and not is_lost:
        severity = Severity.MEDIUM
    return _gap(index, system, "duration_unknown", severity, _DURATION_SAYS, _DURATION_FIX)


def _owner_gaps(index: int, system: System) -> Iterator[Gap]:
    severity = by_tier(system, up_to_high=0, up_to_medium=2)
    if system.owner is None:
        yield _gap(index, system, "owner_missing", severity, _OWNER_SAYS, _OWNER_FIX)
    if system.technical_owner is None:
        code = "technical_owner_missing"
        yield _gap(index, system, code, severity, _TECHNICAL_OWNER_SAYS, _TECHNICAL_OWNER_FIX)
    elif (
        system.tier == 1
        and system.owner == system.technical_owner
        and system.deputy in (None, system.owner)
    ):
        yield Gap.of_system(
            index,
            system,
            "single_point_of_failure",
            Severity.HIGH,
            Message(_ALONE_SAYS, {"system": system.name, "person": system.owner}),
            Message(_ALONE_FIX),
        )
