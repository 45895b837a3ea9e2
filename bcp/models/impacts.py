"""What the downtime of a business process does, as executives answered it, question by question."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.impact_questions import NEVER, THRESHOLDS
from bcp.engine.impacts import BANDS_MINUTES, LEVELS, Category, Impact
from bcp.engine.interview import Plain
from bcp.engine.wording_of_impacts import CATEGORY_WORDS, PLAIN_WORDS
from bcp.models.base import OrgOwned, doer_field, minutes_field, name_field, text_field
from bcp.models.systems import System


class CategoryChoice(models.TextChoices):
    FINANCIAL = Category.FINANCIAL.value, _(CATEGORY_WORDS[Category.FINANCIAL])
    OPERATIONS = Category.OPERATIONS.value, _(CATEGORY_WORDS[Category.OPERATIONS])
    CLIENTS = Category.CLIENTS.value, _(CATEGORY_WORDS[Category.CLIENTS])
    LEGAL = Category.LEGAL.value, _(CATEGORY_WORDS[Category.LEGAL])
    REPUTATION = Category.REPUTATION.value, _(CATEGORY_WORDS[Category.REPUTATION])


class PlainQuestion(models.TextChoices):
    """The questions beside those of the categories."""

    COST = Plain.COST.value, _(PLAIN_WORDS[Plain.COST])
    PEAKS = Plain.PEAKS.value, _(PLAIN_WORDS[Plain.PEAKS])
    WORK_RECOVERY = Plain.WORK_RECOVERY.value, _(PLAIN_WORDS[Plain.WORK_RECOVERY])


def check_reached(reached: Any) -> None:
    """Threshold (as text, for JSON) → band in minutes, `NEVER`, or null for "I don't know"."""
    allowed = {None, NEVER, *BANDS_MINUTES}
    levels = {str(level) for level in THRESHOLDS}
    if not isinstance(reached, dict) or not set(reached) <= levels:
        raise ValidationError(_("Answers are given for the levels 1 to 4."))
    if not all(value is None or type(value) is int for value in reached.values()) or not (
        set(reached.values()) <= allowed
    ):
        raise ValidationError(_("An answer is one of the bands of time, never, or unknown."))


def check_levels(levels: Any) -> None:
    bands = len(BANDS_MINUTES)
    if not isinstance(levels, list) or len(levels) != bands:
        raise ValidationError(_("Give a level for each of %(bands)d bands.") % {"bands": bands})
    if not all(level is None or (type(level) is int and level in LEVELS) for level in levels):
        raise ValidationError(_("A level is a whole number from 0 to 4, or unknown."))


def check_asked(asked: Any) -> None:
    if not isinstance(asked, list) or not all(one in PlainQuestion.values for one in asked):
        raise ValidationError(
            _("Allowed are %(questions)s.") % {"questions": ", ".join(PlainQuestion.values)}
        )


def money_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount in the organisation's currency; `None` is unknown, 0 is a legal value."""
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **options,
    )


class ImpactAssessment(OrgOwned):
    """The answers for one business process: a document of which answers and peaks are parts.

    `asked` holds the plain questions that were answered: one that is in it without a value was
    answered "I don't know" (of peaks: that there are none). The answers count as they stand;
    `confirmed_*` says that somebody has checked all of them, and is emptied when one changes.
    """

    process = models.OneToOneField(
        System, verbose_name=_("process"), on_delete=models.CASCADE, related_name="impact"
    )
    cost_per_hour = money_field(_("cost of an hour of downtime"))
    cost_basis = text_field(_("how the cost was worked out"), max_length=2000)
    work_recovery_minutes = minutes_field(
        _("time to work off the backlog"),
        help_text=_("From when the systems are back until the work that waited is done."),
    )
    asked = models.JSONField(default=list, blank=True, editable=False, validators=[check_asked])
    asked_of = models.ForeignKey(
        "bcp.Membership",
        verbose_name=_("who is asked"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    asked_by = doer_field()
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer_by = models.DateField(_("wanted by"), null=True, blank=True)
    confirmed_by = doer_field()
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["process__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_by__isnull=False),
                name="impactassessment_confirmation_names_who",
            ),
        ]

    def __str__(self) -> str:
        return _("Impact of %(process)s") % {"process": self.process}


class ImpactAnswer(OrgOwned):
    """One category. `reached` is what was answered; `levels`, `at_most` and `at_least` follow from
    it by `engine.impact_questions.impact_of` (`bounds_of` makes columns of it), or stood in a
    file."""

    part_of = "assessment"

    assessment = models.ForeignKey(
        ImpactAssessment, on_delete=models.CASCADE, related_name="answers"
    )
    category = models.CharField(_("category"), max_length=12, choices=CategoryChoice.choices)
    reached = models.JSONField(default=dict, blank=True, validators=[check_reached])
    levels = models.JSONField(validators=[check_levels])
    at_most = models.JSONField(validators=[check_levels])
    at_least = models.JSONField(validators=[check_levels])
    answered_by = doer_field(help_text=_("Empty: imported from the command line."))

    class Meta:
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "category"],
                name="impactanswer_category_unique_in_assessment",
            ),
        ]

    def __str__(self) -> str:
        return str(CategoryChoice(self.category).label)


def bounds_of(impact: Impact) -> dict[str, Any]:
    """The columns of an `ImpactAnswer` that hold what the engine makes of an answer."""
    return {
        "levels": list(impact.levels),
        "at_most": list(impact.at_most),
        "at_least": list(impact.at_least),
    }


class PeakPeriod(OrgOwned):
    """A time of the year, month or week in which the process matters more."""

    part_of = "assessment"

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.CASCADE, related_name="peaks")
    position = models.PositiveSmallIntegerField(_("position"))
    name = name_field(_("peak"))
    when = models.CharField(_("when"), max_length=200, blank=True)
    cost_per_hour = money_field(_("cost of an hour of downtime in the peak"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "position"], name="peakperiod_position_unique_in_assessment"
            ),
        ]

    def __str__(self) -> str:
        return self.name
