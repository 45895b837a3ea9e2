"""The edges of a plan, found by system in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from bcp.engine.estate import NeededTo

Edge = list[Any]
"""[dependent, dependency, needed to, bootstrap note], both ends by name."""

MAP_MOST = 24
"""A printed neighbourhood of more systems is too small to read."""


def gates(edge: Edge) -> bool:
    """Whether the dependent waits for it: `rebuild` and `run`, without a bootstrap note (rules
    G5, G6)."""
    return edge[2] != NeededTo.FULL_SERVICE.value and not edge[3]


class EdgeIndex:
    """What each system needs and what needs it, in the order of the edges given."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._needs: defaultdict[str, list[Edge]] = defaultdict(list)
        self._needed_by: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._needs[edge[0]].append(edge)
            self._needed_by[edge[1]].append(edge)

    def needs(self, name: str) -> Sequence[Edge]:
        return self._needs.get(name, [])

    def needed_by(self, name: str) -> Sequence[Edge]:
        return self._needed_by.get(name, [])

    def around(self, focus: str) -> list[Edge]:
        """The edges of a readable map: the system's own neighbours, and their neighbours if that
        makes no more than `MAP_MOST`. What a crowded system needs comes before what needs it."""
        near = self._nearest(focus)
        if len(near) < MAP_MOST:
            wider = set(near)
            for name in near:
                wider.update(edge[1] for edge in self.needs(name))
                wider.update(edge[0] for edge in self.needed_by(name))
            if len(wider) <= MAP_MOST:
                near = wider
        return [edge for name in sorted(near) for edge in self.needs(name) if edge[1] in near]

    def _nearest(self, focus: str) -> set[str]:
        near = [focus, *(edge[1] for edge in self.needs(focus))]
        near += [edge[0] for edge in self.needed_by(focus)]
        return set(list(dict.fromkeys(near))[:MAP_MOST])
