"""Proposing a target, and seeing what it asks for before anybody has to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.impacts import derive
from bcp.engine.permissions import Capability
from bcp.engine.proposal import Target
from bcp.engine.results import Analysis
from bcp.errors import InvalidInput
from bcp.queries import organisations, systems, target_figures, targets
from bcp.services import targets as writes
from bcp.web.forms.targets import FIGURES, ProposalForm
from bcp.web.target_figures import Shown, shown_of
from bcp.web.views.answers import AnswerView


@dataclass(frozen=True, slots=True)
class Start:
    """A figure that is filled in beforehand, and where it comes from."""

    value: Any
    origin: str | Promise


class ProposalView(AnswerView):
    """What the page and its live part share."""

    needs = Capability.PROPOSE_TARGET

    def form(self, **options: Any) -> ProposalForm:
        return ProposalForm(organisation=self.organisation, **options)

    def asks(self, answer: Analysis, key: str, form: ProposalForm) -> dict[str, Any]:
        """What the figures of a clean form ask for: the context of `targets/_consequences.html`."""
        target = Target(*(form.cleaned_data.get(name) for name in FIGURES))
        if target == Target(None, None, None):
            return {}
        figures = target_figures.of_one(answer, key, target, today=self.today)
        shown: Shown | None = None if figures is None else shown_of(figures, self.organisation)
        return {"target": target, "shown": shown, "asked": True}


class Propose(ProposalView):
    """Figures for one system. GET fills in what is known (`?rto_minutes=` and the like come
    first); POST proposes, or only shows what the figures ask for (`show`)."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        answer = self.answer()
        start = self.start(system, answer)
        initial = {name: one.value for name, one in start.items()}
        origins = {name: one.origin for name, one in start.items()}
        form = self.form(initial=initial, origins=origins)
        typed = self.form(data=initial, origins=origins)
        if typed.is_valid():
            return self.proposal_page(system, form, self.asks(answer, key, typed))
        return self.proposal_page(system, typed if typed.contradicts_itself else form, {})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.proposal_page(system, form, {})
        if "show" not in request.POST:
            try:
                proposal = writes.propose(self.organisation, key, **form.cleaned_data, by=self.by)
            except InvalidInput as error:
                form.add_faults(error)
            else:
                self.succeed(
                    gettext("Proposed. Somebody else with the right to approve decides now.")
                )
                return redirect(self.url("targets-approve", key=proposal.pk))
        return self.proposal_page(system, form, self.asks(self.answer(), key, form))

    def start(self, system: Any, answer: Analysis) -> dict[str, Start]:
        """What each field begins with: what the address says, else an open proposal, else the
        approved target, else what follows from the business impact, else the tier's promise."""
        given = self._given()
        open_one = targets.proposals(self.organisation).filter(system=system).first()
        approved = targets.approved(self.organisation).get(system.pk)
        sources: list[tuple[dict[str, Any], str | Promise]] = [
            (given, _("Filled in by the page you come from.")),
            (_figures(open_one), _("Filled in from the open proposal.")),
            (_figures(approved), _("Filled in from the approved target.")),
            (_derived(answer, system.pk), _("Filled in from the answers on business impact.")),
            (self._promised(system), _("Filled in from what its tier promises.")),
        ]
        start: dict[str, Start] = {}
        for figures, origin in sources:
            for name, value in figures.items():
                if value is not None:
                    start.setdefault(name, Start(value, origin))
        reason = self.request.GET.get("reason") or (open_one.reason if open_one else "")
        return {**start, "reason": Start(reason, "")} if reason else start

    def _given(self) -> dict[str, Any]:
        """The figures in the address; what cannot be read stays as it is, for whoever mends it."""
        given = {name: self.request.GET[name] for name in FIGURES if self.request.GET.get(name)}
        form = self.form(data=given)
        form.is_valid()
        return {name: form.cleaned_data.get(name, text) for name, text in given.items()}

    def _promised(self, system: Any) -> dict[str, Any]:
        tiers = organisations.tiers(self.organisation)
        return _figures(next((one for one in tiers if one.tier == system.tier), None))

    def proposal_page(self, system: Any, form: ProposalForm, asked: dict[str, Any]) -> HttpResponse:
        context = {
            "system": system,
            "form": form,
            "open_one": targets.proposals(self.organisation).filter(system=system).first(),
            "sent_back": targets.sent_back(self.organisation).filter(system=system).first(),
            **asked,
        }
        refused = form.errors and self.request.method == "POST"
        return self.render("targets/propose.html", context, 422 if refused else 200)


class LiveConsequences(ProposalView):
    """The part of the page that follows the typing. What cannot be read is said in it."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        form = self.form(data=request.GET)
        asked = self.asks(self.answer(), key, form) if form.is_valid() else {}
        context = {"system": system, "form": form, "is_live": True, **asked}
        return self.render("targets/_consequences.html", context)


def _figures(row: Any) -> dict[str, Any]:
    """The figures of a record that has some of them; none of nothing."""
    return {name: getattr(row, name, None) for name in FIGURES}


def _derived(answer: Analysis, key: str) -> dict[str, Any]:
    """Rule T1 for the process, as far as answers give a figure."""
    systems_there = answer.estate.systems
    for impact in answer.estate.impacts:
        if systems_there[impact.system].key == key:
            found = derive(impact.answers)
            return {"rto_minutes": found.rto.minutes, "mtd_minutes": found.mtd.minutes}
    return {}


urls = [
    path("targets/of/<str:key>/propose/", Propose.as_view(), name="targets-propose"),
    path(
        "targets/of/<str:key>/consequences/",
        LiveConsequences.as_view(),
        name="targets-consequences",
    ),
]
