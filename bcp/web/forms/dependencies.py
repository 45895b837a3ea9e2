"""The forms of a dependency, and of many at once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.dependencies import Dependency
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.bulk import BulkForm


class DependencyForm(OrgModelForm):
    faults_on = "dependency"

    class Meta:
        model = Dependency
        fields = ["dependent", "dependency", "needed_to", "bootstrap"]
        labels = {
            "dependent": _("This system"),
            "dependency": _("needs"),
            "needed_to": _("needed to"),
        }
        help_texts = {
            "needed_to": _(
                "Rebuild: must be up before its recovery can start. Run: must be up before it"
                " counts as restored. Full service: without it, it only runs degraded."
            ),
        }
        widgets = {"bootstrap": forms.Textarea(attrs={"rows": 3})}


class DependencyBulkForm(BulkForm):
    one_form = DependencyForm
    bulk_fields = ("needed_to",)
