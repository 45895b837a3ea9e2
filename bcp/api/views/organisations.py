"""The login's organisations; one organisation with its tiers, members and audit trail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from bcp import access
from bcp.api import auth
from bcp.api.paging import Pages
from bcp.api.serializers.audit import EventSerializer
from bcp.api.serializers.organisations import (
    MemberSerializer,
    MyOrganisationSerializer,
    OrganisationSerializer,
    TierSerializer,
)
from bcp.api.views.base import ApiView
from bcp.api.views.records import ListView, LockedView, Rows
from bcp.engine.permissions import Capability
from bcp.queries import history
from bcp.queries import organisations as reads
from bcp.queries.filters import AuditFilter
from bcp.services import organisations

TAG = "Organisations"


class MyOrganisations(ApiView):
    tag = TAG
    operation = "organisations"
    many = True
    serializer_class = MyOrganisationSerializer
    pagination_class: Any = Pages

    def get(self, request: Request) -> Response:
        """The organisations of the login; with a token, the one that it is good for."""
        mine = auth.in_scope(request.auth, access.memberships(request.user))
        read = self.serializer_class.rows
        rows: Any = Rows(mine, lambda records: read(records, {}))
        return self.get_paginated_response(self.paginate_queryset(rows))


class OrganisationDetail(LockedView):
    tag = TAG
    operation = "organisation"
    needs = {"GET": Capability.READ, "PATCH": Capability.MANAGE_ORGANISATION}
    serializer_class = OrganisationSerializer
    tagged = {"GET": [200], "PATCH": [200]}
    locked_methods = ("PATCH",)
    listing = staticmethod(reads.itself)

    def get(self, request: Request, slug: str, key: str = "") -> Response:
        return self.tagged_response(self.row(str(self.organisation.pk)))

    def patch(self, request: Request, slug: str) -> Response:
        """Change the fields that are given."""

        def change(seen_version: int) -> None:
            values = self.checked(request, partial=True).validated_data
            organisations.change(self.organisation, values, seen_version=seen_version, by=self.by)

        self.write(request, str(self.organisation.pk), change)
        return self.tagged_response(self.row(str(self.organisation.pk)))


class TierList(ListView):
    tag = TAG
    serializer_class = TierSerializer
    listing = staticmethod(reads.tiers)


class TierDetail(LockedView):
    tag = TAG
    needs = {"GET": Capability.READ, "PATCH": Capability.MANAGE_ORGANISATION}
    serializer_class = TierSerializer
    tagged = {"GET": [200], "PATCH": [200]}
    locked_methods = ("PATCH",)
    listing = staticmethod(reads.tiers)

    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Change what the tier promises, or its name."""

        def change(seen_version: int) -> None:
            values = self.checked(request, partial=True).validated_data
            organisations.change_tier(
                self.organisation, key, values, seen_version=seen_version, by=self.by
            )

        self.write(request, key, change)
        return self.tagged_response(self.row(key))


class MemberList(ListView):
    tag = TAG
    serializer_class = MemberSerializer
    listing = staticmethod(reads.members)


class AuditList(ListView):
    tag = TAG
    needs = {"GET": Capability.READ_AUDIT}
    serializer_class = EventSerializer
    filterset_class = AuditFilter

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return history.events(self.organisation)
