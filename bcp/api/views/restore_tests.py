"""Restore tests."""

from __future__ import annotations

from bcp.api.serializers.restore_tests import RestoreTestSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import restore_tests as reads
from bcp.queries.filters import RestoreTestFilter
from bcp.services import restore_tests


class RestoreTestList(ListCreateView):
    tag = "Restore tests"
    serializer_class = RestoreTestSerializer
    filterset_class = RestoreTestFilter
    listing = staticmethod(reads.listing)
    service = restore_tests
    detail_url = "api-restore-tests-detail"


class RestoreTestDetail(DetailView):
    tag = "Restore tests"
    serializer_class = RestoreTestSerializer
    listing = staticmethod(reads.listing)
    service = restore_tests
