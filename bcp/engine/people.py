"""Who must be at work, and for how long, to recover each system (rule S1).

The recovery of a system is its activities, one after the other; together they take its duration
(rule G9). Where its procedure is timed they are the steps, stretched or shortened alike if a test
showed another duration than their sum. Where it is not, the whole duration keeps one person of
the system's team busy, and that is said to be a guess: it may take more. A supplier without
timed steps needs nobody of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bcp.engine.effects import Effect
from bcp.engine.estate import DurationSource, Kind, Procedure, Step, Strategy, System, Team
from bcp.engine.procedures import totals
from bcp.engine.promise import Guess
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import Shifts


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as people at work; without `shifts` nobody said how many there are by day and off
    hours, and it counts as large enough for everything."""

    name: str
    shifts: Shifts | None


@dataclass(frozen=True, slots=True)
class Activity:
    """Keeps `heads` people of one crew busy for `minutes`, 1 or more. `crew` is a position in
    `People.crews`, `None` where nobody of ours is needed or nobody knows whose work it is."""

    minutes: int
    crew: int | None = None
    heads: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """The work of one scenario: by system its activities in turn; systems without any have no
    work. `guesses` is what nobody said of the people that a system takes."""

    crews: tuple[Crew, ...]
    activities: Mapping[int, tuple[Activity, ...]]
    guesses: Mapping[int, frozenset[Guess]]


def people_at_work(
    recovery: Recovery, procedures: Mapping[int, Procedure], minutes: Sequence[int]
) -> People:
    """Rule S1 for every system that the scenario loses. `procedures` are by position, `minutes`
    how long the work of each system takes."""
    teams, systems = recovery.estate.teams, recovery.estate.systems
    crews = tuple(Crew(team.name, _shifts(team)) for team in teams)
    places: dict[str | None, int] = {crew.name: place for place, crew in enumerate(crews)}
    activities, guesses = {}, {}
    for position, taken in enumerate(minutes):
        if not taken or recovery.effects[position] is not Effect.LOST:
            continue
        procedure = procedures.get(position)
        steps = _steps(systems[position], procedure.steps if procedure else (), taken)
        activities[position] = tuple(_activity(step, places) for step in steps)
        unsaid = frozenset(guess for step in steps for guess in _guesses(step, places, crews))
        if unsaid:
            guesses[position] = unsaid
    return People(crews, activities, guesses)


@dataclass(frozen=True, slots=True)
class _Work:
    """Minutes of work of a team; `heads` is `None` where nobody said how many it takes, and 0
    where it is nobody's of ours."""

    minutes: int
    team: str | None
    heads: int | None


def _steps(system: System, steps: Sequence[Step], minutes: int) -> list[_Work]:
    if totals(steps).likely.minutes:
        return [
            _Work(taken, step.team or system.team, step.heads)
            for step, taken in _stretched(steps, minutes)
        ]
    ours = Kind.SUPPLIER is not system.kind and Strategy.SUPPLIER is not system.strategy
    return [_Work(minutes, system.team, None if ours else 0)]


def _activity(work: _Work, places: Mapping[str | None, int]) -> Activity:
    crew = places.get(work.team)
    if work.heads == 0 or crew is None:
        return Activity(work.minutes)
    return Activity(work.minutes, crew, work.heads or 1)


def _guesses(
    work: _Work, places: Mapping[str | None, int], crews: Sequence[Crew]
) -> Iterator[Guess]:
    if work.heads == 0:
        return
    crew = places.get(work.team)
    if crew is None:
        yield Guess.WHO
        return
    if work.heads is None:
        yield Guess.HOW_MANY
    if crews[crew].shifts is None:
        yield Guess.HOW_MANY_THERE_ARE


def _shifts(team: Team) -> Shifts | None:
    if team.heads_day is None or team.heads_night is None:
        return None
    return Shifts(team.heads_day, team.heads_night)


def _stretched(steps: Sequence[Step], minutes: int) -> Iterator[tuple[Step, int]]:
    """The steps with whole minutes that add up to `minutes`; those without any are left out."""
    total = sum(step.likely or 0 for step in steps)
    passed = ends = 0
    for step in steps:
        passed += step.likely or 0
        starts, ends = ends, minutes * passed // total
        if ends > starts:
            yield step, ends - starts


def without_sharing(recovery: Recovery) -> tuple[list[int], frozenset[int]]:
    """How long the work of each system takes at least, and the systems of which it is not more
    than that for sure: those whose restore shares a repository. How long it takes beside others
    depends on what else is restored meanwhile, and that on the order of work (rule G9)."""
    minutes, durations = recovery.work.minutes.copy(), recovery.durations
    lost = {
        system: restore
        for system, restore in durations.restores.items()
        if recovery.effects[system] is Effect.LOST
    }
    of_each = Counter(restore.repository for restore in lost.values())
    sharing = {
        system
        for system, restore in lost.items()
        if of_each[restore.repository] > 1 and durations.of(system).source is DurationSource.RESTORE
    }
    for system in sharing:
        minutes[system] = lost[system].alone_minutes
    return minutes, frozenset(sharing)
