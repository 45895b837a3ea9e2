"""A map between layout and drawing: what is on it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.documents.map_layout import Frame, Placement, Row
from bcp.documents.map_parts import MapEdge, MapNode


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes, edges and paths share their positions; `zones` are named frames, and of so many more
    there is none because there was no room."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    rows: tuple[Row, ...]
    placement: Placement
    zones: tuple[tuple[str, Frame], ...] = ()
    zones_unframed: int = 0
