"""Every error in one shape: problem details (RFC 9457) as `application/problem+json`.

`type` is `about:blank` where the status says it all, or one of `TYPES`; `fields` maps a field's
name to what is wrong with it, with `non_field_errors` for the record as a whole.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from bcp.api.parsers import BodyTooLarge
from bcp.api.preconditions import IfMatchRequired, StaleVersion, etag_of
from bcp.api.renderers import JSONRenderer
from bcp.errors import BcpError, Conflict, InvalidInput, NotAllowed

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
INVALID_INPUT = "urn:problem-type:bcp:invalid-input"
ROLE_TOO_LOW = "urn:problem-type:bcp:role-too-low"
CONFLICT = "urn:problem-type:bcp:conflict"
STALE_VERSION = "urn:problem-type:bcp:stale-version"
IF_MATCH_REQUIRED = "urn:problem-type:bcp:if-match-required"
TYPES = (INVALID_INPUT, ROLE_TOO_LOW, CONFLICT, STALE_VERSION, IF_MATCH_REQUIRED)


class ConflictWith(BcpError):
    """A write that the record's present state forbids; `current` is the record as it is."""

    def __init__(self, message: str, current: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.current = dict(current)


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """The response to an error. What nobody foresaw is logged, and says nothing of itself."""
    response = _answer(error)
    response.content_type = MEDIA_TYPE
    if context.get("request") is not None:
        # Also where the client asked for something else, a PDF say.
        context["request"].accepted_renderer = JSONRenderer()
        context["request"].accepted_media_type = MEDIA_TYPE
    return response


def _answer(error: Exception) -> Response:
    if isinstance(error, BcpError):
        return _told(error)
    if isinstance(error, Http404):
        return problem(404, str(error) or _("There is no such page."))
    if isinstance(error, PermissionDenied):
        return problem(403, _("You may not do this."))
    if isinstance(error, RequestDataTooBig):
        return problem(413, str(BodyTooLarge.default_detail))
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, exceptions.APIException):
        return _plain(error)
    logger.error("an API request failed", exc_info=error)
    return problem(500, _("Something went wrong; the log of this machine says what."))


def _told(error: BcpError) -> Response:
    match error:
        case StaleVersion():
            response = problem(412, str(error), type_=STALE_VERSION, current=error.current)
            response["ETag"] = etag_of(error.current)
            return response
        case ConflictWith():
            return problem(409, str(error), type_=CONFLICT, current=error.current)
        case Conflict():
            return problem(409, str(error), type_=CONFLICT)
        case NotAllowed():
            return problem(403, str(error), type_=ROLE_TOO_LOW)
        case InvalidInput():
            return problem(400, str(error), type_=INVALID_INPUT, fields=_named(error.fields))
    logger.error("%s: %s", type(error).__name__, error)
    return problem(500, str(error))


def problem(
    status: int,
    detail: str,
    *,
    type_: str = "about:blank",
    fields: Mapping[str, list[str]] | None = None,
    current: Mapping[str, Any] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": type_,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "fields": dict(fields or {}),
    }
    if current is not None:
        body["current"] = dict(current)
    return Response(body, status=status)


def _invalid(error: exceptions.ValidationError) -> Response:
    fields = flatten(error.detail)
    first = next(iter(fields.values()), [_("The input is not valid.")])[0]
    return problem(400, first, type_=INVALID_INPUT, fields=fields)


def _plain(error: exceptions.APIException) -> Response:
    type_ = IF_MATCH_REQUIRED if isinstance(error, IfMatchRequired) else "about:blank"
    response = problem(error.status_code, str(error.detail), type_=type_)
    challenge = getattr(error, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(math.ceil(wait))
    return response


def flatten(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Nested messages as one map: `{"steps": [{"contact": ["…"]}]}` → `{"steps.0.contact": …}`."""
    found: dict[str, list[str]] = {}
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            found |= flatten(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(detail, list) and any(isinstance(inner, Mapping | list) for inner in detail):
        for position, inner in enumerate(detail):
            found |= flatten(inner, f"{name}.{position}" if name else str(position))
    elif detail:
        messages = detail if isinstance(detail, list) else [detail]
        found[name or api_settings.NON_FIELD_ERRORS_KEY] = [str(message) for message in messages]
    return found


def _named(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {
        name or api_settings.NON_FIELD_ERRORS_KEY: [str(message) for message in messages]
        for name, messages in fields.items()
    }
