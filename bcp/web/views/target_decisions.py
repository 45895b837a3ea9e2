"""Deciding about one proposal, with what it asks for, and what has changed since it was made."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext

from bcp import access
from bcp.engine.decision_basis import changed_since
from bcp.engine.frozen_figures import differences
from bcp.engine.permissions import Capability
from bcp.errors import Conflict
from bcp.queries import target_figures, targets
from bcp.services import targets as writes
from bcp.web.forms.targets import SendBackForm
from bcp.web.target_figures import shown_of
from bcp.web.views.answers import AnswerView
from bcp.web.views.base import seen_version


class DecisionView(AnswerView):
    """What the pages of one proposal share."""

    def proposal(self, key: str) -> Any:
        return access.find(targets.listing(self.organisation), key)

    def done(self, target: Any, message: str) -> HttpResponse:
        self.succeed(message)
        return redirect(self.url("targets-history", key=target.system_id))

    def decision_page(
        self,
        target: Any,
        form: SendBackForm,
        status: int = 200,
        conflict: Conflict | None = None,
        seen: str = "",
    ) -> HttpResponse:
        """`seen`: the basis of a decision that met a `conflict`."""
        is_open = target.state == "proposed"
        own = target.proposed_by_id == self.by.user.pk if self.by.user else False
        context = {
            "row": target,
            "system": target.system,
            "form": form,
            "conflict": conflict,
            "is_open": is_open,
            "is_own": own,
            "may_decide": access.can(self.membership, Capability.APPROVE_TARGET) and not own,
            "as_proposed": target.proposed_on,
        }
        if is_open:
            asks = self.asks(target)
            context |= asks
            context["changes"] = changed_since(seen, asks["basis"]) if seen else []
        else:
            context["as_decided"] = target.decided_on
        return self.render("targets/decide.html", context, status)

    def asks(self, target: Any) -> dict[str, Any]:
        """What the proposal asks for as things are now, and its basis."""
        wanted = target_figures.target_of(target)
        figures = target_figures.of_one(self.answer(), target.system_id, wanted, today=self.today)
        return {
            "target": wanted,
            "asked": True,
            "shown": None if figures is None else shown_of(figures, self.organisation),
            "basis": writes.basis_of(target, figures),
            "since": differences(target.proposed_on, figures),
        }


class Approve(DecisionView):
    """GET shows a proposal and what it demands; POST makes it the target. If something that it
    rests on is another by then, the page is shown anew and says what."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.decision_page(self.proposal(key), SendBackForm(organisation=self.organisation))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        access.require(self.membership, Capability.APPROVE_TARGET)
        target = self.proposal(key)
        version, basis = seen_version(request), seen_basis(request)
        try:
            writes.approve(
                self.organisation, key, seen_version=version, seen_basis=basis, by=self.by
            )
        except Conflict as conflict:
            form = SendBackForm(organisation=self.organisation)
            return self.decision_page(self.proposal(key), form, 409, conflict, seen=basis)
        return self.done(
            target, gettext("The target of “%(system)s” is approved.") % {"system": target.system}
        )


class SendBack(DecisionView):
    needs = Capability.APPROVE_TARGET

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        target = self.proposal(key)
        version = seen_version(request)
        form = SendBackForm(organisation=self.organisation, data=request.POST)
        if not form.is_valid():
            return self.decision_page(target, form, 422)
        reason = form.cleaned_data["reason"]
        try:
            writes.send_back(self.organisation, key, reason, seen_version=version, by=self.by)
        except Conflict as conflict:
            return self.decision_page(self.proposal(key), form, 409, conflict)
        return self.done(
            target,
            gettext("The proposal for “%(system)s” is sent back.") % {"system": target.system},
        )


class Withdraw(DecisionView):
    needs = Capability.PROPOSE_TARGET

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        target = self.proposal(key)
        writes.withdraw(self.organisation, key, seen_version=seen_version(request), by=self.by)
        return self.done(
            target,
            gettext("The proposal for “%(system)s” is withdrawn.") % {"system": target.system},
        )


def seen_basis(request: HttpRequest) -> str:
    """What the page that was sent in had shown the proposal with."""
    basis = request.POST.get("basis")
    if basis is None:
        raise SuspiciousOperation("the form lacks the basis it was made from")
    return basis


urls = [
    path("targets/<str:key>/", Approve.as_view(), name="targets-approve"),
    path("targets/<str:key>/send-back/", SendBack.as_view(), name="targets-send-back"),
    path("targets/<str:key>/withdraw/", Withdraw.as_view(), name="targets-withdraw"),
]
