"""Token authentication: `Authorization: Bearer …`, good in the token's own organisation only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(KnoxAuthentication):
    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isalnum() or not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Whether the token has run out. Knox would delete it, unaudited, while reading."""
        return bool(auth_token.expiry < timezone.now())


def in_scope(token: Any, memberships: QuerySet[Any]) -> QuerySet[Any]:
    """The memberships that the request may use: with a token, the one in its organisation."""
    return memberships.filter(organisation_id=token.organisation_id) if token else memberships


def check_scope(token: Any, organisation: Any) -> None:
    """404, as for any foreign organisation, if the request came with another one's token.

    `token` is `request.auth`: `None` for a session.
    """
    if token is not None and token.organisation_id != organisation.pk:
        raise Http404(_("There is no such page."))
