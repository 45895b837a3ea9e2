"""The audit trail as a person narrows it: by choices and days, where a script names words and
moments."""

from __future__ import annotations

import django_filters as filters
from django.forms import DateInput, HiddenInput
from django.utils.translation import gettext_lazy as _

from bcp.queries.filters import AuditFilter

KINDS = {
    "system": _("System"),
    "dependency": _("Dependency"),
    "dependencyreview": _("Review of dependencies"),
    "proposeddependency": _("Proposed dependency"),
    "suggestiondismissal": _("Dismissed suggestion"),
    "impactassessment": _("Business impact"),
    "recoverytarget": _("Recovery target"),
    "gapacceptance": _("Accepted gap"),
    "backupcopy": _("Backup copy"),
    "exercise": _("Exercise"),
    "backuppolicy": _("Backup policy"),
    "restoretest": _("Restore test"),
    "procedure": _("Procedure"),
    "exerciseresult": _("Result of an exercise"),
    "scenariocombination": _("Own scenario"),
    "savedview": _("Saved view of the map"),
    "site": _("Site"),
    "contact": _("Contact"),
    "team": _("Team"),
    "escalationpath": _("Escalation path"),
    "planversion": _("Plan"),
    "job": _("Job"),
    "organisation": _("Organisation"),
    "tierpolicy": _("Tier"),
    "membership": _("Member"),
    "invitation": _("Invitation"),
    "apitoken": _("API token"),
}
ACTIONS = {
    "created": _("recorded"),
    "changed": _("changed"),
    "deleted": _("deleted"),
    "requested": _("requested"),
    "cancelled": _("cancelled"),
    "accepted": _("accepted"),
    "confirmed": _("confirmed"),
    "rolled": _("given a new reporting address"),
    "withdrawn": _("withdrawn"),
    "revoked": _("revoked"),
}


class _Day(DateInput):
    input_type = "date"


class AuditTrailFilter(AuditFilter):
    who = filters.CharFilter(label=_("Who"), field_name="actor_label", lookup_expr="icontains")
    record_type = filters.ChoiceFilter(label=_("Kind of record"), choices=list(KINDS.items()))
    record_id = filters.CharFilter(widget=HiddenInput)
    action = filters.ChoiceFilter(label=_("Action"), choices=list(ACTIONS.items()))
    since = filters.DateFilter(
        label=_("From"), field_name="at", lookup_expr="date__gte", widget=_Day
    )
    until = filters.DateFilter(
        label=_("Until"), field_name="at", lookup_expr="date__lte", widget=_Day
    )
