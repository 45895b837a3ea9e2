"""Dependencies."""

from __future__ import annotations

from bcp.api.serializers.dependencies import DependencySerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import dependencies as reads
from bcp.queries.filters import DependencyFilter
from bcp.services import dependencies


class DependencyList(ListCreateView):
    tag = "Dependencies"
    serializer_class = DependencySerializer
    filterset_class = DependencyFilter
    listing = staticmethod(reads.listing)
    service = dependencies
    detail_url = "api-dependencies-detail"


class DependencyDetail(DetailView):
    tag = "Dependencies"
    serializer_class = DependencySerializer
    listing = staticmethod(reads.listing)
    service = dependencies
