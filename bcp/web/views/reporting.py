"""The public address at which a backup job reports its copy, outside any organisation.

    /report/SECRET            success          /report/SECRET/start
    /report/SECRET/0 … /255   exit code        /report/SECRET/success, /report/SECRET/failure

By GET, HEAD or POST; `bytes` and `exit_code` may stand in the query or in a form body, and a body
is not kept. No login, no cookies, and one answer to whatever is not the address of a copy, so that
nothing is learnt from trying. Only who has the address is told what is wrong with the rest.
"""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import re_path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from bcp.errors import InvalidInput
from bcp.services import reporting

BODY_BYTES = 64 * 1024
WRONG_CALLS = 300
"""So many wrong addresses may one client try in a minute. Right ones are taken all the same: no
limit is needed against guessing 160 bits, and a neighbour must not silence a backup job."""

_MINUTE = 60
_HIGHEST_CODE = 255
_MOST_BYTES = 2**63 - 1


@method_decorator(csrf_exempt, name="dispatch")
class Report(View):
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, address: str, event: str | None = None) -> HttpResponse:
        now = timezone.now()
        length = request.headers.get("Content-Length") or "0"
        if not re.fullmatch("[0-9]{1,9}", length) or int(length) > BODY_BYTES:
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send no log: it is not kept.")
        try:
            copy = reporting.copy_at(address)
            reporting.take(copy, call(request, event), now)
        except reporting.WrongAddress:
            return refusal(request, now)
        except InvalidInput as error:
            return answer(HTTPStatus.BAD_REQUEST, str(error))
        except reporting.TooManyCalls as error:
            return wait(error.retry_after_seconds)
        return answer(HTTPStatus.OK, "OK")

    post = get


def call(request: HttpRequest, event: str | None) -> reporting.Call:
    """What the job says; `event` is what follows the secret, `None` if nothing does. Raises
    `InvalidInput`."""
    code = whole_number(given(request, "exit_code"), "exit_code", _HIGHEST_CODE)
    size = given(request, "bytes") or None  # an empty variable of a script: unknown
    reported_bytes = whole_number(size, "bytes", _MOST_BYTES)
    if event is not None and event not in reporting.EVENTS:
        named = whole_number(event, _("What follows the address"), _HIGHEST_CODE)
        if code not in (None, named):
            raise InvalidInput(_("The address and exit_code name different exit codes."))
        event, code = None, named
    return reporting.Call.of(event, code, reported_bytes)


def given(request: HttpRequest, name: str) -> str | None:
    try:
        value = request.POST.get(name, request.GET.get(name))
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError) as error:
        raise InvalidInput(_("The form cannot be read.")) from error
    return value if value is None else str(value)


def whole_number(text: str | None, name: str, most: int) -> int | None:
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,19}", text) or int(text) > most:
        fault = _("%(name)s must be a whole number from 0 to %(most)d.")
        raise InvalidInput(fault % {"name": name, "most": most})
    return int(text)


def refusal(request: HttpRequest, now: datetime) -> HttpResponse:
    """The one answer to every wrong address."""
    try:
        client = get_adapter().get_client_ip(request)
    except PermissionDenied:  # behind a socket that names nobody
        client = ""
    seconds = int(now.timestamp())
    name = f"wrong-reports:{client}:{seconds // _MINUTE}"
    cache.add(name, 0, timeout=2 * _MINUTE)
    try:
        tried = cache.incr(name)
    except ValueError:  # a full cache has dropped it at once
        tried = 1
    if tried > WRONG_CALLS:
        return wait(_MINUTE - seconds % _MINUTE)
    return answer(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


def wait(seconds: int) -> HttpResponse:
    response = answer(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls.")
    response["Retry-After"] = str(seconds)
    return response


def answer(status: HTTPStatus, text: str) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(f"{text}\n", "text/plain; charset=utf-8", status, headers=headers)


urls = [re_path(r"^report/(?P<address>[^/]*)(?:/(?P<event>.*))?$", Report.as_view(), name="report")]
