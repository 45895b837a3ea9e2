"""The form of an own scenario: its name, which tiers must withstand it, and what happens at once.

The parts are one field of the form, as the ladder of an escalation path is. Adding and removing
a row are buttons that send the whole form in; no script is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import BadDuration, format_minutes, parse_minutes
from bcp.engine.estate import TIERS
from bcp.models.organisations import Organisation
from bcp.models.scenarios import PartKind, ScenarioCombination
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.services.scenarios import FEWEST_PARTS, MOST_PARTS, PartValues
from bcp.web.forms.base import OrgModelForm
from bcp.web.sent_back import whole_number

Row = dict[str, str]
"""One part as it was typed: what happens, the key of a site, the name of a system, a dwell time."""

BUTTON = "parts-button"
"""The name under which the buttons of the rows are sent: `add`, `remove-1`."""

_COLUMNS = ("kind", "site", "system", "dwell")
_BLANK: Row = dict.fromkeys(_COLUMNS, "")


class PartsWidget(forms.Widget):
    """The rows; a new scenario starts with as many blank ones as it needs parts."""

    template_name = "scenarios/parts.html"
    use_fieldset = True
    sites: Sequence[tuple[str, str]] = ()
    systems: Any = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[Row] = list(value or ())
        rows += [dict(_BLANK) for _missing in range(len(rows), FEWEST_PARTS)]
        context = super().get_context(name, value, attrs)
        return context | {
            "rows": rows,
            "button": BUTTON,
            "kinds": PartKind.choices,
            "sites": self.sites,
            "systems": self.systems,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        try:
            count = max(0, min(int(data.get(f"{name}-count", "0")), MOST_PARTS + 1))
        except ValueError:
            count = 0
        return [
            {column: str(data.get(f"{name}-{position}-{column}", "")) for column in _COLUMNS}
            for position in range(count)
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-kind"


class PartsField(forms.Field):
    """What happens at once. Blank rows are no parts; every fault names the part it is in."""

    widget = PartsWidget

    def narrow(self, organisation: Organisation) -> None:
        self._systems = System.objects.of(organisation)
        self._sites = {one.pk: one for one in Site.objects.of(organisation)}
        self.widget.sites = [(key, one.name) for key, one in self._sites.items()]
        self.widget.systems = self._systems.values_list("name", flat=True)

    def prepare_value(self, value: Any) -> Any:
        """Stored parts are written out as rows; what was typed stays as it was typed."""
        return [_row(one) if isinstance(one, PartValues) else one for one in value or ()]

    def to_python(self, value: Any) -> list[PartValues]:
        parts, faults = [], []
        for position, row in enumerate(filter(_says_something, value or ()), start=1):
            try:
                parts.append(self._part(row))
            except ValidationError as error:
                faults += [
                    gettext("Part %(position)d: %(fault)s")
                    % {"position": position, "fault": message}
                    for message in error.messages
                ]
        if faults:
            raise ValidationError(faults)
        return parts

    def _part(self, row: Row) -> PartValues:
        kind = row["kind"]
        if kind not in PartKind.values:
            raise ValidationError(gettext("choose what happens, or remove the part."))
        if kind == PartKind.SITE:
            return PartValues(kind, site=self._site(row["site"]))
        if kind in (PartKind.SUPPLIER, PartKind.SYSTEM):
            return PartValues(kind, system=self._system(row["system"]))
        if kind == PartKind.RANSOMWARE:
            return PartValues(kind, dwell_minutes=_dwell(row["dwell"]))
        return PartValues(kind)

    def _site(self, key: str) -> Site:
        site = self._sites.get(key)
        if site is None:
            raise ValidationError(gettext("choose the site that is lost."))
        return site

    def _system(self, typed: str) -> System:
        name = typed.strip().replace("\x00", "")
        if not name:
            raise ValidationError(gettext("name the system or supplier that is lost."))
        system = self._systems.filter(name__iexact=name).first()
        if system is None:
            raise ValidationError(gettext("there is no system “%(name)s”.") % {"name": name[:200]})
        return system

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


def _dwell(typed: str) -> int:
    try:
        minutes = parse_minutes(typed)
    except BadDuration as error:
        raise ValidationError(gettext(error.template) % error.values + ".") from error
    if minutes is None:
        raise ValidationError(gettext("say how long the attacker was inside, such as 14d."))
    return minutes


class CombinationForm(OrgModelForm):
    tiers = forms.TypedMultipleChoiceField(
        label=_("Tiers that must withstand it"),
        help_text=_("A system of these tiers has its backups half only if this holds as well."),
        choices=[(tier, _("Tier %(tier)d") % {"tier": tier}) for tier in TIERS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    parts = PartsField(
        label=_("What happens at once"),
        help_text=_("At least two. Of several dwell times the longest counts."),
        required=False,
    )

    field_order = ("name", "parts", "tiers", "description")

    class Meta:
        model = ScenarioCombination
        fields = ["name", "description", "tiers"]
        help_texts = {"name": _("Such as “Fire at headquarters during a ransomware attack”.")}

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        parts = self.fields["parts"]
        if isinstance(parts, PartsField):
            parts.narrow(organisation)
        if self.instance.pk and not self.instance._state.adding:
            self.initial.setdefault("parts", _parts_of(self.instance))

    def apart(self) -> tuple[dict[str, Any], list[PartValues]]:
        """The scenario's own fields, and its parts, which are written beside them."""
        values = dict(self.cleaned_data)
        return values, values.pop("parts")

    def rearranged(self, button: str) -> dict[str, Any]:
        """Everything typed, with a row more or less as the button asks, to be shown again."""
        typed: dict[str, Any] = {name: self[name].data for name in self.fields}
        return typed | {"parts": _rearranged(typed["parts"], button)}


def _parts_of(combination: ScenarioCombination) -> list[PartValues]:
    return [
        PartValues(part.kind, part.site, part.system, part.dwell_minutes)
        for part in combination.parts.all()
    ]


def _row(part: PartValues) -> Row:
    dwell = part.dwell_minutes
    return {
        "kind": part.kind,
        "site": part.site.pk if part.site else "",
        "system": part.system.name if part.system else "",
        "dwell": "" if dwell is None else format_minutes(dwell),
    }


def _says_something(row: Row) -> bool:
    return any(row[column].strip() for column in _COLUMNS)


def _rearranged(rows: Sequence[Row], button: str) -> list[Row]:
    action, _dash, number = button.partition("-")
    result, position = list(rows), whole_number(number)
    if action == "add":
        return [*result, dict(_BLANK)][: MOST_PARTS + 1]
    if action == "remove" and position is not None and position < len(result):
        del result[position]
    return result
