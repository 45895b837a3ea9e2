"""Signing proposals: one signature for all that were ticked, by somebody who has just confirmed
who they are; and the minutes of what was decided.

The ticks stand in the address, so that neither confirming nor a conflict loses them. What was
shown (`basis`) travels in the form: if anything that it rests on is different by the time of the
signature, nothing is approved, and whoever signs is told what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from bcp import access
from bcp.engine.permissions import Capability
from bcp.engine.proposal import Target
from bcp.engine.results import SystemResult
from bcp.errors import Conflict
from bcp.queries import target_figures, target_minutes, targets
from bcp.services import targets as writes
from bcp.web.confirming import confirm_url, confirmed_until
from bcp.web.together import together
from bcp.web.views.answers import AnswerView
from bcp.web.views.target_review import MOST_AT_ONCE, BoardView, shown_version


@dataclass(frozen=True, slots=True)
class Signable:
    """A proposal as the page of the signature shows it; no `result`: its system takes no part
    in the recovery."""

    proposal: Any
    approved: Target
    """What is in force now."""
    result: SystemResult | None
    """How the system stands once it alone is approved."""
    basis: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was ticked and cannot be signed now, and why."""

    name: str
    why: str


class Sign(BoardView):
    """GET names every target that would be approved; POST approves all of them or none."""

    needs = Capability.APPROVE_TARGET

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.sign_page(request.GET.getlist("keys"))

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = list(dict.fromkeys(request.POST.getlist("keys")))
        if not keys or len(keys) > MOST_AT_ONCE:
            return self.sign_page(keys)
        if confirmed_until(request, self.now) is None:
            return redirect(self.to_confirm(keys))
        seen = [
            writes.Seen(key, shown_version(request, key), request.POST.get(f"basis-{key}", ""))
            for key in keys
        ]
        try:
            approved = writes.approve_many(self.organisation, seen, by=self.by)
        except Conflict as conflict:
            return self.sign_page(keys, _faults(keys, conflict), 409)
        says = ngettext(
            "%(count)d target is approved.", "%(count)d targets are approved.", len(approved)
        )
        self.succeed(says % {"count": len(approved)})
        return redirect(self.url("targets-minutes", key=approved[0].pk))

    def sign_page(
        self, keys: Sequence[str], faults: Mapping[str, str] | None = None, status: int = 200
    ) -> HttpResponse:
        """The proposals of `keys` but for those with `faults`, which stay beside them."""
        if len(keys) > MOST_AT_ONCE:
            return self.to_review(self.too_many())
        faults = faults or {}
        ticked = self.chosen(keys)
        rest = [one for one in self.others(ticked) if one.pk not in faults]
        if not rest and not faults:
            return self.to_review(
                gettext("Nothing was chosen that you can approve. Tick the rows first.")
            )
        answer = self.answer()
        shown = target_figures.of_each(answer, rest, today=self.today)
        current = targets.approved(self.organisation)
        rest_keys = [one.pk for one in rest]
        until = confirmed_until(self.request, self.now)
        context = {
            "rows": [
                Signable(
                    proposal=one,
                    approved=_target(current.get(one.system_id)),
                    result=figures.result if figures else None,
                    basis=writes.basis_of(one, figures),
                )
                for one, figures in shown
            ],
            "together": together(answer, rest, today=self.today),
            "changed": list(faults.values()),
            "all_url": self.sign_url(keys),
            "still_open": any(one.pk in faults for one in ticked),
            "left_out": [] if faults else self.left_out(keys, ticked),
            "review_url": f"{self.url('targets-review')}?{_query(rest_keys)}",
            "confirmed_until": until,
            "confirm_url": "" if until or not rest else self.to_confirm(rest_keys),
        }
        return self.render("targets/review_sign.html", context, status)

    def left_out(self, keys: Iterable[str], ticked: Sequence[Any]) -> list[LeftOut]:
        """What cannot be signed of the proposals `keys`, of which `ticked` are still open."""
        own = gettext("your own proposal: somebody else decides it")
        decided = targets.listing(self.organisation).filter(
            pk__in=set(keys) - {one.pk for one in ticked}
        )
        return [
            *(
                LeftOut(one.system.name, own)
                for one in ticked
                if one.proposed_by_id == self.membership.user_id
            ),
            *(
                LeftOut(
                    one.system.name,
                    gettext("decided already: %(state)s") % {"state": one.get_state_display()},
                )
                for one in decided.order_by("system__name")
            ),
        ]

    def sign_url(self, keys: Iterable[str]) -> str:
        return f"{self.url('targets-sign')}?{_query(keys)}"

    def to_confirm(self, keys: Iterable[str]) -> str:
        return confirm_url(
            self.request,
            self.sign_url(keys),
            otherwise=gettext(
                "Your login has neither a password nor a second factor to sign with. Set one up"
                " under “Account” first."
            ),
        )


def _target(approved: Any) -> Target:
    return target_figures.target_of(approved) if approved else Target(None, None, None)


def _query(keys: Iterable[str]) -> str:
    return urlencode([("keys", key) for key in keys])


def _faults(keys: Sequence[str], conflict: Conflict) -> dict[str, str]:
    """What a refused signature says of each proposal, by its key."""
    said = {key: fault for key in keys if isinstance(fault := conflict.current.get(key), str)}
    return said or dict.fromkeys(keys, str(conflict))


class DecisionMinutes(AnswerView):
    """Who approved what, when, and on which figures: to be printed."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        approved = access.find(targets.approvals(self.organisation), key)
        found = target_minutes.minutes(self.organisation, approved)
        return self.render("targets/review_minutes.html", {"minutes": found, "signed": approved})


urls = [
    path("targets/review/sign/", Sign.as_view(), name="targets-sign"),
    path("targets/minutes/<str:key>/", DecisionMinutes.as_view(), name="targets-minutes"),
]
