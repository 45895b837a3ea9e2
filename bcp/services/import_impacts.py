"""What rows make of business impacts: a row says how bad the downtime of a process is in one
category. Cost, time for the backlog and peaks are the process's own: any of its rows may say them.

Whatever changes an answer takes the confirmation back: somebody has to look at it again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bcp.engine.estate import Kind
from bcp.engine.impact_levels import ANYTHING, Stated, impact_from, tightened
from bcp.engine.impact_questions import reached_of
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact, contradictions, fall
from bcp.engine.interview import Plain
from bcp.engine.permissions import Capability, allows
from bcp.exchange.findings import quoted
from bcp.exchange.impact_cells import LEVEL
from bcp.exchange.layouts import LEVEL_FIELDS
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import ImpactRow
from bcp.models.impacts import (
    CategoryChoice,
    ImpactAnswer,
    ImpactAssessment,
    PeakPeriod,
    bounds_of,
)
from bcp.models.systems import System
from bcp.queries.impacts import impact_in
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.impacts import MOST_PEAKS, facts_in
from bcp.services.import_plan import Change, Difference, Outcome, counted, in_words
from bcp.services.import_workbench import Workbench, same
from bcp.services.ledger import Facts, Ledger

_BATCH = 500
_OF_PROCESS = ("cost_per_hour", "cost_basis", "work_recovery_minutes", "peaks")
_PLAIN = {
    "cost_per_hour": Plain.COST,
    "work_recovery_minutes": Plain.WORK_RECOVERY,
    "peaks": Plain.PEAKS,
}
"""The columns that answer a question, beside those of the categories."""


@dataclass
class Rewritten:
    """The answers for one process from now on. `before` are their facts so far (`None`: there
    were none), `answers` those that are new or changed, `peaks` all of them if they change."""

    assessment: ImpactAssessment
    before: Facts | None
    answers: list[ImpactAnswer] = field(default_factory=list)
    known: list[ImpactAnswer] = field(default_factory=list)
    peaks: list[PeakPeriod] | None = None
    differences: list[Difference] = field(default_factory=list)


@dataclass
class ImpactDrafts:
    """What becomes of business impacts."""

    rewritten: list[Rewritten] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def counts(self) -> dict[str, Counter[Outcome]]:
        return counted(_("business impacts"), self.changes, unchanged=self.unchanged)


def draft(bench: Workbench, bundle: Bundle, *, by: Actor) -> ImpactDrafts:
    """What the rows of a file make of the answers there are, after `import_estate.fill`."""
    sheet = bundle.impacts
    rows_of: defaultdict[str, list[ImpactRow]] = defaultdict(list)
    for row in sheet.rows:
        process = bench.refer(sheet, row, "process", bench.systems, row.process)
        if process is not None and _is_process(bench, sheet, row, process):
            rows_of[process.pk].append(row)
    if not rows_of:
        return ImpactDrafts()
    desk = _Desk(bench, sheet, by)
    systems = bench.systems.by_key()
    for key, rows in rows_of.items():
        desk.take(systems[key], rows)
    if desk.drafts.changes and by.role and not allows(by.role, Capability.ANSWER_IMPACT):
        says = _("your role (%(role)s) may not answer for business processes; leave this file out")
        bench.findings.fault(sheet.file, 1, None, says % {"role": by.role.value})
    return desk.drafts


def _is_process(bench: Workbench, sheet: Sheet[Any], row: ImpactRow, system: System) -> bool:
    if system.kind == Kind.PROCESS.value:
        return True
    kind: Any = System._meta.get_field("kind")
    says = _(
        "%(name)s is of the kind %(kind)s; impacts are answered for business processes alone"
    ) % {"name": quoted(system.name), "kind": in_words(kind, system.kind)}
    bench.fault(sheet, row, "process", says)
    return False


class _Desk:
    """Compares the rows of one process after the other with what was answered."""

    def __init__(self, bench: Workbench, sheet: Sheet[ImpactRow], by: Actor) -> None:
        self.bench = bench
        self.sheet = sheet
        self.by = by
        self.drafts = ImpactDrafts()
        assessments = ImpactAssessment.objects.of(bench.organisation)
        known = list(records.with_names(assessments).select_related("asked_of__user"))
        prefetch_related_objects(known, "answers", "peaks")
        self.known = {one.process_id: one for one in known}

    def take(self, process: System, rows: list[ImpactRow]) -> None:
        assessment = self.known.get(process.pk)
        before: Facts | None = None
        known: list[ImpactAnswer] = []
        if assessment is None:
            assessment = ImpactAssessment(organisation=self.bench.organisation)
        else:
            known = list(assessment.answers.all())
            before = facts_in(assessment, known, assessment.peaks.all())
        assessment.process = process
        one = Rewritten(assessment, before, known=known)
        said = {name: self._said(rows, name) for name in _OF_PROCESS if name in self.sheet.headers}
        by_category = {answer.category: answer for answer in known}
        for row in rows:
            self._answer(one, row, by_category.get(row.category))
        peaks = said.pop("peaks", None)
        if peaks is not None and len(peaks) > MOST_PEAKS:
            says = _("at most %(most)d peaks can be named") % {"most": MOST_PEAKS}
            self.bench.fault(self.sheet, rows[0], "peaks", says)
        for name, value in said.items():
            self._put(one, name, value)
        if peaks is not None:
            self._peaks(one, peaks)
        if not one.differences:
            self.drafts.unchanged += before is not None
            return
        if assessment.confirmed_at is not None:
            assessment.confirmed_at = assessment.confirmed_by = None
            one.differences.append(Difference(_("confirmed"), _("yes"), _("no")))
        self.drafts.rewritten.append(one)
        outcome = Outcome.NEW if before is None else Outcome.CHANGED
        change = Change(
            self.sheet.file,
            rows[0].row,
            _("business impact"),
            str(process),
            outcome,
            tuple(one.differences),
        )
        self.drafts.changes.append(change)

    def _said(self, rows: list[ImpactRow], name: str) -> Any:
        """What the rows say of the process; a fault for every row that contradicts an earlier
        one. Empty cells are silent as long as another row says something."""
        empty = ImpactRow.__dataclass_fields__[name].default
        found, first = empty, rows[0]
        for row in rows:
            value = getattr(row, name)
            if value == empty:
                continue
            if found == empty:
                found, first = value, row
            elif value != found:
                says = _(
                    "row %(row)d says something else of %(process)s; write it in one row of the"
                    " process, or the same in all"
                ) % {"row": first.row, "process": quoted(row.process)}
                self.bench.fault(self.sheet, row, name, says)
        return found

    def _answer(self, one: Rewritten, row: ImpactRow, known: ImpactAnswer | None) -> None:
        category = Category(row.category)
        old = None if known is None else impact_in(known)
        stated = [self._stated(row, old, band) for band in range(len(BANDS_MINUTES))]
        if old is None and not any(stated):
            return  # The row says something of the process, or nothing at all.
        impact = impact_from(category, stated)
        bands = fall(impact)
        if bands is not None:
            self._fault(row, impact, bands)
            return
        new = tightened(impact)
        if old is not None and new == tightened(old):
            return
        answer = known or ImpactAnswer(
            organisation=self.bench.organisation,
            assessment=one.assessment,
            category=category.value,
        )
        answer.reached = {str(level): band for level, band in reached_of(new).items()}
        for name, levels in bounds_of(new).items():
            setattr(answer, name, levels)
        answer.answered_by = self.by.user
        one.answers.append(answer)
        label = str(CategoryChoice(category.value).label)
        one.differences.append(_difference(label, old, new))

    def _stated(self, row: ImpactRow, old: Impact | None, band: int) -> Stated:
        """What the row says of a band; of one without a column, what was known so far."""
        name = LEVEL_FIELDS[band]
        if name in self.sheet.headers:
            stated: Stated = getattr(row, name)
            return stated
        return None if old is None else (old.surely(band), old.at_worst(band))

    def _fault(self, row: ImpactRow, impact: Impact, bands: tuple[int, int]) -> None:
        early, late = (LEVEL_FIELDS[band] for band in bands)
        [(_category, contradiction)] = contradictions([impact])
        says = _("%(contradiction)s; write levels that stay the same or rise from left to right")
        place = late if late in self.sheet.headers else early
        words = {"contradiction": contradiction.said(_)}
        self.bench.fault(self.sheet, row, place, says % words)

    def _put(self, one: Rewritten, name: str, value: Any) -> None:
        assessment = one.assessment
        old = getattr(assessment, name)
        if same(old, value):
            return
        column: Any = ImpactAssessment._meta.get_field(name)
        words = in_words(column, old), in_words(column, value)
        one.differences.append(Difference(str(column.verbose_name), *words))
        setattr(assessment, name, value)
        if value not in (None, ""):
            _mark_asked(assessment, name)

    def _peaks(self, one: Rewritten, said: Iterable[tuple[str, str, Any]]) -> None:
        assessment = one.assessment
        old = [] if one.before is None else list(assessment.peaks.all())
        new = [
            PeakPeriod(
                organisation=self.bench.organisation,
                assessment=assessment,
                position=position,
                name=name,
                when=when,
                cost_per_hour=cost,
            )
            for position, (name, when, cost) in enumerate(said, start=1)
        ]
        if [_peak(peak) for peak in old] == [_peak(peak) for peak in new]:
            return
        one.peaks = new
        words = _peaks_in_words(old), _peaks_in_words(new)
        one.differences.append(Difference(_("peak periods"), *words))
        if new:
            _mark_asked(assessment, "peaks")


def _mark_asked(assessment: ImpactAssessment, name: str) -> None:
    if name in _PLAIN:
        asked = {*assessment.asked, _PLAIN[name].value}
        assessment.asked = [one.value for one in Plain if one.value in asked]


def _difference(label: str, old: Impact | None, new: Impact) -> Difference:
    """The bands of which something else is said: `8h: 1, 1d: 2 to 3, 3d: ?`."""
    bands = range(len(BANDS_MINUTES))
    if old is None:
        return Difference(label, "—", _in_words(new, bands))
    changed = [band for band in bands if _pair(old, band) != _pair(new, band)]
    return Difference(label, _in_words(old, changed), _in_words(new, changed))


def _in_words(impact: Impact, bands: Iterable[int]) -> str:
    said = []
    for band in bands:
        pair = _pair(impact, band)
        level = "?" if pair == ANYTHING else LEVEL.write(pair)
        said.append(f"{LEVEL_FIELDS[band].removeprefix('after_')}: {level}")
    return ", ".join(said)


def _pair(impact: Impact, band: int) -> tuple[int, int]:
    return impact.surely(band), impact.at_worst(band)


def _peak(peak: PeakPeriod) -> tuple[str, str, Any]:
    return peak.name, peak.when, peak.cost_per_hour


def _peaks_in_words(peaks: Iterable[PeakPeriod]) -> str:
    column: Any = PeakPeriod._meta.get_field("cost_per_hour")
    return (
        "; ".join(
            f"{peak.name} ({peak.when or '—'}, {in_words(column, peak.cost_per_hour)})"
            for peak in peaks
        )
        or "—"
    )


def save(ledger: Ledger, drafts: ImpactDrafts) -> None:
    """Write the answers, many at a time, each process with its audit row."""
    rewritten = drafts.rewritten
    new = [one.assessment for one in rewritten if one.before is None]
    known: list[Any] = [one.assessment for one in rewritten if one.before is not None]
    answers: list[Any] = [answer for one in rewritten for answer in one.answers]
    there = {answer.pk for one in rewritten for answer in one.known}
    changed = [answer for answer in answers if answer.pk in there]
    for record in (*known, *changed):
        record.version += 1
        record.updated_at = ledger.now
    stamps = ("version", "updated_at")
    ImpactAssessment.objects.bulk_create(new, batch_size=_BATCH)
    fields = ("cost_per_hour", "cost_basis", "work_recovery_minutes", "asked")
    confirmation = ("confirmed_by", "confirmed_at")
    ImpactAssessment.objects.bulk_update(
        known, [*fields, *confirmation, *stamps], batch_size=_BATCH
    )
    columns = ("reached", "levels", "at_most", "at_least", "answered_by")
    ImpactAnswer.objects.bulk_update(changed, [*columns, *stamps], batch_size=_BATCH)
    ImpactAnswer.objects.bulk_create(
        [answer for answer in answers if answer.pk not in there], batch_size=_BATCH
    )
    replaced = [one.assessment.pk for one in rewritten if one.peaks is not None]
    PeakPeriod.objects.filter(assessment__in=replaced).delete()
    PeakPeriod.objects.bulk_create(
        [peak for one in rewritten for peak in one.peaks or ()], batch_size=_BATCH
    )
    for one in rewritten:
        _note(ledger, one)


def _note(ledger: Ledger, one: Rewritten) -> None:
    there = {answer.pk for answer in one.known}
    answers = [*one.known, *(answer for answer in one.answers if answer.pk not in there)]
    peaks = one.peaks
    if peaks is None:
        peaks = [] if one.before is None else list(one.assessment.peaks.all())
    after = facts_in(one.assessment, answers, peaks)
    if one.before is None:
        ledger.note("created", one.assessment, after=after)
    else:
        ledger.changed(one.assessment, one.before, after)
