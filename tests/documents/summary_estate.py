"""Estates with any number of business processes, made by hand, and their executive summaries."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from bcp.documents import summary
from bcp.documents.snapshot import Snapshot
from bcp.documents.summary import Decided
from bcp.engine.acceptance import identity_of
from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, DurationSource, Estate, Kind, NeededTo, System, TierPolicy
from bcp.engine.impact_questions import NEVER, impact_of
from bcp.engine.impacts import Category, Peak, ProcessImpact
from bcp.engine.results import Analysis
from bcp.engine.ways import ways_to_meet
from tests.documents.plan_estate import analysed, printed
from tests.documents.plan_surroundings import TODAY

PROCESSES = ("Payroll", "Order entry", "Dispatch", "Billing", "Support", "Purchasing", "Reporting")
_BELOW = (("Storage array", 240), ("Database", 120), ("Application", 45))


def estate(count: int, *, late: int = 1, name: str = "{name} {number}") -> Estate:
    """`count` business processes that all wait for the same three systems, 6 h 45 min of work. Of
    each seven the first is promised too early and the last has no target; the work takes `late`
    times as long as usual."""
    below = tuple(
        System(
            key=f"below{place:07d}",
            name=label,
            tier=1,
            duration_minutes=minutes * late,
            duration_source=DurationSource.ESTIMATE,
        )
        for place, (label, minutes) in enumerate(_BELOW)
    )
    above = tuple(
        System(
            key=f"proc{number:08d}",
            name=name.format(name=PROCESSES[number % len(PROCESSES)], number=number),
            kind=Kind.PROCESS,
            tier=number % 4 + 1,
            rto_minutes=(240, 480, 720, 1440, 2880, 4320, None)[number % 7],
            duration_minutes=0,
            duration_source=DurationSource.ESTIMATE,
        )
        for number in range(count)
    )
    systems = (*below, *above)
    edges = [Dependency(1, 0), Dependency(2, 1)]
    edges += [Dependency(3 + number, 2, NeededTo.RUN) for number in range(count)]
    answers = tuple(
        impact_of(category, {1: 60, 2: 240, 3: 480, 4: 1440})
        if category is Category.CLIENTS
        else impact_of(category, {1: NEVER})
        for category in Category
    )
    impacts = tuple(
        ProcessImpact(3 + number, answers, Decimal(12000), (), 60, TODAY)
        for number in range(0, count, 2)
    )
    return Estate(
        "Acme Foods",
        systems=systems,
        dependencies=tuple(edges),
        tier_policies=(TierPolicy(1, "Mission-critical", 240, 15),),
        detection_minutes=0,
        impacts=impacts,
    )


def answered(estate: Estate) -> Analysis:
    return analyse(estate, today=TODAY)


def organisation(paper: str = "A4") -> dict[str, Any]:
    return {
        "name": "Acme Foods",
        "slug": "acme",
        "paper": paper,
        "time_zone": "Europe/Berlin",
        "review_months": 6,
        "currency": "EUR",
    }


def accepting(answer: Analysis, count: int, **values: str) -> Decided:
    """The first `count` gaps are accepted; the third process has an open proposal."""
    usual = {"by": "Ada Kern", "until": "2026-06-30", "why": "The new array comes in May."}
    gaps = list(answer.gaps)[:count]
    return Decided(
        {identity_of(gap): {**usual, **values} for gap in gaps},
        [{"system": "proc00000002", "rto_minutes": 360}],
    )


def summary_of(answer: Analysis, decided: Decided | None = None, *, paper: str = "A4") -> Snapshot:
    return summary.build(
        answer,
        organisation(paper),
        decided or Decided({}, ()),
        printed(title="Executive summary"),
        partial(ways_to_meet, answer.estate, today=TODAY),
    )


def everything() -> Analysis:
    """The estate of the printed plan, with a loop, copies and an exercise; its process costs more
    at the end of a month and is out for longer than can be borne."""
    whole = analysed()
    (impact,) = whole.estate.impacts
    dearer = replace(impact, peaks=(Peak("Month end", "last days", Decimal(30000)),))
    systems = tuple(
        replace(one, mtd_minutes=120) if one.name == "Payroll" else one
        for one in whole.estate.systems
    )
    return answered(replace(whole.estate, systems=systems, impacts=(dearer,)))
