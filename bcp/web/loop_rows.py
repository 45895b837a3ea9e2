"""Loops as pages show them: names, sentences, and the dependencies that can be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from bcp.engine.loop_openings import OneLoop, Pair
from bcp.engine.messages import Message
from bcp.engine.results import Analysis, Loop
from bcp.engine.wording_of_loops import explain_round, why_nothing_starts
from bcp.web.map_tables import NEEDED_TO

MOST_NAMED = 12
MOST_SENTENCES = 30
"""Of a longer round the rest is counted: nobody reads a hundred sentences."""

_MOST_TRIED = 2000
"""Dependencies in a loop up to which the page says of each what it would leave."""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A dependency of a loop. `url` leads to the page that opens it, empty if the reader may not;
    `waiting` are the systems that would still wait without it, `None` if that was not tried."""

    dependent: str
    dependency: str
    needed_to: str | Promise
    url: str
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class LoopRow:
    """A loop in a list; `names` are the first of its systems, `more` counts the others."""

    names: list[str]
    more: int
    count: int
    round: list[str]
    round_more: int
    edges: list[EdgeRow]
    exact: bool
    url: str
    map_url: str


@dataclass(frozen=True, slots=True)
class Story:
    """Why nothing of a loop can start."""

    sentences: tuple[Message, ...]
    more: int
    therefore: Message


def story_of(answer: Analysis, one: OneLoop) -> Story:
    sentences = explain_round(answer.estate, one)
    return Story(
        sentences[:MOST_SENTENCES], max(0, len(sentences) - MOST_SENTENCES), why_nothing_starts(one)
    )


def names_of(answer: Analysis, systems: Sequence[int]) -> tuple[list[str], int]:
    """The first names, and how many more there are."""
    names = [answer.estate.systems[one].name for one in systems[:MOST_NAMED]]
    return names, max(0, len(systems) - MOST_NAMED)


def loop_row(
    answer: Analysis, loop: Loop, edges: list[EdgeRow], *, url: str, map_url: str
) -> LoopRow:
    names, more = names_of(answer, loop.systems)
    cycle, cycle_more = names_of(answer, loop.cycle)
    return LoopRow(
        names=names,
        more=more,
        count=len(loop.systems),
        round=cycle,
        round_more=cycle_more,
        edges=edges,
        exact=loop.exact,
        url=url,
        map_url=map_url,
    )


def edge_rows(
    answer: Analysis,
    one: OneLoop,
    pairs: Iterable[Pair],
    rows: dict[Pair, Any],
    url_of: Callable[[Any], str],
    *,
    tried: bool = False,
) -> list[EdgeRow]:
    """`rows` has the recorded dependency of a pair; `url_of` gives the page that opens it."""
    systems = answer.estate.systems
    is_tried = tried and len(one.edges) <= _MOST_TRIED
    return [
        EdgeRow(
            dependent=systems[pair[0]].name,
            dependency=systems[pair[1]].name,
            needed_to=NEEDED_TO[one.needed_to(pair)],
            url=url_of(rows[pair]) if pair in rows else "",
            waiting=one.still_waiting([pair]) if is_tried else None,
        )
        for pair in pairs
    ]
