"""The tenant, and what its tiers promise."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, minutes_field, name_field


class PaperSize(models.TextChoices):
    A4 = "A4", "A4"
    LETTER = "Letter", "Letter"


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
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
    version = models.PositiveIntegerField(default=1, editable=False)
    audit_count = models.PositiveBigIntegerField(default=0, editable=False)
    audit_head = models.CharField(max_length=64, default="", blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    def __str__(self) -> str:
        return self.name


class TierPolicy(OrgOwned):
    """What a tier promises, by default, to every system in it."""

    tier = models.PositiveSmallIntegerField(
        _("tier"), validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    name = name_field(_("name"))
    rto_minutes = minutes_field(_("recovery time objective"))
    rpo_minutes = minutes_field(_("recovery point objective"))

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
