"""Deciding about proposed dependencies."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.web.forms.base import OrgForm


class DecideForm(OrgForm):
    """One note for all; whoever refuses has to give it."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_(
            "Needed to refuse: no import then proposes the same again. Else it may stay empty."
        ),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
