"""The SVG of a placed map: bands of tiers, boxes of zones, edges, nodes and a legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from bcp.documents import map_labels, map_legend, map_text
from bcp.documents import map_shapes as shapes
from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH, Frame
from bcp.documents.map_parts import SMALLEST_TEXT, MapEdge, MapNode
from bcp.documents.map_picture import Picture
from bcp.documents.map_shapes import escaped, number

_BANDS = ("#f4f1ea", shapes.PAPER)
_MARGIN, _GUTTER = 12.0, 22.0
FRAME_WIDTH = 2 * _MARGIN + _GUTTER
"""What a picture is wider than the placement inside it."""


def write(
    picture: Picture,
    *,
    title: str,
    description: str,
    min_width: float = 0.0,
    legend_inside: bool = True,
) -> tuple[str, float, float]:
    """The `<svg>` element, its width and its height."""
    placement = picture.placement
    width = max(max(placement.width, 2 * NODE_WIDTH) + FRAME_WIDTH, min_width)
    legend, legend_height = (
        map_legend.write(picture, width - 2 * _MARGIN) if legend_inside else ([], 0.0)
    )
    top = _top(picture)
    map_height = placement.height + top + _MARGIN
    height = map_height + (legend_height + _MARGIN if legend else 0.0)
    # Links inside must stay reachable: only a picture without any is one image.
    role = "group" if any(node.href for node in picture.nodes) else "img"
    left = _MARGIN + _GUTTER + (width - FRAME_WIDTH - placement.width) / 2
    title, description = map_text.clean(title), map_text.clean(description)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="{role}"'
        f' aria-label="{escaped(title)}" width="{number(width)}" height="{number(height)}"'
        f' viewBox="0 0 {number(width)} {number(height)}"'
        ' font-family="Inter, Noto Sans, DejaVu Sans, sans-serif">',
        f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>",
        *_bands(picture, width),
        f'<g transform="translate({number(left)} {number(top)})">',
        *_zones(picture),
        *_edges(picture),
        *_labels(picture),
        *_zone_names(picture),
        *_nodes(picture),
        "</g>",
        f'<g class="map-legend" transform="translate({number(_MARGIN)} {number(map_height)})">',
        *legend,
        "</g>",
        "</svg>",
    ]
    return "".join(parts), width, height


def _top(picture: Picture) -> float:
    """Where the placement begins: below the name of a zone that begins in the first row."""
    highest = min((frame.top for _name, frame in picture.zones), default=0.0)
    return _MARGIN + max(0.0, -highest)


def _zones(picture: Picture) -> Iterator[str]:
    for name, frame in picture.zones:
        body = shapes.zone(name, frame.right - frame.left, frame.bottom - frame.top)
        yield f'<g class="map-zone" {_moved_to(frame)}>{body}</g>'


def _zone_names(picture: Picture) -> Iterator[str]:
    for name, frame in picture.zones:
        yield f"<g {_moved_to(frame)}>{shapes.zone_name(name, frame.right - frame.left)}</g>"


def _moved_to(frame: Frame) -> str:
    return f'transform="translate({number(frame.left)} {number(frame.top)})"'


def _bands(picture: Picture, width: float) -> Iterator[str]:
    """A strip per tier, every other one tinted, each named at its left edge."""
    rows, lines, above = picture.rows, picture.placement.rows, _top(picture)
    firsts = [
        index for index, row in enumerate(rows) if not index or row.tier != rows[index - 1].tier
    ]
    borders = [0.0]
    borders += [(lines[index - 1] + lines[index]) / 2 + above for index in firsts[1:]]
    borders.append(picture.placement.height + above + _MARGIN)
    for strip, first in enumerate(firsts):
        top, bottom = borders[strip], borders[strip + 1]
        tier = rows[first].tier
        name = _("No tier") if tier is None else _("Tier %(tier)s") % {"tier": tier}
        yield (
            f'<rect class="map-band map-band-{strip % 2}" x="0" y="{number(top)}"'
            f' width="{number(width)}" height="{number(bottom - top)}"'
            f' fill="{_BANDS[strip % 2]}"/>'
        )
        if len(firsts) == 1 and tier is None:
            return  # nothing on the map has a tier
        yield (
            f'<text class="map-tier" x="0" y="0" fill="{shapes.QUIET}"'
            f' font-size="{SMALLEST_TEXT}" text-anchor="middle"'
            f' transform="translate({number(_MARGIN + 6)} {number((top + bottom) / 2)})'
            f' rotate(-90)">{escaped(name)}</text>'
        )


def _edges(picture: Picture) -> Iterator[str]:
    labels = {node.key: map_text.isolated(node.label) for node in picture.nodes}
    most = max((edge.count or 0 for edge in picture.edges), default=0)
    for edge, path in zip(picture.edges, picture.placement.paths, strict=True):
        said = _said(edge, labels)
        classes = "map-edge"
        if edge.proposed:
            classes += " map-proposed"
        elif edge.in_loop:
            classes += " map-in-loop"
        elif edge.on_chain:
            classes += " map-on-chain"
        yield (
            f'<g class="{classes}" data-from="{escaped(edge.dependent)}"'
            f' data-to="{escaped(edge.dependency)}"><title>{escaped(said)}</title>'
            f"{shapes.arrow(path, edge, most)}</g>"
        )


def _labels(picture: Picture) -> Iterator[str]:
    """Over all lines, and never under a box."""
    labelled = [
        (edge, path, said)
        for edge, path in zip(picture.edges, picture.placement.paths, strict=True)
        if (said := shapes.edge_label(edge))
    ]
    centres = map_labels.places(
        [path for _edge, path, _said in labelled],
        [shapes.label_width(said) for _edge, _path, said in labelled],
        picture.placement.nodes,
    )
    for (edge, _path, said), centre in zip(labelled, centres, strict=True):
        proposed = " map-proposed" if edge.proposed else ""
        yield (
            f'<g class="map-label{proposed}" data-from="{escaped(edge.dependent)}"'
            f' data-to="{escaped(edge.dependency)}">{shapes.label(said, centre)}</g>'
        )


def _said(edge: MapEdge, labels: Mapping[str, str]) -> str:
    ends = {"dependent": labels[edge.dependent], "dependency": labels[edge.dependency]}
    said = _("%(dependent)s needs %(dependency)s: %(terms)s")
    return said % {**ends, "terms": shapes.terms(edge)}


def _nodes(picture: Picture) -> Iterator[str]:
    for node, (x, y) in zip(picture.nodes, picture.placement.nodes, strict=True):
        body = (
            f'<g class="{_node_classes(node)}" data-key="{escaped(node.key)}"'
            f' transform="translate({number(x - NODE_WIDTH / 2)}'
            f' {number(y - NODE_HEIGHT / 2)})"><title>{escaped(_node_title(node))}</title>'
            f"{shapes.box(node)}{shapes.caption(node)}{''.join(shapes.flags(node))}"
            f"{_letter(picture, node)}{shapes.continues(node.continues_on)}</g>"
        )
        yield f'<a href="{escaped(node.href)}">{body}</a>' if node.href else body


def _letter(picture: Picture, node: MapNode) -> str:
    letter = picture.letters.get(node.zone)
    return shapes.zone_letter(letter, 6, NODE_HEIGHT + 6) if letter else ""


def _node_classes(node: MapNode) -> str:
    classes = ["map-node"]
    if node.is_focus:
        classes.append("map-focus")
    if node.in_loop:
        classes.append("map-in-loop")
    if node.standing:
        classes.append(shapes.standing_class(node.standing))
    return " ".join(classes)


def _node_title(node: MapNode) -> str:
    facts = [map_text.isolated(node.label)]
    facts += [map_text.isolated(fact) for fact in (node.kind, node.site, node.note) if fact]
    if node.zone and node.zone != node.site:
        facts.append(_("zone %(zone)s") % {"zone": map_text.isolated(node.zone)})
    if node.standing:
        facts.append(shapes.standing_word(node.standing))
    if node.readiness:
        facts.append(map_legend.readiness_words(node.readiness))
    if node.in_loop:
        facts.append(_("in a loop"))
    if node.on_chain:
        facts.append(_("on the critical chain"))
    if node.no_owner:
        facts.append(_("no owner"))
    if node.stale:
        facts.append(map_text.isolated(node.stale))
    return ", ".join(facts)
