"""Recovery targets: proposed by one person, approved by another, never rewritten."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, minutes_field, text_field
from bcp.models.systems import System


class TargetState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "sent back", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RecoveryTarget(OrgOwned):
    """A proposed target and what became of it. The figures are never changed: a new proposal is
    a new row. The target of a system is its latest approved row (rule T4)."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="targets")
    rto_minutes = minutes_field(_("recovery time objective"))
    rpo_minutes = minutes_field(_("recovery point objective"))
    mtd_minutes = minutes_field(_("maximum tolerable downtime"))
    reason = text_field(_("reason"), max_length=5000)
    state = models.CharField(
        _("state"), max_length=10, choices=TargetState.choices, default=TargetState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: proposed by an import from the command line."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = text_field(_("reason of the decision"), max_length=5000)
    proposed_on = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("The figures of the analysis that the proposer saw, frozen."),
    )
    decided_on = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("The figures of the analysis that the decision rests on, frozen."),
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organisation", "state", "decided_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="recoverytarget_approval_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(proposed_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="recoverytarget_approver_is_not_proposer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.get_state_display()}"
