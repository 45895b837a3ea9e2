"""Proposing a target, and sending a proposal back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bcp.models.targets import RecoveryTarget
from bcp.web.forms.base import OrgForm, OrgModelForm

FIGURES = ("rto_minutes", "rpo_minutes", "mtd_minutes")

_HINTS = {
    "rto_minutes": _(
        "How long it may take, from the disruption, until it works again. Such as 4h or 1d 12h."
    ),
    "rpo_minutes": _("How much work, measured in time, may be lost. 0 means: nothing at all."),
    "mtd_minutes": _("The time after which the harm cannot be repaired any more."),
    "reason": _("Why these figures: who said so, what happens otherwise."),
}


class ProposalForm(OrgModelForm):
    """The figures somebody proposes. `origins` says of a figure that is filled in where it comes
    from."""

    faults_on = None

    class Meta:
        model = RecoveryTarget
        fields = [*FIGURES, "reason"]

    def __init__(self, *args: Any, origins: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, hint in _HINTS.items():
            origin = (origins or {}).get(name)
            self.fields[name].help_text = format_lazy("{} {}", hint, origin) if origin else hint

    def clean(self) -> dict[str, Any] | None:
        """The same that the service refuses, said while somebody still types."""
        cleaned = super().clean()
        rto, mtd = self.cleaned_data.get("rto_minutes"), self.cleaned_data.get("mtd_minutes")
        if rto is not None and mtd is not None and rto > mtd:
            fault = _("The RTO must not be longer than the MTD.")
            self.add_error("rto_minutes", ValidationError(fault, code="contradiction"))
        return cleaned

    @property
    def contradicts_itself(self) -> bool:
        """Every figure can be read, and together they make no sense."""
        return self.has_error("rto_minutes", code="contradiction")


class SendBackForm(OrgForm):
    reason = forms.CharField(
        label=_("Why it is sent back"),
        help_text=_("The proposer reads this and knows what to change."),
        max_length=5000,
        widget=forms.Textarea,
    )
