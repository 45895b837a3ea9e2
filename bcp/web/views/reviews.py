"""Reviewing dependencies: where each system stands, and confirming what systems need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.engine.reviews import Need, ReviewState, difference, facts_of
from bcp.errors import Conflict, InvalidInput
from bcp.queries import reviews as reads
from bcp.services import reviews as writes
from bcp.services.reviews import Seen
from bcp.web.forms.reviews import REVIEW_STATES, ConfirmForm, ReviewFilter
from bcp.web.nouns import Noun
from bcp.web.review_rows import NeedRow, ReviewRow, changes_in_words, need_row, review_fits
from bcp.web.sent_back import read_json
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.choosing import ChoosingView
from bcp.web.views.lists import Column

REVIEWS = Noun(
    "reviews",
    _("review of dependencies"),
    _("Review of dependencies"),
    "dependencyreview",
    reads.listing,
    writes,
    edited_by=Capability.REVIEW_DEPENDENCIES,
)
MOST_AT_ONCE = 1000
"""More needs than these systems have together nobody has looked at."""
_REVIEWS_SHOWN = 50


class ReviewList(AnswerList):
    """Every live system: first what changed since it was confirmed, then what never was."""

    noun = REVIEWS
    filter_class = ReviewFilter
    columns = (
        Column("name", _("System"), sort="name"),
        Column("kind", _("Kind"), sort="kind"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("needs_count", _("Needs"), sort="needs", kind="number"),
        Column("state", _("State"), sort="state", value="word"),
        Column("reviewed_at", _("Confirmed on"), sort="reviewed_at"),
        Column("reviewed_by", _("Confirmed by"), sort="reviewed_by"),
    )
    exported_too = (
        Column("needs", _("What it needs"), value="needs_words"),
        Column("changes", _("What changed since"), value="changes_words"),
        Column("note", _("Note")),
    )
    sort_ranks = {"state": "rank"}

    @cached_property
    def every(self) -> list[ReviewRow]:
        found = reads.standings(self.organisation, self.analysis.estate, today=self.today)
        rows = [ReviewRow(one) for one in found]
        return sorted(rows, key=lambda row: (row.rank, row.tier or 9, row.name.casefold()))

    def rows(self) -> Iterable[ReviewRow]:
        return self.every

    def fits(self, row: ReviewRow, wanted: Mapping[str, Any]) -> bool:
        return review_fits(row, wanted)

    def context(self, page: Page[Any]) -> dict[str, Any]:
        may = access.can(self.membership, Capability.REVIEW_DEPENDENCIES)
        states = [row.state for row in self.every]
        return {
            "tab": "reviews",
            "confirm_url": self.url("reviews-confirm") if may else "",
            "counts": [
                (state, label, states.count(ReviewState(state))) for state, label in REVIEW_STATES
            ],
            "nothing_recorded": not self.every,
        }


class ReviewView(AnswerView):
    """A page about the reviews of some systems."""

    def look(self, keys: Iterable[str]) -> list[ReviewRow]:
        """The systems with these keys that are live, as they stand now, by name."""
        wanted = set(keys)
        estate = self.answer().estate
        positions = [at for at, one in enumerate(estate.systems) if one.key in wanted]
        found = reads.standings(self.organisation, estate, today=self.today, systems=positions)
        return [ReviewRow(one) for one in found]


@dataclass(frozen=True, slots=True)
class Past:
    """One review that was made, with what it confirmed."""

    review: Any
    needs: list[NeedRow]


class ReviewDetail(ReviewView):
    """What one system needs, what changed since it was confirmed, and who confirmed it when."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        rows = self.look([key])
        if not rows:
            raise Http404(gettext("There is no such page."))
        past = reads.listing(self.organisation).filter(system=key)[:_REVIEWS_SHOWN]
        context = {
            "row": rows[0],
            "past": [Past(one, [need_row(need) for need in reads.confirmed(one)]) for one in past],
            "tab": "reviews",
        }
        return self.render("reviews/detail.html", context)


@dataclass(frozen=True, slots=True)
class Shown:
    """A system as the page of its confirmation showed it. It comes back with the form, so that a
    change in between is noticed and both can be shown."""

    key: str
    name: str
    needs: tuple[Need, ...]


def sent_back(request: HttpRequest) -> list[Shown]:
    """What the page that was sent in had shown."""
    shown = read_json(request.POST.get("seen", ""), lambda rows: [_shown(*row) for row in rows])
    return shown[: MOST_AT_ONCE + 1]


def _shown(key: object, name: object, needs: Iterable[Iterable[object]]) -> Shown:
    return Shown(str(key), str(name), tuple(_need(*one) for one in needs))


def _need(key: object, name: object, needed_to: object, note: object) -> Need:
    return Need(str(key), str(name), str(needed_to), str(note))


@dataclass(frozen=True, slots=True)
class Changed:
    """A system whose needs are not what was looked at any more; `gone`: it is not live now."""

    name: str
    says: list[str]
    gone: bool


class ConfirmReviews(ChoosingView, ReviewView):
    """GET shows what the chosen systems need (`keys`, or `all` with the filters of the list); POST
    confirms all of it or nothing."""

    needs = Capability.REVIEW_DEPENDENCIES
    list_name = "reviews-list"
    nothing_chosen = _("No live system was chosen. Tick those that you want to confirm.")
    most_at_once = MOST_AT_ONCE

    def get(self, request: HttpRequest) -> HttpResponse:
        keys = request.GET.getlist("keys")
        rows = self.fitting() if "all" in request.GET else self.look(keys)
        if wrong := self.wrong_choice(rows):
            return wrong
        return self.confirm_page(rows, self.form(rows))

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = sent_back(request)
        if wrong := self.wrong_choice(seen):
            return wrong
        form = self.form(seen, data=request.POST)
        if form.is_valid():
            try:
                made = writes.confirm_many(
                    self.organisation,
                    [Seen(one.key, facts_of(one.needs)) for one in seen],
                    form.cleaned_data["note"],
                    by=self.by,
                )
            except InvalidInput as error:
                form.add_faults(error)
            except Conflict as conflict:
                return self.conflict_page(seen, form, conflict)
            else:
                return self.done(len(made))
        rows = self.look(one.key for one in seen)
        return self.confirm_page(rows, form, status=422, seen=seen)

    def form(self, rows: Sequence[Any], **options: Any) -> ConfirmForm:
        return ConfirmForm(organisation=self.organisation, several=len(rows) > 1, **options)

    def fitting(self) -> list[ReviewRow]:
        """The systems that the list shows from which one comes; none if it asks for what is not
        there any more, lest a filter that fell away widen what is confirmed."""
        answer = self.answer()
        form = ReviewFilter(self.request.GET, answer=answer)
        if not form.is_valid():
            return []
        found = reads.standings(self.organisation, answer.estate, today=self.today)
        return [row for row in map(ReviewRow, found) if review_fits(row, form.cleaned_data)]

    def done(self, count: int) -> HttpResponse:
        text = ngettext(
            "The dependencies of %(count)d system are confirmed as of today.",
            "The dependencies of %(count)d systems are confirmed as of today.",
            count,
        )
        self.succeed(text % {"count": count})
        return redirect(self.list_url())

    def conflict_page(
        self, seen: Sequence[Shown], form: ConfirmForm, conflict: Conflict
    ) -> HttpResponse:
        """What was looked at against what is so now. The note is not lost; confirming again then
        is of what the page says now."""
        rows = self.look(one.key for one in seen)
        now = {row.key: row.standing.needs for row in rows}
        changed = []
        for one in seen:
            gone = one.key not in now
            says = list(changes_in_words(difference(one.needs, now.get(one.key, ()))))
            if gone or says:
                changed.append(Changed(one.name, [] if gone else says, gone))
        return self.confirm_page(rows, form, status=409, conflict=conflict, changed=changed)

    def confirm_page(
        self,
        rows: Sequence[ReviewRow],
        form: ConfirmForm,
        *,
        status: int = 200,
        seen: Sequence[Shown] = (),
        conflict: Conflict | None = None,
        changed: Sequence[Changed] = (),
    ) -> HttpResponse:
        """`seen` is what the form stays bound to, if not to what the page shows now."""
        bound = seen or [Shown(row.key, row.name, row.standing.needs) for row in rows]
        context = {
            "form": form,
            "rows": rows,
            "seen": json.dumps(
                [[one.key, one.name, [astuple(need) for need in one.needs]] for one in bound]
            ),
            "conflict": conflict,
            "changed": changed,
            "back": self.back_url(),
            "list_url": self.url("reviews-list"),
        }
        return self.render("reviews/confirm.html", context, status)


urls = [
    path("dependencies/reviews/", ReviewList.as_view(), name="reviews-list"),
    path("dependencies/reviews/confirm/", ConfirmReviews.as_view(), name="reviews-confirm"),
    path("dependencies/reviews/<str:key>/", ReviewDetail.as_view(), name="reviews-detail"),
]
