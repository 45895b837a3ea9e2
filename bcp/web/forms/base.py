"""What every form has in common: choices of one organisation only, durations as people write
them, and faults found by a service shown at the field they belong to."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.choices import flatten_choices
from django.utils.formats import localize
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import BadDuration, format_minutes, parse_minutes
from bcp.errors import InvalidInput
from bcp.models.base import OrgQuerySet
from bcp.models.organisations import Organisation


class DurationField(forms.Field):
    """Whole minutes, typed and shown as "4h", "1d 12h", "90 min"; empty is `None` (unknown)."""

    def __init__(self, *, help_text: Any = "", **options: Any) -> None:
        example = _("Such as 4h, 1d 12h or 90 min. Empty means unknown.")
        super().__init__(help_text=help_text or example, **options)
        self.widget.attrs.update({"autocomplete": "off", "class": "short"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        try:
            return parse_minutes(value or "")
        except BadDuration as error:
            fault = gettext(error.template) % error.values
            raise ValidationError(fault[:1].upper() + fault[1:] + ".") from error

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as it was typed; a stored figure is written out."""
        if isinstance(value, int):
            return format_minutes(value)
        return value


class OrgFormMixin(forms.BaseForm):
    """Narrows every choice of a related record to one organisation and takes over faults.

    `faults_on` names the field that a fault of the whole record is shown at (the name, where the
    only such fault is a name taken already).
    """

    faults_on: str | None = None
    organisation: Organisation

    def narrow(self, organisation: Organisation) -> None:
        self.organisation = organisation
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                records = field.queryset
                if isinstance(records, OrgQuerySet):
                    field.queryset = records.of(organisation)

    def add_faults(self, error: InvalidInput) -> None:
        """Show what a service refused, each fault at its field, in the same words."""
        for name, messages in (error.fields or {"": [str(error)]}).items():
            place = name if name in self.fields else self.faults_on
            for message in messages:
                if not self._is_shown(place, message):
                    self.add_error(place, message)

    def _is_shown(self, place: str | None, message: str) -> bool:
        return message in self.errors.get(place or NON_FIELD_ERRORS, [])


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
        if self.faults_on not in self.fields:
            self.faults_on = None


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
        return str(labels.get(value, value))
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(localize(value))
