"""Business impacts as the typed rows of impacts.csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bcp.engine.impact_levels import stated_of
from bcp.engine.impacts import Category
from bcp.exchange.layouts import LEVEL_FIELDS
from bcp.exchange.rows import ImpactRow
from bcp.models.impacts import ImpactAssessment
from bcp.models.organisations import Organisation
from bcp.queries.impacts import impact_in


def impact_rows(organisation: Organisation) -> list[ImpactRow]:
    """A row for every category that was answered. What is the process's own stands in the first
    of its rows; where no category was answered, in a row that says nothing else."""
    assessments = (
        ImpactAssessment.objects.of(organisation)
        .select_related("process")
        .prefetch_related("answers", "peaks")
        .order_by("process__name", "process_id")
    )
    rows = (row for assessment in assessments for row in _rows(assessment))
    return [replace(row, row=number) for number, row in enumerate(rows, start=2)]


def _rows(assessment: ImpactAssessment) -> Iterator[ImpactRow]:
    order = list(Category)
    answers = sorted(assessment.answers.all(), key=lambda one: order.index(Category(one.category)))
    own = ImpactRow(
        row=0,
        process=assessment.process.name,
        category=answers[0].category if answers else order[0].value,
        cost_per_hour=assessment.cost_per_hour,
        cost_basis=assessment.cost_basis,
        work_recovery_minutes=assessment.work_recovery_minutes,
        peaks=tuple((one.name, one.when, one.cost_per_hour) for one in assessment.peaks.all()),
    )
    for position, answer in enumerate(answers):
        stated = stated_of(impact_in(answer))
        levels: dict[str, Any] = dict(zip(LEVEL_FIELDS, stated, strict=True))
        row = ImpactRow(row=0, process=own.process, category=answer.category)
        yield replace(row if position else own, **levels)
    if not answers:
        yield own
