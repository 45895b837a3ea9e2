"""Loops and the dependencies that hold them closed: the rows behind them, and plain values for
scripts (rule G5)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from bcp.engine.loop_openings import OneLoop, Pair
from bcp.engine.results import Analysis
from bcp.engine.wording_of_loops import explain_round, why_nothing_starts
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.queries import dependencies

_AT_A_TIME = 400
"""Pairs that one query looks for: databases take only so many values at once."""


def dependencies_between(
    organisation: Organisation, found: Analysis, pairs: Iterable[Pair]
) -> dict[Pair, Dependency]:
    """The recorded dependency of each pair; a pair that is gone by now is left out."""
    systems = found.estate.systems
    wanted = {(systems[u].key, systems[v].key): (u, v) for u, v in pairs}
    keys = list(wanted)
    rows: dict[Pair, Dependency] = {}
    for start in range(0, len(keys), _AT_A_TIME):
        part = keys[start : start + _AT_A_TIME]
        for edge in _between(organisation, part):
            pair = wanted.get((edge.dependent_id, edge.dependency_id))
            if pair is not None:
                rows[pair] = edge
    return rows


def _between(organisation: Organisation, keys: list[tuple[str, str]]) -> QuerySet[Dependency]:
    return dependencies.listing(organisation).filter(
        dependent__in={one for one, _other in keys}, dependency__in={other for _one, other in keys}
    )


def told(
    organisation: Organisation, found: Analysis, numbers: Iterable[int]
) -> list[dict[str, Any]]:
    """The loops at those positions of the analysis; the same queries however many there are."""
    ones = [OneLoop(found.estate, found.loops[number]) for number in numbers]
    others = [one.alternatives() for one in ones]
    pairs = {pair for one in ones for pair in one.loop.open_edges}
    pairs |= {pair for other in others for pairs_of in other.sets for pair in pairs_of}
    rows = dependencies_between(organisation, found, pairs)
    tell = partial(_edge, found, rows)
    return [
        {
            "systems": [_system(found, system) for system in one.loop.systems],
            "round": [found.estate.systems[system].name for system in one.loop.cycle],
            "says": [
                message.said(gettext)
                for message in (*explain_round(found.estate, one), why_nothing_starts(one))
            ],
            "open": [tell(one, pair) for pair in one.loop.open_edges],
            "exact": one.loop.exact,
            "alternatives": [[tell(one, pair) for pair in pairs_of] for pairs_of in other.sets],
            "alternatives_complete": other.complete,
        }
        for one, other in zip(ones, others, strict=True)
    ]


def _system(found: Analysis, position: int) -> dict[str, str]:
    system = found.estate.systems[position]
    return {"id": system.key, "name": system.name}


def _edge(
    found: Analysis, rows: dict[Pair, Dependency], one: OneLoop, pair: Pair
) -> dict[str, Any]:
    row = rows.get(pair)
    return {
        "id": None if row is None else row.pk,
        "dependent": found.estate.systems[pair[0]].name,
        "dependency": found.estate.systems[pair[1]].name,
        "needed_to": one.needed_to(pair).value,
    }
