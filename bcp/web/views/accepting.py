"""Accepting gaps: one page for one gap and for many, the same reason and day for all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bcp.engine.acceptance import facts_of, identity_of
from bcp.engine.permissions import Capability, Role
from bcp.engine.results import Analysis
from bcp.errors import Conflict, InvalidInput
from bcp.queries import acceptances as reads
from bcp.services import acceptances as writes
from bcp.services.acceptances import Seen
from bcp.web.forms.acceptances import AcceptForm
from bcp.web.forms.answers import GapFilter
from bcp.web.gap_matters import matters
from bcp.web.gap_rows import GapRow, gap_fits, gap_rows, with_links
from bcp.web.sent_back import read_json
from bcp.web.views.answers import AnswerView
from bcp.web.views.choosing import MOST_AT_ONCE, ChoosingView


@dataclass(frozen=True, slots=True)
class Shown:
    """A gap as the page of its acceptance showed it: its address, its facts, its acceptance and
    the sentence. They come back with the form, so that a change in between is noticed."""

    key: str
    facts: str
    acceptance: str | None
    says: str


def shown_of(row: GapRow) -> Shown:
    accepted = None if row.acceptance is None else row.acceptance.pk
    return Shown(row.key, facts_of(row.gap), accepted, row.says)


def sent_back(request: HttpRequest) -> list[Shown]:
    """What the page that was sent in had shown."""
    shown = read_json(request.POST.get("seen", ""), lambda rows: [_shown(*row) for row in rows])
    return shown[: MOST_AT_ONCE + 1]


def _shown(key: object, facts: object, acceptance: object, says: object) -> Shown:
    if not isinstance(acceptance, str | None):
        raise TypeError("an acceptance is named by its key")
    return Shown(str(key), str(facts), acceptance or None, str(says))


@dataclass(frozen=True, slots=True)
class Difference:
    """A gap that is not what was looked at any more. `now` is empty if it is no gap any more."""

    was: str
    now: str
    accepted_by: str


class AcceptGaps(ChoosingView, AnswerView):
    """GET shows the gaps chosen (`keys`, or `all` with the filters of the list) and what accepting
    them means; POST accepts all of them or none."""

    needs = Capability.ACCEPT_GAP
    list_name = "gaps-list"
    nothing_chosen = _("Nothing was chosen that is a gap now. Tick what you want to accept.")

    analysis: Analysis
    rows: list[GapRow]

    def look(self) -> None:
        """Read every gap as it is now."""
        self.analysis = self.answer()
        standings = reads.of_analysis(self.organisation, self.analysis, now=self.now)
        self.rows = gap_rows(self.analysis, standings)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.look()
        if "all" in request.GET:
            chosen = self.fitting()
        else:
            chosen = self.chosen(request.GET.getlist("keys"))
        if wrong := self.wrong_choice(chosen):
            return wrong
        before = chosen[0].acceptance if len(chosen) == 1 else None
        initial = {"reason": before.reason} if before else {}
        form = AcceptForm(organisation=self.organisation, today=self.today, initial=initial)
        return self.accept_page(chosen, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = sent_back(request)
        if wrong := self.wrong_choice(seen):
            return wrong
        self.look()
        form = AcceptForm(organisation=self.organisation, today=self.today, data=request.POST)
        rows = self.chosen([one.key for one in seen])
        if form.is_valid():
            try:
                made = writes.accept_many(
                    self.organisation,
                    [self.seen(one) for one in seen],
                    form.cleaned_data["reason"],
                    form.cleaned_data["until"],
                    by=self.by,
                    now=self.now,
                )
            except InvalidInput as error:
                form.add_faults(error)
            except Conflict as conflict:
                return self.conflict_page(seen, form, conflict)
            else:
                return self.done(len(made))
        return self.accept_page(rows, form, status=422, seen=seen)

    def seen(self, shown: Shown) -> Seen:
        row = next((row for row in self.rows if row.key == shown.key), None)
        identity = shown.key if row is None else identity_of(row.gap)
        return Seen(identity, shown.facts, shown.acceptance)

    def fitting(self) -> list[GapRow]:
        """The gaps that the list shows from which one comes; none if it asks for what is not there
        any more, lest a filter that fell away widen what is accepted."""
        standings = [row.standing for row in self.rows]
        form = GapFilter(self.request.GET, answer=self.analysis, standings=standings)
        if not form.is_valid():
            return []
        return [row for row in self.rows if gap_fits(row, form.cleaned_data)]

    def chosen(self, keys: Sequence[str]) -> list[GapRow]:
        wanted = set(keys)
        return [row for row in self.rows if row.key in wanted]

    def done(self, count: int) -> HttpResponse:
        text = ngettext("%(count)d gap is accepted.", "%(count)d gaps are accepted.", count)
        self.succeed(text % {"count": count})
        return redirect(self.back_url(self.url("acceptances-list")))

    def conflict_page(
        self, seen: Sequence[Shown], form: AcceptForm, conflict: Conflict
    ) -> HttpResponse:
        """What was looked at beside what is so now. Nothing typed is lost; accepting again then
        is of what the page says now."""
        self.look()
        now = {row.key: row for row in self.rows}
        differences = [
            _difference(one, row)
            for one in seen
            if (row := now.get(one.key)) is None or shown_of(row) != one
        ]
        rows = self.chosen([one.key for one in seen])
        return self.accept_page(rows, form, status=409, conflict=conflict, differences=differences)

    def accept_page(
        self,
        rows: Sequence[GapRow],
        form: AcceptForm,
        *,
        status: int = 200,
        seen: Sequence[Shown] = (),
        conflict: Conflict | None = None,
        differences: Sequence[Difference] = (),
    ) -> HttpResponse:
        """`seen` is what the form stays bound to, if not to what the page shows now."""
        bound = seen or [shown_of(row) for row in rows]
        alone = rows[0] if len(rows) == 1 else None
        context = {
            "form": form,
            "rows": with_links(rows, self.organisation, Role(self.membership.role)),
            "matters": matters(self.analysis, alone.gap) if alone else (),
            "seen": json.dumps([[one.key, one.facts, one.acceptance, one.says] for one in bound]),
            "conflict": conflict,
            "differences": differences,
            "back": self.back_url(),
            "list_url": self.url("gaps-list"),
        }
        return self.render("gaps/accept.html", context, status)


def _difference(seen: Shown, row: GapRow | None) -> Difference:
    if row is None:
        return Difference(seen.says, "", "")
    newer = row.acceptance is not None and row.acceptance.pk != seen.acceptance
    return Difference(seen.says, row.says, row.accepted_by if newer else "")


urls = [path("gaps/accept/", AcceptGaps.as_view(), name="gaps-accept")]
