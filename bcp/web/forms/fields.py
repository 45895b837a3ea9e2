"""Fields that are not Django's own: durations, and a record chosen by its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import BadDuration, format_minutes, parse_minutes
from bcp.engine.sizes import BadSize, format_bytes, parse_bytes


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

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class SizeField(forms.Field):
    """Whole bytes, typed and shown as "120 GB" or "1.5 TiB"; empty is `None` (unknown)."""

    def __init__(self, *, help_text: Any = "", **options: Any) -> None:
        example = _("Such as 120 GB or 1.5 TiB. Empty means unknown.")
        super().__init__(help_text=help_text or example, **options)
        self.widget.attrs.update({"autocomplete": "off", "class": "short"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        try:
            return parse_bytes(value or "")
        except BadSize as error:
            raise ValidationError(gettext(error.template) % error.values + ".") from error

    def prepare_value(self, value: Any) -> Any:
        """A stored figure is written short only where that says the same."""
        if not isinstance(value, int):
            return value
        short = format_bytes(value)
        return short if parse_bytes(short) == value else str(value)


class NameInput(forms.TextInput):
    """A text field that offers names while one types. Unlike a list to scroll through, it stays
    usable, and quick to draw, with thousands of them."""

    template_name = "components/name_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.choices: Any = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_names"
        context["names"] = self.choices
        return context


class NameChoiceField(forms.ModelChoiceField):
    """One record by its name (in any case) or key; names are unique in an organisation."""

    widget = NameInput

    def prepare_value(self, value: Any) -> Any:
        """A stored key becomes the name; what was typed stays as it was typed."""
        if value and isinstance(value, str) and self.queryset is not None:
            value = self.queryset.filter(pk=value).first() or value
        return str(value) if value else ""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or self.queryset is None:
            return None
        typed = str(getattr(value, "pk", value)).strip().replace("\x00", "")
        found = (
            self.queryset.filter(name__iexact=typed).first()
            or self.queryset.filter(pk=typed).first()
        )
        if found is None:
            raise ValidationError(
                gettext("There is no “%(name)s” here. Choose one of the names offered.")
                % {"name": typed[:200]}
            )
        return found

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if self.queryset is not None:
            names = self.queryset.order_by("name").values_list("name", flat=True)
            self.widget.choices = names
        return super().get_bound_field(form, field_name)
