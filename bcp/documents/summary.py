"""The executive summary as plain data, frozen like a plan (rules P1, P2): what was promised, what
is possible, what stands in the way, who accepted it, and what is asked of those who decide.

All figures are those of one analysis. Times are whole minutes, amounts text, unknown is null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bcp.documents import facts, summary_gaps, summary_processes
from bcp.documents.snapshot import Print, Snapshot, cleaned, say, telling
from bcp.engine.acceptance import identity_of, subject_of
from bcp.engine.changes import change_says
from bcp.engine.estate import Exercise, ExerciseType
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Analysis, Severity, Standing
from bcp.engine.ways import Ways

SCHEMA = "bcp-summary/1"
KIND = "summary"

SECTIONS = ("totals", "processes", "ways", "open_gaps", "accepted", "readiness", "decisions")
"""The parts that are facts; the rest says which print this is."""

_MOST_WAYS = 3
"""For so many of the worst processes it is worked out what would let them meet their target."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided, beside the analysis: accepted gaps by `acceptance.identity_of`, with
    `by`, `until` and `why`; and open proposals, with the key of their `system` and
    `rto_minutes`."""

    accepted: Mapping[str, Mapping[str, Any]]
    proposals: Sequence[Mapping[str, Any]]


Search = Callable[[int, int], Ways]
"""`engine.ways.ways_to_meet` in the analysed estate: of a position, and the minutes to meet."""


def facts_of(analysis: Analysis, decided: Decided, search: Search) -> dict[str, Any]:
    """The `SECTIONS`: what the summary says of the analysed estate."""
    processes = summary_processes.processes(
        analysis, {one["system"]: one["rto_minutes"] for one in decided.proposals}
    )
    gaps = [gap for gap in analysis.gaps if gap.code not in facts.OF_THE_MOMENT]
    open_gaps = [gap for gap in gaps if identity_of(gap) not in decided.accepted]
    subject = subject_of(analysis.estate)
    sections = {
        "totals": _totals(analysis, processes),
        "processes": processes,
        "ways": _ways(analysis, processes, search),
        "open_gaps": {
            "counts": {
                one.value: sum(gap.severity is one for gap in open_gaps) for one in Severity
            },
            "kinds": summary_gaps.kinds(analysis, open_gaps),
        },
        "accepted": [
            {
                "subject": subject(gap),
                "severity": gap.severity.value,
                "says": say(gap.says),
                **decided.accepted[identity_of(gap)],
            }
            for gap in gaps
            if identity_of(gap) in decided.accepted
        ],
        "readiness": _readiness(analysis),
        "decisions": _decisions(processes, decided),
    }
    frozen: dict[str, Any] = cleaned(sections)
    return frozen


def build(
    analysis: Analysis,
    organisation: Mapping[str, Any],
    decided: Decided,
    printed: Print,
    search: Search,
) -> Snapshot:
    """The frozen summary: its facts, and which print of them this is."""
    frame = {
        "schema": SCHEMA,
        "kind": KIND,
        "system": None,
        "print": telling(printed),
        "scenario": analysis.scenario.name,
        "organisation": dict(organisation),
    }
    return {**cleaned(frame), **facts_of(analysis, decided, search)}


def _totals(analysis: Analysis, processes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`restored_minutes`: when the last business process is back; without any, the last system."""
    standings = Counter(one["standing"] for one in processes)
    back = [one["restored_minutes"] for one in processes]
    return {
        "systems": len(analysis.systems),
        "processes": len(processes),
        "restored_minutes": max(back, default=analysis.restored_minutes),
        "at_least": any(one["at_least"] for one in processes) if processes else analysis.at_least,
        "promised": sum(one["rto_minutes"] is not None for one in processes),
        "standings": {one.value: standings[one.value] for one in Standing},
        "beyond": sum(one["beyond"] is not None for one in processes),
        "unknown_durations": sum(one.duration_minutes is None for one in analysis.systems),
        "unanswered": sum(not one["answered"] for one in processes),
        "loops": len(analysis.loops),
    }


def _ways(
    analysis: Analysis, processes: Sequence[Mapping[str, Any]], search: Search
) -> list[dict[str, Any]]:
    """For the worst processes that miss their target, and then those that would miss the one that
    is proposed, the first and smallest set of changes after which they would meet it (rule S3);
    none found: no `changes`. `provisional`: a loop on the way must be opened first."""
    places = {system.key: index for index, system in enumerate(analysis.estate.systems)}
    wanted = [
        *((one, one["rto_minutes"]) for one in processes if one["standing"] == Standing.MISSES),
        *(
            (one, one["proposed_minutes"])
            for one in processes
            if one["standing"] != Standing.MISSES
            and one["proposed_minutes"] is not None
            and one["proposed_minutes"] < one["restored_minutes"]
        ),
    ]
    found = []
    for process, rto in wanted[:_MOST_WAYS]:
        ways = search(places[process["key"]], rto)
        best = ways.offers[0] if ways.offers else None
        every = (*best.changes, *best.targets) if best else ()
        found.append(
            {
                "process": process["name"],
                "rto_minutes": rto,
                "restored_minutes": process["restored_minutes"],
                "at_least": process["at_least"],
                "changes": [say(change_says(analysis.estate, one)) for one in every],
                "provisional": ways.provisional,
                "then_minutes": best.restored_minutes if best else None,
            }
        )
    return found


def _readiness(analysis: Analysis) -> dict[str, Any]:
    classes = Counter(analysis.classes)
    return {
        "classes": {one.value: classes[one] for one in ReadinessClass},
        "last_full_test": _last_full_test(analysis.estate.exercises),
    }


def _last_full_test(exercises: Sequence[Exercise]) -> dict[str, Any] | None:
    """The latest full interruption that was done, with how many systems came back as wanted."""
    done = [one for one in exercises if one.type is ExerciseType.FULL and one.done_on]
    if not done:
        return None
    last = max(done, key=lambda one: (one.done_on or date.min, one.name))
    results = [one for one in done if (one.name, one.done_on) == (last.name, last.done_on)]
    return {
        "name": last.name,
        "done_on": last.done_on.isoformat() if last.done_on else None,
        "systems": len(results),
        "outcomes": dict(Counter(one.outcome.value for one in results if one.outcome)),
    }


def _decisions(processes: Sequence[Mapping[str, Any]], decided: Decided) -> dict[str, Any]:
    return {
        "proposals": len(decided.proposals),
        "without_target": sum(one["rto_minutes"] is None for one in processes),
        "looser": sum(one["looser"] for one in processes),
        "unanswered": sum(not one["answered"] for one in processes),
    }
