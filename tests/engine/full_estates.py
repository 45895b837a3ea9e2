"""Random estates with everything that decides how long a recovery takes: copies in repositories
that restores share, procedures with steps, tests, teams, contracts of suppliers, people who are
called over systems that may be lost, and scenarios that lose only a part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from bcp.engine.estate import (
    Contact,
    Copy,
    Dependency,
    DurationSource,
    EscalationPath,
    EscalationStep,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    NeededTo,
    Outcome,
    Procedure,
    Site,
    Step,
    System,
    Team,
)

TODAY = date(2026, 3, 2)
SITES = (Site("HQ", "city"), Site("Annex", "city"), Site("Cloud"))
TEAMS = (
    Team("Servers", mobilise_day_minutes=20, mobilise_night_minutes=60),
    Team("Network", mobilise_day_minutes=10, mobilise_night_minutes=None),
)
KINDS = (Kind.APPLICATION, Kind.DATA_STORE, Kind.DATA_STORE, Kind.SUPPLIER, Kind.PROCESS)
NEEDED = (NeededTo.REBUILD, NeededTo.REBUILD, NeededTo.RUN, NeededTo.FULL_SERVICE)
_MINUTES = (None, 0, 1, 7, 40, 90, 123, 200, 300)


@st.composite
def full_estates(draw, *, largest: int = 4, loops: bool = False) -> Estate:
    """Systems need those before them; with `loops` sometimes the first needs the last."""
    count = draw(st.integers(2, largest))
    systems = tuple(draw(_systems(place)) for place in range(count))
    edges = [
        Dependency(u, v, draw(st.sampled_from(NEEDED)), draw(st.sampled_from(("", "", "", "note"))))
        for u in range(1, count)
        for v in sorted(draw(st.sets(st.integers(0, u - 1), min_size=1, max_size=3)))
    ]
    if loops and draw(st.booleans()):
        edges.append(Dependency(0, count - 1))
    return Estate(
        "acme",
        systems,
        tuple(edges),
        sites=SITES,
        teams=TEAMS,
        copies=draw(_copies(systems)),
        procedures=draw(_procedures(count)),
        exercises=draw(_exercises(count)),
        detection_minutes=draw(st.sampled_from((0, 15))),
        **draw(_people(count)),
    )


@st.composite
def _systems(draw, place: int) -> System:
    kind = draw(st.sampled_from(KINDS))
    return System(
        str(place),
        f"system {place}",
        kind=kind,
        site=draw(st.sampled_from(("HQ", "HQ", "Annex", "Cloud", None))),
        rto_minutes=draw(st.none() | st.integers(0, 900)),
        duration_minutes=draw(st.sampled_from(_MINUTES)),
        duration_source=DurationSource.CONTRACT if kind is Kind.SUPPLIER else None,
        team=draw(st.sampled_from((None, None, "Servers", "Network"))),
        escalation=draw(st.sampled_from((None, None, None, "slow"))),
        data_gb=draw(st.sampled_from((None, Decimal(30), Decimal(60), Decimal(90)))),
    )


@st.composite
def _copies(draw, systems: tuple[System, ...]) -> tuple[Copy, ...]:
    """Thirty gigabytes at ten megabytes a second take fifty minutes, if nobody else reads."""
    return tuple(
        Copy(
            place,
            f"{place}.{number}",
            f"copy {place}.{number}",
            medium="disk",
            site="Cloud",
            repository=draw(st.sampled_from(("vault", "vault", "shelf"))),
            interval_minutes=60,
            run_minutes=5,
            lag_minutes=0,
            retention_minutes=20000,
            restore_mb_s=draw(st.sampled_from((None, Decimal(10), Decimal(10)))),
            restore_fixed_minutes=draw(st.sampled_from((0, 0, 11))),
            restore_tested_on=TODAY,
            restore_outcome=Outcome.SUCCESS,
        )
        for place, system in enumerate(systems)
        if system.data_gb
        for number in range(draw(st.integers(0, 2)))
    )


@st.composite
def _procedures(draw, count: int) -> tuple[Procedure, ...]:
    """Some of one step, some of several; a step that nobody timed makes the sum unknown."""
    step = st.sampled_from((5, 20, 20, 45, 130, None))
    return tuple(
        Procedure(
            place,
            tuple(Step(draw(step)) for _ in range(draw(st.integers(1, 3)))),
            approved=draw(st.booleans()),
            approved_on=TODAY,
        )
        for place in draw(st.lists(st.integers(0, count - 1), max_size=2, unique=True))
    )


@st.composite
def _exercises(draw, count: int) -> tuple[Exercise, ...]:
    """Their results qualify under some targets and not under others."""
    return tuple(
        Exercise(
            place,
            "drill",
            ExerciseType.FULL,
            TODAY,
            draw(st.sampled_from((Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILURE))),
            draw(st.integers(0, 300)),
            0,
        )
        for place in draw(st.lists(st.integers(0, count - 1), max_size=2))
    )


@st.composite
def _people(draw, count: int) -> dict[str, object]:
    """Somebody who may declare; the first call may go over a system of our own."""
    carrier = draw(st.sampled_from((None, *(f"system {place}" for place in range(count)))))
    waits = draw(st.sampled_from((0, 30)))
    usual = (
        EscalationStep("Bo", wait_minutes=waits),
        EscalationStep("Ada"),
    )
    slow = (
        EscalationStep("Bo", wait_minutes=45, channel_system=carrier),
        EscalationStep("Ada", channel_system=carrier),
        EscalationStep("Ada", wait_minutes=45),
    )
    return {
        "contacts": (
            Contact("1", "Ada", ("+1",), "+2", "24x7", True, None, TODAY),
            Contact("2", "Bo", ("+3",), "+4", "24x7", False, None, TODAY),
        ),
        "paths": (
            EscalationPath("usual", usual, is_default=True),
            EscalationPath(
                "slow", (EscalationStep("Bo", wait_minutes=45, channel_system=carrier), *slow)
            ),
        ),
    }


@st.composite
def in_scenarios(draw, estates: st.SearchStrategy[Estate]) -> tuple[Estate, str]:
    estate = draw(estates)
    lost = ["everything", "everything", "site:HQ", "ransomware:1d"]
    lost += [f"system:{system.name}" for system in estate.systems[:1]]
    lost += [f"supplier:{s.name}" for s in estate.systems if s.kind is Kind.SUPPLIER]
    return estate, draw(st.sampled_from(lost))
