"""Optimistic locking over HTTP: the ETag is the record's version, writes must name it.

The version counts the edits of the record itself; figures derived from other records (how many
systems need it) may differ under the same ETag.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError

from bcp.errors import BcpError


class IfMatchRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = gettext_lazy(
        "Name the version that you have seen: send its ETag in the header If-Match."
    )
    default_code = "if_match_required"


class StaleVersion(BcpError):
    """The version named in If-Match is not the current one; `current` is the record as it is."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        super().__init__(_("Somebody else changed this record since the version that you named."))
        self.current = dict(current)


def etag_of(row: Mapping[str, Any]) -> str:
    return f'"{row["version"]}"'


def check(request: HttpRequest, row: Mapping[str, Any]) -> None:
    """Raise unless If-Match names the version of `row` (or `*`, any version)."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise IfMatchRequired
    named = parse_etags(header)
    if not named:
        raise ParseError(_('If-Match must be an ETag in double quotes, such as "3".'))
    if named != ["*"] and etag_of(row) not in named:
        raise StaleVersion(row)
