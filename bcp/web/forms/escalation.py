"""The form of an escalation path: its name, and the ladder as rows that can be moved.

The ladder is one field of the form, so that faults, conflicts and saving work as for any other.
Adding, removing and moving a row are buttons that send the whole form in; no script is needed.
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
from bcp.models.escalation import Channel, EscalationPath
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services.escalation import MOST_STEPS, StepValues
from bcp.web.forms.base import OrgModelForm
from bcp.web.sent_back import whole_number

Row = dict[str, str]
"""One rung as it was typed: the key of a contact, a channel, a wait, the name of a system."""

BUTTON = "ladder"
"""The name under which the buttons of the rows are sent: `add`, `up-2`, `down-0`, `remove-1`."""

_COLUMNS = ("contact", "channel", "wait", "system")
_BLANK: Row = {"contact": "", "channel": Channel.PHONE, "wait": "15 min", "system": ""}


class LadderWidget(forms.Widget):
    """The rows, with a blank one at the end."""

    template_name = "escalation/ladder.html"
    use_fieldset = True
    contacts: Sequence[tuple[str, str]] = ()
    systems: Any = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[Row] = list(value or ())
        if all(map(_says_something, rows)) and len(rows) < MOST_STEPS:
            rows.append(dict(_BLANK))
        context = super().get_context(name, value, attrs)
        return context | {
            "rows": rows,
            "button": BUTTON,
            "contacts": self.contacts,
            "systems": self.systems,
            "channels": Channel.choices,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        try:
            count = max(0, min(int(data.get(f"{name}-count", "0")), MOST_STEPS + 1))
        except ValueError:
            count = 0
        return [
            {column: str(data.get(f"{name}-{position}-{column}", "")) for column in _COLUMNS}
            for position in range(count)
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-contact"


class LadderField(forms.Field):
    """Steps of a ladder. Blank rows are no steps; every fault names the step it is in."""

    widget = LadderWidget

    def narrow(self, organisation: Organisation) -> None:
        self._systems = System.objects.of(organisation)
        self._contacts = {one.pk: one for one in Contact.objects.of(organisation)}
        self.widget.contacts = [(key, one.name) for key, one in self._contacts.items()]
        self.widget.systems = self._systems.values_list("name", flat=True)

    def prepare_value(self, value: Any) -> Any:
        """Stored steps are written out as rows; what was typed stays as it was typed."""
        return [_row(one) if isinstance(one, StepValues) else one for one in value or ()]

    def to_python(self, value: Any) -> list[StepValues]:
        steps, faults = [], []
        typed = [row for row in value or () if _says_something(row)]
        for position, row in enumerate(typed, start=1):
            try:
                steps.append(self._step(row))
            except ValidationError as error:
                faults += [
                    gettext("Step %(position)d: %(fault)s")
                    % {"position": position, "fault": message}
                    for message in error.messages
                ]
        if faults:
            raise ValidationError(faults)
        return steps

    def _step(self, row: Row) -> StepValues:
        contact = self._contacts.get(row["contact"])
        if contact is None:
            raise ValidationError(gettext("choose whom to call, or remove the step."))
        if row["channel"] not in Channel.values:
            raise ValidationError(gettext("choose one of the channels offered."))
        try:
            wait = parse_minutes(row["wait"])
        except BadDuration as error:
            raise ValidationError(gettext(error.template) % error.values + ".") from error
        if wait is None:
            raise ValidationError(gettext("say how long to wait before the next; 0 is allowed."))
        return StepValues(contact, row["channel"], self._system(row["system"]), wait)

    def _system(self, typed: str) -> System | None:
        name = typed.strip().replace("\x00", "")
        if not name:
            return None
        system = self._systems.filter(name__iexact=name).first()
        if system is None:
            raise ValidationError(gettext("there is no system “%(name)s”.") % {"name": name[:200]})
        return system

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


class EscalationPathForm(OrgModelForm):
    steps = LadderField(
        label=_("The ladder"),
        help_text=_(
            "Called from the top down. Whoever cannot be reached at the hour is passed over"
            " without waiting. Empty rows are not kept."
        ),
        required=False,
    )

    class Meta:
        model = EscalationPath
        fields = ["name", "is_default"]

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        ladder = self.fields["steps"]
        if isinstance(ladder, LadderField):
            ladder.narrow(organisation)
        if self.instance.pk and not self.instance._state.adding:
            self.initial.setdefault("steps", _steps_of(self.instance))

    def apart(self) -> tuple[dict[str, Any], list[StepValues]]:
        """The path's own fields, and its steps, which are written beside them."""
        values = dict(self.cleaned_data)
        return values, values.pop("steps")

    def rearranged(self, button: str) -> dict[str, Any]:
        """Everything typed, with the row moved as the button asks, to be shown again."""
        typed: dict[str, Any] = {name: self[name].data for name in self.fields}
        return typed | {"steps": _rearranged(typed["steps"], button)}


def _steps_of(path: EscalationPath) -> list[StepValues]:
    return [
        StepValues(step.contact, step.channel, step.channel_system, step.wait_minutes)
        for step in path.steps.all()
    ]


def _row(step: StepValues) -> Row:
    return {
        "contact": step.contact.pk,
        "channel": step.channel,
        "wait": format_minutes(step.wait_minutes),
        "system": step.channel_system.name if step.channel_system else "",
    }


def _says_something(row: Row) -> bool:
    return bool(row["contact"] or row["system"].strip())


def _rearranged(rows: Sequence[Row], button: str) -> list[Row]:
    action, _dash, number = button.partition("-")
    result, position = list(rows), whole_number(number)
    if action == "add":
        return [*result, dict(_BLANK)][: MOST_STEPS + 1]
    if position is None or position >= len(result):
        return result
    row = result.pop(position)
    if action == "up":
        result.insert(max(0, position - 1), row)
    elif action == "down":
        result.insert(position + 1, row)
    return result
