"""Escalation paths."""

from __future__ import annotations

from bcp.api.serializers.escalation import EscalationPathSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import escalation as reads
from bcp.queries.filters import EscalationPathFilter
from bcp.services import escalation


class EscalationPathList(ListCreateView):
    tag = "Escalation paths"
    serializer_class = EscalationPathSerializer
    filterset_class = EscalationPathFilter
    listing = staticmethod(reads.listing)
    service = escalation
    detail_url = "api-escalation-paths-detail"


class EscalationPathDetail(DetailView):
    tag = "Escalation paths"
    serializer_class = EscalationPathSerializer
    listing = staticmethod(reads.listing)
    service = escalation
