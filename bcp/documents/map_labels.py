"""Where words and numbers stand on the lines of a map: beside each other and on no box, wherever
the line leaves room for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import dist

from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH, Point

HEIGHT = 14.0
_TRIED = (0.33, 0.27, 0.4, 0.2, 0.46, 0.14, 0.36, 0.3, 0.43, 0.23, 0.17)
"""Parts of the way, the best first, all in its first half: lines there and back lie side by side,
and what stands on them belongs to the one that begins nearer."""
_SAMPLES = 8
_CELL = 64.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What stands already, found by where it is."""

    cells: defaultdict[tuple[int, int], list[Box]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, box: Box) -> None:
        for cell in _cells(box):
            self.cells[cell].append(box)

    def covered(self, box: Box) -> float:
        """How much of it something stands on already, in square pixels."""
        others = {other for cell in _cells(box) for other in self.cells.get(cell, ())}
        return sum(_common(box, other) for other in others)


def places(
    paths: Sequence[Sequence[Point]], widths: Sequence[float], nodes: Sequence[Point]
) -> list[Point]:
    """The centre of each label; `paths` are cubic Bézier points, `nodes` the centres of boxes."""
    if not paths:
        return []
    taken = _Taken()
    for x, y in nodes:
        taken.add(_around((x, y), NODE_WIDTH, NODE_HEIGHT))
    found = []
    for path, width in zip(paths, widths, strict=True):
        line = list(_sampled(path))
        along = list(accumulate((dist(*leg) for leg in pairwise(line)), initial=0.0))
        best, least = line[0], float("inf")
        for part in _TRIED:
            centre = _at(line, along, part * along[-1])
            covered = taken.covered(_around(centre, width, HEIGHT))
            if covered < least:
                best, least = centre, covered
            if not covered:
                break
        taken.add(_around(best, width, HEIGHT))
        found.append(best)
    return found


def _sampled(path: Sequence[Point]) -> Iterator[Point]:
    yield path[0]
    for start in range(0, len(path) - 1, 3):
        (x1, y1), (x2, y2), (x3, y3), (x4, y4) = path[start : start + 4]
        for step in range(1, _SAMPLES + 1):
            t = step / _SAMPLES
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield a * x1 + b * x2 + c * x3 + d * x4, a * y1 + b * y2 + c * y3 + d * y4


def _at(line: Sequence[Point], along: Sequence[float], wanted: float) -> Point:
    """What lies so far along the line."""
    for (one, other), (start, end) in zip(pairwise(line), pairwise(along), strict=True):
        if wanted <= end and end > start:
            part = (wanted - start) / (end - start)
            return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part
    return line[-1]


def _around(centre: Point, width: float, height: float) -> Box:
    x, y = centre
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(side // _CELL) for side in box)
    for across in range(left, right + 1):
        for down in range(top, bottom + 1):
            yield across, down


def _common(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
