"""Sites."""

from __future__ import annotations

from bcp.api.serializers.sites import SiteSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import sites as reads
from bcp.queries.filters import SiteFilter
from bcp.services import sites


class SiteList(ListCreateView):
    tag = "Sites"
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    listing = staticmethod(reads.listing)
    service = sites
    detail_url = "api-sites-detail"


class SiteDetail(DetailView):
    tag = "Sites"
    serializer_class = SiteSerializer
    listing = staticmethod(reads.listing)
    service = sites
