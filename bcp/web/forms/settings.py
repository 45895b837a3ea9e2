"""The forms of an organisation's own facts and of what a tier promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import compact_minutes, parse_minutes
from bcp.engine.policies import BUILT_IN, default_rules
from bcp.engine.scenario import RANSOMWARE
from bcp.engine.wording_of_matrix import column_heading
from bcp.models.organisations import MinimumExercise, Organisation, TierPolicy, time_zone_names
from bcp.models.scenarios import ScenarioCombination
from bcp.services.organisations import CHANGEABLE
from bcp.services.tokens import LIFETIMES_DAYS
from bcp.web.forms.base import OrgForm, OrgModelForm
from bcp.web.forms.fields import DurationField
from bcp.web.forms.parts import PartsMixin


class TimeZoneInput(forms.TextInput):
    """The name of a time zone, offered while one types."""

    template_name = "components/name_input.html"

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_names"
        context["names"] = sorted(time_zone_names())
        return context


class OrganisationForm(OrgModelForm):
    class Meta:
        model = Organisation
        fields = list(CHANGEABLE)
        widgets = {"time_zone": TimeZoneInput(attrs={"autocomplete": "off"})}
        help_texts = {
            "time_zone": _("Coverage hours and plans are in this zone. Such as Europe/Berlin."),
            "detection_minutes": _(
                "From a disruption until somebody notices it. The clock starts at the disruption."
            ),
        }


EXERCISES: dict[str, Any] = dict(MinimumExercise.choices)


class TierForm(PartsMixin, OrgModelForm):
    """What a tier promises, must withstand and is tested with. Own scenarios name their tiers
    themselves; here they are ticked beside the built-in ones."""

    follow = forms.BooleanField(label=_("As is usual for this tier"), required=False)
    scenarios = forms.MultipleChoiceField(
        label=_("or exactly these"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dwell = DurationField(
        label=_("and ransomware, the attacker having been inside for"),
        help_text=_("Such as 14d. Empty: it need not withstand ransomware."),
        required=False,
    )
    own_scenarios = forms.MultipleChoiceField(
        label=_("Own scenarios that it must withstand"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    PARTS = (
        (_("What it promises"), ("name", "rto_minutes", "rpo_minutes")),
        (_("What it must withstand"), ("follow", "scenarios", "dwell", "own_scenarios")),
        (
            _("How it is tested"),
            ("minimum_exercise", "cadence_days", "restore_test_days", "change_test_days"),
        ),
    )

    class Meta:
        model = TierPolicy
        fields = [
            *("name", "rto_minutes", "rpo_minutes", "minimum_exercise"),
            *("cadence_days", "restore_test_days", "change_test_days"),
        ]
        help_texts = {
            "rto_minutes": _("By when a system of this tier is back. Empty: no promise."),
            "rpo_minutes": _("How much data it may lose. 0 is a promise, too: none at all."),
        }

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        tier = self.instance.tier
        usual = default_rules(tier)
        own = list(ScenarioCombination.objects.of(organisation))
        self._offer("scenarios", [(name, _says(name)) for name in BUILT_IN if name != RANSOMWARE])
        self._offer("own_scenarios", [(one.pk, one.name) for one in own])
        if not own:
            self.fields["own_scenarios"].help_text = _(
                "There are none yet: under Backups, Own scenarios, several losses that happen at"
                " once are given a name."
            )
        self.fields["follow"].help_text = ", ".join(_says(name) for name in usual.scenarios)
        self._hint("minimum_exercise", EXERCISES[usual.minimum_exercise.value])
        for name in ("cadence_days", "restore_test_days", "change_test_days"):
            self._hint(name, getattr(usual, name))
        wanted = usual.scenarios if self.instance.scenarios is None else self.instance.scenarios
        dwells = [name.partition(":")[2] for name in wanted if name.startswith(f"{RANSOMWARE}:")]
        self.initial = {
            "follow": self.instance.scenarios is None,
            "scenarios": [name for name in wanted if name in BUILT_IN],
            "dwell": parse_minutes(dwells[0]) if dwells else None,
            "own_scenarios": [one.pk for one in own if tier in one.tiers],
            **self.initial,
        }

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices

    def _hint(self, name: str, usual: Any) -> None:
        self.fields[name].help_text = gettext("Empty: as usual for this tier, %(usual)s.") % {
            "usual": usual
        }

    def values(self) -> dict[str, Any]:
        """The policy's own fields, for the service."""
        cleaned = dict(self.cleaned_data)
        del cleaned["own_scenarios"]
        names, dwell = cleaned.pop("scenarios"), cleaned.pop("dwell")
        if dwell is not None:
            names = [*names, f"{RANSOMWARE}:{compact_minutes(dwell)}"]
        follow = cleaned.pop("follow")
        return {**cleaned, "scenarios": None if follow else names}


def _says(name: str) -> str:
    return column_heading(name).said(gettext)


class TokenForm(OrgForm):
    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Such as “nightly export”, so that you know later which one to revoke."),
        max_length=200,
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        choices=[(days, _("%(days)d days") % {"days": days}) for days in LIFETIMES_DAYS],
        coerce=int,
        initial=LIFETIMES_DAYS[1],
    )
