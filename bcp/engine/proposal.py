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
from bcp.engine.results import Analysis, Conflict, Standing
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

    def of(self, targets: Mapping[str, Target]) -> Consequences:
        """What would be different if the proposals, by the key of their system, were approved
        together. Keys that the analysed estate does not have are left out: what takes no part in
        the recovery asks nothing of it."""
        before = self._before
        estate = with_targets(before.estate, targets)
        after = analyse(estate, before.scenario.name, today=self._today)
        appeared, disappeared = appeared_and_disappeared(
            before.conflicts,
            after.conflicts,
            required_before=before.required,
            required_after=after.required,
            promised_before=[one.rto_minutes for one in before.estate.systems],
            promised_after=[one.rto_minutes for one in estate.systems],
        )
        return Consequences(
            before=before,
            after=after,
            proposed=tuple(
                position for position, one in enumerate(estate.systems) if one.key in targets
            ),
            demands=tuple(sorted(_demands(before, after), key=_pressing)),
            turns=tuple(
                Turn(at, then, now)
                for at, (then, now) in enumerate(
                    zip(before.standings, after.standings, strict=True)
                )
                if then is not now
            ),
            appeared=appeared,
            disappeared=disappeared,
        )


def consequences(before: Analysis, targets: Mapping[str, Target], *, today: date) -> Consequences:
    """Of one trial, as `Trials.of`."""
    return Trials(before, today=today).of(targets)


def _demands(before: Analysis, after: Analysis) -> Iterator[Demand]:
    for at, (was, required) in enumerate(zip(before.required, after.required, strict=True)):
        if required < was:
            then, now = before.systems[at], after.systems[at]
            yield Demand(
                system=at,
                before_minutes=None if was == NO_LIMIT else was,
                now_minutes=required,
                restored_minutes=now.restored_minutes,
                at_least=now.at_least,
                own_minutes=now.rto_minutes,
                before_at_most=then.required_at_most,
                now_at_most=now.required_at_most,
            )


def _pressing(demand: Demand) -> tuple[int, int]:
    return demand.now_minutes - demand.restored_minutes, demand.system
