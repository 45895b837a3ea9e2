"""The smallest sets of changes after which a system would meet a target that it misses now.

Whatever makes it meet the target changes something on the chain that binds it: the work of a
system on it, or an edge of it. So the search branches over the binding chain of what has been
tried so far, fewest changes first, and misses no smallest set within its bounds. What it finds is
worked out again by the engine on the changed estate before it is offered, whole and without each
of its changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from bcp.engine.backups import Backups
from bcp.engine.chains import Below, Tried
from bcp.engine.changes import (
    STANDBY_MINUTES,
    Change,
    Open,
    Shorten,
    StandBy,
    Tighten,
    changed,
    with_target,
)
from bcp.engine.estate import Estate, Kind
from bcp.engine.recovery import Recovery, recover
from bcp.engine.scenario import EVERYTHING, parse_scenario
from bcp.engine.targets import NO_LIMIT, requirements

MOST_CHANGES = 3
"""An offer of more changes than this is a project, not an offer."""
MOST_OFFERS = 6
MOST_TRIALS = 3000
MOST_CHECKED = 3 * MOST_OFFERS
"""So many of the sets found are worked out by the engine: a person waits for the answer."""
MOST_UNSTEADY = 3
"""Targets of one offer that decide whether a test counts: each doubles the parts to be tried."""
LEAST_PART = 4
"""Nobody is believed to bring recovery work below a quarter of what it takes now."""
_ROUNDED_TO_MINUTES = 5

_CANNOT_STAND_BY = (Kind.PROCESS, Kind.FACILITY, Kind.SUPPLIER)


@dataclass(frozen=True, slots=True)
class Offer:
    """`changes` make the time, `targets` are those that must be tightened along with it.

    `restored_minutes`: when the system is back after them. No proper subset of both suffices.
    """

    changes: tuple[Change, ...]
    targets: tuple[Tighten, ...]
    restored_minutes: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The offers, fewest changes first. `exhausted`: everything of up to `MOST_CHANGES` changes
    was tried, so that "none" means none. `at_least`: the time rests on unknown durations, which
    count 0 here as everywhere (G8). `provisional`: a loop is on the way, and all of this holds
    only once it is opened (G5)."""

    system: int
    rto_minutes: int
    restored_minutes: int
    at_least: bool
    provisional: bool
    offers: tuple[Offer, ...]
    exhausted: bool


def ways_to_meet(
    estate: Estate,
    system: int,
    rto_minutes: int,
    *,
    today: date,
    scenario: str = EVERYTHING,
) -> Ways:
    """What would have to change for the system at that position to be restored within
    `rto_minutes`, with no target below it in its way (rules G1–G3, S3)."""
    wanted = with_target(estate, system, rto_minutes)
    now = _recovered(wanted, scenario, today)
    below = Below(now, system)
    found, exhausted = _smallest_sets(now, below, rto_minutes)
    offers: list[Offer] = []
    for checked, tried in enumerate(_varied(found)):
        if len(offers) == MOST_OFFERS:
            break
        if checked == MOST_CHECKED:
            exhausted = False
            break
        offer = _offer(wanted, below, tried, system, rto_minutes, scenario, today)
        if offer is not None:
            offers.append(offer)
    return Ways(
        system,
        rto_minutes,
        now.timeline.restored[system],
        bool(now.at_least[system]),
        any(one in below.systems for loop in now.loops for one in loop.systems),
        tuple(offers),
        exhausted,
    )


def _recovered(estate: Estate, scenario: str, today: date) -> Recovery:
    return recover(estate, parse_scenario(scenario, estate), Backups(estate, today=today))


def _smallest_sets(
    now: Recovery, below: Below, rto_minutes: int
) -> tuple[list[frozenset[Change]], bool]:
    """Sets of changes, each at its full power, that bring the time down far enough and of which
    no part does; and whether nothing of up to `MOST_CHANGES` was left untried."""
    found: list[frozenset[Change]] = []
    level: list[frozenset[Change]] = [frozenset()]
    trials = 0
    for size in range(MOST_CHANGES + 1):
        following: dict[frozenset[Change], None] = {}
        for tried in level:
            if any(known <= tried for known in found):
                continue
            trials += 1
            if trials > MOST_TRIALS:
                return found, False
            answer = below.after(tried)
            if answer.restored_minutes <= rto_minutes:
                found.append(tried)
            elif size < MOST_CHANGES:
                is_last = size == MOST_CHANGES - 1
                for change in _on_the_chain(now, answer, tried):
                    if not is_last or below.at_best(answer, change) <= rto_minutes:
                        following[tried | {change}] = None
        level = list(following)
    return found, True


def _on_the_chain(now: Recovery, answer: Tried, tried: frozenset[Change]) -> Iterable[Change]:
    touched = {one.system for one in tried if not isinstance(one, Open)}
    for system in answer.working:
        minutes = now.work.minutes[system]
        least = -(-minutes // LEAST_PART)
        if system in touched or minutes <= 1:
            continue
        yield Shorten(system, minutes, least)
        kind = now.estate.systems[system].kind
        if minutes > STANDBY_MINUTES and kind not in _CANNOT_STAND_BY:
            yield StandBy(system, minutes)
    for dependent, dependency in answer.edges:
        yield Open(dependent, dependency)


def _varied(found: list[frozenset[Change]]) -> Iterator[frozenset[Change]]:
    """Fewest changes first. Among as many, those of which least has been offered already, so that
    a handful shows different ways; then writing a procedure before saving time before buying a
    standby."""
    weight = {Open: 1, Shorten: 2, StandBy: 3}
    cost = {one: (sum(weight[type(c)] for c in one), sorted(map(repr, one))) for one in found}
    offered: Counter[Change] = Counter()
    left = set(found)
    while left:
        chosen = min(left, key=lambda one: (len(one), sum(offered[c] for c in one), cost[one]))
        yield chosen
        left.remove(chosen)
        offered.update(chosen)


def _offer(
    wanted: Estate,
    below: Below,
    tried: frozenset[Change],
    system: int,
    rto_minutes: int,
    scenario: str,
    today: date,
) -> Offer | None:
    """The set with as little asked of everybody as suffices, and with the targets that follow;
    `None` if the engine does not confirm it."""
    changes = tuple(sorted(_relaxed(below, tried, rto_minutes), key=repr))
    then = _recovered(changed(wanted, changes), scenario, today)
    targets = _looser_than_required(then, system)
    every: tuple[Change, ...] = (*changes, *targets)
    if sum(_tests_depend_on(wanted, one) for one in targets) > MOST_UNSTEADY:
        return None

    def meets(chosen: Sequence[Change]) -> bool:
        recovery = _recovered(changed(wanted, chosen), scenario, today)
        in_time = recovery.timeline.restored[system] <= rto_minutes
        return in_time and not _looser_than_required(recovery, system)

    if not meets(every) or any(map(meets, _parts_to_try(wanted, changes, targets))):
        return None
    return Offer(changes, targets, then.timeline.restored[system])


def _parts_to_try(
    estate: Estate, changes: tuple[Change, ...], targets: tuple[Tighten, ...]
) -> Iterator[tuple[Change, ...]]:
    """The parts of an offer of which one would do if any part did.

    Leaving out a target alone alters no time, and it stays too loose: so every part keeps all of
    them. Fewer changes never make a time shorter: so it is enough to leave out one. Neither holds
    where a tighter target disqualifies a test (X3), which alters what the work takes (G9); there
    every part is tried.
    """
    unsteady = [one for one in targets if _tests_depend_on(estate, one)]
    steady = tuple(one for one in targets if one not in unsteady)
    choices = (*changes, *unsteady)
    fewest = 0 if unsteady else max(0, len(choices) - 1)
    for count in range(fewest, len(choices)):
        for kept in combinations(choices, count):
            yield (*kept, *steady)


def _tests_depend_on(estate: Estate, change: Tighten) -> bool:
    """Whether a tighter target disqualifies a test that counts now."""
    return any(
        one.system == change.system
        and one.rta_minutes is not None
        and change.to_minutes < one.rta_minutes <= change.from_minutes
        for one in estate.exercises
    )


def _relaxed(below: Below, tried: frozenset[Change], rto_minutes: int) -> list[Change]:
    """The same set with the savings no greater than needed, shared out evenly."""
    savings = [one for one in tried if isinstance(one, Shorten)]
    others: list[Change] = [one for one in tried if not isinstance(one, Shorten)]

    def suffices(thousandths: int) -> list[Change] | None:
        eased = [*others, *(_eased(one, thousandths) for one in savings)]
        return eased if below.after(eased).restored_minutes <= rto_minutes else None

    low, high = 0, 1000
    best: list[Change] = [*others, *savings]
    while savings and low < high:
        middle = (low + high + 1) // 2
        eased = suffices(middle)
        if eased is None:
            high = middle - 1
        else:
            low, best = middle, eased
    return best


def _eased(one: Shorten, thousandths: int) -> Shorten:
    minutes = one.to_minutes + (one.from_minutes - one.to_minutes) * thousandths // 1000
    rounded = minutes // _ROUNDED_TO_MINUTES * _ROUNDED_TO_MINUTES
    return Shorten(one.system, one.from_minutes, max(one.to_minutes, rounded))


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
