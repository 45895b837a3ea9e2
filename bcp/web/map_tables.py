"""The tables beside a map: everything that the picture says, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import NeededTo, System
from bcp.engine.map_groups import Grouping, Groups
from bcp.engine.map_views import View
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Analysis, SystemResult
from bcp.services.map import Scene, group_label

NEEDED_TO = {
    NeededTo.REBUILD: _("to rebuild"),
    NeededTo.RUN: _("to run"),
    NeededTo.FULL_SERVICE: _("for full service"),
}
_LAST_TIER = 9


@dataclass(frozen=True, slots=True)
class MapRow:
    """A system of the map, for the table beside it."""

    system: System
    result: SystemResult
    readiness: ReadinessClass
    url: str
    is_focus: bool
    on_chain: bool
    stale: str
    zone: str
    """What is lost together with it, where that is more than its site; else ""."""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    dependent: MapRow
    dependency: MapRow
    purpose: NeededTo
    needed_to: str | Promise
    """The purpose in words."""
    bootstrap: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    record: Any
    purpose: str | Promise


@dataclass(frozen=True, slots=True)
class GroupRow:
    label: str
    url: str
    count: int
    inside: int


@dataclass(frozen=True, slots=True)
class BetweenRow:
    dependent: GroupRow
    dependency: GroupRow
    count: int


def of_view(
    answer: Analysis, view: View, scene: Scene, page_of: Callable[[str], str]
) -> dict[str, Any]:
    """`rows`, the most critical first, and `edges`; `page_of` gives the page of a system's
    key."""
    rows = {
        index: MapRow(
            system=answer.estate.systems[index],
            result=answer.systems[index],
            readiness=answer.classes[index],
            url=page_of(node.key),
            is_focus=node.is_focus,
            on_chain=node.on_chain,
            stale=node.stale,
            zone=node.zone if node.zone != node.site else "",
        )
        for index, node in zip(view.systems, scene.nodes, strict=True)
    }
    return {
        "rows": sorted(rows.values(), key=_critical_first),
        "edges": list(_edge_rows(answer, view, rows)),
    }


def of_groups(groups: Groups, by: Grouping, page_of: Callable[[str], str]) -> dict[str, Any]:
    """`group_rows` and what runs `between` them; `page_of` gives the page of a group's name."""
    rows = [
        GroupRow(
            label=group_label(by, group.name),
            url=page_of(group.name),
            count=len(group.systems),
            inside=group.inside,
        )
        for group in groups.groups
    ]
    return {
        "group_rows": rows,
        "between": [
            BetweenRow(rows[one.dependent], rows[one.dependency], one.count)
            for one in groups.between
        ],
        "groups_left_out": groups.left_out,
    }


def of_proposals(proposals: Iterable[Any]) -> list[ProposalRow]:
    return [ProposalRow(one, NEEDED_TO[NeededTo(one.needed_to)]) for one in proposals]


def _edge_rows(answer: Analysis, view: View, rows: dict[int, MapRow]) -> Iterable[EdgeRow]:
    for position in view.edges:
        edge = answer.estate.dependencies[position]
        yield EdgeRow(
            rows[edge.dependent],
            rows[edge.dependency],
            edge.needed_to,
            NEEDED_TO[edge.needed_to],
            edge.bootstrap,
        )


def _critical_first(row: MapRow) -> tuple[bool, int, str]:
    return not row.is_focus, row.system.tier or _LAST_TIER, row.system.name
