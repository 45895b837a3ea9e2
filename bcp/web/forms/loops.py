"""How a system is started without what it otherwise waits for: the note, and the step to do."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.teams import Team
from bcp.services.procedures import StepValues
from bcp.web.forms.base import OrgForm
from bcp.web.forms.fields import DurationField


class OpenForm(OrgForm):
    note = forms.CharField(
        label=_("The break-glass way (bootstrap note)"),
        help_text=_(
            "How it is started without: what to do, who does it, where the means are kept. Never"
            " the secret itself."
        ),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    instruction = forms.CharField(
        label=_("The step in the procedure"),
        help_text=_("What is done, so that somebody who has never done it can do it at 2 a.m."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Who does it"), required=False)
    minutes = DurationField(label=_("How long the step takes"), required=False)
    expected = forms.CharField(
        label=_("What one should see then"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def step(self) -> StepValues:
        values = self.cleaned_data
        return StepValues(
            instruction=values["instruction"],
            team=values["team"],
            minutes=values["minutes"],
            expected=values["expected"],
        )
