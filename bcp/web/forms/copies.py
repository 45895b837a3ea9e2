"""The form of a backup copy."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bcp.models.copies import BackupCopy
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.parts import MomentInput, PartsMixin


class BackupCopyForm(PartsMixin, OrgModelForm):
    class Meta:
        model = BackupCopy
        fields = [
            *("system", "name", "content", "kind", "source", "medium", "site"),
            *("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
            *("locked_minutes", "offline", "separate_credentials", "encrypted"),
            *("repository", "restore_mb_s", "restore_fixed_minutes", "last_success"),
        ]
        widgets = {"last_success": MomentInput()}
        help_texts = {
            "name": _("What you call it, such as “nightly to tape”."),
            "medium": _("Disk, tape, object storage, another database server…"),
            "interval_minutes": _("How often it runs. Such as 1d or 15 min."),
            "run_minutes": _("How long one run takes."),
            "lag_minutes": _("How long until the copy has arrived at its destination."),
            "retention_minutes": _("How long a copy is kept. Such as 30d."),
            "locked_minutes": _("How long nobody, administrators included, can change it."),
            "offline": _("Not reachable over any network between two runs."),
            "separate_credentials": _("Whoever administers the system cannot delete the copy."),
            "last_success": _("As the job itself reported it. Empty: never reported."),
        }

    PARTS = (
        (
            _("What is copied where"),
            ("system", "name", "content", "kind", "source", "medium", "site"),
        ),
        (
            _("How often, and for how long"),
            ("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
        ),
        (
            _("What protects it"),
            ("locked_minutes", "offline", "separate_credentials", "encrypted"),
        ),
        (
            _("What is known of it"),
            ("last_success", "repository", "restore_mb_s", "restore_fixed_minutes"),
        ),
    )
