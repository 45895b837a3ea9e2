"""What backup jobs reported of themselves (rule B6).

These rows are the record: they are appended by machines, many a minute, and so stand beside the
audit trail, which people's writes go into.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned
from bcp.models.copies import BackupCopy


class ReportEvent(models.TextChoices):
    START = "start", _("Started")
    SUCCESS = "success", _("Success")
    FAILURE = "failure", _("Failure")


class CopyStatus(OrgOwned):
    """What the reports of one copy amount to; made by its first report."""

    kept_by_machines = True

    copy = models.OneToOneField(BackupCopy, on_delete=models.CASCADE, related_name="status")
    last_start = models.DateTimeField(_("last start"), null=True)
    last_success = models.DateTimeField(_("last success"), null=True)
    last_failure = models.DateTimeField(_("last failure"), null=True)
    last_exit_code = models.PositiveIntegerField(_("last exit code"), null=True)
    last_bytes = models.PositiveBigIntegerField(_("bytes of the last success"), null=True)
    changed_at = models.DateTimeField(
        help_text="When a report last changed what is said of the copy: answers kept in memory are"
        " worked out anew after it.",
    )
    reports = models.PositiveBigIntegerField(default=0)
    window_start = models.DateTimeField(null=True)
    window_reports = models.PositiveIntegerField(default=0)
    """The rate limit: reports since `window_start`."""

    class Meta:
        verbose_name_plural = "copy statuses"
        indexes = [models.Index(fields=["organisation", "changed_at"])]

    def __str__(self) -> str:
        return str(self.copy)


class CopyReport(OrgOwned):
    """One call of a backup job. `number` counts the reports of a copy from 1."""

    kept_by_machines = True

    copy = models.ForeignKey(BackupCopy, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("at"))
    event = models.CharField(_("event"), max_length=7, choices=ReportEvent.choices)
    exit_code = models.PositiveIntegerField(_("exit code"), null=True)
    reported_bytes = models.PositiveBigIntegerField(_("bytes"), null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "number"], name="copyreport_number_unique_in_copy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.copy}: {self.get_event_display()}"
