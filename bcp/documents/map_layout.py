"""Where everything on a map stands: rows by tier, places by graphviz, a plain grid without it.

Only numbers reach graphviz: nodes and edges by position, all boxes of one size, and which boxes
belong together. It reads standard input, writes coordinates to standard output and has five
seconds; if it is missing, late or fails, or if lines pass so many rows that it would take its time
over a tangle, the same rows are drawn as a plain grid, and the placement says so.
"""

from __future__ import annotations

import logging
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

from bcp.engine.graph import strong_components

logger = logging.getLogger(__name__)

NODE_WIDTH, NODE_HEIGHT = 136.0, 56.0
_GAP, _ROW_GAP = 16.0, 46.0
ZONE_PADDING, ZONE_HEADING = 8.0, 20.0
"""Around the boxes of a zone, and above them, where it is named; both fit between two rows."""
_LINE_GAP = 5.0
"""Between lines that pass each other; most of `_GAP` belongs to the boxes graphviz places, or
every line that crosses a row would push its boxes a whole gap apart."""

_MOST_CURVED, _MOST_BENT = 40, 300
"""Up to so many lines are curves; up to so many have corners instead, which cross each other a
third less; yet more run straight, behind whatever box stands between."""
_MOST_PASSES = 5000
"""Rows that lines pass, added up: what graphviz's time and memory grow with. 120 systems with
five dependencies each stay below it."""

_TURNS = 4
"""Of ordering the rows of a grid; more change next to nothing."""

_UNITS_PER_INCH = 72.0
_SECONDS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes side by side, by their position; a tier takes one row or several."""

    tier: int | None
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle around the boxes of one zone, heading included."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Units are CSS pixels, y grows downwards. `nodes` are centres; a path is cubic Bézier
    points (3k + 1 of them) from dependent to dependency; `rows` are the rows' centre lines.
    `zones` are the frames of the zones that were asked for, none where they could not be kept
    together."""

    nodes: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]
    rows: tuple[float, ...]
    width: float
    height: float
    plain: bool
    """A grid without graphviz; lines may cross boxes."""
    zones: tuple[Frame, ...] = ()


def rows_of(
    tiers: Sequence[int | None], edges: Iterable[tuple[int, int]], across: int
) -> tuple[Row, ...]:
    """Tiers from the most critical down, those without one last. In a tier, who needs stands
    above what is needed; a row holds at most `across`."""
    needs: list[list[int]] = [[] for _tier in tiers]
    for dependent, dependency in edges:
        if tiers[dependent] == tiers[dependency] and dependent != dependency:
            needs[dependent].append(dependency)
    rows = []
    for tier in sorted(set(tiers), key=lambda tier: (tier is None, tier)):
        members = [node for node, own in enumerate(tiers) if own == tier]
        for level in _levels(members, needs):
            count = -(-len(level) // across)
            per_row = -(-len(level) // count)
            rows += [
                Row(tier, tuple(level[start : start + per_row]))
                for start in range(0, len(level), per_row)
            ]
    return tuple(rows)


def most_across(width: float) -> int:
    """How many boxes side by side fit into `width`; at least one."""
    return max(1, int((width + _GAP) // (NODE_WIDTH + _GAP)))


def height_of(rows: int) -> float:
    """What so many rows under each other take."""
    return rows * (NODE_HEIGHT + _ROW_GAP) - _ROW_GAP


def _levels(members: list[int], needs: list[list[int]]) -> list[list[int]]:
    """Layers of one tier, dependents first; systems that need each other share a layer."""
    local = {node: index for index, node in enumerate(members)}
    adjacency = [[local[needed] for needed in needs[node]] for node in members]
    depth = [0] * len(members)
    for component in reversed(strong_components(adjacency)):
        deepest = max(depth[index] for index in component)
        inside = set(component)
        for index in component:
            depth[index] = deepest
            for needed in adjacency[index]:
                if needed not in inside:
                    depth[needed] = max(depth[needed], deepest + 1)
    return [
        [node for node, own in zip(members, depth, strict=True) if own == level]
        for level in range(max(depth) + 1)
    ]


def place(
    rows: Sequence[Row], edges: Sequence[tuple[int, int]], zones: Sequence[Sequence[int]] = ()
) -> Placement:
    """Coordinates for everything; never fails, see `Placement.plain`. The nodes of each of
    `zones` stand together, with nobody else between them."""
    if not rows:
        return Placement((), (), (), 0.0, 0.0, plain=False)
    if _passes(rows, edges) > _MOST_PASSES:
        return on_grid(rows, edges)
    try:
        return _by_graphviz(rows, edges, zones)
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError) as error:
        logger.warning("map drawn on a plain grid, graphviz gave no layout: %s", error)
        return on_grid(rows, edges)


def _passes(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> int:
    row_of = {node: position for position, row in enumerate(rows) for node in row.members}
    return sum(abs(row_of[dependent] - row_of[dependency]) for dependent, dependency in edges)


# --- graphviz ------------------------------------------------------------------------------


def _by_graphviz(
    rows: Sequence[Row], edges: Sequence[tuple[int, int]], zones: Sequence[Sequence[int]]
) -> Placement:
    row_of = {node: position for position, row in enumerate(rows) for node in row.members}
    # Every edge is handed over pointing down, so that graphviz never turns one of its own
    # choice and the rows stay where the tiers put them.
    upward = [row_of[dependent] > row_of[dependency] for dependent, dependency in edges]
    source = _dot_source(rows, edges, upward, zones)
    done = subprocess.run(
        ["dot", "-Tplain"],
        input=source.encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"exit status {done.returncode}")
    placement = _read_plain(done.stdout.decode(), rows, len(edges), upward)
    return replace(
        placement, zones=tuple(_frame([placement.nodes[node] for node in zone]) for zone in zones)
    )


def _frame(centres: Sequence[Point]) -> Frame:
    across, down = zip(*centres, strict=True)
    return Frame(
        left=min(across) - NODE_WIDTH / 2 - ZONE_PADDING,
        top=min(down) - NODE_HEIGHT / 2 - ZONE_HEADING,
        right=max(across) + NODE_WIDTH / 2 + ZONE_PADDING,
        bottom=max(down) + NODE_HEIGHT / 2 + ZONE_PADDING,
    )


def _dot_source(
    rows: Sequence[Row],
    edges: Sequence[tuple[int, int]],
    upward: Sequence[bool],
    zones: Sequence[Sequence[int]],
) -> str:
    def inches(units: float) -> str:
        return f"{units / _UNITS_PER_INCH:.4f}"

    lines = [
        "digraph {",
        # Only `newrank` lets a tier's row run through several zones.
        f"graph [nodesep={inches(_LINE_GAP)} ranksep={inches(_ROW_GAP)} newrank=true",
        f"{_effort(len(edges))}]",
        f'node [shape=box fixedsize=true label="" width={inches(NODE_WIDTH + _GAP - _LINE_GAP)}'
        f" height={inches(NODE_HEIGHT)}]",
        "edge [dir=none]",
    ]
    lines += [
        f"subgraph cluster_{number} {{margin={ZONE_PADDING:.0f}; " + "; ".join(map(str, zone)) + "}"
        for number, zone in enumerate(zones)
    ]
    lines += ["{rank=same; " + "; ".join(map(str, row.members)) + "}" for row in rows]
    for above, below in pairwise(rows):
        lines.append(f"{above.members[0]} -> {below.members[0]} [style=invis weight=0]")
    for number, ((dependent, dependency), turned) in enumerate(zip(edges, upward, strict=True)):
        tail, head = (dependency, dependent) if turned else (dependent, dependency)
        # The colour is printed back as it came: it carries the edge's number.
        lines.append(f'{tail} -> {head} [color="#{number:06x}"]')
    return "\n".join([*lines, "}"])


def _effort(lines: int) -> str:
    """How graphviz leads so many lines, and how long it looks for the best places: past these
    limits it takes many times as long and maps grow no narrower (benchmarks/README.md)."""
    if lines > _MOST_BENT:
        return "splines=line nslimit=0.1 nslimit1=0.1 mclimit=0.01"
    shape = "polyline" if lines > _MOST_CURVED else "true"
    return f"splines={shape} nslimit=1 nslimit1=1 mclimit=0.5"


def _read_plain(
    output: str, rows: Sequence[Row], edge_count: int, upward: Sequence[bool]
) -> Placement:
    """The words of `dot -Tplain`: inches, y growing upwards."""
    nodes: dict[int, Point] = {}
    paths: dict[int, tuple[Point, ...]] = {}
    width = height = 0.0

    def point(x: str, y: str) -> Point:
        return float(x) * _UNITS_PER_INCH, height - float(y) * _UNITS_PER_INCH

    for line in output.splitlines():
        words = line.split()
        if words[0] == "graph":
            width, height = (float(word) * _UNITS_PER_INCH for word in words[2:4])
        elif words[0] == "node":
            nodes[int(words[1])] = point(words[2], words[3])
        elif words[0] == "edge" and words[-2] != "invis":
            number, count = int(words[-1][1:], 16), int(words[3])
            flat = words[4 : 4 + 2 * count]
            path = tuple(point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True))
            paths[number] = path[::-1] if upward[number] else path
    if len(paths) != edge_count or len(nodes) != sum(len(row.members) for row in rows):
        raise ValueError("the answer does not hold every node and edge")
    return Placement(
        nodes=tuple(nodes[node] for node in range(len(nodes))),
        paths=tuple(paths[number] for number in range(edge_count)),
        rows=tuple(nodes[row.members[0]][1] for row in rows),
        width=width,
        height=height,
        plain=False,
    )


def squeezed(
    placement: Placement, rows: Sequence[Row], ends: Sequence[tuple[int, int]], width: float
) -> Placement:
    """The same order of boxes and lines in `width`, which must hold the longest row.

    Lines may pass behind boxes now; that is still far easier to follow than the plain grid.
    """
    factor = (width - NODE_WIDTH) / (placement.width - NODE_WIDTH)
    centres = {}
    for row, y in zip(rows, placement.rows, strict=True):
        wanted = [
            NODE_WIDTH / 2 + (placement.nodes[node][0] - NODE_WIDTH / 2) * factor
            for node in row.members
        ]
        order = sorted(range(len(wanted)), key=wanted.__getitem__)
        places = _apart([wanted[index] for index in order], width)
        for index, x in zip(order, places, strict=True):
            centres[row.members[index]] = (x, y)
    nodes = tuple(centres[node] for node in range(len(centres)))
    paths = tuple(
        _moved(
            path,
            factor,
            nodes[tail][0] - placement.nodes[tail][0],
            nodes[head][0] - placement.nodes[head][0],
        )
        for path, (tail, head) in zip(placement.paths, ends, strict=True)
    )
    return replace(placement, nodes=nodes, paths=paths, width=width, zones=())


def _apart(wanted: list[float], width: float) -> list[float]:
    """Ascending places near the wanted ones, a box and a gap apart, inside `width`."""
    step = NODE_WIDTH + _GAP
    places, least = [], NODE_WIDTH / 2
    for x in wanted:
        places.append(max(x, least))
        least = places[-1] + step
    most = width - NODE_WIDTH / 2
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], most)
        most = places[index] - step
    return places


def _moved(
    path: tuple[Point, ...], factor: float, at_tail: float, at_head: float
) -> tuple[Point, ...]:
    """The path with its ends moved along with their boxes, and the way between drawn together."""
    first, last = path[0][0], path[-1][0]
    tail_shift = first + at_tail - first * factor
    head_shift = last + at_head - last * factor
    steps = len(path) - 1
    return tuple(
        (x * factor + tail_shift + (head_shift - tail_shift) * index / steps, y)
        for index, (x, y) in enumerate(path)
    )


# --- the plain grid ------------------------------------------------------------------------


def on_grid(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> Placement:
    """Rows centred under each other, each in the order in which its lines are shortest; edges as
    one curve each."""
    across = _ordered(rows, edges)
    width = max(len(row.members) for row in rows) * (NODE_WIDTH + _GAP) - _GAP
    lines = [NODE_HEIGHT / 2 + place * (NODE_HEIGHT + _ROW_GAP) for place in range(len(rows))]
    centres = {
        node: (width / 2 + across[node] * (NODE_WIDTH + _GAP), y)
        for row, y in zip(rows, lines, strict=True)
        for node in row.members
    }
    return Placement(
        nodes=tuple(centres[node] for node in range(len(centres))),
        paths=tuple(_curve(centres[tail], centres[head]) for tail, head in edges),
        rows=tuple(lines),
        width=width,
        height=lines[-1] + NODE_HEIGHT / 2,
        plain=True,
    )


def _ordered(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> dict[int, float]:
    """Where each node stands in its row, in boxes from the middle: rows take turns, down and up
    again, to put each of theirs under the middle of what it is connected to."""
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for tail, head in edges:
        neighbours[tail].append(head)
        neighbours[head].append(tail)
    across: dict[int, float] = {}

    def set_out(members: Sequence[int]) -> None:
        middle = (len(members) - 1) / 2
        across.update((node, place - middle) for place, node in enumerate(members))

    def pulled(node: int) -> float:
        around = neighbours[node]
        return fmean(map(across.__getitem__, around)) if around else across[node]

    for row in rows:
        set_out(row.members)
    for _turn in range(_TURNS):
        for row in (*rows, *reversed(rows)):
            set_out(sorted(row.members, key=pulled))
    return across


def _curve(tail: Point, head: Point) -> tuple[Point, ...]:
    (x1, y1), (x2, y2) = tail, head
    if y1 == y2:  # neighbours in a row: an arc under the boxes
        start, end = (x1, y1 + NODE_HEIGHT / 2), (x2, y2 + NODE_HEIGHT / 2)
        depth = _ROW_GAP * 0.6
        return start, (x1, start[1] + depth), (x2, end[1] + depth), end
    side = 1 if y2 > y1 else -1
    start, end = (x1, y1 + side * NODE_HEIGHT / 2), (x2, y2 - side * NODE_HEIGHT / 2)
    bend = (end[1] - start[1]) / 2
    return start, (x1, start[1] + bend), (x2, end[1] - bend), end
