"""The smallest sets of changes after which a system would meet a target that it misses now.

Whatever makes it meet the target changes something on the chain that binds it: the work of a
system on it, or an edge of it. So the search branches over the binding chain of what has been
tried so far, fewest changes first, and misses no smallest set within its bounds. What it finds is
worked out again by the engine on the changed estate before it is offered (`offers`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bcp.engine.chains import Below, Tried
from bcp.engine.changes import (
    STANDBY_MINUTES,
    Change,
    Open,
    Shorten,
    StandBy,
)
from bcp.engine.estate import Estate, Kind
from bcp.engine.offers import Offer, Offers
from bcp.engine.recovery import Recovery
from bcp.engine.scenario import EVERYTHING

MOST_CHANGES = 3
"""An offer of more changes than this is a project, not an offer."""
MOST_OFFERS = 6
MOST_TRIALS = 3000
MOST_CHECKED = 3 * MOST_OFFERS
"""So many of the sets found are worked out by the engine: a person waits for the answer."""
LEAST_PART = 4
"""Nobody is believed to bring recovery work below a quarter of what it takes now."""

_CANNOT_STAND_BY = (Kind.PROCESS, Kind.FACILITY, Kind.SUPPLIER)


@dataclass(frozen=True, slots=True)
class Ways:
    """The offers, fewest changes first. `exhausted`: everything of up to `MOST_CHANGES` changes
    was tried, so that "none" means none; it is not where the search stopped at a bound, or where
    its times are not exactly those of the engine (`Offers.is_steady`). `at_least`: the time rests
    on unknown durations, which count 0 here as everywhere (G8). `provisional`: a loop is on the
    way, and all of this holds only once it is opened (G5)."""

    system: int
    rto_minutes: int
    restored_minutes: int
    at_least: bool
    provisional: bool
    offers: tuple[Offer, ...]
    exhausted: bool

    @property
    def in_time(self) -> bool:
        """The time that is known does not miss the target."""
        return self.restored_minutes <= self.rto_minutes

    @property
    def is_met(self) -> bool:
        """The target is certainly met."""
        return self.in_time and not self.at_least


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
    offers = Offers(estate, system, rto_minutes, today=today, scenario=scenario)
    now, below = offers.now, offers.below
    found, exhausted = _smallest_sets(now, below, rto_minutes)
    confirmed: dict[Offer, None] = {}
    for checked, tried in enumerate(_varied(found)):
        if len(confirmed) == MOST_OFFERS:
            break
        if checked == MOST_CHECKED:
            exhausted = False
            break
        offer = offers.of(tried)
        if offer is None:
            exhausted = False
        elif offer.changes or offer.targets:
            confirmed[offer] = None
    return Ways(
        system,
        rto_minutes,
        now.timeline.restored[system],
        bool(now.at_least[system]),
        offers.is_provisional,
        tuple(sorted(confirmed, key=lambda one: len(one.changes))),
        exhausted and offers.is_steady,
    )


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
