"""Backup copies: what is copied where, how often, and what is known of the last run."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bcp.models.base import NAME_LENGTH, OrgOwned, minutes_field, name_field
from bcp.models.systems import System


class Content(models.TextChoices):
    DATA = "data", _("Data")
    CONFIGURATION = "configuration", _("Configuration")
    NETWORK = "network", _("Network configuration")
    ACCESS = "access", _("Access and identity state")


class RestoreResult(models.TextChoices):
    SUCCESS = "success", _("Success")
    PARTIAL = "partial", _("Partial")
    FAILURE = "failure", _("Failure")


class BackupCopy(OrgOwned):
    """One copy of one system. Every figure may be unknown."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="copies")
    name = name_field(_("name"))
    content = models.CharField(
        _("content"), max_length=15, choices=Content.choices, default=Content.DATA
    )
    medium = models.CharField(_("medium"), max_length=NAME_LENGTH, blank=True)
    site = models.ForeignKey(
        "bcp.Site",
        verbose_name=_("destination site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="copies",
    )
    interval_minutes = minutes_field(_("interval"))
    run_minutes = minutes_field(_("run time"))
    lag_minutes = minutes_field(_("shipping lag"))
    retention_minutes = minutes_field(_("retention"))
    locked_minutes = minutes_field(
        _("locked for"), help_text=_("How long nobody can change or delete a copy.")
    )
    offline = models.BooleanField(_("offline"), default=False)
    separate_credentials = models.BooleanField(_("separate credentials"), default=False)
    replica = models.BooleanField(_("replica"), default=False)
    restore_mb_s = models.DecimalField(
        _("restore throughput in MB/s"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    last_success = models.DateTimeField(_("last success"), null=True, blank=True)
    last_restore_test = models.DateField(_("last restore test"), null=True, blank=True)
    last_restore_result = models.CharField(
        _("result of the last restore test"),
        max_length=10,
        choices=RestoreResult.choices,
        blank=True,
    )

    class Meta:
        ordering = ["system__name", "name"]
        verbose_name_plural = _("backup copies")
        constraints = [
            models.UniqueConstraint(
                "system",
                Lower("name"),
                name="backupcopy_name_unique_in_system",
                violation_error_message=_("This system already has a copy of that name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.name}"
