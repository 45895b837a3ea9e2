"""Accepting gaps, taking an acceptance back, and narrowing the list of acceptances."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.engine.acceptance import default_end, latest_end
from bcp.queries.acceptances import HeldState
from bcp.web.forms.answers import SEVERITIES, AnswerFilter, several
from bcp.web.forms.base import OrgForm
from bcp.web.forms.parts import DayInput

HELD_STATES = (
    (HeldState.CHANGED.value, _("The gap has changed since")),
    (HeldState.EXPIRED.value, _("Expired")),
    (HeldState.IN_FORCE.value, _("In force")),
    (HeldState.GONE.value, _("No longer a gap")),
    (HeldState.ENDED.value, _("Taken back or replaced")),
)


class AcceptForm(OrgForm):
    """Why, and until when. `today` is the organisation's date."""

    reason = forms.CharField(
        label=_("Why it is accepted"),
        help_text=_("Whoever asks later reads this: auditors, your successor, you."),
        max_length=5000,
        widget=forms.Textarea,
    )
    until = forms.DateField(
        label=_("Accepted until"),
        help_text=_("The last day. After it the gap is open again. Two years at most."),
        widget=DayInput(),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        initial = {"until": default_end(today), **(options.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **options)
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": latest_end(today).isoformat(),
        }


class TakeBackForm(OrgForm):
    reason = forms.CharField(
        label=_("Why it is taken back"),
        help_text=_("The gap is open again at once; whoever works on it reads this."),
        max_length=5000,
        widget=forms.Textarea,
    )


class AcceptanceFilter(AnswerFilter):
    state = several(_("State"), HELD_STATES)
    severity = several(_("Severity"), SEVERITIES)
    soon = forms.BooleanField(label=_("Only those that end within 30 days"), required=False)
