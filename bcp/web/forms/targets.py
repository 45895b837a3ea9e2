"""Proposing a target, and sending a proposal back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.targets import RecoveryTarget
from bcp.web.forms.base import OrgForm, OrgModelForm


class ProposalForm(OrgModelForm):
    """The figures somebody proposes. What they demand is shown before anybody approves them."""

    faults_on = None

    class Meta:
        model = RecoveryTarget
        fields = ["rto_minutes", "rpo_minutes", "mtd_minutes", "reason"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hints = {
            "rto_minutes": _(
                "How long it may take, from the disruption, until it works again. Such as 4h or"
                " 1d 12h."
            ),
            "rpo_minutes": _(
                "How much work, measured in time, may be lost. 0 means: nothing at all."
            ),
            "mtd_minutes": _("The time after which the harm cannot be repaired any more."),
            "reason": _("Why these figures: who said so, what happens otherwise."),
        }
        for name, hint in hints.items():
            self.fields[name].help_text = hint


class SendBackForm(OrgForm):
    reason = forms.CharField(
        label=_("Why it is sent back"),
        help_text=_("The proposer reads this and knows what to change."),
        max_length=5000,
        widget=forms.Textarea,
    )
