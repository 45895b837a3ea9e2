"""Exercises with how many systems they covered, and their results."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bcp.models.copies import OutcomeChoice
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.organisations import Organisation


def listing(organisation: Organisation) -> QuerySet[Exercise]:
    """All exercises; each row carries `systems_count`, how many of those have a result
    (`recorded_count`) and how many met their objectives (`success_count`). `day` is when it was
    done, or else is planned."""
    return (
        Exercise.objects.of(organisation)
        .annotate(
            systems_count=_results(),
            recorded_count=_results(outcome__gt=""),
            success_count=_results(outcome=OutcomeChoice.SUCCESS),
            day=Coalesce("done_on", "planned_on"),
        )
        .order_by("-day", "name")
    )


def _results(**which: str) -> Coalesce:
    rows = ExerciseResult.objects.filter(exercise=OuterRef("pk"), **which).order_by()
    return Coalesce(Subquery(rows.values("exercise").annotate(n=Count("pk")).values("n")), 0)


def results(organisation: Organisation) -> QuerySet[ExerciseResult]:
    """What every exercise showed of every system in its scope, by exercise and system."""
    return (
        ExerciseResult.objects.of(organisation)
        .select_related("exercise", "system")
        .order_by("exercise__name", "exercise_id", "system__name")
    )


def with_results(organisation: Organisation) -> QuerySet[Exercise]:
    """`listing`, each row with its `results` and their systems at hand."""
    rows = ExerciseResult.objects.of(organisation).select_related("system").order_by("system__name")
    return listing(organisation).prefetch_related(Prefetch("results", rows))


def planned(organisation: Organisation) -> dict[str, Exercise]:
    """System key → the next exercise that is planned for it and not done yet."""
    rows = (
        ExerciseResult.objects.of(organisation)
        .filter(exercise__done_on__isnull=True)
        .select_related("exercise")
        .order_by("-exercise__planned_on", "-exercise__name")
    )
    return {row.system_id: row.exercise for row in rows}
