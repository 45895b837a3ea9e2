"""The part of the bridge that carries business impacts into the engine; `estate.load` calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bcp.engine.impacts import Category, Impact, Peak, ProcessImpact
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod
from bcp.models.organisations import Organisation


def load_impacts(
    organisation: Organisation, position: Mapping[str, int]
) -> tuple[ProcessImpact, ...]:
    """The answers for the processes in `position` (key to position in the estate)."""
    answers: defaultdict[str, list[Impact]] = defaultdict(list)
    for assessment, category, levels, at_most, at_least in (
        ImpactAnswer.objects.of(organisation)
        .order_by("assessment_id", "category")
        .values_list("assessment_id", "category", "levels", "at_most", "at_least")
    ):
        answers[assessment].append(
            Impact(Category(category), tuple(levels), tuple(at_most), tuple(at_least))
        )
    peaks: defaultdict[str, list[Peak]] = defaultdict(list)
    for assessment, name, when, cost in (
        PeakPeriod.objects.of(organisation)
        .order_by("assessment_id", "position")
        .values_list("assessment_id", "name", "when", "cost_per_hour")
    ):
        peaks[assessment].append(Peak(name, when, cost))
    rows = ImpactAssessment.objects.of(organisation).order_by("process__name", "process_id")
    return tuple(
        ProcessImpact(
            system=position[row.process_id],
            answers=tuple(answers[row.pk]),
            cost_per_hour=row.cost_per_hour,
            peaks=tuple(peaks[row.pk]),
            work_recovery_minutes=row.work_recovery_minutes,
            confirmed_on=row.confirmed_at.date() if row.confirmed_at else None,
        )
        for row in rows
        if row.process_id in position
    )
