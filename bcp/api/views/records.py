"""Lists, single records and their history, the same for every noun.

A noun's module names its parts: where to read (`listing`), who writes (`service`), the
serializer and the filter set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from bcp.api import preconditions
from bcp.api.errors import ConflictWith
from bcp.api.filtering import OrganisationFilters
from bcp.api.paging import Pages
from bcp.api.serializers.audit import EventSerializer
from bcp.api.serializers.base import RecordSerializer
from bcp.api.views.base import OrganisationView
from bcp.engine.permissions import Capability
from bcp.errors import Conflict
from bcp.queries import history

Row = dict[str, Any]


class RecordView(OrganisationView):
    """Parts of a noun, and its rows as they go out."""

    serializer_class: type[RecordSerializer]
    listing: Any
    service: Any

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.model()._default_manager.none()
        return self.listing(self.organisation)

    def rows(self, records: QuerySet[Any]) -> list[Row]:
        return self.serializer_class.rows(records, self.get_serializer_context())

    def row(self, key: str) -> Row:
        """The record as it goes out; the same 404 for a foreign key as for an unknown one."""
        rows = self.rows(self.get_queryset().filter(pk=key))
        if not rows:
            raise Http404(_("There is no such page."))
        return rows[0]

    def tagged_response(self, row: Row, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(row, status_code, headers={"ETag": preconditions.etag_of(row)})


class ListView(RecordView):
    """Filtered, sorted and paged; ties are broken by the key, so that no page repeats a row."""

    many = True
    pagination_class: Any = Pages
    filter_backends: Any = (OrganisationFilters,)
    filterset_class: Any = None

    def get(self, request: Request, **_keys: str) -> Response:
        records = self.filter_queryset(self.get_queryset())
        order = records.query.order_by or records.model._meta.ordering
        page = self.paginate_queryset(records.order_by(*order, "pk"))
        return self.get_paginated_response(page)

    def paginate_queryset(self, queryset: Any) -> Any:
        rows: Any = Rows(queryset, self.rows)
        return super().paginate_queryset(rows)


class Rows:
    """A queryset to the paginator: counted as it is, read as rows when a slice is taken."""

    ordered = True

    def __init__(self, records: QuerySet[Any], read: Callable[[QuerySet[Any]], list[Row]]) -> None:
        self.records, self.read = records, read

    def count(self) -> int:
        return self.records.count()

    def __getitem__(self, wanted: slice) -> list[Row]:
        return self.read(self.records[wanted])


class ListCreateView(ListView):
    needs: Mapping[str, Capability] = {
        "GET": Capability.READ,
        "POST": Capability.EDIT_ESTATE,
    }
    tagged: Mapping[str, list[int]] = {"POST": [201]}
    detail_url: str

    def post(self, request: Request, slug: str) -> Response:
        serializer = self.checked(request)
        record = self.service.create(self.organisation, by=self.by, **serializer.arguments())
        response = self.tagged_response(self.row(record.pk), status.HTTP_201_CREATED)
        address = reverse(self.detail_url, kwargs={"slug": slug, "key": record.pk})
        response["Location"] = request.build_absolute_uri(address)
        return response


class LockedView(RecordView):
    """One record, whose writes must name the version they have seen."""

    tagged: Mapping[str, list[int]] = {"GET": [200], "PUT": [200], "PATCH": [200]}
    locked_methods: tuple[str, ...] = ()

    def get(self, request: Request, slug: str, key: str) -> Response:
        return self.tagged_response(self.row(key))

    def write(self, request: Request, key: str, do: Callable[[int], Any]) -> None:
        """Call `do` with the version that the client has seen.

        Raises `StaleVersion` (412) with the record as it is, also if somebody is quicker in
        between, `ConflictWith` (409) if its state forbids the write, 404 if it is gone.
        """
        row = self.row(key)
        preconditions.check(request, row)
        try:
            do(row["version"])
        except Conflict as conflict:
            current = self.row(key)
            if current["version"] != row["version"]:
                raise preconditions.StaleVersion(current) from conflict
            raise ConflictWith(str(conflict), current) from conflict


class DetailView(LockedView):
    needs: Mapping[str, Capability] = {
        "GET": Capability.READ,
        "PUT": Capability.EDIT_ESTATE,
        "PATCH": Capability.EDIT_ESTATE,
        "DELETE": Capability.EDIT_ESTATE,
    }
    locked_methods: tuple[str, ...] = ("PUT", "PATCH", "DELETE")

    def put(self, request: Request, slug: str, key: str) -> Response:
        """Replace the record: what is left out goes back to its default."""
        return self._change(request, key, lambda: self.checked(request).whole())

    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Change the fields that are given."""
        return self._change(request, key, lambda: self.checked(request, partial=True).arguments())

    def _change(self, request: Request, key: str, read: Callable[[], dict[str, Any]]) -> Response:
        def change(seen_version: int) -> None:
            self.service.change(
                self.organisation, key, seen_version=seen_version, by=self.by, **read()
            )

        self.write(request, key, change)
        return self.tagged_response(self.row(key))

    def delete(self, request: Request, slug: str, key: str) -> Response:
        self.write(
            request,
            key,
            lambda seen: self.service.delete(self.organisation, key, seen_version=seen, by=self.by),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class HistoryView(ListView):
    """Who changed one record, when and what, newest first; also after it was deleted."""

    serializer_class = EventSerializer
    record_type: str = ""

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        events = history.of_record(self.organisation, self.record_type, self.kwargs["key"])
        if not events.exists():
            raise Http404(_("There is no such page."))
        return events
