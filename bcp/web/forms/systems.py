"""The forms of a system, and of many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import TIERS
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services.systems import BULK_FIELDS
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.bulk import BulkForm


def tier_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Tier"),
        help_text=_("1 is the most critical, 4 the least."),
        choices=[("", _("none")), *((tier, str(tier)) for tier in TIERS)],
        coerce=int,
        empty_value=None,
        required=False,
    )


class SystemForm(OrgModelForm):
    tier = tier_field()

    class Meta:
        model = System
        fields = [
            *("name", "kind", "tier", "status", "description"),
            *("owner", "technical_owner", "deputy", "team", "escalation_path"),
            *("site", "strategy", "recovery_low_minutes", "recovery_minutes"),
            *("recovery_high_minutes", "data_gb"),
        ]

    # Which fields stand together, under which heading.
    PARTS = (
        (_("What it is"), ("name", "kind", "tier", "status", "description")),
        (
            _("Who answers for it"),
            ("owner", "technical_owner", "deputy", "team", "escalation_path"),
        ),
        (
            _("How it comes back"),
            (
                *("site", "strategy", "recovery_low_minutes", "recovery_minutes"),
                *("recovery_high_minutes", "data_gb"),
            ),
        ),
    )

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.PARTS]


class SystemBulkForm(BulkForm):
    one_form = SystemForm
    bulk_fields = BULK_FIELDS


class SystemQuickForm(OrgModelForm):
    """The row above the list: the least that makes a system. The rest is filled in later."""

    tier = tier_field()

    class Meta:
        model = System
        fields = ["name", "kind", "tier", "status"]
        widgets = {"status": forms.HiddenInput}

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, auto_id="quick_%s", **options)
