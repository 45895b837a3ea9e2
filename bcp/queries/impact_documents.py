"""The answers for a business process as one plain document, for scripts."""

from __future__ import annotations

from typing import Any

from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category, Limit
from bcp.models.impacts import ImpactAnswer
from bcp.queries.impacts import ProcessAnswers, reached_in


def document_of(one: ProcessAnswers) -> dict[str, Any]:
    """Everything that was answered, and what follows from it (rule T1)."""
    assessment = one.assessment
    order = list(Category)
    asked_of = assessment.asked_of if assessment else None
    confirmed_by = assessment.confirmed_by if assessment else None
    return {
        "process": one.process.pk,
        "process_name": one.process.name,
        "version": one.version,
        "answers": [
            _answer(row)
            for row in sorted(one.answers, key=lambda row: order.index(Category(row.category)))
        ],
        "cost_per_hour": assessment.cost_per_hour if assessment else None,
        "cost_basis": assessment.cost_basis if assessment else "",
        "work_recovery_minutes": assessment.work_recovery_minutes if assessment else None,
        "peaks": [
            {"name": peak.name, "when": peak.when, "cost_per_hour": peak.cost_per_hour}
            for peak in one.peaks
        ],
        "answered": list(assessment.asked) if assessment else [],
        "open_count": len(one.open),
        "derived_rto": limit_of(one.derived.rto),
        "derived_mtd": limit_of(one.derived.mtd),
        "asked_of_email": asked_of.user.email if asked_of else None,
        "answer_by": assessment.answer_by if assessment else None,
        "confirmed_by_email": confirmed_by.email if confirmed_by else None,
        "confirmed_at": assessment.confirmed_at if assessment else None,
    }


def limit_of(limit: Limit) -> dict[str, Any]:
    """A derived target; without minutes it is unknown if `at_most`, else there is none."""
    return {
        "minutes": limit.minutes,
        "at_most": limit.may_be_earlier,
        "category": None if limit.category is None else limit.category.value,
        "level": limit.level,
    }


def _answer(row: ImpactAnswer) -> dict[str, Any]:
    return {
        "category": row.category,
        "levels": row.levels,
        "at_least": row.at_least,
        "at_most": row.at_most,
        "reached": [
            {
                "level": level,
                "after_minutes": None if band == NEVER else band,
                "never": band == NEVER,
            }
            for level, band in sorted(reached_in(row).items())
        ],
    }
