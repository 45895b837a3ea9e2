"""A map between layout and drawing: what is on it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bcp.documents.map_layout import Frame, Placement, Row
from bcp.documents.map_parts import MapEdge, MapNode


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes, edges and paths share their positions; `zones` are named frames. `letters` tell apart
    the zones, by name, for whose frames there was no room. `notes` are sentences about what the
    picture leaves out."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    rows: tuple[Row, ...]
    placement: Placement
    zones: tuple[tuple[str, Frame], ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
