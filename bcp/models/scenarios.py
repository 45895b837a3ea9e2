"""Scenarios that an organisation named itself: several built-in ones that happen at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.engine import scenario as engine
from bcp.engine.durations import compact_minutes
from bcp.engine.estate import TIERS
from bcp.models.base import OrgOwned, minutes_field, name_field, text_field, unique_name


def check_tiers(tiers: Any) -> None:
    if not isinstance(tiers, list) or not all(
        type(tier) is int and tier in TIERS for tier in tiers
    ):
        raise ValidationError(_("Choose tiers from 1 to 4."))


class ScenarioCombination(OrgOwned):
    """Several losses at once under one name, and the tiers that must withstand them (B2, B5)."""

    name = name_field(_("name"))
    description = text_field(_("description"), max_length=5000)
    tiers = models.JSONField(
        _("tiers that must withstand it"), default=list, blank=True, validators=[check_tiers]
    )

    class Meta:
        ordering = ["name"]
        constraints = [unique_name("scenariocombination")]

    def __str__(self) -> str:
        return self.name


class PartKind(models.TextChoices):
    SITE = engine.SITE, _("A site is lost")
    RANSOMWARE = engine.RANSOMWARE, _("Ransomware")
    STOLEN_CREDENTIALS = engine.STOLEN_CREDENTIALS, _("Administrator credentials are stolen")
    SUPPLIER = engine.SUPPLIER, _("A supplier is gone")
    SYSTEM = engine.SYSTEM, _("A system fails")
    EVERYTHING = engine.EVERYTHING, _("Everything is lost")


class ScenarioPart(OrgOwned):
    """One of the losses that a combination consists of."""

    combination = models.ForeignKey(
        ScenarioCombination, on_delete=models.CASCADE, related_name="parts"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=PartKind.choices)
    # A combination that loses a part would silently mean something else: PROTECT says so.
    site = models.ForeignKey(
        "bcp.Site",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    system = models.ForeignKey(
        "bcp.System",
        verbose_name=_("system or supplier"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    dwell_minutes = minutes_field(
        _("dwell time"), help_text=_("How long the attacker was inside before striking.")
    )

    class Meta:
        ordering = ["combination", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["combination", "position"],
                name="scenariopart_position_unique_in_combination",
            ),
            models.CheckConstraint(
                condition=Q(kind="site", site__isnull=False) | ~Q(kind="site") & Q(site=None),
                name="scenariopart_site_goes_with_the_loss_of_a_site",
                violation_error_message=_("Choose the site that is lost."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["supplier", "system"], system__isnull=False)
                | ~Q(kind__in=["supplier", "system"]) & Q(system=None),
                name="scenariopart_system_goes_with_the_loss_of_a_system",
                violation_error_message=_("Choose the system or supplier that is lost."),
            ),
            models.CheckConstraint(
                condition=Q(kind="ransomware", dwell_minutes__isnull=False)
                | ~Q(kind="ransomware") & Q(dwell_minutes=None),
                name="scenariopart_dwell_goes_with_ransomware",
                violation_error_message=_("Say how long the attacker was inside, such as 14d."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.combination}: {self.scenario}"

    @property
    def scenario(self) -> str:
        """Its name as the contract writes it, such as `site:HQ` or `ransomware:14d`."""
        if self.kind == PartKind.SITE:
            return f"{engine.SITE}:{self.site}"
        if self.kind in (PartKind.SUPPLIER, PartKind.SYSTEM):
            return f"{self.kind}:{self.system}"
        if self.kind == PartKind.RANSOMWARE:
            return f"{engine.RANSOMWARE}:{compact_minutes(self.dwell_minutes or 0)}"
        return str(self.kind)
