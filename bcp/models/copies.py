"""Backup copies, the policies that many of them follow, and what restoring from them showed."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Content as EngineContent
from bcp.engine.estate import CopyKind, Outcome
from bcp.models.base import (
    NAME_LENGTH,
    OrgOwned,
    minutes_field,
    name_field,
    text_field,
    unique_name,
)
from bcp.models.systems import System


class Content(models.TextChoices):
    DATA = EngineContent.DATA.value, _("Data")
    CONFIGURATION = EngineContent.CONFIGURATION.value, _("Configuration")
    NETWORK = EngineContent.NETWORK.value, _("Network configuration")
    ACCESS = EngineContent.ACCESS.value, _("Access and identity state")


class CopyKindChoice(models.TextChoices):
    BACKUP = CopyKind.BACKUP.value, _("Backup")
    SNAPSHOT = CopyKind.SNAPSHOT.value, _("Snapshot on the same storage")
    REPLICA = CopyKind.REPLICA.value, _("Replica")
    EXPORT = CopyKind.EXPORT.value, _("SaaS export")


class OutcomeChoice(models.TextChoices):
    """Of a restore test or of a system in an exercise."""

    SUCCESS = Outcome.SUCCESS.value, _("Success")
    PARTIAL = Outcome.PARTIAL.value, _("Partial")
    FAILURE = Outcome.FAILURE.value, _("Failure")


POLICY_FIELDS = (
    *("content", "kind", "medium", "site", "repository", "interval_minutes", "run_minutes"),
    *("lag_minutes", "retention_minutes", "locked_minutes", "offline", "separate_credentials"),
    *("encrypted", "restore_mb_s", "restore_fixed_minutes"),
)
"""What a policy says, and every copy that follows it says the same."""


class Copying(OrgOwned):
    """How something is copied. Every figure and every yes or no may be unknown (`None`)."""

    content = models.CharField(
        _("content"), max_length=15, choices=Content.choices, default=Content.DATA
    )
    kind = models.CharField(
        _("kind"), max_length=15, choices=CopyKindChoice.choices, default=CopyKindChoice.BACKUP
    )
    medium = models.CharField(_("medium"), max_length=NAME_LENGTH, blank=True)
    site = models.ForeignKey(
        "bcp.Site",
        verbose_name=_("destination site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    repository = models.CharField(
        _("repository"),
        max_length=NAME_LENGTH,
        blank=True,
        help_text=_(
            "Restores from the same repository share its throughput. Empty: the copies on one"
            " medium at one site are one repository."
        ),
    )
    interval_minutes = minutes_field(_("interval"))
    run_minutes = minutes_field(_("run time"))
    lag_minutes = minutes_field(_("shipping lag"))
    retention_minutes = minutes_field(_("retention"))
    locked_minutes = minutes_field(
        _("locked for"), help_text=_("How long nobody can change or delete a copy.")
    )
    offline = models.BooleanField(_("offline"), null=True, blank=True)
    separate_credentials = models.BooleanField(_("separate credentials"), null=True, blank=True)
    encrypted = models.BooleanField(_("encrypted"), null=True, blank=True)
    restore_mb_s = models.DecimalField(
        _("restore throughput in MB/s"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    restore_fixed_minutes = minutes_field(
        _("fixed part of a restore"),
        help_text=_("Minutes before the first byte: fetching a tape, mounting, unlocking."),
    )

    class Meta:
        abstract = True


class BackupPolicy(Copying):
    """One way of copying, said once and followed by the copies of many systems."""

    name = name_field(_("name"))
    description = text_field(_("description"), max_length=5000)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("backup policies")
        constraints = [unique_name("backuppolicy")]

    def __str__(self) -> str:
        return self.name


class BackupCopy(Copying):
    """One copy of one system. What follows a policy has that policy's `POLICY_FIELDS`; services
    keep the two alike.

    `last_success` is what somebody typed in or imported; what the job reports itself is in
    `reports.CopyStatus`, and the later of the two counts (rule B6).
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="copies")
    name = name_field(_("name"))
    policy = models.ForeignKey(
        BackupPolicy,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
    )
    source = models.CharField(
        _("source"),
        max_length=NAME_LENGTH,
        blank=True,
        help_text=_("What is copied: the host, share, database or account."),
    )
    last_success = models.DateTimeField(_("last success"), null=True, blank=True)
    report_serial = models.PositiveIntegerField(default=1, editable=False)
    """Counts up when the secret reporting address is rolled; see `services.reporting`."""

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


class RestoreTest(OrgOwned):
    """Somebody restored from a copy and looked at what came back."""

    copy = models.ForeignKey(BackupCopy, on_delete=models.CASCADE, related_name="restore_tests")
    done_on = models.DateField(_("done on"))
    outcome = models.CharField(
        _("result"),
        max_length=10,
        choices=OutcomeChoice.choices,
        blank=True,
        help_text=_("Success: everything that was asked for came back and was checked."),
    )
    minutes = minutes_field(_("minutes"))
    restored_bytes = models.PositiveBigIntegerField(_("bytes restored"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=NAME_LENGTH, blank=True)
    note = text_field(_("note"), max_length=5000)

    class Meta:
        ordering = ["-done_on", "-created_at"]
        indexes = [models.Index(fields=["copy", "-done_on"], name="restoretest_latest_of_copy")]

    def __str__(self) -> str:
        return f"{self.copy}, {self.done_on}"
