"""The form of a backup policy."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bcp.models.copies import BackupPolicy
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.copies import COPYING_HELP
from bcp.web.forms.parts import PartsMixin


class BackupPolicyForm(PartsMixin, OrgModelForm):
    class Meta:
        model = BackupPolicy
        fields = [
            *("name", "description", "content", "kind", "medium", "site"),
            *("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
            *("locked_minutes", "offline", "separate_credentials", "encrypted"),
            *("repository", "restore_mb_s", "restore_fixed_minutes"),
        ]
        help_texts = COPYING_HELP | {
            "name": _("Such as “daily to the vault”. Copies that are made from it get this name."),
        }

    PARTS = (
        (_("What it is called"), ("name", "description")),
        (_("What it holds, and where it goes"), ("content", "kind", "medium", "site")),
        (
            _("How often, and for how long"),
            ("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
        ),
        (
            _("What protects it"),
            ("locked_minutes", "offline", "separate_credentials", "encrypted"),
        ),
        (
            _("How it comes back"),
            ("repository", "restore_mb_s", "restore_fixed_minutes"),
        ),
    )
