"""Maps of an organisation: what is drawn of a view, and its drawing, kept by its content.

Everything is taken from an analysis and, with one query, from what is proposed. The key of a
drawing is the organisation and everything that is drawn, so it is never stale and never another
tenant's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise

from django.core.cache import cache
from django.utils.translation import get_language, gettext, ngettext

from bcp.documents.map_drawing import Drawing, draw
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.engine.estate import GATING, NeededTo
from bcp.engine.freshness import doubts, unverified_people
from bcp.engine.map_groups import Between, Group, Grouping, Groups, strongest
from bcp.engine.map_views import View
from bcp.engine.results import Analysis
from bcp.engine.reviews import doubts_of, states_of
from bcp.engine.standing import Standing
from bcp.models.organisations import Organisation
from bcp.models.proposed_dependencies import ProposedDependency
from bcp.models.systems import KindChoice

__all__ = [
    *("Drawing", "Scene", "group_label", "picture", "scene_of_groups", "scene_of_view"),
    "undrawn_words",
]

_KEPT_SECONDS = 60 * 60


@dataclass(frozen=True, slots=True)
class Scene:
    """What a map shows, ready to be drawn or written to a file."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    undrawn: tuple[MapEdge, ...] = ()
    """Between groups: what would make the picture a tangle. It stands in no picture, which says
    so, but in every table and in every file for other programs."""


def scene_of_view(
    answer: Analysis,
    view: View,
    *,
    today: date,
    proposals: Iterable[ProposedDependency] = (),
    href: Callable[[str], str] | None = None,
) -> Scene:
    """The systems of a view and what runs between them, in the order of `view`; `href` gives the
    page of a system's key, none where the map leaves the product. Of the `proposals` those between
    two of the systems are drawn as what they are."""
    estate = answer.estate
    zones = {site.name: site.zone or site.name for site in estate.sites}
    unverified = unverified_people(estate, today)
    reviewed = states_of(estate, view.systems, today=today)
    links = _critical_links(answer, view)
    on_chain = {end for link in links for end in link}
    nodes = []
    for index in view.systems:
        system, result = estate.systems[index], answer.systems[index]
        nodes.append(
            MapNode(
                key=system.key,
                label=system.name,
                kind=str(KindChoice(system.kind.value).label),
                tier=system.tier,
                site=system.site,
                zone=zones.get(system.site or "", system.site or ""),
                standing=result.standing,
                readiness=answer.classes[index],
                href=href(system.key) if href else "",
                is_focus=index == view.focus,
                in_loop=result.in_loop,
                on_chain=index in on_chain,
                no_owner=system.owner is None,
                stale="; ".join(
                    one.said(gettext)
                    for one in chain(
                        doubts(answer, index, unverified), doubts_of(estate, reviewed[index])
                    )
                ),
            )
        )
    return Scene(tuple(nodes), (*_edges(answer, view.edges, links), *_proposed(nodes, proposals)))


def _proposed(
    nodes: Sequence[MapNode], proposals: Iterable[ProposedDependency]
) -> Iterator[MapEdge]:
    """A bootstrap note that nobody accepted opens nothing: it is not drawn."""
    shown = {node.key for node in nodes}
    for one in proposals:
        if one.dependent_id in shown and one.dependency_id in shown:
            yield MapEdge(
                one.dependent_id, one.dependency_id, NeededTo(one.needed_to), proposed=True
            )


def _critical_links(answer: Analysis, view: View) -> set[tuple[int, int]]:
    """The (dependent, dependency) pairs that decide when the focus is back; with no focus, when
    the last of the systems shown is."""
    last = view.focus
    if last is None:
        last = max(
            view.systems, key=lambda one: (answer.systems[one].restored_minutes, -one), default=None
        )
    if last is None:
        return set()
    shown = set(view.systems)
    return {
        (above, below)
        for below, above in pairwise(answer.systems[last].binding_chain)
        if above in shown and below in shown
    }


def _edges(
    answer: Analysis, positions: Sequence[int], links: set[tuple[int, int]]
) -> Iterator[MapEdge]:
    loop_of = dict(
        chain.from_iterable(
            ((system, number) for system in loop.systems)
            for number, loop in enumerate(answer.loops)
        )
    )
    for position in positions:
        edge = answer.estate.dependencies[position]
        loop = loop_of.get(edge.dependent)
        gates = edge.needed_to in GATING and not edge.bootstrap
        yield MapEdge(
            dependent=answer.estate.systems[edge.dependent].key,
            dependency=answer.estate.systems[edge.dependency].key,
            needed_to=edge.needed_to,
            bootstrap=bool(edge.bootstrap),
            in_loop=gates and loop is not None and loop == loop_of.get(edge.dependency),
            on_chain=gates and (edge.dependent, edge.dependency) in links,
        )


# --- groups --------------------------------------------------------------------------------


def scene_of_groups(
    answer: Analysis,
    groups: Groups,
    by: Grouping,
    *,
    every_arrow: bool = False,
    href: Callable[[str], str] | None = None,
) -> Scene:
    """The groups and how much runs between them: what can be followed, or `every_arrow`; `href`
    gives the page of a group's name."""
    nodes = tuple(
        MapNode(
            key=f"group-{position}",
            label=group_label(by, group.name),
            tier=int(group.name) if by is Grouping.TIER and group.name else None,
            href=href(group.name) if href else "",
            note=_note(answer, group),
        )
        for position, group in enumerate(groups.groups)
    )
    drawn = set(groups.between if every_arrow else strongest(groups))
    return Scene(
        nodes,
        tuple(_arrow(one) for one in groups.between if one in drawn),
        tuple(_arrow(one) for one in groups.between if one not in drawn),
    )


def _arrow(one: Between) -> MapEdge:
    return MapEdge(f"group-{one.dependent}", f"group-{one.dependency}", None, count=one.count)


def undrawn_words(scene: Scene) -> str:
    """What the picture leaves out, in a sentence; "" if it leaves out nothing."""
    if not scene.undrawn:
        return ""
    return ngettext(
        "%(count)s weaker arrow is not drawn: it stands for %(dependencies)s of the %(all)s"
        " dependencies between groups.",
        "%(count)s weaker arrows are not drawn: they stand for %(dependencies)s of the %(all)s"
        " dependencies between groups.",
        len(scene.undrawn),
    ) % {
        "count": len(scene.undrawn),
        "dependencies": sum(edge.count or 0 for edge in scene.undrawn),
        "all": sum(edge.count or 0 for edge in scene.edges + scene.undrawn),
    }


def group_label(by: Grouping, name: str) -> str:
    """A group in words; "" is the group of those where it is not recorded."""
    unknown = {
        Grouping.TIER: gettext("No tier"),
        Grouping.SITE: gettext("No site"),
        Grouping.ZONE: gettext("No site"),
        Grouping.OWNER: gettext("No owner"),
        Grouping.TEAM: gettext("No team"),
    }
    if not name:
        return unknown[by]
    if by is Grouping.TIER:
        return gettext("Tier %(tier)s") % {"tier": name}
    if by is Grouping.KIND:
        return str(KindChoice(name).label)
    return name


def _note(answer: Analysis, group: Group) -> str:
    count = len(group.systems)
    said = ngettext("%(count)s system", "%(count)s systems", count) % {"count": count}
    missing = sum(answer.systems[one].standing is Standing.MISSES for one in group.systems)
    if not missing:
        return said
    late = ngettext("%(count)s misses", "%(count)s miss", missing) % {"count": missing}
    return f"{said} · {late}"


# --- drawing -------------------------------------------------------------------------------


def picture(organisation: Organisation, scene: Scene, *, title: str, description: str) -> Drawing:
    """The drawing of a scene for a page, its legend beside it; drawn once for as long as nothing
    in it changes."""
    content = (scene, title, description, get_language())
    digest = hashlib.sha256(repr(content).encode(errors="surrogatepass")).hexdigest()
    key = f"map-drawing:{organisation.pk}:{digest}"
    drawing = cache.get(key)
    if not isinstance(drawing, Drawing):
        drawing = draw(
            scene.nodes, scene.edges, title=title, description=description, legend_inside=False
        )
        cache.set(key, drawing, _KEPT_SECONDS)
    return drawing
