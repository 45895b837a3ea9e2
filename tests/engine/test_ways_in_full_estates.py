"""What would fix it, against trying everything: nothing of the search or of the estates that it
works out is used here, only what an analysis says of an estate that was changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.changes import Change, Open, Shorten, StandBy, Tighten
from bcp.engine.estate import (
    DurationSource,
    Estate,
    Kind,
    NeededTo,
    Strategy,
)
from bcp.engine.results import Analysis, Effect
from bcp.engine.ways import MOST_CHANGES, MOST_OFFERS, Ways, ways_to_meet
from tests.engine.full_estates import TODAY, full_estates, in_scenarios

STANDBY_TAKES = 30
A_QUARTER = 4


def by_hand(estate: Estate, system: int, rto: int, changes: Iterable[Change]) -> Estate:
    """The estate with the target and the changes in it. Work that was made shorter was shown to be
    in a test; a standby that was bought is the strategy from then on."""
    systems, edges = list(estate.systems), list(estate.dependencies)
    systems[system] = replace(systems[system], rto_minutes=rto)
    shown = set()
    for change in changes:
        if isinstance(change, Open):
            edges = [
                replace(edge, bootstrap=edge.bootstrap or "by hand")
                if (edge.dependent, edge.dependency) == (change.dependent, change.dependency)
                else edge
                for edge in edges
            ]
            continue
        place = change.system
        if isinstance(change, Tighten):
            systems[place] = replace(systems[place], rto_minutes=change.to_minutes)
            continue
        shown.add(place)
        takes = change.to_minutes if isinstance(change, Shorten) else STANDBY_TAKES
        systems[place] = replace(
            systems[place], duration_minutes=takes, duration_source=DurationSource.TEST
        )
        if isinstance(change, StandBy):
            systems[place] = replace(systems[place], strategy=Strategy.HOT_STANDBY)
    return replace(
        estate,
        systems=tuple(systems),
        dependencies=tuple(edges),
        exercises=tuple(one for one in estate.exercises if one.system not in shown),
        procedures=tuple(one for one in estate.procedures if one.system not in shown),
    )


@dataclass(frozen=True)
class Question:
    """One system, the time within which it is to be back, and what is lost."""

    estate: Estate
    scenario: str
    system: int
    rto: int

    def analysed(self, changes: Iterable[Change]) -> Analysis:
        estate = by_hand(self.estate, self.system, self.rto, changes)
        return analyse(estate, self.scenario, today=TODAY)

    def in_time(self, changes: Iterable[Change]) -> bool:
        return self.analysed(changes).systems[self.system].restored_minutes <= self.rto

    def meets(self, changes: Iterable[Change]) -> bool:
        """In time, and no promise below allows more than what is left for it (G1, G3)."""
        analysis = self.analysed(changes)
        if analysis.systems[self.system].restored_minutes > self.rto:
            return False
        left = self.left_for(analysis)
        return all(
            system.rto_minutes is None or system.rto_minutes <= max(0, left[place])
            for place, system in enumerate(analysis.estate.systems)
            if place in left and place != self.system
        )

    def left_for(self, analysis: Analysis) -> dict[int, int]:
        """Rule G3 for this one promise, edge by edge until nothing changes."""
        opened = {edge for loop in analysis.loops for edge in loop.open_edges}
        results = list(analysis.systems)
        left = {self.system: self.rto}
        for _ in results:
            for edge in analysis.estate.dependencies:
                u, v = edge.dependent, edge.dependency
                waits = edge.needed_to is not NeededTo.FULL_SERVICE and not edge.bootstrap
                if not waits or u not in left or (u, v) in opened or u == v:
                    continue
                if results[v].effect is Effect.UNTOUCHED:
                    continue
                work = results[u].duration_minutes or 0 if results[u].effect is Effect.LOST else 0
                asked = left[u] - (work if edge.needed_to is NeededTo.REBUILD else 0)
                left[v] = min(asked, left.get(v, asked))
        return left

    def possible(self) -> list[Change]:
        """Whatever could be changed of the times, each as far as it goes."""
        found: list[Change] = []
        for place, result in enumerate(self.analysed(()).systems):
            takes = result.duration_minutes or 0
            if result.effect is not Effect.LOST or takes <= 1:
                continue
            found.append(Shorten(place, takes, -(-takes // A_QUARTER)))
            kind = self.estate.systems[place].kind
            if takes > STANDBY_TAKES and kind not in (Kind.SUPPLIER, Kind.PROCESS, Kind.FACILITY):
                found.append(StandBy(place, takes))
        return found + [
            Open(*pair)
            for pair in sorted({(e.dependent, e.dependency) for e in self.estate.dependencies})
        ]

    def smallest(self) -> list[frozenset[Change]]:
        """Every set of up to three changes after which it is in time, and no part of which does."""
        found: list[frozenset[Change]] = []
        possible = self.possible()
        for size in range(MOST_CHANGES + 1):
            for some in combinations(possible, size):
                retimed = [one.system for one in some if not isinstance(one, Open)]
                if len(set(retimed)) < len(retimed) or any(set(some) >= one for one in found):
                    continue
                if self.in_time(some):
                    found.append(frozenset(some))
        return found

    def answered(self) -> Ways:
        return ways_to_meet(self.estate, self.system, self.rto, today=TODAY, scenario=self.scenario)


@st.composite
def questions(draw, *, largest: int, loops: bool) -> Question:
    """Of the system that is back last: it waits for most of the others."""
    estate, scenario = draw(in_scenarios(full_estates(largest=largest, loops=loops)))
    restored = [one.restored_minutes for one in analyse(estate, scenario, today=TODAY).systems]
    assume(max(restored) > 0)
    rto = draw(st.integers(max(restored) // 4, max(restored) - 1))
    return Question(estate, scenario, restored.index(max(restored)), rto)


def parts(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    for size in range(len(changes)):
        yield from combinations(changes, size)


def a_minute_longer(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    for place, one in enumerate(changes):
        if isinstance(one, Shorten) and one.to_minutes + 1 < one.from_minutes:
            longer = replace(one, to_minutes=one.to_minutes + 1)
            yield (*changes[:place], longer, *changes[place + 1 :])


@settings(max_examples=250)
@given(questions(largest=5, loops=True))
def test_every_offer_suffices_and_no_part_of_it_nor_a_minute_less_of_saving(question):
    ways = question.answered()
    event(f"offers: {bool(ways.offers)}, exhausted: {ways.exhausted}")
    for offer in ways.offers[:3]:
        every = (*offer.changes, *offer.targets)
        assert question.meets(every)
        then = question.analysed(every).systems[question.system]
        assert then.restored_minutes == offer.restored_minutes
        for part in parts(every):
            assert not question.meets(part)
        for longer in a_minute_longer(offer.changes):
            assert not question.in_time((*longer, *offer.targets))


def kind_of(changes: Iterable[Change]) -> frozenset[object]:
    """The set without its figures."""
    return frozenset(
        one if isinstance(one, Open) else (type(one).__name__, one.system) for one in changes
    )


@settings(max_examples=120)
@given(questions(largest=4, loops=False))
def test_what_was_tried_to_the_end_is_all_that_trying_everything_finds(question):
    ways = question.answered()
    assume(ways.exhausted)
    smallest = {kind_of(one) for one in question.smallest()} - {kind_of(())}
    offered = {kind_of(one.changes) for one in ways.offers}
    event(f"sets: {min(len(smallest), 3)}")
    assert offered <= smallest
    assert len(offered) == len(ways.offers) == min(len(smallest), MOST_OFFERS)


@settings(max_examples=120)
@given(questions(largest=4, loops=False), st.data())
def test_the_work_offered_is_the_longest_that_still_does(question, data):
    """Where the time depends on nothing but work and edges: no longer work does either."""
    ways = question.answered()
    assume(ways.exhausted)
    for offer in ways.offers:
        for place, one in enumerate(offer.changes):
            if isinstance(one, Shorten):
                longer = data.draw(st.integers(one.to_minutes + 1, one.from_minutes))
                changes = list(offer.changes)
                changes[place] = replace(one, to_minutes=longer)
                assert not question.in_time((*changes, *offer.targets))
