"""The form of a site."""

from __future__ import annotations

from django import forms

from bcp.models.sites import Site
from bcp.web.forms.base import OrgModelForm


class SiteForm(OrgModelForm):
    class Meta:
        model = Site
        fields = ["name", "zone", "kind", "address"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
