"""What the proposals before a board are narrowed by, and sending several back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.web.forms.answers import AnswerFilter, tiers
from bcp.web.forms.base import OrgForm


class ReviewFilter(AnswerFilter):
    tier = tiers()
    conflicting = forms.BooleanField(
        label=_("Only those that would contradict something"), required=False
    )


class SendBackManyForm(OrgForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever proposed reads it and knows what to change."),
        max_length=5000,
        widget=forms.Textarea,
    )
