"""Writing exercises with what they showed of each system, as one document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.copies import OutcomeChoice
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing

MOST_SYSTEMS = 2000
SHOWN = ("outcome", "rta_minutes", "rpa_minutes", "note")
"""What an exercise shows of a system, once it was done."""
_BATCH = 500
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class ResultValues:
    """One system in scope and what the exercise showed of it; `str` says it in words, for
    whoever compares two versions."""

    system: System
    outcome: str = ""
    rta_minutes: int | None = None
    rpa_minutes: int | None = None
    note: str = ""

    def __str__(self) -> str:
        said = [str(self.system)]
        if self.outcome in OutcomeChoice.values:
            said.append(str(OutcomeChoice(self.outcome).label))
        if self.rta_minutes is not None:
            said.append(f"RTA {format_minutes(self.rta_minutes)}")
        if self.rpa_minutes is not None:
            said.append(f"RPA {format_minutes(self.rpa_minutes)}")
        return ", ".join([*said, self.note] if self.note else said)


def create(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    results: Sequence[ResultValues] = (),
    by: Actor,
) -> Exercise:
    """A planned exercise, or one that was done. Raises `InvalidInput` for a day of doing that is
    still to come and for results of what was not done yet."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        exercise = records.create(ledger, Exercise, values)
        _check_day(ledger, exercise)
        set_results(ledger, exercise, results)
        return exercise


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    results: Sequence[ResultValues] | None = None,
    seen_version: int | None,
    by: Actor,
) -> Exercise:
    """`results` `None` leaves systems and results as they are."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        exercise = records.locked(ledger, Exercise, key)
        exercise = records.change(ledger, exercise, values, seen_version=seen_version)
        _check_day(ledger, exercise)
        if results is not None:
            set_results(ledger, exercise, results)
        elif exercise.done_on is None:
            check_nothing_shown(exercise.results.select_related("system"))
        return exercise


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        exercise = records.locked(ledger, Exercise, key)
        records.check_version(exercise, seen_version)
        results = [result_facts(row) for row in records.with_names(exercise.results.all())]
        exercise.results.all().delete()
        records.delete(ledger, exercise, seen_version=seen_version, parts={"results": results})


def set_results(ledger: Ledger, exercise: Exercise, results: Sequence[ResultValues]) -> None:
    """Make `results` the exercise's scope, writing and auditing only what differs. As many
    queries for thousands of systems as for two, but for batches."""
    rows = _checked(ledger, exercise, results)
    old = {row.system_id: row for row in records.with_names(exercise.results.all())}
    before = {key: result_facts(row) for key, row in old.items()}
    gone = [row for key, row in old.items() if key not in rows]
    new = [row for key, row in rows.items() if key not in old]
    changed = []
    for key in old.keys() & rows.keys():
        if result_facts(rows[key]) != before[key]:
            changed.append(_taken_over(ledger, old[key], rows[key]))
    if not gone and not new and not changed:
        return
    ExerciseResult.objects.of(ledger.organisation).filter(pk__in=[row.pk for row in gone]).delete()
    ExerciseResult.objects.bulk_create(new, batch_size=_BATCH)
    ExerciseResult.objects.bulk_update(
        changed, [*SHOWN, "version", "updated_at"], batch_size=_BATCH
    )
    records.touch(exercise)
    ledger.changed(
        exercise,
        {"results": _in_order(before[row.system_id] for row in [*gone, *changed])},
        {"results": _in_order(map(result_facts, [*new, *changed]))},
    )


def result_facts(row: ExerciseResult) -> Facts:
    """A result as a fact of its exercise."""
    facts = facts_of(row)
    del facts["exercise"]
    return facts


def _in_order(facts: Iterable[Facts]) -> list[Facts]:
    return sorted(facts, key=lambda one: str(one["system"]["name"]))


def _taken_over(ledger: Ledger, row: ExerciseResult, new: ExerciseResult) -> ExerciseResult:
    for name in SHOWN:
        setattr(row, name, getattr(new, name))
    row.version += 1
    row.updated_at = ledger.now
    return row


def _check_day(ledger: Ledger, exercise: Exercise) -> None:
    if exercise.done_on is not None and exercise.done_on > ledger.today:
        fault = _("This day is still to come. Write it under “planned on” until it was done.")
        raise InvalidInput(fault, {"done_on": [fault]})


def _checked(
    ledger: Ledger, exercise: Exercise, results: Sequence[ResultValues]
) -> dict[str, ExerciseResult]:
    """The rows by the key of their system; raises `InvalidInput` with every fault."""
    if len(results) > MOST_SYSTEMS:
        _refuse(_("An exercise has at most %(most)d systems.") % {"most": MOST_SYSTEMS})
    records.same_organisation(ledger, [one.system for one in results], "results")
    rows: dict[str, ExerciseResult] = {}
    faults: list[str] = []
    for one in results:
        if one.system.pk in rows:
            faults.append(_("“%(system)s” is there twice.") % {"system": one.system})
            continue
        rows[one.system.pk] = row = ExerciseResult(
            organisation=ledger.organisation,
            exercise=exercise,
            system=one.system,
            **{name: getattr(one, name) for name in SHOWN},
        )
        faults += _faults_of(row)
    if faults:
        _refuse(*faults[:_MOST_FAULTS])
    if exercise.done_on is None:
        check_nothing_shown(rows.values())
    return rows


def _faults_of(row: ExerciseResult) -> list[str]:
    try:
        records.validate_part(row)
    except InvalidInput as error:
        return [
            _("%(system)s: %(fault)s") % {"system": row.system, "fault": message}
            for messages in error.fields.values()
            for message in messages
        ]
    return []


def check_nothing_shown(rows: Iterable[ExerciseResult]) -> None:
    """What is only planned has shown nothing yet. Raises `InvalidInput`."""
    for row in rows:
        if any(getattr(row, name) not in (None, "") for name in SHOWN):
            _refuse(
                _("Say when the exercise was done: “%(system)s” has a result already.")
                % {"system": row.system}
            )


def _refuse(*faults: str) -> None:
    raise InvalidInput(faults[0], {"results": list(faults)})
