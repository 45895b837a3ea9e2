"""Proposed dependencies: what waits for review, accepting and refusing it, and the way back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bcp import access
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.queries import proposed_dependencies as reads
from bcp.queries.filters import ProposedDependencyFilter
from bcp.services import proposed_dependencies as writes
from bcp.services.proposed_dependencies import Seen
from bcp.web.forms.base import choose_by_name
from bcp.web.forms.proposed_dependencies import DecideForm
from bcp.web.forms.reviews import NEEDED_TO
from bcp.web.nouns import Noun
from bcp.web.sent_back import read_json
from bcp.web.views.base import NounView
from bcp.web.views.choosing import ChoosingView
from bcp.web.views.lists import Column, ListView, in_steady_order

PROPOSED = Noun(
    "proposed",
    _("proposed dependency"),
    _("Proposed dependencies"),
    "proposeddependency",
    reads.listing,
    writes,
    edited_by=Capability.REVIEW_DEPENDENCIES,
)
MOST_AT_ONCE = 1000


def recorded_word(row: Any) -> str:
    """What the same dependency is needed to as it is recorded; empty if it is not."""
    return str(NEEDED_TO.get(row.recorded_needed_to, ""))


class ProposedList(ListView):
    """What waits for review; with `?state=` what was decided as well."""

    noun = PROPOSED
    filter_class = ProposedDependencyFilter
    columns = (
        Column("dependent", _("This system"), sort="dependent_name"),
        Column("dependency", _("Needs"), sort="dependency_name"),
        Column("needed_to", _("Needed to"), sort="needed_to", value="get_needed_to_display"),
        Column("source", _("Source"), sort="source", value="get_source_display"),
        Column("reason", _("Why it is proposed")),
        Column("state", _("State"), sort="state", value="get_state_display"),
    )
    export_columns = (
        *columns,
        Column("recorded", _("Recorded so far"), value=recorded_word),
        Column("bootstrap", _("Bootstrap note")),
        Column("proposed_by", _("Proposed by")),
        Column("created_at", _("Proposed on")),
        Column("decided_by", _("Decided by")),
        Column("decided_at", _("Decided on")),
        Column("decision_reason", _("Why it was decided so")),
    )

    def records(self) -> QuerySet[Any]:
        if self.request.GET.get("state"):
            return reads.listing(self.organisation)
        return reads.waiting(self.organisation)

    def context(self, page: Page[Any]) -> dict[str, Any]:
        may = access.can(self.membership, Capability.REVIEW_DEPENDENCIES)
        return {
            "tab": "proposed",
            "state": self.request.GET.get("state") or "waiting",
            "decide_url": self.url("proposed-decide") if may else "",
            "can_edit": False,
        }


def sent_back(request: HttpRequest) -> list[Seen]:
    """The keys and versions of the proposals that the page which was sent in had shown."""
    seen = read_json(
        request.POST.get("seen", ""),
        lambda rows: [(str(key), int(version)) for key, version in rows],
    )
    return list(dict(seen[: MOST_AT_ONCE + 1]).items())


class DecideView(ChoosingView, NounView):
    """What the pages share that decide about chosen proposals, all or none."""

    noun = PROPOSED
    needs = Capability.REVIEW_DEPENDENCIES
    list_name = "proposed-list"
    nothing_chosen = _("Nothing was chosen that waits for review. Tick the rows first.")
    most_at_once = MOST_AT_ONCE

    def chosen(self, keys: Sequence[str]) -> list[Any]:
        rows = reads.listing(self.organisation).filter(pk__in=keys[: MOST_AT_ONCE + 1])
        return list(in_steady_order(rows))

    def decided(self, rows: Sequence[Any], text: str) -> HttpResponse:
        undo_url = self.url("proposed-undo", key=rows[0].pk)
        self.succeed(text % {"count": len(rows)}, undo_url)
        return redirect(self.list_url())


class Decide(DecideView):
    """GET shows the proposals chosen (`keys`, or `all` with the filters of the list); POST
    accepts or refuses all of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        keys = request.GET.getlist("keys")
        found = self.fitting() if "all" in request.GET else self.chosen(keys)
        rows = [row for row in found if row.state == "waiting"]
        if wrong := self.wrong_choice(rows):
            return wrong
        return self.decide_page(rows, DecideForm(organisation=self.organisation))

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = sent_back(request)
        if wrong := self.wrong_choice(seen):
            return wrong
        form = DecideForm(organisation=self.organisation, data=request.POST)
        if form.is_valid():
            try:
                return self.decide(seen, form.cleaned_data["reason"])
            except InvalidInput as error:
                form.add_faults(error)
            except Conflict as conflict:
                rows = self.chosen([key for key, _version in seen])
                open_ones = [row for row in rows if row.state == "waiting"]
                decided = [row for row in rows if row.state != "waiting"]
                context = {"conflict": conflict, "decided": decided}
                return self.decide_page(open_ones, form, 409, context)
        rows = self.chosen([key for key, _version in seen])
        return self.decide_page(rows, form, 422, {"seen": json.dumps(seen)})

    def decide(self, seen: Sequence[Seen], reason: str) -> HttpResponse:
        if "refuse" in self.request.POST:
            refused = writes.refuse_many(self.organisation, seen, reason, by=self.by)
            text = ngettext(
                "%(count)d proposed dependency is refused.",
                "%(count)d proposed dependencies are refused.",
                len(refused),
            )
            return self.decided(refused, text)
        accepted = writes.accept_many(self.organisation, seen, reason, by=self.by)
        text = ngettext(
            "%(count)d dependency is recorded and counts from now on.",
            "%(count)d dependencies are recorded and count from now on.",
            len(accepted),
        )
        return self.decided(accepted, text)

    def fitting(self) -> list[Any]:
        """What the list shows from which one comes; none if it asks for what is not there any more,
        lest a filter that fell away widen what is decided."""
        filters = ProposedDependencyFilter(
            self.request.GET,
            queryset=reads.waiting(self.organisation),
            organisation=self.organisation,
            now=self.now,
        )
        choose_by_name(filters.form)
        if not filters.form.is_valid():
            return []
        return list(in_steady_order(filters.qs)[: MOST_AT_ONCE + 1])

    def decide_page(
        self,
        rows: Sequence[Any],
        form: DecideForm,
        status: int = 200,
        context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        common = {
            "form": form,
            "rows": rows,
            "seen": json.dumps([[row.pk, row.version] for row in rows]),
            "back": self.back_url(),
        }
        return self.page("decide", {**common, **(context or {})}, status)


class Undo(DecideView):
    """Takes back everything that was decided together with one proposal, or that one `alone`."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        row = self.record(key)
        if row.state == "waiting":
            return self.back_to_list(self.nothing_chosen)
        rows = [row]
        if "alone" not in request.POST:
            rows = self.chosen(reads.decided_together(self.organisation, row))
        seen = [(one.pk, one.version) for one in rows]
        try:
            waiting = writes.reopen_many(self.organisation, seen, by=self.by)
        except Conflict as conflict:
            messages.error(self.request, str(conflict))
            return redirect(self.list_url())
        text = ngettext(
            "%(count)d proposed dependency waits for review again.",
            "%(count)d proposed dependencies wait for review again.",
            len(waiting),
        )
        self.succeed(text % {"count": len(waiting)})
        return redirect(self.list_url())


urls = [
    path("dependencies/proposed/", ProposedList.as_view(), name="proposed-list"),
    path("dependencies/proposed/decide/", Decide.as_view(), name="proposed-decide"),
    path("dependencies/proposed/<str:key>/undo/", Undo.as_view(), name="proposed-undo"),
]
