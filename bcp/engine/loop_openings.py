"""One loop from inside: what opening a dependency leaves closed, and what would do as well (G5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from bcp.engine.estate import GATING, Dependency, Estate, NeededTo
from bcp.engine.graph import gating_graph, loops
from bcp.engine.loops import find_loops
from bcp.engine.results import Loop

Pair = tuple[int, int]
"""(dependent, dependency), by their positions in the estate."""

MOST_COMPARED = 14
"""Systems in a loop up to which other smallest sets are looked for: each takes a search."""
MOST_ALTERNATIVES = 12
"""Nobody compares more of them."""
_MOST_SEARCHES = 40


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Other sets of dependencies that open a loop, as small as the proven smallest one."""

    sets: tuple[tuple[Pair, ...], ...]
    complete: bool
    """There is no other such set; if not, there may be, or none was looked for."""


class OneLoop:
    """`edges` are the dependencies that hold the loop closed, by their positions in the estate:
    each of them is on a round, so each can be chosen to be opened."""

    def __init__(self, estate: Estate, loop: Loop) -> None:
        self.loop = loop
        self._members = loop.systems
        local = {system: position for position, system in enumerate(loop.systems)}
        self.edges = tuple(
            position
            for position, edge in enumerate(estate.dependencies)
            if edge.dependent in local
            and edge.dependency in local
            and edge.dependent != edge.dependency
            and edge.needed_to in GATING
            and not edge.bootstrap
        )
        inside = [estate.dependencies[position] for position in self.edges]
        self._needed_to = {(one.dependent, one.dependency): one.needed_to for one in inside}
        self._local = local
        self._graph = gating_graph(
            Estate(
                estate.organisation,
                tuple(estate.systems[system] for system in loop.systems),
                tuple(
                    Dependency(local[one.dependent], local[one.dependency], one.needed_to)
                    for one in inside
                ),
            )
        )

    @property
    def round(self) -> tuple[Pair, ...]:
        """The dependencies of one concrete round; the last leads back to the first."""
        return _round_of(self.loop)

    def needed_to(self, pair: Pair) -> NeededTo:
        """What a dependency of the loop is needed for. Raises `KeyError` for any other pair."""
        return self._needed_to[pair]

    def left_after(self, opened: Iterable[Pair]) -> tuple[Loop, ...]:
        """The loops that remain once `opened` wait no more; none: every round is open."""
        members = self._members
        graph = self._graph.without(self._localised(opened))
        return tuple(
            replace(
                one,
                systems=tuple(members[system] for system in one.systems),
                cycle=tuple(members[system] for system in one.cycle),
                open_edges=tuple((members[u], members[v]) for u, v in one.open_edges),
            )
            for one in find_loops(graph)
        )

    def still_waiting(self, opened: Iterable[Pair]) -> int:
        """How many systems would still wait for each other; takes no search for what to open."""
        graph = self._graph.without(self._localised(opened))
        return sum(map(len, loops(graph)))

    def alternatives(self) -> Alternatives:
        """Other sets as small as the proven smallest one. Each has a dependency of every round, so
        one round after the other is opened at each of its places in turn. None are looked for in
        loops of more than `MOST_COMPARED` systems, nor where no set is proven smallest."""
        fewest = len(self.loop.open_edges)
        if len(self._members) > MOST_COMPARED or not self.loop.exact:
            return Alternatives((), complete=False)
        known = {frozenset(self.loop.open_edges)}
        found: list[tuple[Pair, ...]] = []
        begun = [frozenset([pair]) for pair in self.round]
        seen = set(begun)
        searches, is_proven = 0, True
        for opened in begun:  # grows: what is begun here is gone on with below
            if len(found) == MOST_ALTERNATIVES or searches == _MOST_SEARCHES:
                return Alternatives(tuple(found), complete=False)
            searches += 1
            left = self.left_after(opened)
            is_proven = is_proven and all(one.exact for one in left)
            rest = [edge for one in left for edge in one.open_edges]
            if len(opened) + len(rest) != fewest:
                continue
            other = opened.union(rest)
            if other not in known:
                known.add(other)
                found.append((*sorted(opened), *rest))
            for one in left[:1]:
                further = [opened | {pair} for pair in _round_of(one)]
                begun += [more for more in further if more not in seen]
                seen.update(further)
        return Alternatives(tuple(found), complete=is_proven)

    def _localised(self, pairs: Iterable[Pair]) -> list[Pair]:
        return [(self._local[u], self._local[v]) for u, v in pairs]


def _round_of(loop: Loop) -> tuple[Pair, ...]:
    return tuple(pairwise((*loop.cycle, loop.cycle[0])))


def loop_of(found: Iterable[Loop], system: int) -> int | None:
    """The position of the loop that a system is in; no system is in two. `None`: in none."""
    return next((number for number, loop in enumerate(found) if system in loop.systems), None)


def held_open(estate: Estate) -> tuple[int, ...]:
    """The positions of the dependencies whose bootstrap notes keep a round open: without the
    notes the systems would wait for each other."""
    noted = [
        position
        for position, edge in enumerate(estate.dependencies)
        if edge.bootstrap and edge.needed_to in GATING and edge.dependent != edge.dependency
    ]
    if not noted:
        return ()
    closed = gating_graph(
        replace(
            estate, dependencies=tuple(replace(one, bootstrap="") for one in estate.dependencies)
        )
    )
    loop_number = {
        system: number for number, members in enumerate(loops(closed)) for system in members
    }
    return tuple(
        position
        for position in noted
        if (number := loop_number.get(estate.dependencies[position].dependent)) is not None
        and number == loop_number.get(estate.dependencies[position].dependency)
    )
