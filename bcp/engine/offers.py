"""A set of changes found by `ways`, made as small as it can be and worked out by the engine.

Usually the search has the times exactly right, and the engine confirms them. It has not where a
change alters more than the work and the edges that it names: a loop is opened elsewhere, restores
share a repository and meet at other times, or a way to reach somebody is not lost. There the
engine alone decides, and more time for one may be less for another: so every part of a set is
tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from bcp.engine.backups import Backups
from bcp.engine.chains import Below
from bcp.engine.changes import Change, Shorten, Tighten, changed, with_target
from bcp.engine.effects import Effect
from bcp.engine.estate import DurationSource, Estate
from bcp.engine.recovery import Recovery, recover
from bcp.engine.scenario import parse_scenario
from bcp.engine.targets import NO_LIMIT, requirements

MOST_DECIDING_TESTS = 3
"""Targets of one offer that decide whether a test counts: each doubles the parts to be tried."""
_ROUNDED_TO_MINUTES = 5
_WHOLE = 1000

_Suffices = Callable[[Sequence[Change]], bool]


@dataclass(frozen=True, slots=True)
class Offer:
    """`changes` make the time, `targets` are those that must be tightened along with it.

    `restored_minutes`: when the system is back after them. No proper subset of both suffices,
    and none of the savings may be a minute less.
    """

    changes: tuple[Change, ...]
    targets: tuple[Tighten, ...]
    restored_minutes: int


class Offers:
    """Makes offers for one system that is to be back within `rto_minutes` in one scenario.

    `now` is the recovery with that target and without changes, `below` what the system waits for
    in it. `is_steady`: the times that `below` gives are those of the engine.
    """

    def __init__(
        self, estate: Estate, system: int, rto_minutes: int, *, today: date, scenario: str
    ) -> None:
        self._wanted = with_target(estate, system, rto_minutes)
        self._system, self._rto_minutes = system, rto_minutes
        self._today, self._scenario = today, scenario
        self.now = self._recovered(())
        self.below = Below(self.now, system)
        self.is_provisional = any(
            one in self.below.systems for loop in self.now.loops for one in loop.systems
        )
        self.is_steady = not (
            self.is_provisional
            or _restores_meet(self.now, self.below.systems)
            or _carrier_is_down(self.now)
        )

    def of(self, found: frozenset[Change]) -> Offer | None:
        """The set with as little asked of everybody as suffices, and with the targets that
        follow; `None` if the engine does not confirm it."""
        changes = self._least(found)
        if changes is None:
            return None
        then = self._recovered(changes)
        targets = _looser_than_required(then, self._system)
        deciding = [one for one in targets if _decides_a_test(self._wanted, one)]
        if len(deciding) > MOST_DECIDING_TESTS:
            return None
        parts = self._parts(changes, deciding, [one for one in targets if one not in deciding])
        if not self._meets((*changes, *targets)) or any(map(self._meets, parts)):
            return None
        longer = ((*one, *targets) for one in _a_minute_longer(changes))
        if deciding and any(map(self._in_time, longer)):
            return None
        restored = self._recovered((*changes, *targets)).timeline.restored[self._system]
        return Offer(changes, targets, restored)

    def _least(self, found: frozenset[Change]) -> tuple[Change, ...] | None:
        """What is left of the set when nobody is asked for more than is needed."""
        if self.is_steady:
            return _relaxed(found, self._in_time_below)
        core = next(filter(self._in_time, _subsets(tuple(sorted(found, key=repr)))), None)
        if core is None:
            return None
        relaxed = _relaxed(core, self._in_time_below)
        if self._in_time(relaxed) and not any(map(self._in_time, _a_minute_longer(relaxed))):
            return relaxed
        return _relaxed(core, self._in_time)

    def _parts(
        self,
        changes: tuple[Change, ...],
        deciding: Sequence[Tighten],
        others: Sequence[Tighten],
    ) -> Iterator[tuple[Change, ...]]:
        """The parts of an offer of which one would do if any part did.

        Leaving out a target alone alters no time, and it stays too loose: so every part keeps all
        the `others`. Fewer changes never make a time shorter where times are steady: there it is
        enough to leave out one. Neither holds of a target that disqualifies a test (X3), which
        alters what the work takes (G9).
        """
        choices = (*changes, *deciding)
        steady = self.is_steady and not deciding
        for part in _subsets(choices, len(choices) - 1 if steady else 0):
            if len(part) < len(choices):
                yield (*part, *others)

    def _in_time_below(self, changes: Sequence[Change]) -> bool:
        return self.below.after(changes).restored_minutes <= self._rto_minutes

    def _in_time(self, changes: Sequence[Change]) -> bool:
        restored = self._recovered(changes).timeline.restored
        return restored[self._system] <= self._rto_minutes

    def _meets(self, changes: Sequence[Change]) -> bool:
        recovery = self._recovered(changes)
        in_time = recovery.timeline.restored[self._system] <= self._rto_minutes
        return in_time and not _looser_than_required(recovery, self._system)

    def _recovered(self, changes: Iterable[Change]) -> Recovery:
        estate = changed(self._wanted, changes)
        scenario = parse_scenario(self._scenario, estate)
        return recover(estate, scenario, Backups(estate, today=self._today))


def _restores_meet(now: Recovery, below: frozenset[int]) -> bool:
    """Whether a restore that decides a time below may share its repository with another one."""
    restores = {
        one: restore.repository
        for one, restore in now.durations.restores.items()
        if now.effects[one] is Effect.LOST
    }
    readers = Counter(restores.values())
    return any(
        readers[repository] > 1 and now.durations.of(one).source is DurationSource.RESTORE
        for one, repository in restores.items()
        if one in below
    )


def _carrier_is_down(now: Recovery) -> bool:
    """Whether people are called over a system that an opened edge could save from being down."""
    estate = now.estate
    carriers = {step.channel_system for path in estate.paths for step in path.steps}
    return any(
        effect is Effect.DOWN and system.name in carriers
        for effect, system in zip(now.effects, estate.systems, strict=True)
    )


def _subsets(of: tuple[Change, ...], fewest: int = 0) -> Iterator[tuple[Change, ...]]:
    for count in range(max(0, fewest), len(of) + 1):
        yield from combinations(of, count)


def _decides_a_test(estate: Estate, change: Tighten) -> bool:
    """Whether the tighter target disqualifies a test that counts now."""
    return any(
        one.system == change.system
        and one.rta_minutes is not None
        and change.to_minutes < one.rta_minutes <= change.from_minutes
        for one in estate.exercises
    )


def _relaxed(found: Iterable[Change], suffices: _Suffices) -> tuple[Change, ...]:
    """The same set with the savings shared out evenly, and then each no greater than needed."""
    changes = tuple(sorted(found, key=repr))
    share = _greatest(0, _WHOLE, lambda thousandths: suffices(_eased(changes, thousandths)))
    changes = _eased(changes, share)
    for place in range(len(changes)):
        changes = _with_the_longest(changes, place, suffices)
    return changes


def _eased(changes: Sequence[Change], thousandths: int) -> tuple[Change, ...]:
    """Every saving is given back by so much, down to a round number."""
    return tuple(
        _given_back(one, thousandths) if isinstance(one, Shorten) else one for one in changes
    )


def _given_back(one: Shorten, thousandths: int) -> Shorten:
    minutes = one.to_minutes + (one.from_minutes - one.to_minutes) * thousandths // _WHOLE
    rounded = minutes // _ROUNDED_TO_MINUTES * _ROUNDED_TO_MINUTES
    return replace(one, to_minutes=max(one.to_minutes, min(rounded, one.from_minutes - 1)))


def _with_the_longest(
    changes: tuple[Change, ...], place: int, suffices: _Suffices
) -> tuple[Change, ...]:
    """The changes with the longest work that still suffices at that place, all others as they
    are."""
    one = changes[place]
    if not isinstance(one, Shorten):
        return changes

    def taking(minutes: int) -> tuple[Change, ...]:
        return (*changes[:place], replace(one, to_minutes=minutes), *changes[place + 1 :])

    longest = _greatest(
        one.to_minutes, one.from_minutes - 1, lambda minutes: suffices(taking(minutes))
    )
    return taking(longest)


def _a_minute_longer(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    """The changes with one of the savings a minute less, each in turn."""
    for place, one in enumerate(changes):
        if isinstance(one, Shorten) and one.to_minutes + 1 < one.from_minutes:
            longer = replace(one, to_minutes=one.to_minutes + 1)
            yield (*changes[:place], longer, *changes[place + 1 :])


def _greatest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The greatest number up to `high` that holds, if everything below one that holds does;
    `low` if none does."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _looser_than_required(recovery: Recovery, system: int) -> tuple[Tighten, ...]:
    """Targets below the system that allow more than its own target leaves them (G1, G3)."""
    own = [one.rto_minutes for one in recovery.estate.systems]
    alone: list[int | None] = [None] * len(own)
    alone[system] = own[system]
    asked = requirements(
        recovery.graph, recovery.timeline.sequence, alone, recovery.work.minutes, ()
    )
    return tuple(
        Tighten(position, rto, max(0, required))
        for position, (rto, required) in enumerate(zip(own, asked.required, strict=True))
        if rto is not None
        and required != NO_LIMIT
        and position != system
        and rto > max(0, required)
    )
