"""Plan versions: frozen data and the PDF printed from it."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import NAME_LENGTH, OrgOwned


class PlanVersion(OrgOwned):
    """What a plan said when it was made (rule P1); `issue` counts from 1 in an organisation.

    `snapshot` is everything that is printed; `fingerprint` the SHA-256 of its canonical JSON.
    """

    issue = models.PositiveIntegerField(_("issue"))
    title = models.CharField(_("title"), max_length=NAME_LENGTH + 40)
    scenario = models.CharField(_("scenario"), max_length=NAME_LENGTH + 20, default="everything")
    system_id_printed = models.CharField(max_length=12, blank=True)
    """The system of a one-system sheet; empty for a whole plan."""
    effective_on = models.DateField(_("effective"))
    review_on = models.DateField(_("review by"))
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    fingerprint = models.CharField(max_length=64)
    job = models.OneToOneField(
        "bcp.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="plan_version"
    )

    class Meta:
        ordering = ["-issue"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "issue"], name="planversion_issue_unique_in_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlanFile(OrgOwned):
    """The PDF itself, apart from its version so that lists never load it. In the database: every
    web and worker process reaches it, on whatever machine, and a backup of one has both."""

    plan_version = models.OneToOneField(PlanVersion, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"PDF of {self.plan_version_id}"
