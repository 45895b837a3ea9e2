"""The forms of a procedure: how a draft begins, its steps as rows that can be moved, and sending
it back.

The steps are one field of the form, so that faults, conflicts and saving work as for any other.
Adding, removing and moving a row are buttons that send the whole form in; no script is needed.
The page that comes back has its focus on the row that was moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import BadDuration, format_minutes, parse_minutes
from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation
from bcp.models.procedures import AreaChoice, Procedure
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.services.procedures import MOST_STEPS, StepValues, values_of
from bcp.web.forms.base import OrgForm, OrgModelForm
from bcp.web.forms.fields import NameChoiceField
from bcp.web.sent_back import whole_number

Row = dict[str, Any]
"""One step as it was typed: texts, and a list of areas."""

BUTTON = "rows"
"""The name under which the buttons of the rows are sent: `add`, `insert-3`, `up-2`, `down-0`,
`remove-1`."""

_TEXTS = ("instruction", "expected", "verification", "way_back", "decision")
_MINUTES = ("minutes_low", "minutes", "minutes_high")
_COLUMNS = (*_TEXTS, "team", "contact", "heads", *_MINUTES)
_MOST_HEADS = 10_000


def _blank() -> Row:
    return {**dict.fromkeys(_COLUMNS, ""), "covers": []}


class StepsWidget(forms.Widget):
    """The rows; a blank one where there would be none."""

    template_name = "procedures/steps.html"
    use_fieldset = True
    teams: Any = ()
    contacts: Any = ()
    focus: tuple[int, str] | None = None
    """The row, and its button or field, on which the page begins."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[Row] = list(value or ()) or [_blank()]
        context = super().get_context(name, value, attrs)
        at, what = self.focus or (None, "")
        return context | {
            "rows": [
                (row, what if position == at else "", _has_more(row))
                for position, row in enumerate(rows)
            ],
            "button": BUTTON,
            "teams": self.teams,
            "contacts": self.contacts,
            "areas": AreaChoice.choices,
            "is_full": len(rows) >= MOST_STEPS,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        try:
            count = max(0, min(int(data.get(f"{name}-count", "0")), MOST_STEPS + 1))
        except ValueError:
            count = 0
        rows = []
        for position in range(count):
            stem = f"{name}-{position}"
            row: Row = {one: str(data.get(f"{stem}-{one}", "")) for one in _COLUMNS}
            several = getattr(data, "getlist", None)
            row["covers"] = several(f"{stem}-covers") if several else []
            rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-instruction"


def _has_more(row: Row) -> bool:
    return any(str(row[name]).strip() for name in _TEXTS[1:])


class StepsField(forms.Field):
    """Steps of a procedure. Blank rows are no steps; every fault names the step it is in."""

    widget = StepsWidget

    def narrow(self, organisation: Organisation) -> None:
        """Teams and people are typed by name, and only those of the organisation are found."""
        self._teams = _by_name(Team, organisation)
        self._contacts = _by_name(Contact, organisation)
        self.widget.teams = [str(one) for one in self._teams.values()]
        self.widget.contacts = [str(one) for one in self._contacts.values()]

    def prepare_value(self, value: Any) -> Any:
        """Stored steps are written out as rows; what was typed stays as it was typed."""
        return [_row(one) if isinstance(one, StepValues) else one for one in value or ()]

    def to_python(self, value: Any) -> list[StepValues]:
        steps, faults = [], []
        typed = [row for row in value or () if _says_something(row)]
        for position, row in enumerate(typed, start=1):
            found: list[str] = []
            step = self._step(row, found)
            steps.append(step)
            faults += [
                gettext("Step %(position)d: %(fault)s") % {"position": position, "fault": fault}
                for fault in found
            ]
        if faults:
            raise ValidationError(faults)
        return steps

    def _step(self, row: Row, faults: list[str]) -> StepValues:
        values: dict[str, Any] = {name: row[name] for name in _TEXTS}
        values |= {name: _minutes(row[name], faults) for name in _MINUTES}
        return StepValues(
            **values,
            team=_named(self._teams, row["team"], gettext("team"), faults),
            contact=_named(self._contacts, row["contact"], gettext("contact"), faults),
            heads=_heads(row["heads"], faults),
            covers=tuple(row["covers"]),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


def _by_name(model: type[Any], organisation: Organisation) -> dict[str, Any]:
    """Names, whatever their case → records, in the order of the names."""
    return {str(one).lower(): one for one in model.objects.of(organisation).order_by("name")}


def _named(known: dict[str, Any], typed: str, noun: str, faults: list[str]) -> Any:
    name = typed.strip()
    if not name:
        return None
    if name.lower() not in known:
        says = gettext("there is no %(noun)s “%(name)s”.")
        faults.append(says % {"noun": noun, "name": name[:200]})
    return known.get(name.lower())


def _minutes(typed: str, faults: list[str]) -> int | None:
    try:
        return parse_minutes(typed)
    except BadDuration as error:
        faults.append(gettext(error.template) % error.values + ".")
        return None


def _heads(typed: str, faults: list[str]) -> int | None:
    text = typed.strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= _MOST_HEADS:
        return int(text)
    faults.append(gettext("people needed is a whole number from 1 on."))
    return None


class ProcedureForm(OrgModelForm):
    faults_on = None

    steps = StepsField(
        label=_("Steps"),
        help_text=_(
            "In the order in which they are done. Write each so that somebody who has never done"
            " it can do it at 2 a.m. Empty rows are not kept."
        ),
        required=False,
    )

    class Meta:
        model = Procedure
        fields = ["summary"]

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        self.fields["summary"].help_text = gettext("Whoever approves it reads this first.")
        self.fields["summary"].widget.attrs["rows"] = 2
        steps = self.fields["steps"]
        if isinstance(steps, StepsField):
            steps.narrow(organisation)
        if not self.instance._state.adding:
            stored = [values_of(step) for step in self.instance.steps.all()]
            self.initial.setdefault("steps", stored)

    def rearranged(self, button: str) -> tuple[dict[str, Any], tuple[int, str]]:
        """Everything typed, with the rows as the button asks, to be shown again; and the row
        with the button or field of it on which to go on."""
        typed: dict[str, Any] = {name: self[name].data for name in self.fields}
        rows, focus = _rearranged(typed["steps"], button)
        return typed | {"steps": rows}, focus

    def begin_at(self, focus: tuple[int, str]) -> None:
        widget = self.fields["steps"].widget
        if isinstance(widget, StepsWidget):
            widget.focus = focus


class StartForm(OrgForm):
    """What a draft begins with."""

    EMPTY, APPROVED, OTHER = "empty", "approved", "other"

    begin = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)
    other = NameChoiceField(
        System.objects.all(),
        label=_("The other system"),
        help_text=_("Only if you begin with the steps of another system."),
        required=False,
    )

    def __init__(self, *args: Any, approved: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(self.EMPTY, gettext("an empty page"))]
        if approved is not None:
            says = gettext("a copy of the approved version %(number)d")
            choices.insert(0, (self.APPROVED, says % {"number": approved.number}))
        choices.append((self.OTHER, gettext("a copy of another system's procedure")))
        begin = self.fields["begin"]
        if isinstance(begin, forms.ChoiceField):
            begin.choices = choices
        begin.initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_named = values.get("other") is not None or "other" in self.errors
        if values.get("begin") == self.OTHER and not is_named:
            self.add_error("other", gettext("Say which system's procedure to copy."))
        return values


class SendBackForm(OrgForm):
    reason = forms.CharField(
        label=_("Why it is sent back"),
        help_text=_("The author reads this and knows what to change."),
        max_length=5000,
        widget=forms.Textarea,
    )


def _row(step: StepValues) -> Row:
    return {
        **{name: getattr(step, name) for name in _TEXTS},
        **{name: _written(getattr(step, name)) for name in _MINUTES},
        "team": str(step.team or ""),
        "contact": str(step.contact or ""),
        "heads": "" if step.heads is None else str(step.heads),
        "covers": list(step.covers),
    }


def _written(minutes: int | None) -> str:
    return "" if minutes is None else format_minutes(minutes)


def _says_something(row: Row) -> bool:
    return any(str(row[name]).strip() for name in _COLUMNS) or bool(row["covers"])


def _rearranged(rows: Sequence[Row], button: str) -> tuple[list[Row], tuple[int, str]]:
    """The rows after a button, and where the focus belongs then."""
    action, _dash, number = button.partition("-")
    result, position = list(rows), whole_number(number)
    if action == "add":
        result.append(_blank())
        return result[:MOST_STEPS], (len(result) - 1, "instruction")
    if position is None or position >= len(result):
        return result, (0, "instruction")
    if action == "insert" and len(result) < MOST_STEPS:
        result.insert(position + 1, _blank())
        return result, (position + 1, "instruction")
    if action == "remove":
        del result[position]
        return result, (min(position, max(0, len(result) - 1)), "instruction")
    target = {"up": max(0, position - 1), "down": min(len(result) - 1, position + 1)}.get(action)
    if target is not None:
        result.insert(target, result.pop(position))
        return result, (target, action)
    return result, (position, "instruction")
