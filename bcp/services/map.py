"""Maps of an organisation: which systems are on one, and its drawing, kept by its content.

Everything is taken from an analysis, so a map costs no query; the drawing's key is the
organisation and everything that is drawn, so it is never stale and never another tenant's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from django.core.cache import cache
from django.utils.translation import get_language

from bcp.documents.map_drawing import MOST_NODES, Drawing, draw
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.engine.estate import GATING
from bcp.engine.neighbourhood import neighbourhood
from bcp.engine.results import Analysis
from bcp.models.organisations import Organisation
from bcp.models.systems import KindChoice

__all__ = ["MOST_NODES", "Drawing", "Extent", "around", "of_systems", "picture"]

_KEPT_SECONDS = 60 * 60
_LAST_TIER = 9


@dataclass(frozen=True, slots=True)
class Extent:
    """What a map shows: positions in the estate's systems and in its dependencies."""

    systems: tuple[int, ...]
    edges: tuple[int, ...]
    focus: int | None = None
    left_out: int = 0
    """Neighbours of the focus that did not fit."""


def around(answer: Analysis, focus: int, depth: int) -> Extent:
    """The systems within `depth` steps up and down; of a hub the nearest, then the most
    critical, as many as can be read."""
    estate = answer.estate
    near = neighbourhood(estate, focus, depth)
    ranked = sorted(
        near.distance,
        key=lambda one: (near.distance[one], estate.systems[one].tier or _LAST_TIER, one),
    )
    shown = set(ranked[:MOST_NODES])
    edges = tuple(
        edge
        for edge in near.edges
        if estate.dependencies[edge].dependent in shown
        and estate.dependencies[edge].dependency in shown
    )
    return Extent(tuple(sorted(shown)), edges, focus, len(ranked) - len(shown))


def of_systems(answer: Analysis, systems: Iterable[int]) -> Extent:
    """The given systems and every dependency between two of them."""
    shown = set(systems)
    edges = tuple(
        position
        for position, edge in enumerate(answer.estate.dependencies)
        if edge.dependent in shown and edge.dependency in shown
    )
    return Extent(tuple(sorted(shown)), edges)


def picture(
    organisation: Organisation,
    answer: Analysis,
    extent: Extent,
    *,
    title: str,
    description: str,
    href: Callable[[str], str],
) -> Drawing:
    """The drawing of at most `MOST_NODES` systems; `href` gives the page of a system's key."""
    nodes = tuple(_node(answer, index, extent.focus, href) for index in extent.systems)
    edges = tuple(_edges(answer, extent))
    content = repr((nodes, edges, title, description, get_language()))
    digest = hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()
    key = f"map:{organisation.pk}:{digest}"
    drawing = cache.get(key)
    if not isinstance(drawing, Drawing):
        drawing = draw(nodes, edges, title=title, description=description)
        cache.set(key, drawing, _KEPT_SECONDS)
    return drawing


def _node(answer: Analysis, index: int, focus: int | None, href: Callable[[str], str]) -> MapNode:
    system, result = answer.estate.systems[index], answer.systems[index]
    return MapNode(
        key=system.key,
        label=system.name,
        kind=str(KindChoice(system.kind.value).label),
        tier=system.tier,
        site=system.site,
        standing=result.standing,
        readiness=answer.classes[index],
        href=href(system.key),
        is_focus=index == focus,
        in_loop=result.in_loop,
    )


def _edges(answer: Analysis, extent: Extent) -> Iterable[MapEdge]:
    loop_of = dict(
        chain.from_iterable(
            ((system, number) for system in loop.systems)
            for number, loop in enumerate(answer.loops)
        )
    )
    for position in extent.edges:
        edge = answer.estate.dependencies[position]
        loop = loop_of.get(edge.dependent)
        yield MapEdge(
            dependent=answer.estate.systems[edge.dependent].key,
            dependency=answer.estate.systems[edge.dependency].key,
            needed_to=edge.needed_to,
            bootstrap=bool(edge.bootstrap),
            in_loop=loop is not None
            and loop == loop_of.get(edge.dependency)
            and edge.needed_to in GATING
            and not edge.bootstrap,
        )
