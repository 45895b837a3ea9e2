"""Who must be at work, and for how long, to recover each system (rule S1).

The recovery of a system is its activities, one after the other; together they take its duration
(rule G9). Where its procedure is timed they are the steps, stretched or shortened alike if a test
showed another duration than their sum. Where it is not, the whole duration keeps one person of
the system's team busy, and that is said to be a guess: it may take more. Suppliers need nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bcp.engine.effects import Effect
from bcp.engine.estate import Kind, Procedure, Step, Strategy, System, Team
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
    work. `guesses` has the systems of which somebody must still say who or how many."""

    crews: tuple[Crew, ...]
    activities: Mapping[int, tuple[Activity, ...]]
    guesses: Mapping[int, Guess]


def people_at_work(recovery: Recovery, procedures: Mapping[int, Procedure]) -> People:
    """Rule S1 for every system that the scenario loses; `procedures` by position."""
    sorted_out = _People(recovery.estate.teams)
    for position, minutes in enumerate(recovery.work.minutes):
        if minutes and recovery.effects[position] is Effect.LOST:
            procedure = procedures.get(position)
            steps = procedure.steps if procedure else ()
            sorted_out.add(position, recovery.estate.systems[position], steps, minutes)
    return People(sorted_out.crews, sorted_out.activities, sorted_out.guesses)


class _People:
    def __init__(self, teams: Sequence[Team]) -> None:
        self.crews = tuple(Crew(team.name, _shifts(team)) for team in teams)
        self.activities: dict[int, tuple[Activity, ...]] = {}
        self.guesses: dict[int, Guess] = {}
        self._places = {crew.name: place for place, crew in enumerate(self.crews)}

    def add(self, position: int, system: System, steps: Sequence[Step], minutes: int) -> None:
        if totals(steps).likely.minutes:
            self.activities[position] = tuple(
                self._activity(position, step.team or system.team, step.heads, taken)
                for step, taken in _stretched(steps, minutes)
            )
        elif Kind.SUPPLIER is system.kind or Strategy.SUPPLIER is system.strategy:
            self.activities[position] = (Activity(minutes),)
        else:
            self.activities[position] = (self._activity(position, system.team, None, minutes),)

    def _activity(
        self, position: int, team: str | None, heads: int | None, minutes: int
    ) -> Activity:
        place = None if team is None else self._places.get(team)
        if place is None:
            self.guesses.setdefault(position, Guess.WHO)
            return Activity(minutes)
        if heads is None:
            self.guesses.setdefault(position, Guess.HOW_MANY)
        if self.crews[place].shifts is None:
            self.guesses.setdefault(position, Guess.HOW_MANY_THERE_ARE)
        return Activity(minutes, place, heads or 1)


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
