"""Teams: who can do the same work, how many at a time, and how soon they work."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from bcp.queries import systems
from bcp.queries import teams as reads
from bcp.queries.filters import TeamFilter
from bcp.services import teams as writes
from bcp.web.forms.teams import TeamForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.lists import Column, ListView

TEAMS = Noun("teams", _("team"), _("Teams"), "team", reads.listing, writes, adding=_("Add a team"))


def _members(team: Any) -> str:
    return ", ".join(member.name for member in team.members.all())


_FIGURES = (
    Column("heads_day", _("Heads by day"), "heads_day", "number"),
    Column("heads_night", _("Heads off hours"), "heads_night", "number"),
    Column(
        "mobilise_day",
        _("Mobilised by day after"),
        "mobilise_day_minutes",
        "minutes",
        "mobilise_day_minutes",
    ),
    Column(
        "mobilise_night", _("Mobilised off hours after"), "", "minutes", "mobilise_night_minutes"
    ),
)


class TeamList(ListView):
    noun = TEAMS
    filter_class = TeamFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("members", _("Members"), value=_members),
        *_FIGURES,
    )
    export_columns = (
        Column("name", "name"),
        Column(
            "members",
            "members",
            value=lambda team: "; ".join(member.name for member in team.members.all()),
        ),
        *_FIGURES,
    )


class TeamDetail(DetailView):
    noun = TEAMS
    columns = _FIGURES

    def context(self, record: Any) -> dict[str, Any]:
        return {
            "systems": list(systems.listing(self.organisation).filter(team=record)),
            "map_url": f"{self.url('map')}?{urlencode({'in': f'team:{record.name}'})}",
        }


class TeamCreate(CreateView):
    noun = TEAMS
    form_class = TeamForm

    def save(self, form: Any) -> Any:
        values, members = form.apart()
        return writes.create(self.organisation, values, members=members, by=self.by)


class TeamEdit(EditView):
    noun = TEAMS
    form_class = TeamForm

    def save(self, form: Any, key: str, version: int) -> Any:
        values, members = form.apart()
        return writes.change(
            self.organisation, key, values, members=members, seen_version=version, by=self.by
        )


class TeamDelete(DeleteView):
    noun = TEAMS

    def context(self, record: Any) -> dict[str, Any]:
        return {"systems": list(systems.listing(self.organisation).filter(team=record))}


class TeamHistory(HistoryView):
    noun = TEAMS


urls = [
    path("teams/", TeamList.as_view(), name="teams-list"),
    path("teams/new/", TeamCreate.as_view(), name="teams-create"),
    path("teams/<str:key>/", TeamDetail.as_view(), name="teams-detail"),
    path("teams/<str:key>/edit/", TeamEdit.as_view(), name="teams-edit"),
    path("teams/<str:key>/delete/", TeamDelete.as_view(), name="teams-delete"),
    path("teams/<str:key>/history/", TeamHistory.as_view(), name="teams-history"),
]
