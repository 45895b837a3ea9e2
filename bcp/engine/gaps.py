"""The gap list: what is missing or wrong, how bad it is, and what fixes it.

Worst first: by severity, then by tier, then by minutes missed. Gaps of the analysis (missed
targets, loops, conflicts) are those of the analysed scenario; gaps of the records (owner,
target, contact) are there whatever is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bcp.engine.estate import NEVER_AT_A_SITE, Strategy
from bcp.engine.gaps_of_impacts import impact_gaps
from bcp.engine.gaps_of_people import people_gaps
from bcp.engine.messages import Message, Minutes, at_least, at_most, gettext_noop
from bcp.engine.recovery import Recovery
from bcp.engine.results import Conflict, Effect, Gap, Loop, Severity
from bcp.engine.severity import LAST_TIER, RANK, by_tier
from bcp.engine.timeline import NOBODY


def find_gaps(recovery: Recovery, conflicts: Sequence[Conflict], *, today: date) -> tuple[Gap, ...]:
    """Every gap of the estate in the analysed scenario, worst first."""
    systems = recovery.estate.systems
    gaps = [
        *_loop_gaps(recovery),
        *_missed_targets(recovery),
        *_conflict_gaps(recovery, conflicts),
        *_record_gaps(recovery),
        *impact_gaps(recovery.estate),
        *people_gaps(recovery.estate, recovery.people_gaps, today=today),
    ]
    restored, own = recovery.timeline.restored, recovery.wanted.own

    def worst_first(gap: Gap) -> tuple[int, int, int]:
        if gap.system is None:
            return RANK[gap.severity], 0, 0
        tier = systems[gap.system].tier or LAST_TIER
        return RANK[gap.severity], tier, min(0, own[gap.system] - restored[gap.system])

    return tuple(sorted(gaps, key=worst_first))


def _of(
    recovery: Recovery,
    index: int,
    code: str,
    severity: Severity,
    says: Message,
    fix: Message,
    case: str = "",
) -> Gap:
    key = recovery.estate.systems[index].key
    return Gap(code, severity, "system", key, index, says, fix, case)


def _loop_gaps(recovery: Recovery) -> Iterator[Gap]:
    for loop in recovery.loops:
        dependent, dependency = loop.open_edges[0]
        yield _of(
            recovery,
            dependent,
            "loop",
            Severity.HIGH,
            Message(
                gettext_noop(
                    "%(count)s systems wait for each other, so none of them can start: %(round)s"
                ),
                {"count": len(loop.systems), "round": _round(recovery, loop)},
            ),
            Message(
                gettext_noop(
                    "Document how “%(dependent)s” is started without “%(dependency)s” "
                    "(a bootstrap note); dependencies to open in all: %(edges)s"
                ),
                {
                    "dependent": recovery.estate.systems[dependent].name,
                    "dependency": recovery.estate.systems[dependency].name,
                    "edges": len(loop.open_edges),
                },
            ),
        )


def _round(recovery: Recovery, loop: Loop, shown: int = 8) -> str:
    names = [recovery.estate.systems[system].name for system in loop.cycle]
    middle = names if len(names) <= shown else [*names[:shown], "…"]
    return " → ".join([*middle, names[0]])


def _missed_targets(recovery: Recovery) -> Iterator[Gap]:
    timeline, wanted = recovery.timeline, recovery.wanted
    slowest = _slowest_on_chain(recovery)
    for index in timeline.sequence:
        restored = timeline.restored[index]
        if restored <= wanted.latest[index]:
            continue
        system = recovery.estate.systems[index]
        longest = recovery.estate.systems[slowest[index]]
        unsure = recovery.at_least[index]
        if restored > wanted.own[index]:
            yield _of(
                recovery,
                index,
                "rto_missed",
                by_tier(system, up_to_high=2, up_to_medium=3),
                Message(
                    gettext_noop(
                        "“%(system)s” is restored after %(restored)s; its target is %(rto)s, "
                        "missed by %(missed)s"
                    ),
                    {
                        "system": system.name,
                        "restored": at_least(restored, unsure),
                        "rto": Minutes(system.rto_minutes),
                        "missed": at_least(restored - wanted.own[index], unsure),
                    },
                ),
                Message(
                    gettext_noop(
                        "Shorten what it waits for (the longest work is that of “%(longest)s”, "
                        "%(duration)s), or propose a target of %(restored)s or more"
                    )
                    if not unsure
                    else gettext_noop(
                        "Find out what is unknown, shorten what it waits for (the longest work "
                        "that is known is that of “%(longest)s”, %(duration)s), or propose a "
                        "target of more than %(restored)s"
                    ),
                    {
                        "longest": longest.name,
                        "duration": Minutes(recovery.work.minutes[slowest[index]]),
                        "restored": Minutes(restored),
                    },
                ),
            )
        elif (decided_by := wanted.required_by(index)) is not None:
            by = recovery.estate.systems[decided_by]
            yield _of(
                recovery,
                index,
                "rto_required_missed",
                by_tier(by, up_to_high=1, up_to_medium=2),
                Message(
                    gettext_noop(
                        "“%(system)s” is restored after %(restored)s; “%(dependent)s” needs it "
                        "within %(required)s"
                    ),
                    {
                        "system": system.name,
                        "restored": at_least(restored, unsure),
                        "dependent": by.name,
                        "required": at_most(wanted.required[index], wanted.at_most[index]),
                    },
                ),
                Message(
                    gettext_noop(
                        "Shorten what it waits for (the longest work is that of “%(longest)s”, "
                        "%(duration)s), or make “%(dependent)s” able to start without it"
                    ),
                    {
                        "longest": longest.name,
                        "duration": Minutes(recovery.work.minutes[slowest[index]]),
                        "dependent": by.name,
                    },
                ),
            )


def _slowest_on_chain(recovery: Recovery) -> list[int]:
    """Per system, whose work is the longest on its binding chain, without walking any chain."""
    minutes, predecessor = recovery.work.minutes, recovery.timeline.predecessor
    slowest = list(range(len(minutes)))
    for index in recovery.timeline.sequence:
        before = predecessor[index]
        if before != NOBODY and minutes[slowest[before]] > minutes[index]:
            slowest[index] = slowest[before]
    return slowest


_CONFLICT_FIXES = {
    "G1": gettext_noop(
        "Approve a target for “%(dependency)s” that is no later than that of “%(dependent)s”, "
        "or relax the latter"
    ),
    "G3": gettext_noop(
        "Approve a tighter target for “%(dependency)s”, shorten the work between it and "
        "“%(dependent)s”, or relax the target of “%(dependent)s”"
    ),
    "G4": gettext_noop(
        "Raise “%(dependency)s” to the tier of “%(dependent)s”, or remove the dependency"
    ),
}


def _conflict_gaps(recovery: Recovery, conflicts: Sequence[Conflict]) -> Iterator[Gap]:
    systems = recovery.estate.systems
    for conflict in conflicts:
        above = systems[conflict.dependent]
        severity = (
            by_tier(above, up_to_high=0, up_to_medium=2)
            if conflict.rule == "G4"
            else by_tier(above, up_to_high=1, up_to_medium=3)
        )
        yield _of(
            recovery,
            conflict.dependency,
            f"conflict_{conflict.rule.lower()}",
            severity,
            conflict.says,
            Message(
                _CONFLICT_FIXES[conflict.rule],
                {"dependent": above.name, "dependency": systems[conflict.dependency].name},
            ),
            case="" if conflict.rule == "G3" else above.key,
        )


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


def _record_gaps(recovery: Recovery) -> Iterator[Gap]:
    promises = {
        policy.tier: policy.rto_minutes
        for policy in recovery.estate.tier_policies
        if policy.rto_minutes is not None
    }
    lost = Effect.LOST
    for index, system in enumerate(recovery.estate.systems):
        here = {"system": system.name}
        if system.tier is not None and system.rto_minutes is None:
            promise = promises.get(system.tier)
            yield _of(
                recovery,
                index,
                "target_missing",
                by_tier(system, up_to_high=1, up_to_medium=2),
                Message(_TARGET_SAYS, {**here, "tier": system.tier}),
                Message(_TARGET_FIX)
                if promise is None
                else Message(_TARGET_FIX_BY_TIER, {"promise": Minutes(promise)}),
            )
        if recovery.durations.of(index).minutes is None:
            severity = by_tier(system, up_to_high=1, up_to_medium=2)
            if recovery.effects[index] is not lost and severity is Severity.HIGH:
                severity = Severity.MEDIUM
            yield _of(
                recovery,
                index,
                "duration_unknown",
                severity,
                Message(_DURATION_SAYS, here),
                Message(_DURATION_FIX),
            )
        if system.owner is None:
            yield _of(
                recovery,
                index,
                "owner_missing",
                by_tier(system, up_to_high=0, up_to_medium=2),
                Message(_OWNER_SAYS, here),
                Message(_OWNER_FIX),
            )
        if system.technical_owner is None:
            yield _of(
                recovery,
                index,
                "technical_owner_missing",
                by_tier(system, up_to_high=0, up_to_medium=2),
                Message(_TECHNICAL_OWNER_SAYS, here),
                Message(_TECHNICAL_OWNER_FIX),
            )
        elif (
            system.tier == 1
            and system.owner == system.technical_owner
            and system.deputy in (None, system.owner)
        ):
            yield _of(
                recovery,
                index,
                "single_point_of_failure",
                Severity.HIGH,
                Message(_ALONE_SAYS, {**here, "person": system.owner}),
                Message(_ALONE_FIX),
            )
        if system.strategy in (None, Strategy.NONE):
            yield _of(
                recovery,
                index,
                "strategy_missing",
                by_tier(system, up_to_high=1, up_to_medium=2),
                Message(_STRATEGY_SAYS, here),
                Message(_STRATEGY_FIX),
            )
        if system.site is None and system.kind not in NEVER_AT_A_SITE:
            yield _of(
                recovery,
                index,
                "site_missing",
                by_tier(system, up_to_high=0, up_to_medium=1),
                Message(_SITE_SAYS, here),
                Message(_SITE_FIX),
            )
