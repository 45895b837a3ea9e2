"""What every form has in common: choices of one organisation only, durations as people write
them, and faults found by a service shown at the field they belong to."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.choices import flatten_choices
from django.utils.formats import localize
from django.utils.translation import gettext, pgettext

from bcp.engine.durations import format_minutes
from bcp.errors import InvalidInput
from bcp.models.base import OrgQuerySet
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.web.forms.fields import DurationField, NameChoiceField


class FaultsMixin(forms.BaseForm):
    """Takes over what a service refused.

    `faults_on` names the field that a fault of the whole record is shown at (the name, where the
    only such fault is a name taken already).
    """

    faults_on: str | None = None

    def add_faults(self, error: InvalidInput) -> None:
        """Show what a service refused, each fault at its field, in the same words."""
        for name, messages in (error.fields or {"": [str(error)]}).items():
            whole = self.faults_on if self.faults_on in self.fields else None
            place = name if name in self.fields else whole
            for message in messages:
                if message not in self.errors.get(place or NON_FIELD_ERRORS, []):
                    self.add_error(place, message)


class OrgFormMixin(FaultsMixin):
    """Narrows every choice of a related record to one organisation."""

    organisation: Organisation

    def narrow(self, organisation: Organisation) -> None:
        self.organisation = organisation
        choose_by_name(self)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                records = field.queryset
                if isinstance(records, OrgQuerySet):
                    field.queryset = records.of(organisation)
            say_what_empty_means(field, gettext("none"))


class OrgForm(OrgFormMixin, forms.Form):
    """A form that is not one record."""

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.narrow(organisation)


class OrgModelForm(OrgFormMixin, forms.ModelForm):
    """A form of one record. It only checks and collects `cleaned_data`; services write."""

    faults_on: str | None = "name"

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in list(self.fields.items()):
            if name.endswith("_minutes"):
                self.fields[name] = DurationField(
                    label=field.label, help_text=field.help_text, required=field.required
                )
        self.narrow(organisation)

    def _post_clean(self) -> None:
        """Django would write into the record here and check it. The service does both, where
        nobody can come in between, and `add_faults` shows what it found."""


def say_what_empty_means(field: forms.Field, word: str) -> None:
    """A choice that may be left empty says so in a word, not in a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = word
    elif isinstance(field, forms.ChoiceField):
        field.choices = [
            (key, word if key == "" else label)
            for key, label in cast("list[tuple[Any, Any]]", list(cast("Any", field.choices)))
        ]


def choose_by_name(form: forms.BaseForm) -> None:
    """Where a system is chosen, of which there may be thousands, its name is typed."""
    for name, field in list(form.fields.items()):
        if type(field) is not NameChoiceField and _chooses_a_system(field):
            form.fields[name] = NameChoiceField(
                cast("forms.ModelChoiceField", field).queryset,
                label=field.label,
                help_text=field.help_text,
                required=field.required,
            )


def _chooses_a_system(field: forms.Field) -> bool:
    return (
        isinstance(field, forms.ModelChoiceField)
        and not isinstance(field, forms.ModelMultipleChoiceField)
        and field.queryset is not None
        and field.queryset.model is System
    )


def shown(field: forms.Field, value: Any) -> str:
    """A cleaned or stored value of a field, in words, for a page that compares two of them."""
    if isinstance(field, DurationField):
        return format_minutes(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value is None or value == "":
        return pgettext("an empty field", "empty")
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(one) for one in value))
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        return str(field.queryset.filter(pk=getattr(value, "pk", value)).first() or value)
    if isinstance(field, forms.ChoiceField):
        labels: dict[Any, Any] = dict(flatten_choices(cast("Any", field.choices)))
        several = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(labels.get(one, one)) for one in several)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(localize(value))
