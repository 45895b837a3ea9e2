"""Backup copies."""

from __future__ import annotations

from bcp.api.serializers.copies import CopySerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import copies as reads
from bcp.queries.filters import BackupCopyFilter
from bcp.services import copies


class CopyList(ListCreateView):
    tag = "Backup copies"
    serializer_class = CopySerializer
    filterset_class = BackupCopyFilter
    listing = staticmethod(reads.listing)
    service = copies
    detail_url = "api-copies-detail"


class CopyDetail(DetailView):
    tag = "Backup copies"
    serializer_class = CopySerializer
    listing = staticmethod(reads.listing)
    service = copies
