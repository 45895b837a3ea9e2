"""The forms of an organisation's own facts and of what a tier promises."""

from __future__ import annotations

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.models.organisations import Organisation, TierPolicy
from bcp.services.organisations import CHANGEABLE
from bcp.services.tokens import LIFETIMES_DAYS
from bcp.web.forms.base import OrgForm, OrgModelForm


class TimeZoneInput(forms.TextInput):
    """The name of a time zone, offered while one types."""

    template_name = "components/name_input.html"

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_names"
        context["names"] = sorted(zoneinfo.available_timezones())
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


class TierForm(OrgModelForm):
    class Meta:
        model = TierPolicy
        fields = ["name", "rto_minutes", "rpo_minutes"]
        help_texts = {
            "rto_minutes": _("By when a system of this tier is back. Empty: no promise."),
            "rpo_minutes": _("How much data it may lose. 0 is a promise, too: none at all."),
        }


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
