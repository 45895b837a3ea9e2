"""The rules of recovery read literally, with no thought for speed, to check the engine against.

Nothing here is shared with the engine but the data: rules are applied to edges, over and over,
until nothing changes.
"""

from __future__ import annotations

from itertools import combinations

from bcp.engine.estate import Dependency, Estate, Kind, NeededTo

Pair = tuple[int, int]


def gating(estate: Estate, opened: set[Pair] = frozenset()) -> list[Dependency]:
    return [
        edge
        for edge in estate.dependencies
        if edge.needed_to is not NeededTo.FULL_SERVICE
        and not edge.bootstrap
        and edge.dependent != edge.dependency
        and (edge.dependent, edge.dependency) not in opened
    ]


def effects(estate: Estate, scenario: str) -> list[str]:
    kind, _, subject = scenario.partition(":")
    answer = []
    for system in estate.systems:
        if kind == "site":
            zones = {site.name: site.zone or site.name for site in estate.sites}
            lost = system.site is not None and zones[system.site] == zones[subject]
        elif kind == "supplier":
            lost = system.name == subject and system.kind is Kind.SUPPLIER
        else:
            lost = kind == "everything" or system.name == subject
        answer.append("lost" if lost else "untouched")
    for _ in estate.systems:
        for edge in gating(estate):
            if answer[edge.dependency] != "untouched" and answer[edge.dependent] == "untouched":
                answer[edge.dependent] = "down"
    return answer


def has_round(pairs: set[Pair]) -> bool:
    """Whether the pairs have a cycle: take away ends until none is left."""
    left = set(pairs)
    while left:
        starts = {u for u, _ in left}
        kept = {(u, v) for u, v in left if v in starts}
        if kept == left:
            return True
        left = kept
    return False


def fewest_to_open(pairs: set[Pair]) -> int:
    """The size of the smallest set of pairs without which there is no round."""
    for size in range(len(pairs) + 1):
        for opened in combinations(sorted(pairs), size):
            if not has_round(pairs - set(opened)):
                return size
    raise AssertionError("taking all pairs away leaves no round")


def fewest_rebuild_among_smallest(pairs: set[Pair], rebuild: set[Pair]) -> tuple[int, int]:
    """(size, `rebuild` pairs in it) of the best smallest set."""
    size = fewest_to_open(pairs)
    return size, min(
        len(rebuild & set(opened))
        for opened in combinations(sorted(pairs), size)
        if not has_round(pairs - set(opened))
    )


def fewest_by_order(count: int, pairs: set[Pair], rebuild: set[Pair]) -> tuple[int, int]:
    """The same for denser loops: the least over all orders, by all sets of who has left."""
    best = {frozenset(): (0, 0)}
    for size in range(1, count + 1):
        layer = {}
        for chosen in combinations(range(count), size):
            gone = frozenset(chosen)
            ways = []
            for last in gone:
                opened = {(u, v) for u, v in pairs if u == last and v not in gone}
                edges, of_rebuild = best[gone - {last}]
                ways.append((edges + len(opened), of_rebuild + len(opened & rebuild)))
            layer[gone] = min(ways)
        best = layer
    return best[frozenset(range(count))]


class Recovery:
    """Rules G2, G3, G4, G8 and G10 for one scenario, by plain recursion and repetition."""

    def __init__(
        self, estate: Estate, scenario: str, opened: set[Pair], activation: list[tuple[int, bool]]
    ) -> None:
        """`activation` per system: minutes, and whether that is only "at least"."""
        self.estate = estate
        self.edges = gating(estate, opened)
        self.opened = opened
        self.effects = effects(estate, scenario)
        self.activation = activation

    def work(self, system: int) -> int:
        lost = self.effects[system] == "lost"
        return (self.estate.systems[system].duration_minutes or 0) if lost else 0

    def needs(self, system: int, kind: NeededTo) -> list[int]:
        return [e.dependency for e in self.edges if e.dependent == system and e.needed_to is kind]

    def start(self, system: int) -> int:
        own = self.activation[system][0] if self.effects[system] == "lost" else 0
        return max([own, *map(self.restored, self.needs(system, NeededTo.REBUILD))])

    def restored(self, system: int) -> int:
        if self.effects[system] == "untouched":
            return 0
        waits = map(self.restored, self.needs(system, NeededTo.RUN))
        return max([self.start(system) + self.work(system), *waits])

    def wave(self, system: int) -> int:
        if self.effects[system] == "untouched":
            return 0
        after = [1 + self.wave(need) for need in self.needs(system, NeededTo.REBUILD)]
        beside = [self.wave(need) for need in self.needs(system, NeededTo.RUN)]
        return max([1, *after, *beside])

    def below(self, system: int) -> set[int]:
        """The system itself and all it needs, near and far."""
        found = {system}
        for edge in self.edges:
            if edge.dependent == system:
                found |= self.below(edge.dependency)
        return found

    def unknown(self, system: int) -> list[int]:
        return [
            below
            for below in sorted(self.below(system))
            if self.effects[below] == "lost" and self.estate.systems[below].duration_minutes is None
        ]

    def at_least(self, system: int) -> bool:
        return bool(self.unknown(system)) or any(
            self.activation[below][1]
            if self.effects[below] == "lost"
            else self.is_started_by_hand(below)
            for below in self.below(system)
        )

    def is_started_by_hand(self, system: int) -> bool:
        """Down by a need that only an opened loop no longer waits for."""
        return self.effects[system] == "down" and any(
            dependent == system and self.effects[dependency] != "untouched"
            for dependent, dependency in self.opened
        )

    def requirements(self) -> tuple[list[int | None], list[int | None], list[bool]]:
        """(required, latest, at most): applied edge by edge until nothing changes."""
        count = len(self.estate.systems)
        required: list[int | None] = [None] * count
        latest = [system.rto_minutes for system in self.estate.systems]
        at_most = [False] * count
        changed = True
        while changed:
            changed = False
            for edge in self.edges:
                u, v = edge.dependent, edge.dependency
                above = latest[u]
                if above is None or "untouched" in (self.effects[u], self.effects[v]):
                    continue
                rebuild = edge.needed_to is NeededTo.REBUILD
                asked = above - self.work(u) if rebuild else above
                unsure = at_most[u] or (
                    rebuild
                    and self.effects[u] == "lost"
                    and self.estate.systems[u].duration_minutes is None
                )
                if required[v] is None or asked < required[v]:
                    required[v] = asked
                    changed = True
                if unsure and not at_most[v]:
                    at_most[v] = True
                    changed = True
                least = min(x for x in (required[v], latest[v]) if x is not None)
                if latest[v] != least:
                    latest[v] = least
                    changed = True
        return required, latest, at_most

    def order(self) -> list[int]:
        """Rule G4: of those whose needs are up, the most urgent; urgency read from the rule."""
        _, latest, _ = self.requirements()
        left = {i for i, effect in enumerate(self.effects) if effect != "untouched"}

        def urgency(i: int) -> tuple[bool, int, bool, int, str]:
            late, system = latest[i], self.estate.systems[i]
            return late is None, late or 0, system.tier is None, system.tier or 0, system.name

        order = []
        while left:
            free = [
                i
                for i in left
                if not any(e.dependent == i and e.dependency in left for e in self.edges)
            ]
            order.append(min(free, key=urgency))
            left.remove(order[-1])
        return order


def affected(estate: Estate, system: int) -> set[int]:
    """Everybody but itself who needs it, near and far."""
    found = {system}
    for _ in estate.systems:
        found |= {edge.dependent for edge in gating(estate) if edge.dependency in found}
    return found - {system}
