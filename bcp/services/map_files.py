"""The map that is shown as a file: to look at, to print, or for another program to go on with."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from django.utils import formats
from django.utils.translation import gettext

from bcp.documents import map_shapes, map_sheets
from bcp.documents.map_drawing import draw
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.engine.estate import NeededTo
from bcp.errors import BcpError
from bcp.exchange import graphs
from bcp.exchange.graphs import GraphEdge, GraphNode
from bcp.services.map import Scene, undrawn_words


class Format(StrEnum):
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    DOT = "dot"
    MERMAID = "mermaid"
    GRAPHML = "graphml"


CONTENT_TYPES = {
    Format.SVG: "image/svg+xml; charset=utf-8",
    Format.PNG: "image/png",
    Format.PDF: "application/pdf",
    Format.DOT: "text/vnd.graphviz; charset=utf-8",
    Format.MERMAID: "text/plain; charset=utf-8",
    Format.GRAPHML: "application/graphml+xml; charset=utf-8",
}
ENDINGS = {one: "mmd" if one is Format.MERMAID else one.value for one in Format}

_LINES = {NeededTo.REBUILD: "solid", NeededTo.RUN: "dashed", NeededTo.FULL_SERVICE: "dotted"}
_DOTS_PER_INCH, _LONGEST_SIDE = 192, 6000
_SECONDS = 30
MOST_ARROWS = 600
"""In a PDF or PNG, which are made while somebody waits: five for each of as many systems as a map
has take some seconds; groups that all need each other have thousands and would take minutes."""

_Writer = Callable[[list[GraphNode], list[GraphEdge], str], str]
_WRITERS: dict[Format, _Writer] = {
    Format.DOT: graphs.dot,
    Format.MERMAID: graphs.mermaid,
    Format.GRAPHML: graphs.graphml,
}


class NoPicture(BcpError):
    """The picture could not be made; the message says why and what to do instead."""


class TooManyArrows(NoPicture):
    """It would take too long, and nobody could read it."""


def written(scene: Scene, file_format: Format, *, title: str, paper: str, today: date) -> bytes:
    """The scene as a file. `paper` is one of `map_sheets.PAPERS`; an unknown one is A4. Raises
    `NoPicture` where the program that makes PNGs is missing or late, and `TooManyArrows` for a
    PDF or PNG of more than `MOST_ARROWS`."""
    if file_format in _WRITERS:
        nodes, edges = _graph(scene)
        return _WRITERS[file_format](nodes, edges, title).encode()
    if file_format is not Format.SVG and len(scene.edges) > MOST_ARROWS:
        raise TooManyArrows(
            gettext(
                "This map has %(count)s arrows; a PDF or PNG of it can have %(most)s. Choose"
                " SVG, or show less: one group, or what is around one system."
            )
            % {"count": len(scene.edges), "most": MOST_ARROWS}
        )
    if file_format is Format.PDF:
        as_of = gettext("As of %(day)s") % {"day": formats.date_format(today)}
        known = paper if paper in map_sheets.PAPERS else "a4"
        return map_sheets.map_pdf(
            scene.nodes,
            scene.edges,
            title=title,
            footer=" · ".join(filter(None, [as_of, undrawn_words(scene)])),
            paper=known,
        )
    drawing = draw(
        scene.nodes,
        scene.edges,
        title=title,
        description=gettext("An arrow runs from each system to what it needs."),
        notes=[undrawn_words(scene)] if scene.undrawn else (),
    )
    if file_format is Format.SVG:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing.svg}\n'.encode()
    longest_inches = max(drawing.width, drawing.height) / 96
    dots = min(_DOTS_PER_INCH, int(_LONGEST_SIDE / longest_inches))
    return _png(map_sheets.whole_map_pdf(drawing), dots)


def _png(pdf: bytes, dots_per_inch: int) -> bytes:
    try:
        done = subprocess.run(
            ["pdftoppm", "-png", "-singlefile", "-r", str(dots_per_inch), "-"],
            input=pdf,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoPicture(
            gettext("The PNG could not be made on this machine. Choose SVG or PDF instead.")
        ) from error
    return done.stdout


# --- for other programs --------------------------------------------------------------------


def _graph(scene: Scene) -> tuple[list[GraphNode], list[GraphEdge]]:
    position = {node.key: index for index, node in enumerate(scene.nodes)}
    nodes = [GraphNode(node.label, node.zone, _facts(node)) for node in scene.nodes]
    edges = [
        GraphEdge(
            tail=position[edge.dependent],
            head=position[edge.dependency],
            line=_LINES[edge.needed_to] if edge.needed_to else "solid",
            label=_label(edge),
            facts=_edge_facts(edge),
        )
        for edge in scene.edges + scene.undrawn
    ]
    return nodes, edges


def _facts(node: MapNode) -> dict[str, str | int | bool]:
    """What is known of a system; what is not known is left out, never empty or 0."""
    facts: dict[str, str | int | bool | None] = {
        "key": node.key,
        "kind": node.kind or None,
        "tier": node.tier,
        "site": node.site,
        "standing": node.standing.value if node.standing else None,
        "readiness": node.readiness.value if node.readiness else None,
        "note": node.note or None,
        "in_loop": node.in_loop or None,
        "on_critical_chain": node.on_chain or None,
        "no_owner": node.no_owner or None,
        "out_of_date": node.stale or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _label(edge: MapEdge) -> str:
    if edge.count is not None:
        return str(edge.count)
    label = map_shapes.purpose(edge.needed_to) if edge.needed_to else ""
    return gettext("%(purpose)s, proposed") % {"purpose": label} if edge.proposed else label


def _edge_facts(edge: MapEdge) -> dict[str, str | int | bool]:
    facts: dict[str, str | int | bool | None] = {
        "needed_to": edge.needed_to.value if edge.needed_to else None,
        "bootstrap": edge.bootstrap or None,
        "in_loop": edge.in_loop or None,
        "on_critical_chain": edge.on_chain or None,
        "proposed": edge.proposed or None,
        "count": edge.count,
    }
    return {name: value for name, value in facts.items() if value is not None}
