"""The forms of a backup copy, and of many at once.

What a policy says is no field of a copy that follows it: the policy is changed, or the copy
taken out of it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bcp.models.copies import POLICY_FIELDS, BackupCopy
from bcp.models.organisations import Organisation
from bcp.services.copies import BULK_FIELDS
from bcp.web.forms.base import OrgModelForm
from bcp.web.forms.bulk import BulkForm
from bcp.web.forms.parts import MomentInput, PartsMixin

COPYING_HELP = {
    "medium": _("Disk, tape, object storage, another database server…"),
    "interval_minutes": _("How often it runs. Such as 1d or 15 min."),
    "run_minutes": _("How long one run takes."),
    "lag_minutes": _("How long until the copy has arrived at its destination."),
    "retention_minutes": _("How long a copy is kept. Such as 30d."),
    "locked_minutes": _("How long nobody, administrators included, can change it. 0: not at all."),
    "offline": _("Not reachable over any network between two runs."),
    "separate_credentials": _("Whoever administers the system cannot delete the copy."),
}
"""Hints for what copies and policies have in common."""


class BackupCopyForm(PartsMixin, OrgModelForm):
    class Meta:
        model = BackupCopy
        fields = [
            *("system", "name", "source", "policy", "content", "kind", "medium", "site"),
            *("interval_minutes", "run_minutes", "lag_minutes", "retention_minutes"),
            *("locked_minutes", "offline", "separate_credentials", "encrypted"),
            *("repository", "restore_mb_s", "restore_fixed_minutes", "last_success"),
        ]
        widgets = {"last_success": MomentInput()}
        help_texts = COPYING_HELP | {
            "name": _("What you call it, such as “nightly to tape”."),
            "policy": _(
                "A copy that follows a policy says what the policy says: the figures below then"
                " come from there."
            ),
            "last_success": _("Where no job reports by itself. Empty: never reported."),
        }

    PARTS = (
        (_("What is copied"), ("system", "name", "source", "policy")),
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
        (_("What is known of it"), ("last_success",)),
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, organisation=organisation, **options)
        self.followed = self.instance.policy
        """The policy that the copy follows now; its figures are not asked for."""
        if self.followed is not None:
            for name in POLICY_FIELDS:
                del self.fields[name]
            self.fields["policy"].help_text = _(
                "Choose “none” to take the copy out of the policy: it keeps these figures as its"
                " own, and they can be changed then."
            )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("policy") is None:
            return values
        return {name: value for name, value in values.items() if name not in POLICY_FIELDS}


class CopyBulkForm(BulkForm):
    one_form = BackupCopyForm
    bulk_fields = BULK_FIELDS
