"""Where everything on a map stands: rows by tier, places by graphviz, a plain grid without it.

Only numbers reach graphviz: nodes and edges by position, all boxes of one size. It reads
standard input, writes coordinates to standard output and has five seconds; if it is missing,
late or fails, the same rows are drawn as a plain grid, and the placement says so.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bcp.engine.graph import strong_components

logger = logging.getLogger(__name__)

NODE_WIDTH, NODE_HEIGHT = 136.0, 56.0
_GAP, _ROW_GAP = 16.0, 46.0
_LINE_GAP = 5.0
"""Between lines that pass each other; most of `_GAP` belongs to the boxes graphviz places, or
every line that crosses a row would push its boxes a whole gap apart."""

_UNITS_PER_INCH = 72.0
_SECONDS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes side by side, by their position; a tier takes one row or several."""

    tier: int | None
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Units are CSS pixels, y grows downwards. `nodes` are centres; a path is cubic Bézier
    points (3k + 1 of them) from dependent to dependency; `rows` are the rows' centre lines."""

    nodes: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]
    rows: tuple[float, ...]
    width: float
    height: float
    plain: bool
    """Graphviz did not answer; lines may cross boxes."""


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


def place(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> Placement:
    """Coordinates for everything; never fails, see `Placement.plain`."""
    if not rows:
        return Placement((), (), (), 0.0, 0.0, plain=False)
    try:
        return _by_graphviz(rows, edges)
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError) as error:
        logger.warning("map drawn on a plain grid, graphviz gave no layout: %s", error)
        return on_grid(rows, edges)


# --- graphviz ------------------------------------------------------------------------------


def _by_graphviz(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> Placement:
    row_of = {node: position for position, row in enumerate(rows) for node in row.members}
    # Every edge is handed over pointing down, so that graphviz never turns one of its own
    # choice and the rows stay where the tiers put them.
    upward = [row_of[dependent] > row_of[dependency] for dependent, dependency in edges]
    source = _dot_source(rows, edges, upward)
    done = subprocess.run(
        ["dot", "-Tplain"],
        input=source.encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"exit status {done.returncode}")
    return _read_plain(done.stdout.decode(), rows, len(edges), upward)


def _dot_source(
    rows: Sequence[Row], edges: Sequence[tuple[int, int]], upward: Sequence[bool]
) -> str:
    def inches(units: float) -> str:
        return f"{units / _UNITS_PER_INCH:.4f}"

    lines = [
        "digraph {",
        f"graph [nodesep={inches(_LINE_GAP)} ranksep={inches(_ROW_GAP)} splines=true]",
        f'node [shape=box fixedsize=true label="" width={inches(NODE_WIDTH + _GAP - _LINE_GAP)}'
        f" height={inches(NODE_HEIGHT)}]",
        "edge [dir=none]",
    ]
    lines += ["{rank=same; " + "; ".join(map(str, row.members)) + "}" for row in rows]
    for above, below in pairwise(rows):
        lines.append(f"{above.members[0]} -> {below.members[0]} [style=invis weight=0]")
    for number, ((dependent, dependency), turned) in enumerate(zip(edges, upward, strict=True)):
        tail, head = (dependency, dependent) if turned else (dependent, dependency)
        # The colour is printed back as it came: it carries the edge's number.
        lines.append(f'{tail} -> {head} [color="#{number:06x}"]')
    return "\n".join([*lines, "}"])


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
    return replace(placement, nodes=nodes, paths=paths, width=width)


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
    """Rows centred under each other, edges as one curve each."""
    longest = max(len(row.members) for row in rows)
    width = longest * (NODE_WIDTH + _GAP) - _GAP
    centres: dict[int, Point] = {}
    lines = []
    for position, row in enumerate(rows):
        y = NODE_HEIGHT / 2 + position * (NODE_HEIGHT + _ROW_GAP)
        lines.append(y)
        own_width = len(row.members) * (NODE_WIDTH + _GAP) - _GAP
        left = (width - own_width) / 2 + NODE_WIDTH / 2
        for place_in_row, node in enumerate(row.members):
            centres[node] = left + place_in_row * (NODE_WIDTH + _GAP), y
    return Placement(
        nodes=tuple(centres[node] for node in range(len(centres))),
        paths=tuple(_curve(centres[tail], centres[head]) for tail, head in edges),
        rows=tuple(lines),
        width=width,
        height=lines[-1] + NODE_HEIGHT / 2,
        plain=True,
    )


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
