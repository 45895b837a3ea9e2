"""Who confirmed what a system needs, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, text_field
from bcp.models.systems import System


class DependencyReview(OrgOwned):
    """Somebody confirmed that the needs of a system were right. Rows are never rewritten; the
    latest one of a system counts.

    `facts` is `engine.reviews.facts_of` the needs as they were seen, `needs` says what they were:
    a list of [key, name, needed to, digest of the bootstrap note].
    """

    system = models.ForeignKey(
        System, verbose_name=_("system"), editable=False, on_delete=models.CASCADE
    )
    facts = models.CharField(max_length=64, editable=False)
    needs = models.JSONField(_("what was confirmed"), default=list, editable=False)
    note = text_field(_("note"), max_length=5000, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("confirmed on"), editable=False)

    class Meta:
        ordering = ["-reviewed_at", "-id"]
        indexes = [
            models.Index(fields=["system", "-reviewed_at", "-id"], name="review_latest_of_system")
        ]

    def __str__(self) -> str:
        return str(self.system)
