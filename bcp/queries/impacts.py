"""What was answered about business processes, process by process, and the targets that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q, QuerySet

from bcp.engine.estate import Kind, Status
from bcp.engine.impact_questions import Reached
from bcp.engine.impacts import Category, Derived, Impact, derive
from bcp.engine.interview import Answers, Plain, Question, course, open_questions
from bcp.engine.permissions import CAPABILITIES, Capability
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.queries import systems


@dataclass(frozen=True)
class ProcessAnswers:
    """A business process with all that was answered about it. `process` carries its approved
    `rto_minutes`, `rpo_minutes` and `mtd_minutes`; `assessment` is `None` before anything was
    answered or asked."""

    process: System
    assessment: ImpactAssessment | None = None
    answers: tuple[ImpactAnswer, ...] = ()
    peaks: tuple[PeakPeriod, ...] = ()

    @property
    def version(self) -> int:
        """Of the assessment; 0 before there is one."""
        return 0 if self.assessment is None else self.assessment.version

    @cached_property
    def given(self) -> Answers:
        return given_in(self.assessment, self.answers)

    @cached_property
    def impacts(self) -> tuple[Impact, ...]:
        return tuple(map(impact_in, self.answers))

    @cached_property
    def derived(self) -> Derived:
        """Rule T1."""
        return derive(self.impacts)

    @cached_property
    def asked(self) -> int:
        """How many questions there are, given the answers so far."""
        return len(course(self.given))

    @cached_property
    def open(self) -> tuple[Question, ...]:
        return open_questions(self.given)

    @property
    def answered(self) -> int:
        return self.asked - len(self.open)

    @property
    def is_confirmed(self) -> bool:
        return self.assessment is not None and self.assessment.confirmed_at is not None

    def waits_for(self, membership: Membership) -> bool:
        """Whether it is that member's turn."""
        asked_of = self.assessment.asked_of_id if self.assessment else None
        return self.is_awaited and asked_of == membership.pk

    @property
    def is_awaited(self) -> bool:
        """Whether somebody was asked, and the answers were not confirmed since."""
        one = self.assessment
        if one is None or one.asked_of_id is None:
            return False
        return one.confirmed_at is None or (
            one.asked_at is not None and one.confirmed_at < one.asked_at
        )


def processes(organisation: Organisation) -> QuerySet[System]:
    """The business processes that are live or planned, by name."""
    return systems.listing(organisation).filter(
        kind=Kind.PROCESS, status__in=[Status.LIVE, Status.PLANNED]
    )


def assessments(organisation: Organisation) -> QuerySet[ImpactAssessment]:
    """Every assessment with the people it names."""
    return ImpactAssessment.objects.of(organisation).select_related(
        "process", "asked_of__user", "asked_by", "confirmed_by"
    )


def listing(organisation: Organisation) -> list[ProcessAnswers]:
    """Every business process that is live or planned, by name, in four queries."""
    return _with_answers(organisation, processes(organisation))


def of_process(organisation: Organisation, key: str) -> ProcessAnswers | None:
    """One of `listing`, by the key of the process; `None` if it is not among them."""
    return next(iter(_with_answers(organisation, processes(organisation).filter(pk=key))), None)


def waiting_for(membership: Membership) -> list[ImpactAssessment]:
    """What that member was asked to answer and nobody has confirmed since, the soonest wanted
    first."""
    rows = (
        assessments(membership.organisation)
        .filter(asked_of=membership)
        .filter(Q(confirmed_at=None) | Q(confirmed_at__lt=F("asked_at")))
        .filter(process__kind=Kind.PROCESS, process__status__in=[Status.LIVE, Status.PLANNED])
    )
    return sorted(rows, key=lambda one: (one.answer_by is None, one.answer_by, one.process.name))


def who_may_answer(organisation: Organisation) -> QuerySet[Membership]:
    """The members that can be asked."""
    roles = [role.value for role, can in CAPABILITIES.items() if Capability.ANSWER_IMPACT in can]
    return (
        Membership.objects.of(organisation)
        .filter(role__in=roles, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__email")
    )


def given_in(assessment: ImpactAssessment | None, answers: Iterable[ImpactAnswer]) -> Answers:
    """What has been answered, for the engine."""
    return Answers(
        {Category(row.category): reached_in(row) for row in answers},
        frozenset(Plain(one) for one in (assessment.asked if assessment else ())),
    )


def reached_in(row: ImpactAnswer) -> Reached:
    """What a row says was answered, threshold by threshold (JSON knows texts alone as names)."""
    return {int(level): band for level, band in row.reached.items()}


def impact_in(row: ImpactAnswer) -> Impact:
    return Impact(
        Category(row.category), tuple(row.levels), tuple(row.at_most), tuple(row.at_least)
    )


def _with_answers(organisation: Organisation, wanted: QuerySet[System]) -> list[ProcessAnswers]:
    keys = wanted.order_by().values("pk")
    begun = {one.process_id: one for one in assessments(organisation).filter(process__in=keys)}
    answers: defaultdict[str, list[ImpactAnswer]] = defaultdict(list)
    for row in ImpactAnswer.objects.of(organisation).filter(assessment__process__in=keys):
        answers[row.assessment_id].append(row)
    peaks: defaultdict[str, list[PeakPeriod]] = defaultdict(list)
    for peak in PeakPeriod.objects.of(organisation).filter(assessment__process__in=keys):
        peaks[peak.assessment_id].append(peak)
    return [
        ProcessAnswers(process, one, tuple(answers[one.pk]), tuple(peaks[one.pk]))
        if (one := begun.get(process.pk)) is not None
        else ProcessAnswers(process)
        for process in wanted
    ]
