"""The forms of saved views of the map: what is shown, under a name; and another name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.map_views import SavedView
from bcp.web.forms.base import OrgModelForm


class SavedViewForm(OrgModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "query"]
        widgets = {"query": forms.HiddenInput}
        help_texts = {
            "name": _("Everybody in the organisation finds the view under it."),
        }


class SavedViewNameForm(OrgModelForm):
    class Meta:
        model = SavedView
        fields = ["name"]
