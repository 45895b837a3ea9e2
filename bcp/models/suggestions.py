"""Suggestions that somebody dismissed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, text_field


class SuggestionDismissal(OrgOwned):
    """Somebody dismissed a suggestion for a reason. It is not shown again for as long as what it
    rests on is the same: `suggestion` and `facts` are its identity and facts in
    `engine.suggestions`, `says` is its sentence as it was read."""

    suggestion = models.CharField(max_length=100, editable=False)
    facts = models.CharField(max_length=64, editable=False)
    says = models.TextField(_("what was suggested"), editable=False)
    reason = text_field(_("reason"), max_length=2000)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    dismissed_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-dismissed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "suggestion", "facts"],
                name="suggestiondismissal_once_for_the_same_facts",
            ),
        ]

    def __str__(self) -> str:
        return self.says[:200]
