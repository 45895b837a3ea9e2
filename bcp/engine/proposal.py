"""What proposed targets ask for: the analysis run again with them (rules T4, G1 to G3).

Nothing is worked out here that the analysis does not say; two of its answers are laid side by
side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bcp.engine.analysis import analyse
from bcp.engine.conflict_changes import appeared_and_disappeared
from bcp.engine.estate import Estate
from bcp.engine.results import Analysis, Conflict, Standing, SystemResult
from bcp.engine.targets import NO_LIMIT


@dataclass(frozen=True, slots=True)
class Target:
    """Proposed figures for one system; `None`: no such target."""

    rto_minutes: int | None
    rpo_minutes: int | None
    mtd_minutes: int | None


@dataclass(frozen=True, slots=True)
class Demand:
    """A system of which more is required than before: back within `now_minutes`.

    `before_minutes` is what was required of it, `None` for nothing. Where work of unknown duration
    follows it, both are "at most" (G8): `before_at_most`, `now_at_most`. `restored_minutes` is
    when it is back, and `own_minutes` the target it has itself.
    """

    system: int
    before_minutes: int | None
    now_minutes: int
    restored_minutes: int
    at_least: bool
    own_minutes: int | None
    before_at_most: bool
    now_at_most: bool

    @property
    def is_met(self) -> bool:
        """It is certainly back in time."""
        in_time = self.restored_minutes <= self.now_minutes
        return in_time and not (self.at_least or self.now_at_most)


@dataclass(frozen=True, slots=True)
class Turn:
    """A system whose standing is another than before."""

    system: int
    before: Standing
    now: Standing


@dataclass(frozen=True, slots=True)
class Consequences:
    """Two answers side by side: as it is, and with the proposals in force.

    Conflicts are compared as `conflict_changes` does. Demands come most pressing first.
    """

    before: Analysis
    after: Analysis
    proposed: tuple[int, ...]
    demands: tuple[Demand, ...]
    turns: tuple[Turn, ...]
    appeared: tuple[Conflict, ...]
    disappeared: tuple[Conflict, ...]

    @property
    def change_nothing(self) -> bool:
        return not (self.demands or self.turns or self.appeared or self.disappeared)


def with_targets(estate: Estate, targets: Mapping[str, Target]) -> Estate:
    """The estate in which the proposals, by the key of their system, are approved."""
    systems = tuple(
        replace(
            system,
            rto_minutes=targets[system.key].rto_minutes,
            rpo_minutes=targets[system.key].rpo_minutes,
            mtd_minutes=targets[system.key].mtd_minutes,
        )
        if system.key in targets
        else system
        for system in estate.systems
    )
    return replace(estate, systems=systems)


class Trials:
    """Tries proposals on one analysed estate, each time on it as it is."""

    def __init__(self, before: Analysis, *, today: date) -> None:
        self._before, self._today = before, today
        self._results = list(before.systems)

    def of(self, targets: Mapping[str, Target]) -> Consequences:
        """What would be different if the proposals, by the key of their system, were approved
        together. Keys that the analysed estate does not have are left out: what takes no part in
        the recovery asks nothing of it."""
        before = self._before
        estate = with_targets(before.estate, targets)
        after = analyse(estate, before.scenario.name, today=self._today)
        pairs = list(zip(self._results, after.systems, strict=True))
        appeared, disappeared = appeared_and_disappeared(
            before.conflicts,
            after.conflicts,
            required_before=[_required(then) for then, _now in pairs],
            required_after=[_required(now) for _then, now in pairs],
        )
        return Consequences(
            before=before,
            after=after,
            proposed=tuple(
                position for position, one in enumerate(estate.systems) if one.key in targets
            ),
            demands=tuple(sorted(_demands(pairs), key=_pressing)),
            turns=tuple(
                Turn(now.index, then.standing, now.standing)
                for then, now in pairs
                if then.standing is not now.standing
            ),
            appeared=appeared,
            disappeared=disappeared,
        )


def consequences(before: Analysis, targets: Mapping[str, Target], *, today: date) -> Consequences:
    """Of one trial, as `Trials.of`."""
    return Trials(before, today=today).of(targets)


def _demands(pairs: list[tuple[SystemResult, SystemResult]]) -> Iterator[Demand]:
    for then, now in pairs:
        was, required = then.required_rto_minutes, now.required_rto_minutes
        if required is not None and (was is None or required < was):
            yield Demand(
                now.index,
                was,
                required,
                now.restored_minutes,
                now.at_least,
                now.rto_minutes,
                then.required_at_most,
                now.required_at_most,
            )


def _pressing(demand: Demand) -> tuple[int, int]:
    return demand.now_minutes - demand.restored_minutes, demand.system


def _required(result: SystemResult) -> int:
    required = result.required_rto_minutes
    return NO_LIMIT if required is None else required
