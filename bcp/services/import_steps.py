"""What rows make of procedures: a file gives the whole procedure of every system it names.

What says the same as the approved version or the draft changes nothing. Anything else becomes
the system's draft, which waits until somebody approves it: a file approves nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bcp.errors import InvalidInput
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import ProcedureStepRow
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureStep
from bcp.models.systems import System
from bcp.queries import procedures as reads
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.import_plan import Change, Difference, Outcome, counted
from bcp.services.import_workbench import Workbench
from bcp.services.ledger import Facts, Ledger, facts_of
from bcp.services.procedures import MOST_STEPS, StepValues, contents, step_row, values_of

_BATCH = 500
_LONGEST_SHOWN = 2000
_FIELDS = tuple(StepValues.__dataclass_fields__)


@dataclass
class Rewritten:
    """A draft and its steps from now on. `before` are its facts so far; a new one has none."""

    draft: Procedure
    steps: list[ProcedureStep]
    before: Facts | None


@dataclass
class ProcedureDrafts:
    """What becomes of procedures."""

    rewritten: list[Rewritten] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def counts(self) -> dict[str, Counter[Outcome]]:
        return counted(_("procedures"), self.changes, unchanged=self.unchanged)


def draft(bench: Workbench, bundle: Bundle, *, by: Actor) -> ProcedureDrafts:
    """What the steps of a file make of the procedures there are, after `import_estate.fill`."""
    sheet = bundle.steps
    rows_of: defaultdict[str, list[ProcedureStepRow]] = defaultdict(list)
    for row in sheet.rows:
        system = bench.refer(sheet, row, "system", bench.systems, row.system)
        if system is not None:
            rows_of[system.pk].append(row)
    if not rows_of:
        return ProcedureDrafts()
    desk = _Desk(bench, sheet, by)
    systems = bench.systems.by_key()
    for key, rows in rows_of.items():
        desk.take(systems[key], sorted(rows, key=lambda row: row.position))
    if desk.drafts.changes:
        says = _("%(count)d procedures become drafts, which somebody else has to approve") % {
            "count": len(desk.drafts.changes)
        }
        bench.findings.notice(sheet.file, None, None, says)
    return desk.drafts


class _Desk:
    """Compares the rows of one system after the other with the versions there are."""

    def __init__(self, bench: Workbench, sheet: Sheet[ProcedureStepRow], by: Actor) -> None:
        self.bench = bench
        self.sheet = sheet
        self.by = by
        self.drafts = ProcedureDrafts()
        of = bench.organisation
        self.approved, self.open_ones = reads.current(of), reads.drafts(of)
        self.last_numbers = _last_numbers(of)

    def take(self, system: System, rows: list[ProcedureStepRow]) -> None:
        if len(rows) > MOST_STEPS:
            says = _("a procedure has at most %(most)d steps") % {"most": MOST_STEPS}
            self.bench.fault(self.sheet, rows[MOST_STEPS], "position", says)
            return
        approved, opened = self.approved.get(system.pk), self.open_ones.get(system.pk)
        written = [self._written(row) for row in rows]
        for version in (approved, opened):
            if version is not None and _says(version, _completed(version, written)):
                self.drafts.unchanged += 1
                return
        draft = opened or Procedure(
            organisation=self.bench.organisation,
            system=system,
            number=self.last_numbers.get(system.pk, 0) + 1,
        )
        before = _facts(draft, draft.steps.all()) if opened else None
        steps = _rows(draft, _completed(opened or approved, written))
        self._check(rows, steps)
        draft.author = self.by.user
        draft.sent_back_reason = ""
        self.drafts.rewritten.append(Rewritten(draft, steps, before))
        self._change(rows[0], system, opened or approved, steps)

    def _written(self, row: ProcedureStepRow) -> dict[str, Any]:
        """What the columns of the file say of a step."""
        values = {name: getattr(row, name) for name in _FIELDS if name in self.sheet.headers}
        for name, index in (("team", self.bench.teams), ("contact", self.bench.contacts)):
            if values.get(name):
                values[name] = self.bench.refer(self.sheet, row, name, index, values[name])
            elif name in values:
                values[name] = None
        return values

    def _check(self, rows: list[ProcedureStepRow], steps: list[ProcedureStep]) -> None:
        for row, step in zip(rows, steps, strict=True):
            try:
                records.validate_part(step)
            except InvalidInput as error:
                for name, messages in error.fields.items():
                    for message in messages:
                        self.bench.fault(self.sheet, row, name, message)

    def _change(
        self,
        row: ProcedureStepRow,
        system: System,
        before: Procedure | None,
        steps: list[ProcedureStep],
    ) -> None:
        said = _("none") if before is None else before.get_state_display()
        kind, outcome = _("procedure"), Outcome.NEW if before is None else Outcome.CHANGED
        differences = (
            Difference(_("state"), said, _("Draft, waits for approval")),
            Difference(
                _("steps"), _in_words(before.steps.all() if before else ()), _in_words(steps)
            ),
        )
        change = Change(self.sheet.file, row.row, kind, str(system), outcome, differences)
        self.drafts.changes.append(change)


def _last_numbers(organisation: Organisation) -> dict[str, int]:
    versions = Procedure.objects.of(organisation).order_by().values_list("system")
    return dict(versions.annotate(last=Max("number")))


def _completed(version: Procedure | None, written: list[dict[str, Any]]) -> list[StepValues]:
    """Columns that the file does not have stay as they are in the step of that instruction."""
    known: dict[str, list[ProcedureStep]] = {}
    for step in version.steps.all() if version is not None else ():
        known.setdefault(step.instruction, []).append(step)
    completed = []
    for values in written:
        alike = known.get(values["instruction"])
        old = values_of(alike.pop(0)) if alike else StepValues("")
        completed.append(replace(old, **values))
    return completed


def _rows(version: Procedure, steps: Iterable[StepValues]) -> list[ProcedureStep]:
    return [step_row(version, position, step) for position, step in enumerate(steps, start=1)]


def _says(version: Procedure, steps: Iterable[StepValues]) -> bool:
    return contents(_rows(version, steps)) == contents(version.steps.all())


def _facts(draft: Procedure, steps: Iterable[ProcedureStep]) -> Facts:
    return facts_of(draft) | {"steps": contents(steps)}


def _in_words(steps: Iterable[ProcedureStep]) -> str:
    words = "; ".join(f"{step.position}. {values_of(step)}" for step in steps) or "—"
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"


def save(ledger: Ledger, drafts: ProcedureDrafts) -> None:
    """Write the drafts, many at a time, each with its audit row."""
    rewritten = drafts.rewritten
    Procedure.objects.bulk_create(
        [one.draft for one in rewritten if one.before is None], batch_size=_BATCH
    )
    known = [one.draft for one in rewritten if one.before is not None]
    for draft in known:
        draft.version += 1
        draft.updated_at = ledger.now
    fields = ["author", "sent_back_reason", "version", "updated_at"]
    Procedure.objects.bulk_update(known, fields, batch_size=_BATCH)
    ProcedureStep.objects.filter(procedure__in=[one.pk for one in known]).delete()
    steps = [step for one in rewritten for step in one.steps]
    ProcedureStep.objects.bulk_create(steps, batch_size=_BATCH)
    for one in rewritten:
        after = _facts(one.draft, one.steps)
        if one.before is None:
            ledger.note("created", one.draft, after=after)
        else:
            ledger.changed(one.draft, one.before, after)
