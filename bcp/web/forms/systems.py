"""The forms of a system."""

from __future__ import annotations

from bcp.models.systems import System
from bcp.web.forms.base import OrgModelForm


class SystemForm(OrgModelForm):
    class Meta:
        model = System
        fields = [
            *("name", "kind", "tier", "status", "description"),
            *("owner", "technical_owner", "deputy", "team", "site", "escalation_path"),
            *("strategy", "recovery_low_minutes", "recovery_minutes", "recovery_high_minutes"),
            "data_gb",
        ]
