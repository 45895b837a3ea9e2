"""Writing what the downtime of a business process does: answer by answer, and its confirmation.

An assessment is a document: its version counts every answer, and whatever changes one empties the
confirmation. The first answer begins the document; whoever looked before there was one has seen
version 0. Asking somebody else to answer is in `impact_requests`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.estate import Kind
from bcp.engine.impact_questions import (
    NEVER,
    THRESHOLDS,
    Reached,
    choices_after,
    impact_of,
)
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact
from bcp.engine.interview import Plain, answered, impact_after, open_questions
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod, bounds_of
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.queries import impacts as reads
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing

MOST_PEAKS = 20

_UNCONFIRMED: Mapping[str, Any] = {"confirmed_by": None, "confirmed_at": None}


@dataclass(frozen=True, slots=True)
class PeakValues:
    """One time in which an outage costs more; `str` says it in words, for whoever compares."""

    name: str
    when: str = ""
    cost_per_hour: Decimal | None = None

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.when, str(self.cost_per_hour or ""))))


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did. `dropped`: answers to higher levels that it has taken away because they
    contradicted it, as they were (threshold → band in minutes)."""

    assessment: ImpactAssessment
    dropped: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """All that is said of a process at once. `categories` has the answers and the levels that
    they stand for; plain questions that are not in `plain` are open."""

    categories: Mapping[Category, tuple[Reached, Impact]]
    plain: frozenset[Plain]
    cost_per_hour: Decimal | None = None
    cost_basis: str = ""
    work_recovery_minutes: int | None = None
    peaks: tuple[PeakValues, ...] = ()


def answer(
    organisation: Organisation,
    process_key: str,
    category: Category,
    threshold: int,
    value: int | None,
    *,
    seen_version: int | None,
    by: Actor,
) -> Answered:
    """Say after how long (`value`: a band in minutes, `NEVER`, or `None` for "I don't know") an
    outage reaches the level `threshold` in a category.

    Raises `InvalidInput` for a level that is reached before a lower one, `Conflict` if somebody
    else has answered since `seen_version`.
    """
    with changing(organisation, process_key, seen_version, by) as (ledger, assessment):
        row = _answers(assessment).get(category)
        reached = reads.reached_in(row) if row else {}
        _check(reached, threshold, value)
        kept, dropped = answered(reached, threshold, value)
        if kept != reached:
            before = reads.impact_in(row) if row else impact_of(category, {})
            _save_answer(ledger, assessment, category, kept, impact_after(before, reached, kept))
    return Answered(assessment, dropped)


def answer_cost(
    organisation: Organisation,
    process_key: str,
    cost_per_hour: Decimal | None,
    cost_basis: str = "",
    *,
    seen_version: int | None,
    by: Actor,
) -> ImpactAssessment:
    """What an hour of downtime costs, in the organisation's currency; `None`: nobody knows."""
    values = {"cost_per_hour": cost_per_hour, "cost_basis": cost_basis}
    return _answer_plain(organisation, process_key, Plain.COST, values, seen_version, by)


def answer_work_recovery(
    organisation: Organisation,
    process_key: str,
    minutes: int | None,
    *,
    seen_version: int | None,
    by: Actor,
) -> ImpactAssessment:
    """How long it takes to work off what has waited, once the systems are back (rule T2)."""
    values = {"work_recovery_minutes": minutes}
    return _answer_plain(organisation, process_key, Plain.WORK_RECOVERY, values, seen_version, by)


def answer_peaks(
    organisation: Organisation,
    process_key: str,
    peaks: Sequence[PeakValues],
    *,
    seen_version: int | None,
    by: Actor,
) -> ImpactAssessment:
    """When the process matters more than usual, in that order; none at all is an answer, too."""
    with changing(organisation, process_key, seen_version, by) as (ledger, assessment):
        _set_peaks(ledger, assessment, peaks)
        _count_as_asked(assessment, Plain.PEAKS)
    return assessment


def replace(
    organisation: Organisation,
    process_key: str,
    said: Document,
    *,
    seen_version: int | None,
    by: Actor,
) -> ImpactAssessment:
    """Write everything that is answered for a process anew: what `said` leaves out is open again.
    Whether levels contradict themselves has been checked by whoever read them."""
    with changing(organisation, process_key, seen_version, by) as (ledger, assessment):
        assessment.answers.exclude(category__in=[one.value for one in said.categories]).delete()
        rows = _answers(assessment)
        for category, (reached, impact) in said.categories.items():
            row = rows.get(category)
            same = row and (reads.reached_in(row), reads.impact_in(row)) == (reached, impact)
            if not same:
                _save_answer(ledger, assessment, category, reached, impact)
        _set_peaks(ledger, assessment, said.peaks)
        assessment.asked = [one.value for one in Plain if one in said.plain]
        assessment.cost_per_hour = said.cost_per_hour
        assessment.cost_basis = said.cost_basis
        assessment.work_recovery_minutes = said.work_recovery_minutes
        records.validate(assessment)
    return assessment


def confirm(
    organisation: Organisation, process_key: str, *, seen_version: int | None, by: Actor
) -> ImpactAssessment:
    """Sign that all answers are as they should be. Raises `InvalidInput` while one is open."""
    with writing(organisation, by=by, needs=Capability.ANSWER_IMPACT) as ledger:
        assessment = document(ledger, process_key, seen_version)
        if ledger.by.user is None:
            raise NotAllowed(_("Answers are confirmed by a person, not by the command line."))
        still = len(open_questions(reads.given_in(assessment, _answers(assessment).values())))
        if still:
            raise InvalidInput(
                _("Answer every question first; “I don’t know” is an answer. Open: %(count)d.")
                % {"count": still}
            )
        signed = {"confirmed_by": ledger.by.user, "confirmed_at": ledger.now}
        return records.change(ledger, assessment, signed, seen_version=None)


def document(ledger: Ledger, process_key: str, seen_version: int | None) -> ImpactAssessment:
    """The assessment of a process as it is now, begun if there was none. Raises `InvalidInput`
    for a system that is no business process, `Conflict` if it is not the version that was seen."""
    process = records.locked(ledger, System, process_key)
    if process.kind != Kind.PROCESS:
        raise InvalidInput(
            _("“%(system)s” is not a business process; only those are asked about.")
            % {"system": process}
        )
    existing = ImpactAssessment.objects.of(ledger.organisation).filter(process=process)
    assessment = records.with_names(existing).first()
    if assessment is None:
        if seen_version:
            raise Conflict(_("Somebody has deleted this record in the meantime."))
        return records.create(ledger, ImpactAssessment, {"process": process})
    records.check_version(assessment, seen_version)
    return assessment


@contextmanager
def changing(
    organisation: Organisation, process_key: str, seen_version: int | None, by: Actor
) -> Iterator[tuple[Ledger, ImpactAssessment]]:
    """Open a write of answers. What differs at its end is one new version of the document and one
    audit row, and nobody has confirmed it any more; if nothing differs, nothing is written."""
    with writing(organisation, by=by, needs=Capability.ANSWER_IMPACT) as ledger:
        assessment = document(ledger, process_key, seen_version)
        before = document_facts(assessment)
        yield ledger, assessment
        if document_facts(assessment) == before:
            return
        for name, value in _UNCONFIRMED.items():
            setattr(assessment, name, value)
        records.validate(assessment)
        assessment.version += 1
        assessment.save()
        ledger.changed(assessment, before, document_facts(assessment))


def document_facts(assessment: ImpactAssessment) -> Facts:
    """What an assessment says, its answers and peaks included."""
    return facts_in(assessment, assessment.answers.all(), assessment.peaks.order_by("position"))


def facts_in(
    assessment: ImpactAssessment, answers: Iterable[ImpactAnswer], peaks: Iterable[PeakPeriod]
) -> Facts:
    """The same for parts that have been read already, or are not written yet."""
    by_category = {Category(row.category): row for row in answers}
    return facts_of(assessment) | {
        "answers": [
            fact
            for category in Category
            if (row := by_category.get(category))
            for fact in _told(row)
        ],
        "peaks": [_peak_facts(peak) for peak in peaks],
    }


def _told(row: ImpactAnswer) -> Iterator[Facts]:
    """Answers as the audit trail tells them; where a file said more than answers can, levels."""
    reached = reads.reached_in(row)
    for threshold in THRESHOLDS:
        if threshold in reached:
            band = reached[threshold]
            said = {"category": row.category, "level": threshold}
            if band is None or band == NEVER:
                yield said | {"reached": "unknown" if band is None else "never"}
            else:
                yield said | {"reached_minutes": band}
    if bounds_of(impact_of(Category(row.category), reached)) != bounds_of(reads.impact_in(row)):
        bands = zip(BANDS_MINUTES, row.at_least, row.at_most, strict=True)
        yield {
            "category": row.category,
            "levels": [f"{minutes} min: {low}–{high}" for minutes, low, high in bands],
        }


def _peak_facts(peak: PeakPeriod) -> Facts:
    facts = facts_of(peak)
    del facts["assessment"], facts["position"]
    return facts


def _answer_plain(
    organisation: Organisation,
    process_key: str,
    question: Plain,
    values: Mapping[str, Any],
    seen_version: int | None,
    by: Actor,
) -> ImpactAssessment:
    with changing(organisation, process_key, seen_version, by) as (_ledger, assessment):
        for name, value in values.items():
            setattr(assessment, name, value)
        _count_as_asked(assessment, question)
        records.validate(assessment)
    return assessment


def _count_as_asked(assessment: ImpactAssessment, question: Plain) -> None:
    asked = {*assessment.asked, question.value}
    assessment.asked = [one.value for one in Plain if one.value in asked]


def _answers(assessment: ImpactAssessment) -> dict[Category, ImpactAnswer]:
    return {Category(row.category): row for row in assessment.answers.all()}


def _check(reached: Reached, threshold: int, value: int | None) -> None:
    if threshold not in THRESHOLDS:
        raise InvalidInput(_("Answers are given for the levels 1 to 4."))
    bands = choices_after(reached, threshold)
    if value is None or value == NEVER or value in bands:
        return
    if value not in BANDS_MINUTES:
        fault = _("An answer is one of the bands of time, never, or unknown.")
    elif not bands:
        fault = _("A lower level is never reached within two weeks, so this one is not either.")
    else:
        fault = _("It cannot be worse before it is less bad: the answer to a lower level is later.")
    raise InvalidInput(fault, {"answer": [fault]})


def _save_answer(
    ledger: Ledger,
    assessment: ImpactAssessment,
    category: Category,
    reached: Reached,
    impact: Impact,
) -> None:
    row = _answers(assessment).get(category) or ImpactAnswer(
        organisation=ledger.organisation, assessment=assessment, category=category.value
    )
    row.reached = {str(level): band for level, band in sorted(reached.items())}
    for name, value in bounds_of(impact).items():
        setattr(row, name, value)
    row.answered_by = ledger.by.user
    records.validate_part(row)
    row.save()


def _set_peaks(ledger: Ledger, assessment: ImpactAssessment, peaks: Sequence[PeakValues]) -> None:
    if len(peaks) > MOST_PEAKS:
        _refuse_peaks(_("At most %(most)d peaks can be named.") % {"most": MOST_PEAKS})
    rows = [
        PeakPeriod(
            organisation=ledger.organisation,
            assessment=assessment,
            position=position,
            name=peak.name,
            when=peak.when,
            cost_per_hour=peak.cost_per_hour,
        )
        for position, peak in enumerate(peaks, start=1)
    ]
    faults = [fault for row in rows for fault in _faults_of(row)]
    if faults:
        _refuse_peaks(*faults)
    old = [_peak_facts(peak) for peak in assessment.peaks.order_by("position")]
    if [_peak_facts(row) for row in rows] != old:
        assessment.peaks.all().delete()
        PeakPeriod.objects.bulk_create(rows)


def _faults_of(row: PeakPeriod) -> list[str]:
    try:
        records.validate_part(row)
    except InvalidInput as error:
        return [
            _("Peak %(position)d: %(fault)s") % {"position": row.position, "fault": message}
            for messages in error.fields.values()
            for message in messages
        ]
    return []


def _refuse_peaks(*faults: str) -> None:
    raise InvalidInput(faults[0], {"peaks": list(faults)})
