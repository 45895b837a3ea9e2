"""Whether somebody has just confirmed who they are, which a signature needs.

The confirmation itself is allauth's: by password or by second factor, on its own pages. Signing in
does not count as one; somebody may have left the desk since.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from bcp.errors import NotAllowed

CONFIRMATION_LASTS = timedelta(minutes=5)


def confirmed_until(request: HttpRequest, now: datetime) -> datetime | None:
    """Until when the last confirmation of this session lasts; `None` if there is none that
    still does."""
    moments = [
        datetime.fromtimestamp(record["at"], UTC)
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    until = max(moments) + CONFIRMATION_LASTS if moments else None
    return until.astimezone(now.tzinfo) if until is not None and now < until else None


def confirm_url(request: HttpRequest, then: str, *, otherwise: str) -> str:
    """Where to confirm who one is, coming back to the address `then`. Raises `NotAllowed` with the
    sentence `otherwise` for a login that has nothing to confirm with."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if not methods:
        raise NotAllowed(otherwise)
    return f"{methods[0]['url']}?{urlencode({'next': then})}"
