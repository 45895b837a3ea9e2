"""The form of a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.teams import Team
from bcp.web.forms.base import OrgModelForm


class TeamForm(OrgModelForm):
    class Meta:
        model = Team
        fields = [
            *("name", "members", "heads_day", "heads_night"),
            *("mobilise_day_minutes", "mobilise_night_minutes"),
        ]
        widgets = {
            "members": forms.CheckboxSelectMultiple,
            "heads_day": forms.NumberInput(attrs={"class": "short"}),
            "heads_night": forms.NumberInput(attrs={"class": "short"}),
        }
        help_texts = {
            "members": _("Who can do this team’s work."),
            "heads_day": _("How many can work at the same time on a working day."),
            "heads_night": _("How many at night, at weekends and on holidays."),
            "mobilise_day_minutes": _(
                "From the call until they work, on a working day. Such as 30 min."
            ),
            "mobilise_night_minutes": _("The same at night and at weekends. Such as 90 min."),
        }

    def apart(self) -> tuple[dict[str, Any], list[Any]]:
        """The team's own fields, and its members, which are written beside them."""
        values = dict(self.cleaned_data)
        return values, list(values.pop("members"))
