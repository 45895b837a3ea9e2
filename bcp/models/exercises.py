"""Exercises: what was tried, on which systems, and what it showed (rules X1 to X4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import ExerciseType
from bcp.models.base import OrgOwned, minutes_field, name_field, text_field, unique_name
from bcp.models.copies import OutcomeChoice
from bcp.models.systems import System


class ExerciseTypeChoice(models.TextChoices):
    """The ladder, lowest first, and what stands beside it (rule X1)."""

    CHECKLIST = ExerciseType.CHECKLIST.value, _("Checklist")
    TABLETOP = ExerciseType.TABLETOP.value, _("Walkthrough or tabletop")
    FUNCTIONAL = ExerciseType.FUNCTIONAL.value, _("Simulation or functional")
    PARALLEL = ExerciseType.PARALLEL.value, _("Parallel")
    FULL = ExerciseType.FULL.value, _("Full interruption")
    RESTORE = ExerciseType.RESTORE.value, _("Restore test")
    INCIDENT = ExerciseType.INCIDENT.value, _("Real incident")


class Exercise(OrgOwned):
    """One exercise over some systems: planned, done, or both."""

    name = name_field(_("name"))
    type = models.CharField(_("type"), max_length=20, choices=ExerciseTypeChoice.choices)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    objectives = text_field(_("objectives"), max_length=5000)
    note = text_field(_("note"), max_length=5000)

    class Meta:
        ordering = ["-done_on", "-planned_on", "name"]
        constraints = [
            unique_name("exercise"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(done_on__isnull=False),
                name="exercise_is_planned_or_done",
                violation_error_message=_("Say when it is planned or when it was done."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExerciseResult(OrgOwned):
    """What an exercise showed of one system in its scope; nothing yet while it is planned."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="results")
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="exercise_results")
    outcome = models.CharField(
        _("result"),
        max_length=10,
        choices=OutcomeChoice.choices,
        blank=True,
        help_text=_("Success: the objectives were met."),
    )
    rta_minutes = minutes_field(_("recovery time achieved"))
    rpa_minutes = minutes_field(_("data loss achieved"))
    note = text_field(_("note"), max_length=5000)

    class Meta:
        ordering = ["exercise", "system__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "system"], name="exerciseresult_system_unique_in_exercise"
            )
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.system}"
