"""Teams."""

from __future__ import annotations

from bcp.api.serializers.teams import TeamSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import teams as reads
from bcp.queries.filters import TeamFilter
from bcp.services import teams


class TeamList(ListCreateView):
    tag = "Teams"
    serializer_class = TeamSerializer
    filterset_class = TeamFilter
    listing = staticmethod(reads.listing)
    service = teams
    detail_url = "api-teams-detail"


class TeamDetail(DetailView):
    tag = "Teams"
    serializer_class = TeamSerializer
    listing = staticmethod(reads.listing)
    service = teams
