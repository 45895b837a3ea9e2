"""Gaps that somebody in authority lives with, for a reason and for a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, doer_field, text_field


class GapAcceptance(OrgOwned):
    """Somebody accepted a gap as it was then. A row is never rewritten but to end it.

    `gap` and `facts` are `engine.acceptance.identity_of` and `facts_of` the gap; `says` is its
    sentence as it was read by who accepted it.
    """

    gap = models.CharField(max_length=300, editable=False)
    code = models.CharField(max_length=60, editable=False)
    subject_kind = models.CharField(max_length=20, editable=False)
    subject_key = models.CharField(max_length=200, editable=False)
    subject = models.CharField(_("where"), max_length=200, editable=False)
    severity = models.CharField(_("severity"), max_length=10, editable=False)
    says = models.TextField(_("what was accepted"), editable=False)
    facts = models.CharField(max_length=64, editable=False)
    reason = text_field(_("reason"), max_length=5000)
    until = models.DateField(_("accepted until"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(editable=False)
    ended_by = doer_field()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_reason = text_field(_("why it was taken back"), max_length=5000, editable=False)

    class Meta:
        ordering = ["-accepted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "gap"],
                condition=Q(ended_at__isnull=True),
                name="gapacceptance_one_in_force_for_a_gap",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
