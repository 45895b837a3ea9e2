"""The form of a restore test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.models.copies import BackupCopy, OutcomeChoice, RestoreTest
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.fields import DurationField, NameInput, SizeField
from bcp.web.forms.parts import DayInput


class CopyChoiceField(forms.ModelChoiceField):
    """One copy by "system: name" (in any case) or by its key."""

    widget = NameInput

    def prepare_value(self, value: Any) -> Any:
        """A stored key becomes the name; what was typed stays as it was typed."""
        if value and isinstance(value, str) and self.queryset is not None:
            value = self.queryset.select_related("system").filter(pk=value).first() or value
        return str(value) if value else ""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or self.queryset is None:
            return None
        typed = str(getattr(value, "pk", value)).strip().replace("\x00", "")
        found = (
            self._labelled().filter(label__iexact=typed).first()
            or self.queryset.filter(pk=typed).first()
        )
        if found is None:
            raise ValidationError(
                gettext("There is no copy “%(name)s” here. Choose one of those offered.")
                % {"name": typed[:200]}
            )
        return found

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        labels = self._labelled().order_by("label").values_list("label", flat=True)
        self.widget.choices = labels
        return super().get_bound_field(form, field_name)

    def _labelled(self) -> Any:
        copies: Any = self.queryset
        return copies.annotate(label=Concat("system__name", Value(": "), "name"))


class RestoreTestForm(OrgModelForm):
    copy = CopyChoiceField(
        BackupCopy.objects.all(), label=_("Copy"), help_text=_("System and copy.")
    )
    outcome = forms.ChoiceField(
        label=_("Result"),
        choices=OutcomeChoice.choices,
        widget=forms.RadioSelect,
        help_text=_("Success: everything that was asked for came back and was checked."),
    )
    minutes = DurationField(
        label=_("How long it took"),
        help_text=_("From the request until the data were usable. Such as 2h 30m."),
        required=False,
    )
    restored_bytes = SizeField(label=_("How much was restored"), required=False)

    class Meta:
        model = RestoreTest
        fields = ["copy", "done_on", "outcome", "minutes", "restored_bytes", "done_by", "note"]
        widgets = {"done_on": DayInput()}
        help_texts = {"note": _("What was restored, how it was checked, what went wrong.")}
