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
    shown. With an `href` the node is a link (on pages), without one it is not (in print)."""

    key: str
    label: str
    kind: str = ""
    tier: int | None = None
    site: str | None = None
    standing: Standing | None = None
    readiness: ReadinessClass | None = None
    href: str = ""
    is_focus: bool = False
    in_loop: bool = False


@dataclass(frozen=True, slots=True)
class MapEdge:
    """`dependent` needs `dependency`, both by node key. An edge with a bootstrap note holds
    nothing up."""

    dependent: str
    dependency: str
    needed_to: NeededTo = NeededTo.REBUILD
    bootstrap: bool = False
    in_loop: bool = False
