"""Which pages close the gaps of backups, procedures and exercises of a system.

Each way leads to a page of the system itself (`{key}` in the address is the system's) or to a
list that is narrowed to it. Who may not edit is led to the system's page.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Way:
    """`query` is filled with the system's key; `on_system`: the address has it as well."""

    label: str | Promise
    url_name: str
    query: str = ""
    on_system: bool = False
    to_edit: bool = False


_ADD_COPY = Way(_("Add a copy"), "copies-create", "system={key}", to_edit=True)
_COPIES = Way(_("Its copies"), "copies-list", "system={key}")
_UNTESTED = Way(_("Its untested copies"), "copies-list", "system={key}&untested=true")
_SHEET = Way(_("Its backups"), "systems-detail", "tab=copies", on_system=True)
_PROCEDURE = Way(_("Its procedure"), "systems-detail", "tab=procedure", on_system=True)
_TESTS = Way(_("Its exercises"), "systems-detail", "tab=tests", on_system=True)
_PLAN = Way(_("Plan an exercise"), "exercises-create", "keys={key}", to_edit=True)
_TIERS = Way(_("What the tiers demand"), "settings")

WAYS: dict[str, tuple[Way, ...]] = {
    **dict.fromkeys(("no_copy", "replica_only", "nothing_survives"), (_ADD_COPY, _SHEET)),
    **dict.fromkeys(("copies_rule_3", "copies_rule_2"), (_ADD_COPY, _SHEET)),
    **dict.fromkeys(("copies_rule_1", "copies_rule_1_offline"), (_COPIES, _ADD_COPY)),
    "configuration_unsafe": (_ADD_COPY, _SHEET),
    "rpo_missed": (_COPIES, _ADD_COPY),
    "loss_unknown": (_COPIES,),
    "no_common_point": (_COPIES,),
    "untested_copy": (_UNTESTED,),
    "restore_test_failed": (_COPIES,),
    "late_copy": (_COPIES,),
    "failed_copy": (_COPIES,),
    "silent_copy": (_COPIES,),
    "scenario_unknown": (_TIERS,),
    "procedure_missing": (_PROCEDURE,),
    "procedure_unapproved": (_PROCEDURE,),
    "restore_longer": (_PROCEDURE, _COPIES),
    "measured_slower": (_TESTS, _PROCEDURE),
    "exercise_never": (_PLAN, _TESTS),
    "exercise_overdue": (_PLAN, _TESTS),
}
