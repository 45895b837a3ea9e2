"""Every target that a system ever had or was to have, and what each decision rested on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.queries import systems, targets
from bcp.services.exporting import Format
from bcp.web.views.answers import AnswerView
from bcp.web.views.lists import Column, export


def _kept(name: str) -> Callable[[Any], Any]:
    """A figure that the decision rests on; before one is made, that its proposer saw."""

    def value(row: Any) -> Any:
        return ((row.decided_on or row.proposed_on) or {}).get(name)

    return value


COLUMNS = (
    Column("system", _("System")),
    Column("state", _("State"), value="get_state_display"),
    Column("rto", _("RTO"), kind="minutes", value="rto_minutes"),
    Column("rpo", _("RPO"), kind="minutes", value="rpo_minutes"),
    Column("mtd", _("MTD"), kind="minutes", value="mtd_minutes"),
    Column("reason", _("Reason")),
    Column("proposed_by", _("Proposed by")),
    Column("proposed_at", _("Proposed on"), value="created_at"),
    Column("decided_by", _("Decided by")),
    Column("decided_at", _("Decided on")),
    Column("decision_reason", _("Reason of the decision")),
    Column("achievable", _("Achievable then"), kind="minutes", value=_kept("restored_minutes")),
    Column("achievable_at_least", _("At least"), kind="yes or no", value=_kept("at_least")),
    Column("required", _("Required then"), kind="minutes", value=_kept("required_minutes")),
    Column("standing", _("Standing then"), value=_kept("standing_after")),
    Column("over_mtd", _("Over the MTD"), kind="minutes", value=_kept("over_mtd_minutes")),
    Column("analysed_at", _("Analysis of"), value=_kept("at")),
)


class TargetHistory(AnswerView):
    """Newest first; `?export=csv` or `xlsx` for a file."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        rows = list(targets.listing(self.organisation).filter(system=system))
        wanted = request.GET.get("export", "")
        if wanted in set(Format):
            return export(COLUMNS, rows, Format(wanted), f"{self.organisation.slug}-target-history")
        current = targets.approved(self.organisation).get(system.pk)
        context = {"system": system, "rows": rows, "current": current}
        return self.render("targets/history.html", context)


urls = [path("targets/of/<str:key>/", TargetHistory.as_view(), name="targets-history")]
