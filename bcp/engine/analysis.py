"""The whole answer for one estate and one scenario: the engine's front door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, cached_property

from bcp.engine.backup_answers import BackupAnswers
from bcp.engine.backups import Backups
from bcp.engine.effects import Effect
from bcp.engine.estate import Estate, NeededTo
from bcp.engine.gaps import find_gaps
from bcp.engine.gaps_of_backups import backup_gaps
from bcp.engine.recovery import Recovery, recover
from bcp.engine.results import Analysis, Conflict, Gap, Results, SystemResult, WhenRead
from bcp.engine.scenario import EVERYTHING, parse_scenario
from bcp.engine.severity import LAST_TIER, severity_then_tier
from bcp.engine.standing import Standing, standing_of
from bcp.engine.tallies import tallies
from bcp.engine.targets import NO_LIMIT, conflicts
from bcp.engine.tier_promises import tier_promises
from bcp.engine.timeline import Unknowns, binding_chain, unknowns_below


def analyse(
    estate: Estate, scenario: str = EVERYTHING, *, today: date, now: datetime | None = None
) -> Analysis:
    """Restore order, times, targets, loops, conflicts, gaps, losses and readiness (rules T3,
    G1–G10, S1, B1–B6, X3–X4, E1–E4).

    `today` is the organisation's date: tests, exercises and contacts' verification age by it.
    `now` is aware of its time zone; without it nothing is said of late copies. Raises
    `UnknownScenario` for a name that the estate does not have and `Rejected` for dependencies
    that point outside of it.
    """
    backups = Backups(estate, today=today)
    recovery = recover(estate, parse_scenario(scenario, estate), backups)
    answers = BackupAnswers(backups, recovery.scenario)
    timeline, touched = recovery.timeline, recovery.timeline.sequence
    found = conflicts(estate, recovery.wanted, timeline, recovery.at_least)
    in_effect = set(touched)
    return Analysis(
        estate=estate,
        scenario=recovery.scenario,
        activation=recovery.activation,
        path_activations=recovery.path_activations,
        restored_minutes=max(map(timeline.restored.__getitem__, touched), default=0),
        at_least=any(recovery.at_least),
        provisional=any(loop.systems[0] in in_effect for loop in recovery.loops),
        order=recovery.order,
        systems=Results(_Answers(recovery).of, len(estate.systems)),
        required=recovery.wanted.required,
        standings=WhenRead(lambda: _standings(recovery)),
        backups=Results(answers.of, len(estate.systems)),
        classes=Results(cache(lambda index: answers.readiness(index).kind), len(estate.systems)),
        proofs=Results(backups.proof, len(estate.systems)),
        tallies=WhenRead(lambda: tallies(answers)),
        scenarios=answers.columns.shown,
        matrix=Results(answers.matrix.row, len(estate.systems)),
        conflicts=found,
        loops=recovery.loops,
        gaps=_gaps(recovery, found, answers, today, now),
        people_gaps=recovery.people_gaps,
        tier_promises=WhenRead(lambda: tier_promises(recovery, backups.procedures)),
    )


def _standings(recovery: Recovery) -> list[Standing]:
    times = zip(
        recovery.estate.systems,
        recovery.wanted.latest,
        recovery.timeline.restored,
        recovery.at_least,
        strict=True,
    )
    return [
        standing_of(system.rto_minutes, latest, restored, bool(at_least))
        for system, latest, restored, at_least in times
    ]


def _gaps(
    recovery: Recovery,
    found: Sequence[Conflict],
    answers: BackupAnswers,
    today: date,
    now: datetime | None,
) -> Sequence[Gap]:
    """Those of the recovery and those of the backups, worst first; both keep their own order
    within a severity and a tier. They are found when somebody reads the list: who tries a
    proposal never does."""
    tiers = [system.tier or LAST_TIER for system in recovery.estate.systems]

    def worst_first(gap: Gap) -> tuple[int, int]:
        return severity_then_tier(gap, tiers)

    def every() -> list[Gap]:
        of_recovery = find_gaps(recovery, found, today=today)
        of_backups = backup_gaps(answers, recovery.durations, now=now)
        return sorted((*of_recovery, *of_backups), key=worst_first)

    return WhenRead(every)


class _Answers:
    """Makes one system's result from the lists when somebody asks for it."""

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self._in_loop = {system for loop in recovery.loops for system in loop.systems}

    @cached_property
    def _unknowns(self) -> Unknowns:
        recovery = self._recovery
        return unknowns_below(recovery.graph, recovery.timeline.sequence, recovery.work.unknown)

    @cached_property
    def _full_service(self) -> dict[int, list[int]]:
        needs: dict[int, list[int]] = {}
        for edge in self._recovery.estate.dependencies:
            if edge.needed_to is NeededTo.FULL_SERVICE and edge.dependent != edge.dependency:
                needs.setdefault(edge.dependent, []).append(edge.dependency)
        return needs

    def of(self, index: int) -> SystemResult:
        recovery = self._recovery
        timeline, wanted = recovery.timeline, recovery.wanted
        system, effect = recovery.estate.systems[index], recovery.effects[index]
        touched = effect is not Effect.UNTOUCHED
        restored, at_least = timeline.restored[index], bool(recovery.at_least[index])
        rto, latest = system.rto_minutes, wanted.latest[index]
        duration = recovery.durations.of(index)
        return SystemResult(
            index=index,
            name=system.name,
            effect=effect,
            wave=timeline.wave[index] if touched else None,
            start_minutes=timeline.start[index] if touched else None,
            restored_minutes=restored,
            at_least=at_least,
            unknown_durations=self._unknowns.first[index] if at_least else (),
            unknown_count=self._unknowns.counts[index] if at_least else 0,
            rto_minutes=rto,
            required_rto_minutes=_limit(wanted.required[index]),
            required_at_most=bool(wanted.at_most[index]),
            required_by=wanted.required_by(index),
            latest_minutes=_limit(latest),
            slack_minutes=None if latest == NO_LIMIT else latest - restored,
            misses_minutes=None if rto is None else max(0, restored - rto),
            standing=standing_of(rto, latest, restored, at_least),
            binding_chain=binding_chain(timeline.predecessor, index) if touched else (),
            duration_minutes=duration.minutes,
            duration_source=duration.source,
            duration_as_of=duration.as_of,
            restore=recovery.durations.restores.get(index),
            in_loop=index in self._in_loop,
            degraded_until=self._degraded_until(index) if touched else (),
        )

    def _degraded_until(self, index: int) -> tuple[int, ...]:
        """Rule G6: what it needs for full service and is restored only after it, soonest first."""
        needs = self._full_service.get(index)
        if not needs:
            return ()
        restored = self._recovery.timeline.restored
        later = {v for v in needs if restored[v] > restored[index]}
        return tuple(sorted(later, key=lambda v: (restored[v], v)))


def _limit(minutes: int) -> int | None:
    return None if minutes == NO_LIMIT else minutes
