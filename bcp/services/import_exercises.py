"""What rows make of exercises: a row says what one exercise showed of one system.

Rows of one exercise agree on its type and days. Systems that a file does not name stay in the
exercise, with their results.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bcp.errors import InvalidInput
from bcp.exchange.findings import quoted
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import ExerciseRow
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.systems import System
from bcp.services import records
from bcp.services.exercises import MOST_SYSTEMS, SHOWN, ResultValues, result_facts
from bcp.services.import_plan import Change, Difference, Outcome, counted, in_words
from bcp.services.import_workbench import Index, Workbench, same
from bcp.services.ledger import Facts, Ledger, facts_of

_BATCH = 500
_LONGEST_SHOWN = 2000
_OF_EXERCISE = ("type", "done_on", "planned_on", "objectives")


@dataclass
class Rewritten:
    """An exercise from now on. `before` are its facts so far (`None`: it is new), `results` the
    rows that are new or changed, `old` the facts of the latter by the key of their system."""

    exercise: Exercise
    before: Facts | None
    results: list[ExerciseResult] = field(default_factory=list)
    old: dict[str, Facts] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        return not self.results and facts_of(self.exercise) == self.before


@dataclass
class ExerciseDrafts:
    """What becomes of exercises."""

    rewritten: list[Rewritten] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def counts(self) -> dict[str, Counter[Outcome]]:
        return counted(_("exercises"), self.changes, unchanged=self.unchanged)


def draft(bench: Workbench, bundle: Bundle, *, today: date) -> ExerciseDrafts:
    """What the rows of a file make of the exercises there are, after `import_estate.fill`;
    `today` is the organisation's day."""
    sheet = bundle.exercises
    if not sheet.rows:
        return ExerciseDrafts()
    rows_of: defaultdict[str, list[ExerciseRow]] = defaultdict(list)
    for row in sheet.rows:
        rows_of[row.name.lower()].append(row)
    desk = _Desk(bench, sheet, today)
    for rows in rows_of.values():
        desk.take(rows)
    return desk.drafts


class _Desk:
    """Compares the rows of one exercise after the other with what is recorded."""

    def __init__(self, bench: Workbench, sheet: Sheet[ExerciseRow], today: date) -> None:
        self.bench = bench
        self.sheet = sheet
        self.today = today
        self.drafts = ExerciseDrafts()
        self.known = Index(_("exercise"), Exercise.objects.of(bench.organisation))
        systems = bench.systems.by_key()
        prefetch_related_objects(self.known.records, "results")
        for exercise in self.known.records:
            for result in exercise.results.all():
                result.exercise, result.system = exercise, systems[result.system_id]

    def take(self, rows: list[ExerciseRow]) -> None:
        first = rows[0]
        self._agree(first, rows[1:])
        exercise = self.known.find(first.name)
        before = facts_of(exercise) if exercise is not None else None
        old = {one.system_id: one for one in exercise.results.all()} if exercise else {}
        if exercise is None:
            exercise = Exercise(organisation=self.bench.organisation, name=first.name)
        said = self._put(exercise, first)
        self._check_days(exercise, first)
        one = Rewritten(exercise, before)
        told = self._results(one, rows, old)
        if one.is_same:
            self.drafts.unchanged += 1
            return
        if len(old.keys() | {result.system_id for result in one.results}) > MOST_SYSTEMS:
            says = _("an exercise has at most %(most)d systems") % {"most": MOST_SYSTEMS}
            self.bench.fault(self.sheet, rows[-1], "system", says)
        self.drafts.rewritten.append(one)
        outcome = Outcome.NEW if before is None else Outcome.CHANGED
        differences = (*said, told) if before is not None and one.results else tuple(said)
        kind = _("exercise")
        change = Change(
            self.sheet.file, first.row, kind, str(exercise), outcome, tuple(differences)
        )
        self.drafts.changes.append(change)

    def _agree(self, first: ExerciseRow, others: list[ExerciseRow]) -> None:
        for row in others:
            for name in _OF_EXERCISE:
                if getattr(row, name) != getattr(first, name):
                    says = _(
                        "row %(row)d says something else of %(exercise)s; all rows of an exercise"
                        " say the same of its type, its days and its objectives"
                    ) % {"row": first.row, "exercise": quoted(first.name)}
                    self.bench.fault(self.sheet, row, name, says)

    def _put(self, exercise: Exercise, row: ExerciseRow) -> list[Difference]:
        """Set what the columns of the file say; the differences from what was recorded."""
        differences = []
        for name in _OF_EXERCISE:
            if name not in self.sheet.headers:
                continue
            column: Any = Exercise._meta.get_field(name)
            before, after = getattr(exercise, name), getattr(row, name)
            if not same(before, after):
                words = in_words(column, before), in_words(column, after)
                differences.append(Difference(str(column.verbose_name), *words))
                setattr(exercise, name, after)
        return differences

    def _check_days(self, exercise: Exercise, row: ExerciseRow) -> None:
        if exercise.done_on is None and exercise.planned_on is None:
            column = "done_on" if "done_on" in self.sheet.headers else "planned_on"
            says = _("write when it was done, or when it is planned")
            self.bench.fault(self.sheet, row, column, says)
        if exercise.done_on is not None and exercise.done_on > self.today:
            says = _("this day is still to come; write it under planned_on")
            self.bench.fault(self.sheet, row, "done_on", says)

    def _results(
        self, one: Rewritten, rows: list[ExerciseRow], old: dict[str, ExerciseResult]
    ) -> Difference:
        said: list[tuple[str, str]] = []
        for row in rows:
            system = self.bench.refer(self.sheet, row, "system", self.bench.systems, row.system)
            if system is not None:
                said += self._result(one, row, system, old.get(system.pk))
        before, after = (
            ("; ".join(words) for words in zip(*said, strict=True)) if said else ("", "")
        )
        return Difference(_("results"), _short(before), _short(after))

    def _result(
        self, one: Rewritten, row: ExerciseRow, system: System, known: ExerciseResult | None
    ) -> Iterable[tuple[str, str]]:
        result = known or ExerciseResult(
            organisation=self.bench.organisation, exercise=one.exercise, system=system
        )
        before = None if known is None else result_facts(known)
        was = "—" if known is None else _in_words(known)
        for name in SHOWN:
            if name in self.sheet.headers and not same(getattr(result, name), getattr(row, name)):
                setattr(result, name, getattr(row, name))
        self._check(one, row, result)
        if result_facts(result) == before:
            return
        one.results.append(result)
        if before is not None:
            one.old[system.pk] = before
        yield was, _in_words(result)

    def _check(self, one: Rewritten, row: ExerciseRow, result: ExerciseResult) -> None:
        if one.exercise.done_on is None:
            for name in SHOWN:
                if getattr(result, name) not in (None, ""):
                    says = _("what was not done yet has no result; write when it was done")
                    self.bench.fault(self.sheet, row, name, says)
                    break
        try:
            records.validate_part(result)
        except InvalidInput as error:
            for name, messages in error.fields.items():
                for message in messages:
                    self.bench.fault(self.sheet, row, name, message)


def _in_words(result: ExerciseResult) -> str:
    return str(ResultValues(result.system, *(getattr(result, name) for name in SHOWN)))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"


def save(ledger: Ledger, drafts: ExerciseDrafts) -> None:
    """Write the exercises, many at a time, each with its audit row."""
    rewritten = drafts.rewritten
    Exercise.objects.bulk_create(
        [one.exercise for one in rewritten if one.before is None], batch_size=_BATCH
    )
    known: list[Any] = [one.exercise for one in rewritten if one.before is not None]
    changed: list[Any] = [
        result for one in rewritten for result in one.results if result.system_id in one.old
    ]
    for record in (*known, *changed):
        record.version += 1
        record.updated_at = ledger.now
    stamps = ("version", "updated_at")
    Exercise.objects.bulk_update(known, [*_OF_EXERCISE, *stamps], batch_size=_BATCH)
    ExerciseResult.objects.bulk_update(changed, [*SHOWN, *stamps], batch_size=_BATCH)
    ExerciseResult.objects.bulk_create(
        [result for one in rewritten for result in one.results if result.system_id not in one.old],
        batch_size=_BATCH,
    )
    for one in rewritten:
        after = facts_of(one.exercise) | {"results": [result_facts(row) for row in one.results]}
        if one.before is None:
            ledger.note("created", one.exercise, after=after)
        else:
            before = one.before | {"results": list(one.old.values())}
            ledger.changed(one.exercise, before, after)
