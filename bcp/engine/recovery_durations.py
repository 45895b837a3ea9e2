"""How long the recovery of each system takes, and how we know (rule G9).

The first that exists: the recovery time of the last exercise or incident that qualifies, the sum
along its procedure, volume ÷ throughput of its restore, what somebody typed in (of a supplier:
what the contract says). A sum with a step that nobody timed does not exist.

The restore is that from the copy which decides the loss in the scenario, or else from the next
that has a throughput. If none is left, the figure of one that is lost still says how long reading
it would take, and `Restore.verdict` says that it is lost. A standby takes over instead of being
restored, unless the scenario corrupts it or takes everything; a supplier recovers by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bcp.engine.backups import Backups
from bcp.engine.effects import Effect, Scenario
from bcp.engine.estate import Copy, DurationSource, Estate, Kind, Procedure, Strategy, System
from bcp.engine.procedures import totals
from bcp.engine.restore import Read, Restore, Shared
from bcp.engine.scenario import EVERYTHING
from bcp.engine.scenario_on_copies import OWN_FAILURE, Blow
from bcp.engine.survival import Fate, Verdict

_PLACE = {source: place for place, source in enumerate(DurationSource)}
_MEGABYTES_PER_GIGABYTE = 1000
_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Duration:
    """A recovery duration, where it comes from, and from when that is (`None`: not recorded).

    `low_minutes` and `high_minutes` are the best and the worst case of a procedure, `None` where
    a step has none.
    """

    minutes: int | None
    source: DurationSource | None
    as_of: date | None = None
    low_minutes: int | None = None
    high_minutes: int | None = None


class Durations:
    """Rule G9 for one estate in one scenario; without `backups` everything is as typed in.

    `restores` are as if each ran alone, until `share` says what they take beside each other.
    """

    def __init__(
        self,
        estate: Estate,
        scenario: Scenario,
        effects: Sequence[Effect],
        backups: Backups | None = None,
    ) -> None:
        self._systems, self._copies = estate.systems, estate.copies
        self._recorded: dict[int, Duration] = {}
        self._planned: dict[int, _Planned] = {}
        if backups is not None:
            self._recorded = _recorded(backups)
            self._planned = _planned(backups, scenario, effects, self._but_for_restores)
        self.restores = {
            index: one.taking(Shared(one.read.alone_minutes, 0))
            for index, one in self._planned.items()
        }

    def of(self, index: int) -> Duration:
        """The duration of one system, and where it comes from."""
        planned = self._planned.get(index)
        if planned is None or not planned.read.decides:
            return self._but_for_restores(index)
        restore = self.restores[index]
        tested_on = self._copies[restore.copy].restore_tested_on
        return Duration(restore.minutes, DurationSource.RESTORE, tested_on)

    def differing(self) -> dict[int, Duration]:
        """By system, those that are not as typed in."""
        return {index: self.of(index) for index in self._recorded.keys() | self._planned.keys()}

    def share(self, shared: Callable[[Mapping[int, Read]], Mapping[int, Shared]]) -> bool:
        """Let `shared` say what the restores of this scenario take; `False` if no two of them
        are from the same repository."""
        reads = {index: one.read for index, one in self._planned.items() if one.takes_part}
        if len({read.repository for read in reads.values()}) == len(reads):
            return False
        for index, taken in shared(reads).items():
            self.restores[index] = self._planned[index].taking(taken)
        return True

    def _but_for_restores(self, index: int) -> Duration:
        return self._recorded.get(index) or _typed_in(self._systems[index])


def _typed_in(system: System) -> Duration:
    return Duration(system.duration_minutes, system.duration_source, system.duration_as_of)


def _recorded(backups: Backups) -> dict[int, Duration]:
    """By system, durations from an exercise or a procedure that go before the one typed in."""
    found = {}
    estate = backups.estate
    for system in {one.system for one in estate.exercises} | backups.procedures.keys():
        duration = _measured(backups, system) or _written_down(backups.procedures.get(system))
        if duration is not None and _place(duration) <= _place(_typed_in(estate.systems[system])):
            found[system] = duration
    return found


def _place(duration: Duration) -> int:
    """Best first; what is unknown comes last."""
    if duration.minutes is None:
        return len(_PLACE)
    return _PLACE[duration.source or DurationSource.ESTIMATE]


def _measured(backups: Backups, system: int) -> Duration | None:
    for one in backups.proof(system).judged:
        if one.qualifies and one.exercise.rta_minutes is not None:
            return Duration(one.exercise.rta_minutes, DurationSource.TEST, one.done_on)
    return None


def _written_down(procedure: Procedure | None) -> Duration | None:
    if procedure is None or not procedure.steps:
        return None
    sums = totals(procedure.steps)
    if sums.likely.minutes is None:
        return None
    return Duration(
        sums.likely.minutes,
        DurationSource.PROCEDURE,
        procedure.approved_on,
        sums.low.minutes,
        sums.high.minutes,
    )


@dataclass(frozen=True, slots=True)
class _Planned:
    """A restore before it is known beside which others it runs. `takes_part`: the scenario loses
    the system; if not, the restore is the one after its own failure, alone."""

    read: Read
    fate: Fate
    takes_part: bool

    def taking(self, shared: Shared) -> Restore:
        return Restore(
            self.fate.copy,
            self.read.repository,
            self.read.alone_minutes,
            shared.minutes,
            shared.beside,
            self.fate.verdict,
        )


def _planned(
    backups: Backups,
    scenario: Scenario,
    effects: Sequence[Effect],
    but_for_restores: Callable[[int], Duration],
) -> dict[int, _Planned]:
    """By system, the restore of each that has a volume and a copy with a throughput."""
    estate = backups.estate
    found = {}
    for index in sorted({copy.system for copy in estate.copies if copy.restore_mb_s}):
        system = estate.systems[index]
        lost = effects[index] is Effect.LOST
        if system.data_gb is None or system.kind is Kind.SUPPLIER:
            continue
        if lost and _takes_over(system, backups.blow(scenario)):
            continue
        fate = _restored_from(backups, index, scenario if lost else OWN_FAILURE)
        if fate is not None:
            decides = _place(but_for_restores(index)) > _PLACE[DurationSource.RESTORE]
            read = _read(estate.copies[fate.copy], system.data_gb, decides=decides)
            found[index] = _Planned(read, fate, lost)
    return found


def _takes_over(system: System, blow: Blow) -> bool:
    """Its standby does, and nothing is restored."""
    attacked = blow.dwell_minutes is not None or blow.stolen
    return (
        system.strategy in (Strategy.ACTIVE_ACTIVE, Strategy.HOT_STANDBY)
        and not attacked
        and blow.scenario.kind != EVERYTHING
    )


_PREFERENCE = {Verdict.SURVIVES: 0, Verdict.UNKNOWN: 1, Verdict.LOST: 2}


def _restored_from(backups: Backups, index: int, scenario: Scenario) -> Fate | None:
    """The copy that decides the loss, or the next best that has a throughput."""
    own = backups.own_loss(index, scenario)
    return min(
        (fate for fate in own.fates if backups.estate.copies[fate.copy].restore_mb_s),
        key=lambda fate: (
            fate.copy != own.copy,
            _PREFERENCE[fate.verdict],
            not backups.tested(fate.copy),
            fate.loss_minutes is None,
            fate.known_minutes,
        ),
        default=None,
    )


def _read(copy: Copy, volume_gb: Decimal, *, decides: bool) -> Read:
    megabytes = float(volume_gb) * _MEGABYTES_PER_GIGABYTE
    per_minute = float(copy.restore_mb_s or 0) * _SECONDS_PER_MINUTE
    return Read(repository_of(copy), megabytes / per_minute, copy.restore_fixed_minutes, decides)


def repository_of(copy: Copy) -> str:
    """What restores share; copies of which neither name, medium nor site is recorded share one
    as well: nobody can say that they do not."""
    return copy.repository or f"{copy.medium} · {copy.site or ''}"
