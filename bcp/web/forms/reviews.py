"""Confirming dependencies, and narrowing the list of what is confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.engine.reviews import ReviewState
from bcp.models.dependencies import NeededToChoice
from bcp.web.forms.answers import KINDS, AnswerFilter, several, tiers
from bcp.web.forms.base import OrgForm

REVIEW_STATES: tuple[tuple[str, Any], ...] = (
    (ReviewState.CHANGED.value, _("Changed since it was confirmed")),
    (ReviewState.NEVER.value, _("Never confirmed")),
    (ReviewState.OVERDUE.value, _("Confirmed more than 180 days ago")),
    (ReviewState.CURRENT.value, _("Confirmed")),
)
NEEDED_TO: dict[str, Any] = dict(NeededToChoice.choices)


class ConfirmForm(OrgForm):
    """`several`: a note is then required, because nobody looks at many as closely as at one."""

    note = forms.CharField(label=_("Note"), max_length=5000, widget=forms.Textarea)

    def __init__(self, *args: Any, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        note = self.fields["note"]
        note.required = several
        note.widget.attrs["rows"] = 3
        note.help_text = (
            _("What do you confirm them on: a list you went through, a meeting, a tool?")
            if several
            else _("What does it rest on? May stay empty.")
        )


class ReviewFilter(AnswerFilter):
    state = several(_("State"), REVIEW_STATES)
    tier = tiers()
    kind = several(_("Kind"), list(KINDS.items()))
    none = forms.BooleanField(label=_("Only systems that need nothing"), required=False)
