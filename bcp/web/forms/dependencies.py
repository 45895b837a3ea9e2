"""The forms of a dependency, whole or in parts, and of many at once."""

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


class NeedForm(DependencyForm):
    """One more dependency of a system that the page knows already."""

    class Meta(DependencyForm.Meta):
        fields = ["dependency", "needed_to", "bootstrap"]


class NeedTermsForm(DependencyForm):
    """What is agreed of a dependency whose ends stay."""

    faults_on = "needed_to"

    class Meta(DependencyForm.Meta):
        fields = ["needed_to", "bootstrap"]
