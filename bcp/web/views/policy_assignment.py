"""Giving many systems a copy that follows a policy: choose them in a list, see what would be
so afterwards, do it in one write."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.queries import policies as reads
from bcp.queries import systems
from bcp.queries.filters import SystemFilter
from bcp.services import policies as writes
from bcp.web.copying import in_one_line
from bcp.web.forms.base import choose_by_name
from bcp.web.views.base import NounView
from bcp.web.views.choosing import MOST_AT_ONCE, ChoosingView
from bcp.web.views.lists import Column, ListView, in_steady_order
from bcp.web.views.policies import POLICIES
from bcp.web.views.systems import SYSTEMS


class OfPolicy(NounView):
    """A page about systems and the policy that the address names."""

    needs = Capability.EDIT_ESTATE

    def dispatch(
        self, request: HttpRequest, *args: Any, slug: str = "", **kwargs: Any
    ) -> HttpResponseBase:
        kwargs.pop("key")  # stays in `self.kwargs`; the handlers are those of lists, without one
        return super().dispatch(request, *args, slug=slug, **kwargs)

    @cached_property
    def policy(self) -> Any:
        return access.find(reads.listing(self.organisation), str(self.kwargs["key"]))

    @cached_property
    def assigned(self) -> reads.Assigned:
        return reads.assigned(self.organisation, self.policy)


class PolicySystems(OfPolicy, ListView):
    """The systems, to be narrowed and ticked, each with where it stands towards the policy."""

    noun = SYSTEMS
    filter_class = SystemFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("toward", _("This policy"), value="toward"),
        Column("kind", _("Kind"), sort="kind", value="get_kind_display"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("site", _("Site"), sort="site_name"),
        Column("status", _("Status"), sort="status", value="get_status_display"),
    )

    def templates(self, page: str) -> list[str]:
        return [f"policies/systems_{page}.html", f"generic/{page}.html"]

    def prepare(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.toward = ""
            if row.pk in self.assigned.following:
                row.toward = gettext("● follows it")
            elif row.pk in self.assigned.name_taken:
                row.toward = gettext("▲ has another copy of that name")
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {
            "policy": self.policy,
            "says": in_one_line(self.policy),
            "bulk_url": self.url("policies-assign", key=self.policy.pk),
            "bulk_says": gettext("Assign to the ticked…"),
        }


class PolicyAssign(ChoosingView, OfPolicy):
    """GET: the systems chosen (`keys`, or `all` with the list's filters), before and after. POST
    gives every one of them its copy, or none."""

    noun = POLICIES
    nothing_chosen = _("Nothing was chosen. Tick the systems first.")

    def list_url(self) -> str:
        return self.back_url(self.url("policies-systems", key=self.policy.pk))

    def get(self, request: HttpRequest) -> HttpResponse:
        everything = systems.listing(self.organisation)
        if "all" in request.GET:
            filters = SystemFilter(
                request.GET, queryset=everything, organisation=self.organisation, now=self.now
            )
            choose_by_name(filters.form)
            chosen = in_steady_order(filters.qs)
        else:
            chosen = everything.filter(pk__in=request.GET.getlist("keys")[: MOST_AT_ONCE + 1])
        found = list(chosen[: MOST_AT_ONCE + 1])
        return self.wrong_choice(found) or self.summary(found)

    def post(self, request: HttpRequest) -> HttpResponse:
        policy = self.policy
        keys = [one for one in request.POST.get("keys", "").split(",") if one]
        found = list(systems.listing(self.organisation).filter(pk__in=keys[: MOST_AT_ONCE + 1]))
        if len(found) != len(keys) or not found:
            return self.back_to_list(gettext("Some of these no longer exist; choose again."))
        try:
            made = writes.assign(self.organisation, policy.pk, keys, by=self.by)
        except InvalidInput as error:
            return self.summary(found, str(error), 422)
        text = ngettext(
            "%(count)d system follows the policy from now on.",
            "%(count)d systems follow the policy from now on.",
            len(made),
        )
        self.succeed(text % {"count": len(made)})
        return redirect(self.detail_url(policy))

    def summary(self, chosen: list[Any], fault: str = "", status: int = 200) -> HttpResponse:
        following, taken = self.assigned.following, self.assigned.name_taken
        new = [one for one in chosen if one.pk not in following and one.pk not in taken]
        context = {
            "record": self.policy,
            "says": in_one_line(self.policy),
            "fault": fault,
            "new": new,
            "already": [one for one in chosen if one.pk in following],
            "clashes": [one for one in chosen if one.pk in taken],
            "before": len(following),
            "after": len(following) + len(new),
            "keys": ",".join(one.pk for one in new),
            "back": self.list_url(),
        }
        return self.page("assign", context, status)


urls = [
    path("backups/policies/<str:key>/systems/", PolicySystems.as_view(), name="policies-systems"),
    path("backups/policies/<str:key>/assign/", PolicyAssign.as_view(), name="policies-assign"),
]
