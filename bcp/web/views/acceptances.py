"""Accepted gaps: what became of each acceptance, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.acceptance import address_of
from bcp.engine.permissions import Capability
from bcp.engine.results import Severity
from bcp.errors import Conflict, InvalidInput
from bcp.queries import acceptances as reads
from bcp.queries.acceptances import Held, HeldState
from bcp.services import acceptances as writes
from bcp.web.forms.acceptances import HELD_STATES, AcceptanceFilter, TakeBackForm
from bcp.web.gap_rows import RANKS, SEVERITY_WORDS
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.base import NounView, seen_version
from bcp.web.views.lists import Column

ACCEPTANCES = Noun(
    "acceptances",
    _("acceptance"),
    _("Accepted gaps"),
    "gapacceptance",
    reads.listing,
    writes,
    edited_by=Capability.ACCEPT_GAP,
)
_WORDS = dict(HELD_STATES)
_RANKS = {state: rank for rank, state in enumerate(_WORDS)}


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An acceptance as its list shows it."""

    held: Held

    @property
    def acceptance(self) -> Any:
        return self.held.acceptance

    @property
    def word(self) -> str | Promise:
        return _WORDS[self.held.state.value]

    @property
    def state(self) -> HeldState:
        return self.held.state

    @property
    def rank(self) -> int:
        return _RANKS[self.held.state.value]

    @property
    def severity(self) -> str:
        return str(SEVERITY_WORDS[self.acceptance.severity])

    @property
    def severity_now(self) -> str:
        """Of the gap as it is today; empty if it is none any more."""
        return "" if self.held.gap is None else str(SEVERITY_WORDS[self.held.gap.severity.value])

    @property
    def severity_rank(self) -> int:
        return RANKS[Severity(self.acceptance.severity)]

    @property
    def now(self) -> str:
        """What the gap says today; empty if it is none any more."""
        return "" if self.held.gap is None else self.held.gap.says.said(gettext)

    @property
    def key(self) -> str:
        """The gap in addresses; empty if it is none any more."""
        return "" if self.held.gap is None else address_of(self.held.gap)

    @property
    def until(self) -> date:
        until: date = self.acceptance.until
        return until


class AcceptanceList(AnswerList):
    """Every acceptance there ever was: first what is open again, then what ends next."""

    noun = ACCEPTANCES
    filter_class = AcceptanceFilter
    columns = (
        Column("subject", _("Where"), sort="subject", value=lambda row: row.acceptance.subject),
        Column("severity", _("Severity"), sort="severity"),
        Column("says", _("What was accepted"), value=lambda row: row.acceptance.says),
        Column("reason", _("Why"), value=lambda row: row.acceptance.reason),
        Column(
            "accepted_by",
            _("Accepted by"),
            sort="accepted_by",
            value=lambda row: str(row.acceptance.accepted_by),
        ),
        Column("until", _("Until"), sort="until"),
        Column("state", _("State"), sort="state", value="word"),
    )
    exported_too = (
        Column("now", _("What the gap says now")),
        Column("accepted_at", _("Accepted on"), value=lambda row: row.acceptance.accepted_at),
        Column("ended_at", _("Ended on"), value=lambda row: row.acceptance.ended_at),
        Column("ended_reason", _("Why it ended"), value=lambda row: row.acceptance.ended_reason),
    )
    sort_ranks = {"severity": "severity_rank", "until": "until", "state": "rank"}

    @cached_property
    def every(self) -> list[HeldRow]:
        rows = reads.listing(self.organisation)
        found = [HeldRow(one) for one in reads.held(rows, self.analysis, self.today)]
        return sorted(found, key=lambda row: (row.rank, row.until))

    def rows(self) -> Iterable[HeldRow]:
        return self.every

    def fits(self, row: HeldRow, wanted: Mapping[str, Any]) -> bool:
        if wanted.get("state") and row.state.value not in wanted["state"]:
            return False
        if wanted.get("severity") and row.acceptance.severity not in wanted["severity"]:
            return False
        if wanted.get("soon") and not row.held.ends_soon:
            return False
        text = (wanted.get("q") or "").casefold()
        one = row.acceptance
        return not text or any(
            text in said.casefold()
            for said in (one.subject, one.says, one.reason, str(one.accepted_by), row.now)
        )

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {
            "view": "acceptances",
            "nothing_accepted": not self.every,
            "soon_count": sum(row.held.ends_soon for row in self.every),
        }


class AcceptanceView(AnswerView, NounView):
    """What the pages of one acceptance share."""

    noun = ACCEPTANCES

    def row(self, key: str) -> HeldRow:
        (held,) = reads.held([self.record(key)], self.answer(), self.today)
        return HeldRow(held)


class AcceptanceDetail(AcceptanceView):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        row = self.row(key)
        return self.page("detail", {"row": row, "record": row.acceptance})


class TakeBack(AcceptanceView):
    """Asks why, then ends the acceptance; the gap is open again at once."""

    needs = Capability.ACCEPT_GAP

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.take_back_page(self.row(key), TakeBackForm(organisation=self.organisation))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        row = self.row(key)
        version = seen_version(request)
        form = TakeBackForm(organisation=self.organisation, data=request.POST)
        if not form.is_valid():
            return self.take_back_page(row, form, 422)
        try:
            writes.take_back(
                self.organisation,
                key,
                form.cleaned_data["reason"],
                seen_version=version,
                by=self.by,
            )
        except InvalidInput as error:
            form.add_faults(error)
            return self.take_back_page(row, form, 422)
        except Conflict as conflict:
            return self.take_back_page(self.row(key), form, 409, str(conflict))
        text = gettext("The acceptance of a gap of “%(subject)s” is taken back.")
        self.succeed(text % {"subject": row.acceptance.subject})
        return redirect(self.url("acceptances-detail", key=key))

    def take_back_page(
        self, row: HeldRow, form: TakeBackForm, status: int = 200, fault: str = ""
    ) -> HttpResponse:
        context = {"row": row, "record": row.acceptance, "form": form, "fault": fault}
        return self.page("take_back", context, status)


urls = [
    path("gaps/accepted/", AcceptanceList.as_view(), name="acceptances-list"),
    path("gaps/accepted/<str:key>/", AcceptanceDetail.as_view(), name="acceptances-detail"),
    path("gaps/accepted/<str:key>/take-back/", TakeBack.as_view(), name="acceptances-take-back"),
]
