"""The field of peak periods: rows of name, time and cost, added and removed without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from bcp.models.impacts import PeakPeriod
from bcp.services.impacts import MOST_PEAKS, PeakValues
from bcp.web.sent_back import whole_number

PEAKS_BUTTON = "rows"
"""The name under which the buttons of the rows are sent: `add`, `remove-1`."""

_COLUMNS = ("name", "when", "cost")
Row = dict[str, str]
"""One peak as it was typed."""


class PeaksWidget(forms.Widget):
    """The rows, with a blank one at the end."""

    template_name = "impacts/peaks.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[Row] = list(value or ())
        if all(map(_says_something, rows)) and len(rows) < MOST_PEAKS:
            rows.append(dict.fromkeys(_COLUMNS, ""))
        context = super().get_context(name, value, attrs)
        return context | {"rows": rows, "button": PEAKS_BUTTON}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        try:
            count = max(0, min(int(data.get(f"{name}-count", "0")), MOST_PEAKS + 1))
        except ValueError:
            count = 0
        rows = [
            {column: str(data.get(f"{name}-{position}-{column}", "")) for column in _COLUMNS}
            for position in range(count)
        ]
        while rows and not _says_something(rows[-1]):
            rows.pop()
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-name"


class PeaksField(forms.Field):
    """Peaks in rows. Blank rows are none; every fault names the row it is in."""

    widget = PeaksWidget

    def prepare_value(self, value: Any) -> Any:
        return [_row(one) if isinstance(one, PeakPeriod) else one for one in value or ()]

    def to_python(self, value: Any) -> list[PeakValues]:
        peaks, faults = [], []
        amount = forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, required=False)
        for position, row in enumerate(filter(_says_something, value or ()), start=1):
            try:
                cost: Decimal | None = amount.clean(row["cost"])
            except ValidationError as error:
                cost = None
                faults += [_in_row(position, message) for message in error.messages]
            name = row["name"].strip()
            if not name:
                faults.append(_in_row(position, gettext("Give it a name, or remove it.")))
            peaks.append(PeakValues(name, row["when"].strip(), cost))
        if faults:
            raise ValidationError(faults)
        return peaks


def _in_row(position: int, fault: str) -> str:
    return gettext("Peak %(position)d: %(fault)s") % {"position": position, "fault": fault}


def _says_something(row: Row) -> bool:
    return any(row[column].strip() for column in _COLUMNS)


def _row(peak: PeakPeriod) -> Row:
    cost = "" if peak.cost_per_hour is None else f"{peak.cost_per_hour:f}".removesuffix(".00")
    return {"name": peak.name, "when": peak.when, "cost": cost}


def rearranged(rows: Sequence[Row], button: str) -> list[Row]:
    """What was typed, without the row that the button removes. One is added by being shown: there
    is always a blank one at the end."""
    action, _dash, number = button.partition("-")
    gone = whole_number(number) if action == "remove" else None
    return [row for position, row in enumerate(rows) if position != gone]
