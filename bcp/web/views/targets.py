"""Recovery targets: what is approved, proposed and achievable; proposing and deciding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.estate import System
from bcp.engine.permissions import Capability
from bcp.engine.results import Analysis, Standing, SystemResult
from bcp.errors import InvalidInput
from bcp.queries import systems, targets
from bcp.services import targets as writes
from bcp.web.forms.answers import TargetFilter, tier_fits
from bcp.web.forms.targets import ProposalForm, SendBackForm
from bcp.web.nouns import Noun
from bcp.web.proposals import Consequences, consequences
from bcp.web.views.answers import AnswerList, AnswerView
from bcp.web.views.base import seen_version
from bcp.web.views.lists import Column

TARGETS = Noun(
    "targets",
    _("target"),
    _("Targets"),
    "recoverytarget",
    targets.listing,
    writes,
    edited_by=Capability.PROPOSE_TARGET,
)
_RANKS = {Standing.MISSES: 0, Standing.AT_RISK: 1, Standing.UNKNOWN: 2, Standing.MEETS: 3}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A system with what was promised, proposed and can be achieved."""

    system: System
    result: SystemResult
    proposal: Any

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def tier(self) -> int | None:
        return self.system.tier

    @property
    def standing(self) -> str:
        return self.result.standing.value

    @property
    def standing_rank(self) -> int:
        return _RANKS[self.result.standing]

    @property
    def rto(self) -> int | None:
        return self.system.rto_minutes

    @property
    def rpo(self) -> int | None:
        return self.system.rpo_minutes

    @property
    def mtd(self) -> int | None:
        return self.system.mtd_minutes

    @property
    def achievable(self) -> int:
        return self.result.restored_minutes

    @property
    def required(self) -> int | None:
        return self.result.required_rto_minutes

    @property
    def proposed(self) -> int | None:
        return self.proposal.rto_minutes if self.proposal else None


class TargetList(AnswerList):
    noun = TARGETS
    filter_class = TargetFilter
    columns = (
        Column("system", _("System"), sort="system", value="name"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("rto", _("RTO"), sort="rto", kind="minutes"),
        Column("rpo", _("RPO"), sort="rpo", kind="minutes"),
        Column("mtd", _("MTD"), sort="mtd", kind="minutes"),
        Column("achievable", _("Achievable"), sort="achievable", kind="minutes"),
        Column("required", _("Required by others"), sort="required", kind="minutes"),
        Column("standing", _("Standing"), sort="standing"),
        Column("proposed", _("Proposed RTO"), sort="proposed", kind="minutes"),
    )
    sort_ranks = {"standing": "standing_rank"}

    def rows(self) -> Iterable[TargetRow]:
        open_ones = {one.system_id: one for one in targets.proposals(self.organisation)}
        estate, results = self.analysis.estate, self.analysis.systems
        return (
            TargetRow(system, results[index], open_ones.get(system.key))
            for index, system in enumerate(estate.systems)
        )

    def fits(self, row: TargetRow, wanted: Mapping[str, Any]) -> bool:
        if wanted.get("standing") and row.standing not in wanted["standing"]:
            return False
        if wanted.get("system") and row.system.key != wanted["system"]:
            return False
        if wanted.get("state") and not _states(row) & set(wanted["state"]):
            return False
        if not tier_fits(row.tier, wanted.get("tier", [])):
            return False
        return (wanted.get("q") or "").casefold() in row.name.casefold()

    def context(self, page: Page[Any]) -> dict[str, Any]:
        if self.request.htmx:
            return {}
        waiting = targets.proposals(self.organisation).count()
        without = sum(one.rto_minutes is None for one in self.analysis.estate.systems)
        return {
            "waiting": waiting,
            "missed": sum(one.standing is Standing.MISSES for one in self.analysis.systems),
            "without": without,
            "nothing_recorded": not self.analysis.estate.systems,
        }


def _states(row: TargetRow) -> set[str]:
    has_target = not (row.rto is None and row.rpo is None and row.mtd is None)
    return {"approved" if has_target else "missing"} | ({"proposed"} if row.proposal else set())


class Propose(AnswerView):
    """Figures for one system, next to what it achieves today."""

    needs = Capability.PROPOSE_TARGET

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        open_one = targets.proposals(self.organisation).filter(system=system).first()
        start = open_one or system
        initial = {
            name: getattr(start, name) for name in ("rto_minutes", "rpo_minutes", "mtd_minutes")
        }
        if open_one:
            initial["reason"] = open_one.reason
        form = ProposalForm(organisation=self.organisation, initial=initial)
        return self.form_page(system, form)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        form = ProposalForm(organisation=self.organisation, data=request.POST)
        if form.is_valid():
            try:
                proposal = writes.propose(self.organisation, key, **form.cleaned_data, by=self.by)
            except InvalidInput as error:
                form.add_faults(error)
            else:
                self.succeed(
                    gettext("Proposed. Somebody else with the right to approve decides now.")
                )
                return redirect(self.url("targets-approve", key=proposal.pk))
        return self.form_page(system, form)

    def form_page(self, system: Any, form: ProposalForm) -> HttpResponse:
        answer = self.answer()
        result = _result_of(answer, system.pk)
        context = {
            "system": system,
            "form": form,
            "result": result,
            "required_by": _name(answer, result.required_by) if result else None,
            "promise": _promise(answer, system.tier),
            "open_one": targets.proposals(self.organisation).filter(system=system).first(),
        }
        return self.render("targets/propose.html", context, 422 if form.errors else 200)


class DecisionView(AnswerView):
    """What the pages of one proposal share."""

    def proposal(self, key: str) -> Any:
        return access.find(targets.listing(self.organisation), key)

    def done(self, target: Any, message: str) -> HttpResponse:
        self.succeed(message)
        return redirect(self.url("targets-history", key=target.system_id))

    def decision_page(self, target: Any, form: SendBackForm, status: int = 200) -> HttpResponse:
        answer = self.answer()
        effects: Consequences | None = consequences(answer, target, today=self.today)
        own = target.proposed_by_id == self.by.user.pk if self.by.user else False
        context = {
            "target": target,
            "current": targets.approved(self.organisation).get(target.system_id),
            "form": form,
            "effects": effects,
            "result": _result_of(answer, target.system_id),
            "is_open": target.state == "proposed",
            "is_own": own,
            "may_decide": access.can(self.membership, Capability.APPROVE_TARGET) and not own,
        }
        return self.render("targets/decide.html", context, status)


class Approve(DecisionView):
    """GET shows a proposal and what it demands; POST makes it the target."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.decision_page(self.proposal(key), SendBackForm(organisation=self.organisation))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        access.require(self.membership, Capability.APPROVE_TARGET)
        target = self.proposal(key)
        version = seen_version(request)
        writes.approve(self.organisation, key, seen_version=version, by=self.by)
        return self.done(
            target, gettext("The target of “%(system)s” is approved.") % {"system": target.system}
        )


class SendBack(DecisionView):
    needs = Capability.APPROVE_TARGET

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        target = self.proposal(key)
        version = seen_version(request)
        form = SendBackForm(organisation=self.organisation, data=request.POST)
        if form.is_valid():
            writes.send_back(
                self.organisation,
                key,
                form.cleaned_data["reason"],
                seen_version=version,
                by=self.by,
            )
            return self.done(
                target,
                gettext("The proposal for “%(system)s” is sent back.") % {"system": target.system},
            )
        return self.decision_page(target, form, 422)


class Withdraw(DecisionView):
    needs = Capability.PROPOSE_TARGET

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        target = self.proposal(key)
        writes.withdraw(self.organisation, key, seen_version=seen_version(request), by=self.by)
        return self.done(
            target,
            gettext("The proposal for “%(system)s” is withdrawn.") % {"system": target.system},
        )


class TargetHistory(AnswerView):
    """Every target a system ever had or was to have, newest first."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        rows = list(targets.listing(self.organisation).filter(system=system))
        current = targets.approved(self.organisation).get(system.pk)
        context = {"system": system, "rows": rows, "current": current}
        return self.render("targets/history.html", context)


def _result_of(answer: Analysis, key: str) -> SystemResult | None:
    """`None` for a system that is planned or retired: it takes no part in recovery."""
    for index, system in enumerate(answer.estate.systems):
        if system.key == key:
            return answer.systems[index]
    return None


def _name(answer: Analysis, index: int | None) -> str | None:
    return None if index is None else answer.estate.systems[index].name


def _promise(answer: Analysis, tier: int | None) -> int | None:
    policies = answer.estate.tier_policies
    return next((one.rto_minutes for one in policies if one.tier == tier), None)


urls = [
    path("targets/", TargetList.as_view(), name="targets-list"),
    path("targets/of/<str:key>/", TargetHistory.as_view(), name="targets-history"),
    path("targets/of/<str:key>/propose/", Propose.as_view(), name="targets-propose"),
    path("targets/<str:key>/", Approve.as_view(), name="targets-approve"),
    path("targets/<str:key>/send-back/", SendBack.as_view(), name="targets-send-back"),
    path("targets/<str:key>/withdraw/", Withdraw.as_view(), name="targets-withdraw"),
]
