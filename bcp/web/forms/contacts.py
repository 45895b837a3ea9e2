"""The forms of a contact, and of many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bcp.models.contacts import Contact, check_coverage, check_phones
from bcp.models.organisations import Organisation
from bcp.web.forms.base import OrgForm, OrgModelForm
from bcp.web.forms.parts import DayInput, PartsMixin


class PhonesField(forms.Field):
    """Phone numbers, one a line, in the order to try them."""

    widget = forms.Textarea(attrs={"rows": 3, "inputmode": "tel", "autocomplete": "off"})

    def to_python(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        check_phones(value)

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as it was typed; stored numbers are written one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class ContactForm(PartsMixin, OrgModelForm):
    phones = PhonesField(
        label=_("Phones"), help_text=_("In the order to try them, one a line."), required=False
    )

    class Meta:
        model = Contact
        fields = [
            *("name", "title", "vendor"),
            *("phones", "independent_phone", "email", "coverage", "deputy", "verified_on"),
            *("may_declare", "may_fail_over", "may_spend"),
        ]
        widgets = {"verified_on": DayInput()}
        help_texts = {
            "coverage": _(
                "When this person can be reached: 24x7, or days and hours as in Mo-Fr 08:00-18:00;"
                " several joined by a semicolon. Empty: at no hour."
            ),
            "deputy": _("Who stands in, and is asked next."),
            "verified_on": _("When somebody last reached this person by these numbers."),
            "may_spend": _("In the organisation’s currency, without asking anybody."),
        }

    PARTS = (
        (_("Who it is"), ("name", "title", "vendor")),
        (
            _("How and when to reach them"),
            ("phones", "independent_phone", "email", "coverage", "deputy", "verified_on"),
        ),
        (_("What they may decide"), ("may_declare", "may_fail_over", "may_spend")),
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        deputy = self.fields["deputy"]
        if isinstance(deputy, forms.ModelChoiceField) and deputy.queryset is not None:
            deputy.queryset = deputy.queryset.exclude(pk=self.instance.pk)

    def clean_coverage(self) -> str:
        """Checked here too, so that it is told together with every other fault."""
        coverage: str = self.cleaned_data["coverage"]
        check_coverage(coverage)
        return coverage


class VerifyForm(OrgForm):
    """When the chosen contacts were reached."""

    verified_on = forms.DateField(
        label=_("Reached on"),
        help_text=_("The day on which each of them confirmed name, numbers and coverage."),
        widget=DayInput(),
        initial=timezone.localdate,
    )

    def values(self) -> dict[str, Any]:
        return self.cleaned_data
