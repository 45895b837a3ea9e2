"""One form for many records: every field can be left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from bcp.models.organisations import Organisation
from bcp.web.forms.base import OrgFormMixin

KEEP = "keep"
_LEAVE = (KEEP, _("leave as it is"))
_THREE_WAY: dict[str, tuple[Any, bool | None]] = {
    "unknown": (_("Unknown"), None),
    "true": (_("Yes"), True),
    "false": (_("No"), False),
}


class _KeepIterator(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield _LEAVE
        yield from super().__iter__()


class _KeepRecordField(forms.ModelChoiceField):
    """A related record, none, or what each has now."""

    iterator = _KeepIterator

    def clean(self, value: Any) -> Any:
        return KEEP if value == KEEP else super().clean(value)


class BulkForm(OrgFormMixin, forms.Form):
    """Made from the fields `bulk_fields` of the form of one record."""

    one_form: ClassVar[type[forms.ModelForm]]
    bulk_fields: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.bulk_fields:
            self.fields[name] = _keepable(self.one_form.base_fields[name])
        self.narrow(organisation)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.values():
            raise ValidationError(_("Choose what to change: everything is left as it is."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Only the fields that are to be set."""
        return {name: value for name, value in self.cleaned_data.items() if value != KEEP}


def _keepable(field: forms.Field) -> forms.Field:
    options: dict[str, Any] = {"label": field.label, "required": False, "initial": KEEP}
    if isinstance(field, forms.ModelChoiceField):
        return _KeepRecordField(field.queryset, empty_label=str(_("none")), **options)
    if isinstance(field, forms.NullBooleanField):
        return forms.TypedChoiceField(
            choices=[_LEAVE, *((key, label) for key, (label, _value) in _THREE_WAY.items())],
            coerce=lambda value: KEEP if value == KEEP else _THREE_WAY[value][1],
            **options,
        )
    choices = [(key, label) for key, label in getattr(field, "choices", ()) if key != ""]
    if not field.required:
        choices.insert(0, ("", _("none")))
    coerce = getattr(field, "coerce", str)
    empty = getattr(field, "empty_value", "")
    return forms.TypedChoiceField(
        choices=[_LEAVE, *choices],
        coerce=lambda value: KEEP if value == KEEP else coerce(value),
        empty_value=empty,
        **options,
    )
