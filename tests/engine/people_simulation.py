"""Recovery under limited people, read literally: every order of all steps, hour by hour.

Nothing here is shared with the engine but the data. Estates are small and without loops, all
times are whole hours, and a procedure is the only thing that says more of a duration than the
estimate. A step begins in the first hour from which on enough of its team are free, in every hour
in which so many are there at all, until it ends. A system of which a step never finds so many
keeps nobody busy, and is never back.
"""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.estate import Estate, Kind, NeededTo, Step, Strategy, System
from tests.engine.brute_force import gating

HOUR = 60
HOURS = 8 * 7 * 24
NEVER = 10 * HOURS


def outcomes(estate: Estate, places: set[int], activation_hours: int) -> list[list[int]]:
    """When each of `places` is back, in hours, for every order in which their steps can be placed;
    0 for all others. `places` has whatever its systems need."""
    return list(_Search(estate, places, activation_hours).orders())


def is_day(hour: int) -> bool:
    """Whether the hour after the disruption, which comes on a Friday at 18:00, is a working one."""
    of_week = (4 * 24 + 18 + hour) % (7 * 24)
    return of_week // 24 < 5 and 8 <= of_week % 24 < 18


def steps_of(estate: Estate, place: int) -> list[Step]:
    """What has to be done one after the other; `likely` are hours."""
    system = estate.systems[place]
    for procedure in estate.procedures:
        if procedure.system == place:
            return [_in_hours(step, system) for step in procedure.steps if step.likely]
    if not system.duration_minutes:
        return []
    nobody = system.kind is Kind.SUPPLIER or system.strategy is Strategy.SUPPLIER
    return [Step(system.duration_minutes // HOUR, team=None if nobody else system.team, heads=1)]


def _in_hours(step: Step, system: System) -> Step:
    return Step((step.likely or 0) // HOUR, team=step.team or system.team, heads=step.heads or 1)


class _Search:
    def __init__(self, estate: Estate, places: set[int], activation: int) -> None:
        self.places, self.activation = sorted(places), activation
        self.steps = {place: steps_of(estate, place) for place in places}
        self.rebuild: dict[int, list[int]] = {place: [] for place in places}
        self.run: dict[int, list[int]] = {place: [] for place in places}
        for edge in gating(estate):
            if edge.dependent in places:
                kind = self.rebuild if edge.needed_to is NeededTo.REBUILD else self.run
                kind[edge.dependent].append(edge.dependency)
        self.free = {
            team.name: [
                team.heads_day if is_day(hour) else team.heads_night for hour in range(HOURS)
            ]
            for team in estate.teams
            if team.heads_day is not None and team.heads_night is not None
        }
        self.count = len(estate.systems)
        self.ends: dict[int, list[int]] = {place: [] for place in places}
        self.there = {name: hours.copy() for name, hours in self.free.items()}
        for place in self.places:
            if any(self.hours(step, 0) is None for step in self.steps[place]):
                self.steps[place], self.ends[place] = [Step(0)], [NEVER]

    def orders(self) -> Iterator[list[int]]:
        """Goes on with every step that could be next; all placed: says when who is back."""
        could = [one for one in self.places if self.left(one) and self.start(one) is not None]
        if not could:
            yield [self.back(one) or 0 if one in self.ends else 0 for one in range(self.count)]
        for place in could:
            step = self.steps[place][len(self.ends[place])]
            ready = self.ends[place][-1] if self.ends[place] else self.start(place)
            hours = None if ready >= NEVER else self.hours(step, ready)
            taken = hours if hours and step.team in self.free else []
            for hour in taken:
                self.free[step.team][hour] -= step.heads
            self.ends[place].append(NEVER if hours is None else hours[-1] + 1)
            yield from self.orders()
            self.ends[place].pop()
            for hour in taken:
                self.free[step.team][hour] += step.heads

    def left(self, place: int) -> int:
        return len(self.steps[place]) - len(self.ends[place])

    def start(self, place: int) -> int | None:
        """When its first step may begin; `None` while something that it needs is not placed."""
        needs = [self.back(need) for need in self.rebuild[place]]
        return None if None in needs else max([self.activation, *needs])

    def back(self, place: int) -> int | None:
        start, needs = self.start(place), [self.back(need) for need in self.run[place]]
        if start is None or self.left(place) or None in needs:
            return None
        return max([start, *self.ends[place][-1:], *needs])

    def hours(self, step: Step, ready: int) -> list[int] | None:
        """Those in which it is worked on, if it can be done at all."""
        if step.team not in self.free:
            return list(range(ready, ready + step.likely))
        free, there = self.free[step.team], self.there[step.team]
        on_shift = [hour for hour in range(ready, HOURS) if there[hour] >= step.heads]
        for first in range(len(on_shift) - step.likely + 1):
            hours = on_shift[first : first + step.likely]
            if all(free[hour] >= step.heads for hour in hours):
                return hours
        return None
