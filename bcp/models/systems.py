"""What is recovered, and who answers for it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Kind, Status, Strategy
from bcp.models.base import OrgOwned, minutes_field, name_field, text_field, unique_name


class KindChoice(models.TextChoices):
    PROCESS = Kind.PROCESS.value, _("Business process")
    APPLICATION = Kind.APPLICATION.value, _("Application")
    DATA_STORE = Kind.DATA_STORE.value, _("Data store")
    IDENTITY = Kind.IDENTITY.value, _("Identity")
    NETWORK = Kind.NETWORK.value, _("Network")
    COMPUTE = Kind.COMPUTE.value, _("Compute")
    STORAGE = Kind.STORAGE.value, _("Storage")
    FACILITY = Kind.FACILITY.value, _("Facility")
    END_USER = Kind.END_USER.value, _("End-user service")
    SUPPLIER = Kind.SUPPLIER.value, _("Supplier")


class StrategyChoice(models.TextChoices):
    ACTIVE_ACTIVE = Strategy.ACTIVE_ACTIVE.value, _("Active-active")
    HOT_STANDBY = Strategy.HOT_STANDBY.value, _("Hot standby")
    WARM = Strategy.WARM.value, _("Warm standby")
    REBUILD = Strategy.REBUILD.value, _("Rebuild")
    RESTORE = Strategy.RESTORE.value, _("Restore from backup")
    SUPPLIER = Strategy.SUPPLIER.value, _("Supplier recovers it")
    MANUAL = Strategy.MANUAL.value, _("Manual workaround")
    NONE = Strategy.NONE.value, _("None")


class StatusChoice(models.TextChoices):
    LIVE = Status.LIVE.value, _("Live")
    PLANNED = Status.PLANNED.value, _("Planned")
    RETIRED = Status.RETIRED.value, _("Retired")


class System(OrgOwned):
    """One recoverable thing, from a business process down to a building."""

    name = name_field(_("name"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=KindChoice.choices, default=KindChoice.APPLICATION
    )
    tier = models.PositiveSmallIntegerField(
        _("tier"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text=_("1 is the most critical, 4 the least."),
    )
    owner = models.ForeignKey(
        "bcp.Contact",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_systems",
    )
    technical_owner = models.ForeignKey(
        "bcp.Contact",
        verbose_name=_("technical owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="technically_owned_systems",
    )
    deputy = models.ForeignKey(
        "bcp.Contact",
        verbose_name=_("deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deputised_systems",
    )
    team = models.ForeignKey(
        "bcp.Team",
        verbose_name=_("recovery team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="systems",
    )
    site = models.ForeignKey(
        "bcp.Site",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="systems",
    )
    escalation_path = models.ForeignKey(
        "bcp.EscalationPath",
        verbose_name=_("escalation path"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="systems",
        help_text=_("Empty: the organisation’s default path."),
    )
    strategy = models.CharField(
        _("recovery strategy"), max_length=20, choices=StrategyChoice.choices, blank=True
    )
    status = models.CharField(
        _("status"), max_length=10, choices=StatusChoice.choices, default=StatusChoice.LIVE
    )
    recovery_low_minutes = minutes_field(_("recovery work at best"))
    recovery_minutes = minutes_field(
        _("recovery work"),
        help_text=_(
            "How long the recovery of this system alone takes. Of a supplier: what the"
            " contract says."
        ),
    )
    recovery_high_minutes = minutes_field(_("recovery work at worst"))
    data_gb = models.DecimalField(
        _("data in GB"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    description = text_field(_("description"), max_length=20000)
    structure_changed_on = models.DateField(null=True, blank=True, editable=False)
    """Day of the last structural change (rule X4), in the organisation's time zone."""

    class Meta:
        ordering = ["name"]
        constraints = [
            unique_name("system"),
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | Q(tier__gte=1, tier__lte=4),
                name="system_tier_1_to_4",
            ),
        ]

    def __str__(self) -> str:
        return self.name
