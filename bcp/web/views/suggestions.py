"""Suggestions: what may be missing from the dependencies, to be proposed or dismissed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.engine.suggestions import LEAST_PEERS
from bcp.errors import Conflict, InvalidInput
from bcp.queries import suggestions as reads
from bcp.queries.suggestions import Answer, Asked
from bcp.services import suggestions as writes
from bcp.services.suggestions import Seen
from bcp.web.forms.suggestions import DISMISSED, OPEN, TOPICS, DismissForm, SuggestionFilter
from bcp.web.map_tables import NEEDED_TO
from bcp.web.nouns import Noun
from bcp.web.sent_back import read_json
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.lists import Column

SUGGESTIONS = Noun(
    "suggestions",
    _("suggestion"),
    _("Suggested dependencies"),
    "suggestiondismissal",
    reads.dismissals,
    writes,
    edited_by=Capability.REVIEW_DEPENDENCIES,
)
_TOPICS = dict(TOPICS)
_RANKS = {topic: rank for rank, (topic, _label) in enumerate(TOPICS)}


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion as its list shows it; `key` and `dependency_key` are of its systems."""

    asked: Asked
    key: str
    subject: str
    dependency: str

    @property
    def says(self) -> str:
        return self.asked.suggestion.says.said(gettext)

    @property
    def topic(self) -> str | Promise:
        return _TOPICS[self.asked.suggestion.topic.value]

    @property
    def needed_to(self) -> str | Promise:
        return NEEDED_TO[self.asked.suggestion.needed_to] if self.dependency else ""

    @property
    def rank(self) -> int:
        return _RANKS[self.asked.suggestion.topic.value]

    @property
    def seen(self) -> str:
        """What comes back with a form about it."""
        return json.dumps([self.asked.suggestion.identity, self.asked.suggestion.facts])

    @property
    def dismissal(self) -> Any:
        return self.asked.dismissal

    @property
    def reason(self) -> str:
        return self.dismissal.reason if self.dismissal else ""

    @property
    def dismissed_by(self) -> str:
        return str(self.dismissal.dismissed_by) if self.dismissal else ""


def rows_of(answer: Answer) -> list[SuggestionRow]:
    systems = answer.estate.systems
    found = []
    for one in answer.rows:
        system, dependency = one.suggestion.system, one.suggestion.dependency
        found.append(
            SuggestionRow(
                one,
                "" if system is None else systems[system].key,
                "" if system is None else systems[system].name,
                "" if dependency is None else systems[dependency].name,
            )
        )
    return found


class SuggestionList(AnswerList):
    """What is open, the best founded first; with `?state=dismissed` what was dismissed and would
    still be suggested."""

    noun = SUGGESTIONS
    filter_class = SuggestionFilter
    columns = (
        Column("subject", _("System"), sort="subject"),
        Column("says", _("What may be missing, and why one might think so")),
        Column("topic", _("About"), sort="topic"),
        Column("dependency", _("May need"), sort="dependency"),
    )
    exported_too = (
        Column("needed_to", _("Needed to")),
        Column("dismissed_by", _("Dismissed by")),
        Column("reason", _("Why it was dismissed")),
    )
    sort_ranks = {"topic": "rank"}
    not_filters = AnswerList.not_filters | {"state"}

    @cached_property
    def answered_rows(self) -> Answer:
        return reads.asked(self.organisation, now=self.now)

    def rows(self) -> Iterable[SuggestionRow]:
        return rows_of(self.answered_rows)

    def fits(self, row: SuggestionRow, wanted: Mapping[str, Any]) -> bool:
        if (row.dismissal is not None) != (wanted.get("state") == DISMISSED):
            return False
        if wanted.get("topic") and row.asked.suggestion.topic.value not in wanted["topic"]:
            return False
        text = (wanted.get("q") or "").casefold()
        return not text or text in row.says.casefold()

    def context(self, page: Page[Any]) -> dict[str, Any]:
        may = access.can(self.membership, Capability.REVIEW_DEPENDENCIES)
        return {
            "tab": "suggestions",
            "state": self.request.GET.get("state") or OPEN,
            "may_choose": may or access.can(self.membership, Capability.EDIT_ESTATE),
            "dismiss_url": self.url("suggestions-dismiss") if may else "",
            "left_out": self.answered_rows.left_out,
            "least_peers": LEAST_PEERS,
        }


def one_seen(text: str) -> Seen:
    """A suggestion as the page that was sent in had shown it."""
    return read_json(text, lambda row: _seen(*row))


def _seen(identity: object, facts: object) -> Seen:
    return str(identity), str(facts)


class AnswerSuggestions(AnswerView):
    """What proposing and dismissing share."""

    def still_open(self, seen: Collection[Seen]) -> list[SuggestionRow]:
        """Those of the suggestions that are still as they were seen."""
        return [
            row
            for row in rows_of(reads.asked(self.organisation, now=self.now))
            if row.dismissal is None
            and (row.asked.suggestion.identity, row.asked.suggestion.facts) in seen
        ]


class Propose(AnswerSuggestions):
    """GET shows the suggestions chosen (`keys`) that name a dependency; POST proposes what one
    (`seen`) or all of several (`keys`) name. It then waits for review."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = {one_seen(one) for one in request.GET.getlist("keys")}
        chosen = self.still_open(wanted)
        rows = [row for row in chosen if row.dependency]
        if not rows:
            text = gettext("Nothing was chosen that names a dependency. Tick the rows first.")
            messages.warning(request, text)
            return redirect(self.back_url(self.url("suggestions-list")))
        context = {"rows": rows, "others": len(chosen) - len(rows), "back": self.back_url()}
        return self.render("suggestions/propose.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        texts = request.POST.getlist("keys") or [request.POST.get("seen", "")]
        seen = [one_seen(one) for one in texts]
        try:
            made = writes.propose_many(self.organisation, seen, by=self.by, now=self.now)
        except (InvalidInput, Conflict) as error:
            messages.warning(request, str(error))
        else:
            text = ngettext(
                "“%(edge)s” is proposed and waits for review.",
                "%(count)d dependencies are proposed and wait for review.",
                len(made),
            )
            self.succeed(text % {"edge": made[0], "count": len(made)})
        return redirect(self.back_url(self.url("suggestions-list")))


class Dismiss(AnswerSuggestions):
    """GET shows the suggestions chosen (`keys`) and asks why; POST dismisses all or none."""

    needs = Capability.REVIEW_DEPENDENCIES

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = [one_seen(one) for one in request.GET.getlist("keys")]
        return self.dismiss_page(seen, DismissForm(organisation=self.organisation))

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = [one_seen(one) for one in request.POST.getlist("keys")]
        form = DismissForm(organisation=self.organisation, data=request.POST)
        if not form.is_valid():
            return self.dismiss_page(seen, form, 422)
        try:
            made = writes.dismiss_many(
                self.organisation, seen, form.cleaned_data["reason"], by=self.by, now=self.now
            )
        except InvalidInput as error:
            form.add_faults(error)
            return self.dismiss_page(seen, form, 422)
        except Conflict as conflict:
            return self.dismiss_page(seen, form, 409, str(conflict))
        text = ngettext(
            "%(count)d suggestion is dismissed.", "%(count)d suggestions are dismissed.", len(made)
        )
        self.succeed(text % {"count": len(made)})
        return redirect(self.back_url(self.url("suggestions-list")))

    def dismiss_page(
        self, seen: Sequence[Seen], form: DismissForm, status: int = 200, conflict: str = ""
    ) -> HttpResponse:
        """Shows what is still as it was seen; dismissing it again then is of that alone."""
        rows = self.still_open(set(seen))
        if not rows and not conflict:
            messages.warning(
                self.request, gettext("Nothing was chosen that is still suggested. Tick the rows.")
            )
            return redirect(self.back_url(self.url("suggestions-list")))
        context = {"rows": rows, "form": form, "conflict": conflict, "back": self.back_url()}
        return self.render("suggestions/dismiss.html", context, status)


class AskAgain(AnswerView):
    """Takes a dismissal back."""

    needs = Capability.REVIEW_DEPENDENCIES

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        access.find(reads.dismissals(self.organisation), key)
        writes.ask_again(self.organisation, key, by=self.by)
        self.succeed(gettext("It is suggested again."))
        return redirect(self.back_url(self.url("suggestions-list")))


urls = [
    path("dependencies/suggestions/", SuggestionList.as_view(), name="suggestions-list"),
    path("dependencies/suggestions/propose/", Propose.as_view(), name="suggestions-propose"),
    path("dependencies/suggestions/dismiss/", Dismiss.as_view(), name="suggestions-dismiss"),
    path(
        "dependencies/suggestions/<str:key>/ask-again/",
        AskAgain.as_view(),
        name="suggestions-ask-again",
    ),
]
