"""What a map is drawn from: nodes and edges as plain data, and the sizes of its text."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.estate import NeededTo
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Standing

NAME_TEXT, SMALLEST_TEXT = 13.0, 11.0


@dataclass(frozen=True, slots=True)
class MapNode:
    """One system; `kind` in words. `standing` and `readiness` are `None` where they are not to be
    shown. With an `href` the node is a link (on pages), without one it is not (in print).

    `zone` names what is lost together with it, in words. `stale` says in words why its facts may
    no longer be true; empty: nothing says so. A group of systems has no status of its own; its
    `note` says in words what is in it. `continues_on` are the sheets of paper on which the rest
    of what it needs or is needed by stands.
    """

    key: str
    label: str
    kind: str = ""
    tier: int | None = None
    site: str | None = None
    zone: str = ""
    standing: Standing | None = None
    readiness: ReadinessClass | None = None
    href: str = ""
    is_focus: bool = False
    in_loop: bool = False
    on_chain: bool = False
    no_owner: bool = False
    stale: str = ""
    note: str = ""
    continues_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MapEdge:
    """`dependent` needs `dependency`, both by node key. An edge with a bootstrap note holds
    nothing up. `on_chain`: it is part of what decides when the systems above are back. Between
    two groups it stands for `count` dependencies, for which there is no one `needed_to`. A
    `proposed` one waits for review and counts in no answer."""

    dependent: str
    dependency: str
    needed_to: NeededTo | None = NeededTo.REBUILD
    bootstrap: bool = False
    in_loop: bool = False
    on_chain: bool = False
    count: int | None = None
    proposed: bool = False
