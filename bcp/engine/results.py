"""What an analysis answers, as frozen data. `analysis.analyse` builds it.

All times are whole minutes counted from the disruption; `None` is unknown or "does not apply",
as each field says. Systems are named by their position in `Estate.systems`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Self, TypeVar, overload

from bcp.engine.effects import Effect, Scenario
from bcp.engine.estate import DurationSource, Estate, System
from bcp.engine.exercises import Proof
from bcp.engine.matrix import Cell
from bcp.engine.messages import Message
from bcp.engine.promise import TierPromise
from bcp.engine.readiness import ReadinessClass
from bcp.engine.restore import Restore
from bcp.engine.results_of_backups import BackupResult, Tally
from bcp.engine.standing import Standing

Answer = TypeVar("Answer")


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
    duration_as_of: date | None
    """When the duration was measured or approved; `None` if that is not recorded."""
    restore: Restore | None
    """The restore of its volume, whether it decides the duration or not (G9)."""
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
    `subject_key` that record's key, so that a page can link to what fixes it. `case` tells several
    gaps of one code and subject apart: the key of the other system or of the copy, or the name of
    the scenario; it is empty where there can be only one.
    """

    code: str
    severity: Severity
    subject_kind: str
    subject_key: str
    system: int | None
    says: Message
    fix: Message
    case: str = ""

    @classmethod
    def of_system(
        cls,
        index: int,
        system: System,
        code: str,
        severity: Severity,
        says: Message,
        fix: Message,
        case: str = "",
    ) -> Self:
        """A gap of the system at position `index` of the estate."""
        return cls(code, severity, "system", system.key, index, says, fix, case)


class Results(Sequence[Answer]):
    """One answer per system, made when asked for: an analysis of 60,000 systems keeps plain
    lists and nobody waits for 60,000 objects they do not read."""

    def __init__(self, make: Callable[[int], Answer], count: int) -> None:
        self._make = make
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> list[Answer]: ...
    def __getitem__(self, index: int | slice) -> Answer | list[Answer]:
        if isinstance(index, slice):
            return [self._make(position) for position in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._make(index % self._count)

    def __iter__(self) -> Iterator[Answer]:
        return (self._make(index) for index in range(self._count))


class WhenRead(Sequence[Answer]):
    """A list that is worked out when somebody first looks at it, and then kept."""

    def __init__(self, make: Callable[[], Sequence[Answer]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[Answer, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Answer, ...]: ...
    def __getitem__(self, index: int | slice) -> Answer | tuple[Answer, ...]:
        return self._made[index]

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._made)


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
    required: Sequence[int]
    """What is required of each system in minutes (G3), `targets.NO_LIMIT` where nothing is; and
    below how each stands, found when read. Who compares whole estates reads these: a result is
    made for each system that is looked at."""
    standings: Sequence[Standing]
    backups: Sequence[BackupResult]
    """One per system: losses by scenario, readiness, copies, tests (B1 to B5, X4)."""
    classes: Sequence[ReadinessClass]
    """The readiness class of each system (B5), found when its own is read and then kept: a map
    reads a few of thousands, a count all of them."""
    proofs: Sequence[Proof]
    """What the exercises of each system prove, and when the next is due (X3, X4)."""
    tallies: Sequence[Tally]
    """By scenario, how many systems lose more than they may; the worst first, found when read."""
    scenarios: tuple[str, ...]
    """The columns of the matrix system by scenario, in order (`columns.Columns.shown`)."""
    matrix: Sequence[tuple[Cell, ...]]
    """Its rows, one per system: a cell for each of `scenarios`."""
    conflicts: tuple[Conflict, ...]
    loops: tuple[Loop, ...]
    gaps: Sequence[Gap]
    """Worst first: by severity, then by tier; found when read."""
    people_gaps: tuple[PeopleGap, ...]
    tier_promises: Sequence[TierPromise]
    """Whether each tier's promise holds for all of its systems together (G7), found when read."""
