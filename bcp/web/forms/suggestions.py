"""Dismissing suggestions, and narrowing the list of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.engine.suggestions import Topic
from bcp.web.forms.answers import AnswerFilter, several
from bcp.web.forms.base import OrgForm

OPEN, DISMISSED = "open", "dismissed"
STATES: tuple[tuple[str, Any], ...] = ((OPEN, _("Open")), (DISMISSED, _("Dismissed")))
TOPICS: tuple[tuple[str, Any], ...] = (
    (Topic.PEERS.value, _("Others of its place or kind need it")),
    (Topic.SERVICE.value, _("A service that everything needs")),
    (Topic.PROCESS_ALONE.value, _("A process that needs nothing")),
    (Topic.APPLICATION_ALONE.value, _("An application that needs nothing")),
    (Topic.STORE_UNUSED.value, _("A data store that nobody needs")),
)


class DismissForm(OrgForm):
    reason = forms.CharField(
        label=_("Why it is not so"),
        help_text=_("Nobody is asked again until what the suggestion rests on changes."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SuggestionFilter(AnswerFilter):
    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    topic = several(_("About"), TOPICS)
