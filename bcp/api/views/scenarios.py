"""The organisation's own scenarios."""

from __future__ import annotations

from bcp.api.serializers.scenarios import ScenarioSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import scenarios as reads
from bcp.queries.filters import ScenarioFilter
from bcp.services import scenarios


class ScenarioList(ListCreateView):
    tag = "Own scenarios"
    serializer_class = ScenarioSerializer
    filterset_class = ScenarioFilter
    listing = staticmethod(reads.listing)
    service = scenarios
    detail_url = "api-scenarios-detail"


class ScenarioDetail(DetailView):
    tag = "Own scenarios"
    serializer_class = ScenarioSerializer
    listing = staticmethod(reads.listing)
    service = scenarios
