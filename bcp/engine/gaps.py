"""The gap list: what is missing or wrong, how bad it is, and what fixes it.

Worst first: by severity, then by tier, then by minutes missed. Gaps of the analysis (missed
targets, loops, conflicts) are those of the analysed scenario; gaps of the records (owner,
target, contact) are there whatever is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bcp.engine.gaps_of_impacts import impact_gaps
from bcp.engine.gaps_of_people import people_gaps
from bcp.engine.gaps_of_records import record_gaps
from bcp.engine.gaps_of_times import time_gaps
from bcp.engine.messages import Message, gettext_noop
from bcp.engine.recovery import Recovery
from bcp.engine.results import Conflict, Gap, Loop, Severity
from bcp.engine.severity import LAST_TIER, RANK, by_tier


def find_gaps(recovery: Recovery, conflicts: Sequence[Conflict], *, today: date) -> tuple[Gap, ...]:
    """Every gap of the estate in the analysed scenario, worst first."""
    systems = recovery.estate.systems
    gaps = [
        *_loop_gaps(recovery),
        *time_gaps(recovery),
        *_conflict_gaps(recovery, conflicts),
        *record_gaps(recovery),
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


def _loop_gaps(recovery: Recovery) -> Iterator[Gap]:
    for loop in recovery.loops:
        dependent, dependency = loop.open_edges[0]
        yield Gap.of_system(
            dependent,
            recovery.estate.systems[dependent],
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
        yield Gap.of_system(
            conflict.dependency,
            systems[conflict.dependency],
            f"conflict_{conflict.rule.lower()}",
            severity,
            conflict.says,
            Message(
                _CONFLICT_FIXES[conflict.rule],
                {"dependent": above.name, "dependency": systems[conflict.dependency].name},
            ),
            case="" if conflict.rule == "G3" else above.key,
        )
