"""Maps against Graphviz, in one run: `python -m benchmarks.map`.

Prints ratios and exits 1 if one that the product promises does not hold. What is compared, and
why it is fair, is in `benchmarks/README.md`. Times are processor seconds of this process and of
the programs it starts; the sides take turns and each keeps its best.
"""

from __future__ import annotations

import benchmarks.installation

# isort: split

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from random import Random
from unittest.mock import patch

from bcp.documents import map_drawing
from bcp.documents.map_drawing import draw
from bcp.documents.map_layout import Row, rows_of
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.engine.analysis import analyse
from bcp.engine.estate import Estate, NeededTo
from bcp.engine.map_groups import Grouping, grouped
from bcp.engine.map_views import MOST_NODES, around, to_the_ground
from bcp.engine.readiness import ReadinessClass
from bcp.engine.standing import Standing
from bcp.exchange.graphs import GraphEdge, GraphNode, dot
from benchmarks.engine import layered

TODAY = date(2026, 11, 23)
SIZES = (20, 100, 500)
EDGES_EACH = 1.5
ZONES = 4
TURNS = {20: 9, 100: 7, 500: 3}
PROMISED = 1.5


def estate(count: int, seed: int = 1) -> tuple[list[MapNode], list[MapEdge]]:
    """A map as dense as those of real estates: four tiers, four zones, one and a half edges a
    system, mostly from one tier to the next."""
    random = Random(seed)
    nodes = [
        MapNode(
            key=f"k{number}",
            label=f"System number {number}",
            tier=number * 4 // count + 1,
            zone=f"Zone {number * 7 % ZONES}",
            standing=random.choice(list(Standing)),
            readiness=random.choice(list(ReadinessClass)),
        )
        for number in range(count)
    ]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < count * EDGES_EACH:
        above = random.randrange(count - 1)
        below = min(count - 1, above + 1 + int(random.expovariate(6 / count)))
        pairs[above, below] = None
    kinds = list(NeededTo)
    edges = [MapEdge(f"k{u}", f"k{v}", random.choice(kinds)) for u, v in pairs]
    return nodes, edges


def ours(nodes: list[MapNode], edges: list[MapEdge]) -> str:
    return draw(nodes, edges, title="Map", description="Who needs whom.").svg


def graphviz(source: str) -> str:
    return subprocess.run(
        ["dot", "-Tsvg"], input=source, capture_output=True, text=True, check=True
    ).stdout


def as_dot(nodes: list[MapNode], edges: list[MapEdge]) -> str:
    """The graph as our own export writes it: names, zones and line styles."""
    place = {node.key: position for position, node in enumerate(nodes)}
    lines = {NeededTo.REBUILD: "solid", NeededTo.RUN: "dashed", NeededTo.FULL_SERVICE: "dotted"}
    return dot(
        [GraphNode(node.label, node.zone) for node in nodes],
        [
            GraphEdge(place[edge.dependent], place[edge.dependency], lines[edge.needed_to])
            for edge in edges
            if edge.needed_to
        ],
        "Map",
    )


def with_tiers(source: str, rows: tuple[Row, ...]) -> str:
    """The same with the rows that our map keeps to."""
    ranks = ["newrank=true"]
    ranks += ["{rank=same; " + "; ".join(f"n{one}" for one in row.members) + "}" for row in rows]
    ranks += [
        f"n{above.members[0]} -> n{below.members[0]} [style=invis weight=0]"
        for above, below in pairwise(rows)
    ]
    return source.replace("digraph {", "digraph {\n" + "\n".join(ranks), 1)


def seconds(work: Callable[[], object]) -> float:
    before = spent()
    work()
    return spent() - before


def spent() -> float:
    """Processor seconds of this process and of the programs that it ran to their end."""
    used = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return sum(one.ru_utime + one.ru_stime for one in used)


def best(turns: int, *works: Callable[[], object]) -> list[float]:
    """The best time of each, taking turns."""
    found = [[seconds(work) for work in works] for _turn in range(turns)]
    return [min(column) for column in zip(*found, strict=True)]


def compared(count: int) -> float:
    nodes, edges = estate(count)
    place = {node.key: position for position, node in enumerate(nodes)}
    ends = [(place[edge.dependent], place[edge.dependency]) for edge in edges]
    source = as_dot(nodes, edges)
    rows = rows_of([node.tier for node in nodes], ends, map_drawing.row_length(count))
    tiered = with_tiers(source, rows)
    with patch.object(map_drawing, "MOST_NODES", count):
        mine, bare, same = best(
            TURNS[count],
            lambda: ours(nodes, edges),
            lambda: graphviz(source),
            lambda: graphviz(tiered),
        )
    print(
        f"{count:5} systems, {len(edges):4} edges: ours {mine * 1000:7.0f} ms;"
        f" dot {bare * 1000:7.0f} ms ({mine / bare:.2f}x);"
        f" dot with our tiers {same * 1000:7.0f} ms ({mine / same:.2f}x)"
    )
    return mine / bare


def views() -> None:
    """What the engine needs to find a view, from an estate in memory."""
    large = layered(10_000)
    middle = len(large.systems) // 2
    works: dict[str, Callable[[], object]] = {
        "around, 2 steps": lambda: around(large, middle, 2),
        "down to the ground": lambda: to_the_ground(large, len(large.systems) - 1),
        "groups by site": lambda: grouped(large, Grouping.SITE),
    }
    print(f"{len(large.systems)} systems, {len(large.dependencies)} dependencies:")
    for name, work in works.items():
        times = []
        for _turn in range(5):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        print(f"  {name:20} {min(times) * 1000:6.1f} ms")
    after_a_change(large)


def after_a_change(estate: Estate) -> None:
    """What the first map costs once the estate was read anew: its analysis, and standing and
    readiness of those on the map; against those of everybody, which a map does not wait for."""
    everybody = range(len(estate.systems))

    def told(systems: Sequence[int]) -> None:
        answer = analyse(estate, today=TODAY)
        for one in systems:
            _shown = answer.systems[one].standing, answer.classes[one]

    few, all_of_them = best(3, lambda: told(everybody[:MOST_NODES]), lambda: told(everybody))
    print(
        f"  first map after a change {few * 1000:.0f} ms; with what it does not show"
        f" {all_of_them * 1000:.0f} ms ({few / all_of_them:.2f}x)"
    )


def main() -> int:
    load = os.getloadavg()[0]
    print(f"{platform.platform()}, Python {platform.python_version()}, load {load:.1f}")
    print(f"files in {benchmarks.installation.FOLDER.name}")
    ratios = [compared(count) for count in SIZES]
    views()
    if max(ratios) > PROMISED:
        print(f"at most {PROMISED}x was promised")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
