"""Which systems a map shows: never everything of a large estate, always something in particular.

A view names systems and dependencies by their positions in the estate and holds at most
`MOST_NODES`; what did not fit is named, never dropped in silence. Dependencies of every kind are
followed, because a map shows them all and says which of them gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.engine.effects import Effect
from bcp.engine.estate import Estate
from bcp.engine.neighbourhood import Direction, neighbourhood
from bcp.engine.results import Analysis

MOST_NODES = 120
"""More are a hairball in every layout."""

DEEPEST = 3
_LAST_TIER = 9


@dataclass(frozen=True, slots=True)
class View:
    """`systems` ascending; `edges` are all dependencies between two of them. `hidden` belong to
    the view and did not fit: the nearest and most critical first."""

    systems: tuple[int, ...]
    edges: tuple[int, ...]
    focus: int | None = None
    hidden: tuple[int, ...] = ()

    @property
    def left_out(self) -> int:
        """How many systems did not fit."""
        return len(self.hidden)


def around(estate: Estate, focus: int, depth: int, direction: Direction = Direction.BOTH) -> View:
    """What lies within `depth` steps of `focus`; of a hub the nearest, then the most critical."""
    distance = neighbourhood(estate, focus, depth, direction)
    ranked = sorted(distance, key=lambda one: (distance[one], *_rank(estate, one)))
    return _view(estate, ranked, focus)


def to_the_ground(estate: Estate, focus: int) -> View:
    """Everything that `focus` needs, directly or through others."""
    return around(estate, focus, len(estate.systems), Direction.NEEDS)


def of_systems(estate: Estate, systems: Iterable[int]) -> View:
    """The given systems; of too many the most critical."""
    return _view(estate, sorted(set(systems), key=lambda one: _rank(estate, one)))


def in_order(estate: Estate, ranked: Sequence[int]) -> View:
    """The given systems; of too many the first."""
    return _view(estate, ranked)


def binding_chain(answer: Analysis, system: int) -> View:
    """What decides when `system` is back (rule G2); of too long a chain the end near it."""
    chain = answer.systems[system].binding_chain
    return _view(answer.estate, [system, *chain[::-1]], system)


def loop(answer: Analysis, number: int) -> View:
    """The systems of a loop, by its position in `Analysis.loops` (rule G5)."""
    return of_systems(answer.estate, answer.loops[number].systems)


def struck(answer: Analysis) -> View:
    """What the analysed scenario loses and what is down with it (rule G10), lost ones first."""
    effects = [result.effect for result in answer.systems]
    hit = [index for index, effect in enumerate(effects) if effect is not Effect.UNTOUCHED]
    hit.sort(key=lambda one: (effects[one] is not Effect.LOST, *_rank(answer.estate, one)))
    return _view(answer.estate, hit)


def _rank(estate: Estate, system: int) -> tuple[int, int]:
    """The most critical first, then in the order of the estate."""
    return estate.systems[system].tier or _LAST_TIER, system


def _view(estate: Estate, ranked: Sequence[int], focus: int | None = None) -> View:
    """As many of `ranked` as can be read."""
    distinct = tuple(dict.fromkeys(ranked))
    shown = set(distinct[:MOST_NODES])
    edges = tuple(
        position
        for position, edge in enumerate(estate.dependencies)
        if edge.dependent in shown and edge.dependency in shown
    )
    return View(tuple(sorted(shown)), edges, focus, distinct[MOST_NODES:])
