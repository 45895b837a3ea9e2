"""Everything that waits for a decision about targets, in one table before a board.

Rows are ticked here, and sent back here or signed in `target_signing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.queries import targets
from bcp.services import targets as writes
from bcp.web.forms.answers import tier_fits
from bcp.web.forms.target_review import ReviewFilter, SendBackManyForm
from bcp.web.nouns import Noun
from bcp.web.sent_back import whole_number
from bcp.web.target_rows import ReviewRow, review_rows
from bcp.web.together import together
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.lists import Column

REVIEW = Noun(
    "targets_review",
    _("proposal"),
    _("Proposals to decide"),
    "recoverytarget",
    targets.proposals,
    writes,
    edited_by=Capability.APPROVE_TARGET,
)

MOST_AT_ONCE = 100
"""More are not decided with one signature: nobody has read them, and each is worked out."""


class BoardView(AnswerView):
    """What the pages before a board share."""

    def chosen(self, keys: Iterable[str]) -> list[Any]:
        """The open proposals with these keys, by the name of their system."""
        wanted = list(dict.fromkeys(keys))[: MOST_AT_ONCE + 1]
        rows = targets.proposals(self.organisation).filter(pk__in=wanted)
        return sorted(rows, key=lambda row: row.system.name.casefold())

    def others(self, proposals: Iterable[Any]) -> list[Any]:
        """Those of the proposals that somebody else has made: one's own are not decided."""
        return [one for one in proposals if one.proposed_by_id != self.membership.user_id]

    def to_review(self, says: str) -> HttpResponse:
        """Back to the table, with what was wrong about the choice."""
        messages.warning(self.request, says)
        return redirect(self.back_url(self.url("targets-review")))

    def too_many(self) -> str:
        return gettext(
            "At most %(most)d are decided at once, so that each is read. Tick fewer."
        ) % {"most": MOST_AT_ONCE}


class ReviewList(BoardView, AnswerList):
    noun = REVIEW
    filter_class = ReviewFilter
    columns = (
        Column("system", _("System"), sort="system", value="name"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("rto", _("RTO"), sort="rto", kind="minutes"),
        Column("rpo", _("RPO"), sort="rpo", kind="minutes"),
        Column("mtd", _("MTD"), sort="mtd", kind="minutes"),
        Column("achievable", _("Achievable"), sort="achievable", kind="minutes"),
        Column("standing", _("If approved"), sort="misses"),
        Column("asks_more_of", _("Asks more of"), sort="asks", kind="number"),
        Column("contradictions", _("Contradicts"), sort="contradictions", kind="number"),
        Column("looser", _("Looser than"), value="looser_words"),
        Column("cost_beyond", _("Cost of the delay"), sort="cost", kind="number"),
    )
    exported_too = (
        Column("misses", _("Too late by"), kind="minutes"),
        Column("proposed_by", _("Proposed by")),
        Column("proposed_on", _("Proposed on")),
        Column("reason", _("Reason")),
        Column("rto_approved", _("RTO approved now"), kind="minutes"),
        Column("rpo_approved", _("RPO approved now"), kind="minutes"),
        Column("mtd_approved", _("MTD approved now"), kind="minutes"),
        Column("asked_late", _("Of those, too late"), kind="number"),
        Column("asked_unsure", _("Of those, nobody knows"), kind="number"),
        Column("contradictions_gone", _("Contradictions that disappear"), kind="number"),
    )
    sort_ranks: ClassVar[Mapping[str, str]] = {"misses": "lateness_rank"}

    def templates(self, page: str) -> list[str]:
        return [f"targets/review{'' if page == 'list' else page}.html"]

    def rows(self) -> Iterable[ReviewRow]:
        return review_rows(
            targets.proposals(self.organisation),
            targets.approved(self.organisation),
            self.analysis,
            reader=self.membership.user,
            today=self.today,
        )

    def fits(self, row: ReviewRow, wanted: Mapping[str, Any]) -> bool:
        if not tier_fits(row.tier, wanted.get("tier", [])):
            return False
        if (wanted.get("q") or "").casefold() not in row.name.casefold():
            return False
        return not wanted.get("conflicting") or bool(row.contradictions)

    def file_name(self) -> str:
        return f"{self.organisation.slug}-targets-review"

    def context(self, page: Page[Any]) -> dict[str, Any]:
        ticked = set(self.request.GET.getlist("keys"))
        may_decide = access.can(self.membership, Capability.APPROVE_TARGET)
        context: dict[str, Any] = {
            "ticked": ticked,
            "may_decide": may_decide,
            "can_tick": may_decide and not all(row.is_own for row in page.object_list),
            "shown_as": [
                (name, value)
                for name, values in self.request.GET.lists()
                for value in values
                if name not in {"keys", "back", "export"} and value
            ],
        }
        if not self.request.htmx:
            context |= self.whole_page(ticked)
        return context

    def whole_page(self, ticked: set[str]) -> dict[str, Any]:
        proposals = list(targets.proposals(self.organisation))
        chosen = self.chosen(ticked)
        for_reader = len(self.others(proposals))
        return {
            "waiting": len(proposals),
            "for_reader": for_reader,
            "own": len(proposals) - for_reader,
            "together": together(self.analysis, chosen, today=self.today),
        }


class TogetherPart(BoardView):
    """The part of the table's page that follows the ticks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self.chosen(request.GET.getlist("keys"))
        context = {"together": together(self.answer(), chosen, today=self.today)}
        return self.render("targets/_together.html", context)


class SendBackMany(BoardView):
    """Refuses the ticked proposals for one reason, all or none."""

    needs = Capability.APPROVE_TARGET

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.reason_page(request.GET.getlist("keys"), self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = request.POST.getlist("keys")
        form = self.form(data=request.POST)
        if not form.is_valid() or not keys or len(keys) > MOST_AT_ONCE:
            return self.reason_page(keys, form)
        seen: dict[str, int | None] = {key: shown_version(request, key) for key in keys}
        try:
            sent = writes.send_back_many(
                self.organisation, seen, form.cleaned_data["reason"], by=self.by
            )
        except InvalidInput as error:
            form.add_faults(error)
        except Conflict as changed:
            form.add_error(None, str(changed))
            return self.reason_page(keys, form, 409)
        else:
            says = ngettext(
                "%(count)d proposal is sent back.", "%(count)d proposals are sent back.", len(sent)
            )
            self.succeed(says % {"count": len(sent)})
            return redirect(self.back_url(self.url("targets-review")))
        return self.reason_page(keys, form)

    def form(self, **options: Any) -> SendBackManyForm:
        return SendBackManyForm(organisation=self.organisation, **options)

    def reason_page(
        self, keys: Sequence[str], form: SendBackManyForm, status: int = 200
    ) -> HttpResponse:
        chosen = self.others(self.chosen(keys))
        if len(chosen) > MOST_AT_ONCE:
            return self.to_review(self.too_many())
        if not chosen:
            return self.to_review(
                gettext("Nothing was chosen that you can send back. Tick the rows first.")
            )
        context = {"form": form, "chosen": chosen, "back": self.back_url()}
        if form.errors and status == 200:
            status = 422
        return self.render("targets/review_send_back.html", context, status)


def shown_version(request: HttpRequest, key: str) -> int:
    """The version of the proposal that the page had shown; one that says none has shown none."""
    return whole_number(request.POST.get(f"version-{key}", "")) or 0


urls = [
    path("targets/review/", ReviewList.as_view(), name="targets-review"),
    path("targets/review/together/", TogetherPart.as_view(), name="targets-review-together"),
    path("targets/review/send-back/", SendBackMany.as_view(), name="targets-review-send-back"),
]
