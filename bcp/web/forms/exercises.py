"""The forms of exercises: what is planned over which systems, and what it showed of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import TIERS, Status
from bcp.engine.exercises import DueState
from bcp.engine.results import Analysis
from bcp.models.copies import OutcomeChoice
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services.exercises import MOST_SYSTEMS, ResultValues
from bcp.web.forms.answers import NO_TIER, AnswerFilter
from bcp.web.forms.base import OrgForm, OrgModelForm, say_what_empty_means
from bcp.web.forms.fields import DurationField
from bcp.web.forms.parts import DayInput

BUTTON = "pick"
"""The name under which the buttons of the picker are sent: `find` or `all`."""
_MOST_FOUND = 100

STATES = (
    (DueState.NEVER.value, _("Never proved")),
    (DueState.OVERDUE.value, _("Overdue")),
    (DueState.SOON.value, _("Due within 30 days")),
    (DueState.LATER.value, _("In date")),
)


class DueFilter(AnswerFilter):
    """Narrows what is due."""

    state = forms.MultipleChoiceField(label=_("State"), choices=STATES, required=False)
    tier = forms.MultipleChoiceField(
        label=_("Tier"),
        choices=[*((str(tier), str(tier)) for tier in TIERS), (NO_TIER, _("No tier"))],
        required=False,
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    unplanned = forms.BooleanField(label=_("Only with no exercise planned"), required=False)

    def __init__(self, *args: Any, answer: Analysis, **options: Any) -> None:
        super().__init__(*args, answer=answer, **options)
        owners = {one.owner for one in answer.estate.systems if one.owner is not None}
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *((name, name) for name in sorted(owners, key=str.casefold))]


class PickerWidget(forms.Widget):
    """What is chosen, and below it what a search finds, as boxes to tick. The search is a button
    that sends the whole form in; no script is needed, and thousands of systems do no harm."""

    template_name = "exercises/picker.html"
    use_fieldset = True
    systems: Any = System.objects.none()
    wanted: Mapping[str, str] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        text, tier = self.wanted.get(f"{name}-q", ""), self.wanted.get(f"{name}-tier", "")
        keys = [str(one) for one in value or ()]
        in_order = (F("tier").asc(nulls_last=True), "name")
        found = list(self.found(name).exclude(pk__in=keys).order_by(*in_order)[: _MOST_FOUND + 1])
        context = super().get_context(name, value, attrs)
        return context | {
            "chosen": self.systems.filter(pk__in=keys).order_by("name"),
            "found": found[:_MOST_FOUND],
            "is_cut": len(found) > _MOST_FOUND,
            "button": BUTTON,
            "text": text,
            "tier": tier,
            "tiers": TIERS,
        }

    def found(self, name: str) -> Any:
        """What the search is about; nothing searched for: every system."""
        text = self.wanted.get(f"{name}-q", "").replace("\x00", "").strip()
        tier = self.wanted.get(f"{name}-tier", "")
        found = self.systems.exclude(status=Status.RETIRED.value)
        for word in text.split()[:8]:
            found = found.filter(
                Q(name__icontains=word)
                | Q(site__name__icontains=word)
                | Q(owner__name__icontains=word)
            )
        return found.filter(tier=int(tier)) if tier in map(str, TIERS) else found

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(dict.fromkeys(data.getlist(name)))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False


class SystemsField(forms.Field):
    """Systems of the organisation, by their keys."""

    widget = PickerWidget

    def narrow(self, organisation: Organisation) -> None:
        self.widget.systems = System.objects.of(organisation)

    def prepare_value(self, value: Any) -> list[str]:
        return [getattr(one, "pk", one) for one in value or ()]

    def to_python(self, value: Any) -> list[System]:
        keys = list(value or ())
        if len(keys) > MOST_SYSTEMS:
            raise ValidationError(
                gettext("Choose at most %(most)d systems.") % {"most": MOST_SYSTEMS}
            )
        found = list(self.widget.systems.filter(pk__in=keys).order_by("name"))
        if len(found) < len(keys):
            raise ValidationError(gettext("Some of these systems no longer exist; choose again."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != list(data or ())


class ExerciseForm(OrgModelForm):
    systems = SystemsField(
        label=_("Systems"),
        help_text=_("Each gets a line of its own when results are recorded."),
        required=False,
    )

    class Meta:
        model = Exercise
        fields = ["name", "type", "planned_on", "done_on", "objectives", "note"]
        widgets = {"planned_on": DayInput(), "done_on": DayInput()}
        help_texts = {
            "name": _("Such as “Payroll fail-over, autumn 2027”."),
            "planned_on": _("Empty if nobody planned it."),
            "done_on": _("Empty until it was done."),
            "objectives": _("What must have been shown for it to count as a success."),
        }

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        say_what_empty_means(self.fields["type"], gettext("choose one"))
        picker = self.fields["systems"]
        if isinstance(picker, SystemsField):
            picker.narrow(organisation)
            picker.widget.wanted = self.data
        if self.instance.pk and not self.instance._state.adding:
            rows = self.instance.results.select_related("system").order_by("system__name")
            self.initial.setdefault("systems", [row.system for row in rows])

    def apart(self) -> tuple[dict[str, Any], list[ResultValues]]:
        """The exercise's own fields, and its scope: systems that stay keep their results."""
        values = dict(self.cleaned_data)
        systems = values.pop("systems")
        kept = results_of(self.instance) if not self.instance._state.adding else {}
        return values, [kept.get(one.pk, ResultValues(one)) for one in systems]

    def picked(self, button: str) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Everything typed, with what was found ticked if the button asks for that, and what is
        searched for: to be shown again."""
        typed: dict[str, Any] = {name: self[name].data for name in self.fields}
        widget = self.fields["systems"].widget
        if button == "all" and isinstance(widget, PickerWidget):
            keys = widget.found("systems").order_by("name").values_list("pk", flat=True)
            typed["systems"] = list(dict.fromkeys([*typed["systems"], *keys[:MOST_SYSTEMS]]))
        return typed, self.data

    def look_for(self, wanted: Mapping[str, str]) -> None:
        widget = self.fields["systems"].widget
        if isinstance(widget, PickerWidget):
            widget.wanted = wanted


def results_of(exercise: Exercise) -> dict[str, ResultValues]:
    """Key of a system → what the exercise showed of it."""
    rows = ExerciseResult.objects.filter(exercise=exercise).select_related("system")
    return {
        row.system_id: ResultValues(
            row.system, row.outcome, row.rta_minutes, row.rpa_minutes, row.note
        )
        for row in rows.order_by("system__name")
    }


_LINE = ("outcome", "rta", "rpa", "note")
"""The fields of a system's line on the sheet: `outcome-KEY` and so on."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A system's line on the sheet."""

    system: System
    outcome: forms.BoundField
    rta: forms.BoundField
    rpa: forms.BoundField
    note: forms.BoundField


class ResultsForm(OrgForm):
    """One sheet of results: when it was done, and a line a system."""

    done_on = forms.DateField(label=_("Done on"), widget=DayInput())

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        results: Sequence[ResultValues],
        **options: Any,
    ) -> None:
        super().__init__(*args, organisation=organisation, **options)
        self.results = results
        for one in results:
            self._add_line(one)

    def _add_line(self, one: ResultValues) -> None:
        key, name = one.system.pk, {"system": one.system}
        self.fields |= {
            f"outcome-{key}": forms.ChoiceField(
                label=_("Result of %(system)s") % name,
                choices=[("", ""), *OutcomeChoice.choices],
                required=False,
                initial=one.outcome,
            ),
            f"rta-{key}": DurationField(
                label=_("Recovery time of %(system)s") % name,
                required=False,
                initial=one.rta_minutes,
            ),
            f"rpa-{key}": DurationField(
                label=_("Data loss of %(system)s") % name, required=False, initial=one.rpa_minutes
            ),
            f"note-{key}": forms.CharField(
                label=_("Note on %(system)s") % name,
                required=False,
                max_length=5000,
                initial=one.note,
            ),
        }
        say_what_empty_means(self.fields[f"outcome-{key}"], gettext("not recorded"))

    def rows(self) -> Iterable[ResultRow]:
        for one in self.results:
            key = one.system.pk
            yield ResultRow(
                one.system,
                *(self[f"{column}-{key}"] for column in _LINE),
            )

    def recorded(self) -> dict[str, ResultValues]:
        """Key of a system → what was typed for it."""
        said = self.cleaned_data
        return {
            one.system.pk: ResultValues(
                one.system,
                *(
                    said[f"{column}-{one.system.pk}"]
                    for column in ("outcome", "rta", "rpa", "note")
                ),
            )
            for one in self.results
        }
