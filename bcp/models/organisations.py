"""The tenant, and what its tiers promise."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import ExerciseType
from bcp.models.base import OrgOwned, minutes_field, name_field


class PaperSize(models.TextChoices):
    A4 = "A4", "A4"
    LETTER = "Letter", "Letter"


@cache
def time_zone_names() -> frozenset[str]:
    """Read once: the standard library walks through a whole folder for them."""
    return frozenset(zoneinfo.available_timezones())


def check_time_zone(name: str) -> None:
    if name not in time_zone_names():
        raise ValidationError(_("Choose a time zone by its name, such as Europe/Berlin."))


class Organisation(models.Model):
    """The tenant. `version` and `audit_*` are written by services alone."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = name_field(_("name"))
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[check_time_zone]
    )
    paper_size = models.CharField(
        _("paper size"), max_length=6, choices=PaperSize.choices, default=PaperSize.A4
    )
    detection_minutes = minutes_field(
        _("detection allowance"),
        default=15,
        help_text=_("Minutes from a disruption until somebody notices it. The clock starts there."),
    )
    review_months = models.PositiveSmallIntegerField(
        _("plan review interval in months"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text=_("A printed plan must not be trusted after this many months."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Give its three letters, such as EUR."))],
        help_text=_("What amounts of money are in, by its three letters, such as EUR."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    audit_count = models.PositiveBigIntegerField(default=0, editable=False)
    audit_head = models.CharField(max_length=64, default="", blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    def __str__(self) -> str:
        return self.name


class MinimumExercise(models.TextChoices):
    """What a tier may ask for: the rungs of the ladder (rules X1, X2)."""

    CHECKLIST = ExerciseType.CHECKLIST.value, _("Checklist")
    TABLETOP = ExerciseType.TABLETOP.value, _("Walkthrough or tabletop")
    FUNCTIONAL = ExerciseType.FUNCTIONAL.value, _("Simulation or functional")
    PARALLEL = ExerciseType.PARALLEL.value, _("Parallel")
    FULL = ExerciseType.FULL.value, _("Full interruption")


def days_field(label: Any) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3660)]
    )


def check_scenario_names(names: Any) -> None:
    """Only the shape: whether a named scenario exists is for the engine to say, time after time."""
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ValidationError(_("Give a list of scenario names."))


class TierPolicy(OrgOwned):
    """What a tier promises, by default, to every system in it, what it must withstand and how it
    is to be tested. What is empty follows the defaults of `engine.policies`."""

    tier = models.PositiveSmallIntegerField(
        _("tier"), validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    name = name_field(_("name"))
    rto_minutes = minutes_field(_("recovery time objective"))
    rpo_minutes = minutes_field(_("recovery point objective"))
    scenarios = models.JSONField(
        _("scenarios it must withstand"),
        null=True,
        blank=True,
        default=None,
        validators=[check_scenario_names],
    )
    minimum_exercise = models.CharField(
        _("least exercise that counts"),
        max_length=20,
        choices=MinimumExercise.choices,
        blank=True,
    )
    cadence_days = days_field(_("days between exercises"))
    restore_test_days = days_field(_("days between restore tests"))
    change_test_days = days_field(_("days to test after a structural change"))

    class Meta:
        ordering = ["tier"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "tier"], name="tierpolicy_tier_unique_in_organisation"
            ),
            models.CheckConstraint(
                condition=Q(tier__gte=1, tier__lte=4), name="tierpolicy_tier_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return self.name
