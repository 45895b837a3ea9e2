"""Which exercises prove a recovery plan, and when the next one is due (rules X1 to X4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bcp.engine.estate import Exercise, ExerciseType, Outcome, System
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.policies import TierRules
from bcp.engine.words import outcome_word, type_word

_LADDER = {
    ExerciseType.CHECKLIST: 1,
    ExerciseType.TABLETOP: 2,
    ExerciseType.FUNCTIONAL: 3,
    ExerciseType.PARALLEL: 4,
    ExerciseType.FULL: 5,
    ExerciseType.INCIDENT: 5,
}


@dataclass(frozen=True, slots=True)
class JudgedExercise:
    """One exercise that was done: it qualifies if there is no reason why not (X3)."""

    exercise: Exercise
    done_on: date
    reasons: tuple[Message, ...]

    @property
    def qualifies(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Proof:
    """What a system's exercises prove. `judged` come latest first.

    `last` is the last that qualifies. `due` is the day by which the next is to be done: today
    if none ever qualified. `in_date`: there is one, and it is not due again yet.
    """

    judged: tuple[JudgedExercise, ...]
    last: JudgedExercise | None
    due: date
    in_date: bool
    changed: bool
    """A structural change since the last one brought the due date forward, or may have (X4)."""


class DueState(StrEnum):
    """How a system stands with its exercises, worst first."""

    NEVER = "never"
    """None ever qualified: due now (X4)."""
    OVERDUE = "overdue"
    SOON = "soon"
    """Due within `SOON_DAYS`."""
    LATER = "later"


SOON_DAYS = 30


def due_state(proof: Proof, today: date) -> DueState:
    """Rule X4 in one word."""
    if proof.last is None:
        return DueState.NEVER
    if not proof.in_date:
        return DueState.OVERDUE
    return DueState.SOON if proof.due <= today + timedelta(days=SOON_DAYS) else DueState.LATER


def prove(
    system: System,
    exercises: Sequence[Exercise],
    rules: TierRules,
    *,
    holds_data: bool,
    today: date,
) -> Proof:
    """Rules X3 and X4 for one system; `exercises` are those of that system, done or planned."""
    judged = sorted(
        (
            JudgedExercise(one, one.done_on, tuple(_reasons(one, system, rules, holds_data)))
            for one in exercises
            if one.done_on is not None and one.done_on <= today
        ),
        key=lambda one: one.done_on,
        reverse=True,
    )
    last = next((one for one in judged if one.qualifies), None)
    if last is None:
        return Proof(tuple(judged), None, today, False, False)
    due = last.done_on + timedelta(days=rules.cadence_days)
    changed = system.changed_on is not None and system.changed_on > last.done_on
    if system.changed_on is not None and changed:
        due = min(due, system.changed_on + timedelta(days=rules.change_test_days))
    return Proof(tuple(judged), last, due, today <= due, changed)


_BESIDE = gettext_noop("a restore test proves a copy, not the recovery of the system")
_TOO_LOW = gettext_noop("a %(type)s is less than the %(minimum)s that its tier asks for")
_NOT_MET = gettext_noop("its objectives were not met: %(outcome)s")
_NO_OUTCOME = gettext_noop("nobody recorded whether its objectives were met")
_RTA_MISSED = gettext_noop("recovery took %(achieved)s, more than the RTO of %(target)s")
_RPA_MISSED = gettext_noop("%(achieved)s of data were lost, more than the RPO of %(target)s")
_NO_RTA = gettext_noop("nobody measured the recovery time")
_NO_RPA = gettext_noop("nobody measured the data loss: no restore was part of it")
_NO_RTO = gettext_noop("there is no approved RTO to hold the recovery time against")
_NO_RPO = gettext_noop("there is no approved RPO to hold the data loss against")


def _reasons(
    exercise: Exercise, system: System, rules: TierRules, holds_data: bool
) -> Iterator[Message]:
    """Why an exercise does not qualify (X3).

    Where the tier asks for no more than talking it through, there is nothing to measure: figures
    are held against the targets if they are there. From a functional exercise on they must be,
    the data loss of a system that holds data as well.
    """
    rank = _LADDER.get(exercise.type)
    lowest = _LADDER.get(rules.minimum_exercise, 0)
    if rank is None:
        yield Message(_BESIDE)
    elif rank < lowest:
        values = {"type": type_word(exercise.type), "minimum": type_word(rules.minimum_exercise)}
        yield Message(_TOO_LOW, values)
    if exercise.outcome is None:
        yield Message(_NO_OUTCOME)
    elif exercise.outcome is not Outcome.SUCCESS:
        yield Message(_NOT_MET, {"outcome": outcome_word(exercise.outcome)})
    measured = lowest >= _LADDER[ExerciseType.FUNCTIONAL]
    yield from _held_against(
        exercise.rta_minutes, system.rto_minutes, measured, (_RTA_MISSED, _NO_RTA, _NO_RTO)
    )
    yield from _held_against(
        exercise.rpa_minutes,
        system.rpo_minutes,
        measured and holds_data,
        (_RPA_MISSED, _NO_RPA, _NO_RPO),
    )


def _held_against(
    achieved: int | None, target: int | None, needed: bool, templates: tuple[str, str, str]
) -> Iterator[Message]:
    missed, not_measured, no_target = templates
    if achieved is not None and target is not None:
        if achieved > target:
            yield Message(missed, {"achieved": Minutes(achieved), "target": Minutes(target)})
        return
    if needed:
        yield Message(not_measured if achieved is None else no_target)
