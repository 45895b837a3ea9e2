"""What every view of the API does before anything else: who is it, where, and may they?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ParseError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from bcp import access
from bcp.api import auth
from bcp.engine.permissions import Capability
from bcp.services.actor import Actor


class ApiView(GenericAPIView):
    """Signed in by session or token. `tag` is the heading in the documentation."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    tag = ""
    operation = ""
    """Name of the operation in generated clients, where the address does not give a good one."""
    many = False  # whether GET answers with a list
    pagination_class: Any = None
    filter_backends: Any = ()
    takes: Mapping[str, Any] = {}
    """Serializer of the request body by method, where it is not `serializer_class`."""
    gives: Mapping[str, Mapping[int, Any]] = {}
    """Serializers of the answer by method and status, where they are not the usual."""

    more_errors: Mapping[str, Collection[int]] = {}
    """Statuses by method that an operation answers with beside the usual, for the documentation."""

    def checked(self, request: Request, *, partial: bool = False) -> Any:
        """The request body's serializer, valid; raises `ValidationError`."""
        serializer_class = self.takes.get(str(request.method), self.serializer_class)
        serializer = serializer_class(
            data=request.data, partial=partial, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return serializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except (NotAuthenticated, AuthenticationFailed):
            # The framework counts requests only after letting them in.
            throttle = AnonRateThrottle()
            if not throttle.allow_request(request, self):
                self.throttled(request, throttle.wait() or 0)
            raise
        if "\x00" in request.get_full_path() or any(
            "\x00" in value for _name, values in request.query_params.lists() for value in values
        ):
            raise ParseError(_("The address must not contain NUL characters."))

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Answers are one tenant's: no cache may keep them."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}


class OrganisationView(ApiView):
    """Inside one organisation: 404 unless the login is a member, 403 if the role is too low.

    `needs` names the capability for each method that the view has.
    """

    needs: Mapping[str, Capability] = {"GET": Capability.READ}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.membership = access.enter(request.user, kwargs["slug"])
        self.organisation = self.membership.organisation
        auth.check_scope(request.auth, self.organisation)
        self.now = timezone.now()
        self.by = Actor.member(self.membership, via="api")
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method in self.needs:
            access.require(self.membership, self.needs[method])

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        return {
            **context,
            "organisation": getattr(self, "organisation", None),
            "now": getattr(self, "now", None),
        }


class NotHere(ApiView):
    """Any address that the API does not have."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404(_("There is no such page."))
