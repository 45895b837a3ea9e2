"""What an analysis answers, as frozen data. `analysis.analyse` builds it.

All times are whole minutes counted from the disruption; `None` is unknown or "does not apply",
as each field says. Systems are named by their position in `Estate.systems`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from bcp.engine.estate import DurationSource, Estate, NeededTo
from bcp.engine.messages import Message


class Effect(StrEnum):
    """What a scenario does to a system (rule G10)."""

    LOST = "lost"
    DOWN = "down"
    """Not lost, but needs something that is; no recovery work of its own."""
    UNTOUCHED = "untouched"


class Standing(StrEnum):
    """The achieved time against the approved target, in one word."""

    MEETS = "meets"
    AT_RISK = "at risk"
    """Meets its own target, but not what its dependents require of it."""
    MISSES = "misses"
    UNKNOWN = "unknown"
    """No approved target, or the sum rests on an unknown and may be later than it says."""


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Activation:
    """Minutes before any recovery work can start (rules T3, E2), at the worst hour of the week.

    `authority_minutes` is `None` if at some hour nobody who may declare is reachable; it then
    counts 0 and everything after it is "at least" (G8). `total_minutes` is that sum.
    """

    path: str | None
    detect_minutes: int | None
    authority_minutes: int | None
    mobilise_minutes: int | None
    total_minutes: int
    at_least: bool
    worst_hour: str | None
    """Weekday and hour that decides, e.g. "Sa 18:00"; `None` if every hour is alike."""


@dataclass(frozen=True, slots=True)
class PeopleGap:
    """A time range of the week in which a path reaches nobody who may declare (rule E1)."""

    path: str
    from_hour: str
    to_hour: str


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system's answer. `wave`, `start_minutes` are `None` for an untouched system, whose
    `restored_minutes` is 0."""

    index: int
    name: str
    effect: Effect
    wave: int | None
    start_minutes: int | None
    restored_minutes: int
    at_least: bool
    unknown_durations: tuple[int, ...]
    """Systems in the sum whose duration nobody knows, in the order of the estate; the first
    20 of them, `unknown_count` counts all."""
    unknown_count: int
    rto_minutes: int | None
    required_rto_minutes: int | None
    required_at_most: bool
    """The requirement rests on an unknown duration above it: "at most" (G8)."""
    required_by: int | None
    """The dependent that decides the required RTO."""
    latest_minutes: int | None
    slack_minutes: int | None
    misses_minutes: int | None
    """Minutes by which the approved RTO is missed; 0 if met; `None` without a target."""
    standing: Standing
    binding_chain: tuple[int, ...]
    """The systems that attain the restored time, deepest first, ending with this one."""
    duration_minutes: int | None
    duration_source: DurationSource | None
    in_loop: bool
    degraded_until: tuple[int, ...]
    """Full-service dependencies restored after this one: it runs degraded until then (G6)."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two promises that cannot both hold. Rules: "G1" pairwise, "G3" chain, "G4" tier against
    edge."""

    rule: str
    dependent: int
    dependency: int
    says: Message


@dataclass(frozen=True, slots=True)
class Loop:
    """Systems that wait for each other, and the smallest set of edges that frees them (G5)."""

    systems: tuple[int, ...]
    cycle: tuple[int, ...]
    """One concrete round through the loop, each needing the next, the last the first."""
    open_edges: tuple[tuple[int, int], ...]
    """(dependent, dependency) pairs to open, in loop order."""
    exact: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or wrong, and what fixes it.

    `subject_kind` is "system", "contact", "path", "team", "dependency" or "organisation" and
    `subject_key` that record's key, so that a page can link to what fixes it.
    """

    code: str
    severity: Severity
    subject_kind: str
    subject_key: str
    system: int | None
    says: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named loss: `everything`, `site:NAME`, `supplier:NAME` or `system:NAME`."""

    name: str
    kind: str
    subject: str = ""


class Results(Sequence[SystemResult]):
    """One `SystemResult` per system, made when asked for: an analysis of 60,000 systems keeps
    plain lists and nobody waits for 60,000 objects they do not read."""

    def __init__(self, make: Callable[[int], SystemResult], count: int) -> None:
        self._make = make
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> SystemResult: ...
    @overload
    def __getitem__(self, index: slice) -> list[SystemResult]: ...
    def __getitem__(self, index: int | slice) -> SystemResult | list[SystemResult]:
        if isinstance(index, slice):
            return [self._make(position) for position in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._make(index % self._count)

    def __iter__(self) -> Iterator[SystemResult]:
        return (self._make(index) for index in range(self._count))


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole answer for one estate and one scenario."""

    estate: Estate
    scenario: Scenario
    activation: Activation
    path_activations: dict[str, Activation]
    restored_minutes: int
    """When the last touched system is restored."""
    at_least: bool
    provisional: bool
    """There are loops: the order below is a proposal until they are opened (G5)."""
    order: tuple[int, ...]
    """Touched systems in restore order (G4)."""
    systems: Sequence[SystemResult]
    conflicts: tuple[Conflict, ...]
    loops: tuple[Loop, ...]
    gaps: tuple[Gap, ...]
    people_gaps: tuple[PeopleGap, ...]


GATING = (NeededTo.REBUILD, NeededTo.RUN)
