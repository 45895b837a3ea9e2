"""The audit trail of the whole organisation: who wrote what when, and whether it is whole."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability
from bcp.queries import history, organisations
from bcp.queries.audit_trail import ACTIONS, KINDS, AuditTrailFilter
from bcp.web.nouns import Noun
from bcp.web.stories import stories
from bcp.web.views.base import OrgView
from bcp.web.views.lists import Column, ListView

TRAIL = Noun("audit", _("event"), _("History"), "", history.events, None)


def _action(event: Any) -> str:
    return str(ACTIONS.get(event.action, event.action))


def _kind(event: Any) -> str:
    return str(KINDS.get(event.record_type, event.record_type))


def _json(name: str) -> Any:
    def facts(event: Any) -> str:
        said = getattr(event, name)
        return "" if said is None else json.dumps(said, ensure_ascii=False, sort_keys=True)

    return facts


class AuditList(ListView):
    """Nobody edits here, so there are no pages but this one and the check."""

    noun = TRAIL
    needs = Capability.READ_AUDIT
    filter_class = AuditTrailFilter
    columns = (
        Column("at", _("When")),
        Column("actor_label", _("Who")),
        Column("action", _("Did"), value=_action),
        Column("kind", _("Kind"), value=_kind),
        Column("record_label", _("Record")),
        Column("changes", _("What changed"), value=lambda event: ""),
    )
    export_columns = (
        *(Column(name, name) for name in ("sequence", "at", "actor_label", "via", "action")),
        *(Column(name, name) for name in ("record_type", "record_id", "record_label")),
        Column("before", "before", value=_json("before")),
        Column("after", "after", value=_json("after")),
        Column("digest", "digest"),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        told = stories(rows, self.organisation.slug)
        for row, story in zip(rows, told, strict=True):
            row.changes, row.action_word, row.kind_word = story.changes, _action(row), _kind(row)
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {"can_edit": False}


class AuditCheck(OrgView):
    """Reads the whole trail and says whether it is whole."""

    needs = Capability.READ_AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        first = history.first_broken(self.organisation)
        kept = organisations.itself(self.organisation).values("audit_count", "audit_head").get()
        return self.render("audit/check.html", {"first_broken": first, **kept})


urls = [
    path("history/", AuditList.as_view(), name="audit-list"),
    path("history/check/", AuditCheck.as_view(), name="audit-check"),
]
