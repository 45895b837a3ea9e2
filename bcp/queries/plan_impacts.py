"""What plans print of business impacts, as plain data: the answers as they were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bcp.engine.impact_questions import reached_of
from bcp.models.impacts import (
    CategoryChoice,
    ImpactAnswer,
    ImpactAssessment,
    PeakPeriod,
    PlainQuestion,
)
from bcp.models.organisations import Organisation
from bcp.models.systems import StatusChoice


def printed_impacts(organisation: Organisation) -> dict[str, dict[str, Any]]:
    """Key of a live business process → what was answered for it, in a fixed number of queries.

    `answers` say, category by category, after how many minutes each level of harm is reached
    (`engine.impact_questions.Reached`, with the levels as text). Amounts are text, `None` is
    unknown. `peaks` is `None` where nobody was asked about peaks.
    """
    zone = ZoneInfo(organisation.time_zone)
    answers: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for answer in ImpactAnswer.objects.of(organisation):
        answers[answer.assessment_id].append(
            {
                "category": answer.category,
                "category_label": str(CategoryChoice(answer.category).label),
                "reached": _reached(answer),
            }
        )
    order = list(CategoryChoice.values)
    peaks: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for peak in PeakPeriod.objects.of(organisation).order_by("position"):
        peaks[peak.assessment_id].append(
            {"name": peak.name, "when": peak.when, "cost_per_hour": _amount(peak.cost_per_hour)}
        )
    rows = (
        ImpactAssessment.objects.of(organisation)
        .filter(process__status=StatusChoice.LIVE)
        .select_related("confirmed_by")
    )
    return {
        row.process_id: {
            "answers": sorted(answers[row.pk], key=lambda one: order.index(one["category"])),
            "cost_per_hour": _amount(row.cost_per_hour),
            "cost_basis": row.cost_basis,
            "peaks": peaks[row.pk] if PlainQuestion.PEAKS in row.asked or peaks[row.pk] else None,
            "work_recovery_minutes": row.work_recovery_minutes,
            "confirmed_by": row.confirmed_by.name or row.confirmed_by.email
            if row.confirmed_by
            else None,
            "confirmed_on": row.confirmed_at.astimezone(zone).date().isoformat()
            if row.confirmed_at
            else None,
        }
        for row in rows
    }


def _reached(answer: ImpactAnswer) -> Mapping[str, int | None]:
    """What was answered; of levels that stood in a file, the answers they amount to."""
    if answer.reached:
        return dict(answer.reached)
    return {str(level): reached for level, reached in reached_of(answer.levels).items()}


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
