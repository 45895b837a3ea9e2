"""Random estates for the properties: small enough for brute force, mean enough to matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from bcp.engine.estate import (
    Contact,
    Dependency,
    EscalationPath,
    EscalationStep,
    Estate,
    Kind,
    NeededTo,
    Site,
    System,
    Team,
)

TODAY = date(2026, 3, 2)

minutes = st.integers(min_value=0, max_value=300)
maybe_minutes = st.none() | minutes


@st.composite
def systems(draw, count: int, *, teams=(), paths=()) -> tuple[System, ...]:
    names = draw(st.permutations([f"system {chr(97 + i)}" for i in range(count)]))
    return tuple(
        System(
            key=str(position),
            name=name,
            kind=draw(st.sampled_from((Kind.APPLICATION, Kind.SUPPLIER))),
            tier=draw(st.sampled_from((None, 1, 2, 3, 4))),
            site=draw(st.sampled_from((None, "HQ", "Annex", "Cloud", "Lab"))),
            rto_minutes=draw(st.none() | st.integers(min_value=0, max_value=1200)),
            duration_minutes=draw(maybe_minutes),
            team=draw(st.sampled_from((None, *teams))),
            escalation=draw(st.sampled_from((None, *paths))),
        )
        for position, name in enumerate(names)
    )


@st.composite
def dependencies(draw, count: int, *, loops: bool, most: int = 14) -> tuple[Dependency, ...]:
    position = st.integers(min_value=0, max_value=count - 1)
    pairs = draw(st.lists(st.tuples(position, position), max_size=most))
    if not loops:
        pairs = [(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1]]
        places = draw(st.permutations(range(count)))
        pairs = [(places[u], places[v]) for u, v in pairs]
    return tuple(
        Dependency(
            u,
            v,
            draw(st.sampled_from((NeededTo.REBUILD, NeededTo.RUN, NeededTo.FULL_SERVICE))),
            draw(st.sampled_from(("", "", "", "break-glass account"))),
        )
        for u, v in pairs
    )


SITES = (Site("HQ", "city"), Site("Annex", "city"), Site("Cloud"), Site("Lab"))
TEAMS = (
    Team("Servers", mobilise_day_minutes=20, mobilise_night_minutes=60),
    Team("Databases", mobilise_day_minutes=45, mobilise_night_minutes=30),
    Team("Network", mobilise_day_minutes=10, mobilise_night_minutes=None),
)
PATHS = (
    EscalationPath(
        "default",
        (EscalationStep("Ada", wait_minutes=10), EscalationStep("Bo", wait_minutes=15)),
        is_default=True,
    ),
    EscalationPath("nights", (EscalationStep("Cy", wait_minutes=5),)),
)
CONTACTS = (
    Contact("1", "Ada", ("+1",), coverage="Mo-Fr 08:00-18:00", may_declare=True),
    Contact("2", "Bo", ("+2",), coverage="24x7", may_declare=True),
    Contact("3", "Cy", ("+3",), coverage="Mo-Su 20:00-06:00", may_declare=True),
)


def with_authority(estate: Estate) -> Estate:
    """The estate with somebody who is reached at once at any hour: activation adds nothing."""
    return replace(
        estate,
        contacts=(Contact("1", "Ada", ("+1",), "+2", "24x7", True, None, TODAY),),
        paths=(EscalationPath("default", (EscalationStep("Ada"),), is_default=True),),
        detection_minutes=0,
    )


@st.composite
def estates(draw, *, loops: bool = True, largest: int = 8) -> Estate:
    count = draw(st.integers(min_value=1, max_value=largest))
    return Estate(
        organisation="acme",
        systems=draw(
            systems(count, teams=[team.name for team in TEAMS], paths=("default", "nights"))
        ),
        dependencies=draw(dependencies(count, loops=loops)),
        sites=SITES,
        contacts=CONTACTS,
        teams=TEAMS,
        paths=PATHS,
        detection_minutes=draw(maybe_minutes),
    )


@st.composite
def scenarios(draw, estate: Estate) -> str:
    """The name of a scenario that the estate has."""
    names = ["everything", "site:HQ", "site:Cloud"]
    names += [f"system:{system.name}" for system in estate.systems]
    names += [f"supplier:{s.name}" for s in estate.systems if s.kind is Kind.SUPPLIER]
    return draw(st.sampled_from(names))


@st.composite
def estates_in_scenarios(draw, *, loops: bool = True) -> tuple[Estate, str]:
    estate = draw(estates(loops=loops))
    return estate, draw(scenarios(estate))


@dataclass(frozen=True)
class Rota:
    """Coverage as data, so that the brute force need not read it as the engine does."""

    rules: tuple[tuple[frozenset[int], int, int], ...]
    """(days on which it starts, first minute of the day, minutes it lasts)."""

    @property
    def text(self) -> str:
        names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
        return "; ".join(
            f"{','.join(names[day] for day in sorted(days))} "
            f"{clock(start)}-{clock((start + length - 1) % 1440 + 1)}"
            for days, start, length in self.rules
        )

    def covers(self, minute: int) -> bool:
        return any(
            (minute - day * 1440 - start) % 10080 < length
            for days, start, length in self.rules
            for day in days
        )


ALWAYS = Rota(((frozenset(range(7)), 0, 1440),))


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@st.composite
def rotas(draw) -> Rota:
    days = st.frozensets(st.integers(min_value=0, max_value=6), min_size=1)
    start = st.integers(min_value=0, max_value=1439)
    length = st.integers(min_value=1, max_value=1439)
    if draw(st.booleans()):
        return ALWAYS
    return Rota(tuple(draw(st.lists(st.tuples(days, start, length), max_size=3))))
