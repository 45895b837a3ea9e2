"""What pages hand out with their forms and get back may be anything by then: nothing of it is
believed, nothing of it leads elsewhere, and none of it is a crash. PostgreSQL is the stricter one
here: it refuses texts that SQLite stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import AuditEvent
from tests.conftest import Cast
from tests.factories import make_saved_view
from tests.web.permission_table import (
    a_draft,
    a_path,
    a_proposal,
    a_question,
    a_scenario,
    an_acceptance,
)

HALF = "a\\ud800"
NUL = "a\\u0000"
NO_INTEGER = "9" * 5000
"""More digits than Python reads."""

ELSEWHERE = [
    *("overview", "bcp.web.views", "a:b", "a b", "-1", "\x00"),
    *("https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example"),
    *("javascript:alert(1)", " //evil.example", "\t//evil.example", "http:evil.example"),
]
SHOWN = [
    *("", "null", "5", "[[1,2]]", "[" * 9000),
    *('[["k",Infinity]]', '[["k",1e999]]', '[["k",NaN]]'),
    *('[["k",9223372036854775808]]', f'[["k",{NO_INTEGER}]]'),
    *(f'["{HALF}","{NUL}"]', f'[["{NUL}",1]]', f'[["{HALF}",1]]'),
    f'[["{HALF}","{HALF}","{HALF}","{HALF}"]]',
    f'[["{NUL}","{NUL}","{NUL}","{NUL}"]]',
    f'[["{HALF}","{HALF}",[["{HALF}","{HALF}","{HALF}","{HALF}"]]]]',
    f'[["{NUL}","{NUL}",[["{NUL}","{NUL}","{NUL}","{NUL}"]]]]',
]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("gaps-accept", Role.EXECUTIVE),
        ("reviews-confirm", Role.IT_DIRECTOR),
        ("proposed-decide", Role.IT_DIRECTOR),
        ("suggestions-propose", Role.IT_DIRECTOR),
        ("suggestions-dismiss", Role.IT_DIRECTOR),
    ],
)
def test_what_no_page_had_shown_decides_nothing(
    name: str, role: Role, acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(role))
    before = AuditEvent.objects.count()
    address = reverse(name, kwargs={"slug": "acme"})
    until = timezone.now().date() + timedelta(days=9)
    terms = {"reason": "Sold", "note": "Seen", "until": str(until)}
    for shown in SHOWN:
        for more in ({}, terms):
            response = client.post(address, {"seen": shown, "keys": shown, **more})
            assert response.status_code in {302, 400, 404, 409, 422}, (shown[:40], more)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("targets-sign", None),
        ("targets-review-send-back", None),
        ("targets-approve", a_proposal),
        ("targets-send-back", a_proposal),
        ("acceptances-take-back", an_acceptance),
    ],
)
def test_a_version_that_nobody_saw_decides_nothing(
    name: str, made: Any, acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(Role.EXECUTIVE))
    kwargs = made(acme) if made else {}
    key = kwargs.get("key") or a_proposal(acme)["key"]
    before = AuditEvent.objects.count()
    for version in ("", "-1", "²", "1.0", "9223372036854775808", NO_INTEGER):
        sent = {
            "keys": key,
            f"version-{key}": version,
            f"basis-{key}": "x",
            "version": version,
            "basis": "x",
            "reason": "Sold",
        }
        response = client.post(reverse(name, kwargs={"slug": "acme", **kwargs}), sent)
        assert response.status_code in {302, 400, 409}, version
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("name", "made", "button"),
    [
        ("scenarios-edit", a_scenario, "parts-button"),
        ("escalation-edit", a_path, "ladder"),
        ("procedures-edit", a_draft, "rows"),
        ("impacts-question", a_question, "rows"),
    ],
)
def test_a_button_of_a_row_that_is_not_there_moves_none(
    name: str, made: Any, button: str, acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(Role.ADMINISTRATOR))
    kwargs = made(acme)
    if name == "impacts-question":
        kwargs |= {"question": "peaks"}
    address = reverse(name, kwargs={"slug": "acme", **kwargs})
    for number in ("", "²", "-1", "99", NO_INTEGER):
        sent = {"version": "1", button: f"remove-{number}"}
        assert client.post(address, sent).status_code == 200, number


def test_the_way_back_is_an_address_of_ours_or_none(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    key = make_saved_view(acme.organisation, "All of it").pk
    for version, back in enumerate(ELSEWHERE, start=1):
        chosen_nothing = client.get("/o/acme/dependencies/reviews/confirm/", {"back": back})
        assert chosen_nothing.headers["Location"] == "/o/acme/dependencies/reviews/", back
        sent = {"name": f"View {version}", "version": version, "back": back}
        renamed = client.post(f"/o/acme/map/views/{key}/edit/", sent)
        assert renamed.headers["Location"] == "/o/acme/map/views/", back


def test_a_line_break_in_the_way_back_makes_no_header(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    back = "/o/acme/\r\nSet-Cookie: a=b"
    response = client.get("/o/acme/dependencies/reviews/confirm/", {"back": back})
    assert response.headers["Location"] == "/o/acme/%0D%0ASet-Cookie:%20a=b"


def test_a_view_with_too_much_in_it_is_refused_in_words(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    address = "/o/acme/map/views/new/"
    for query in ("a=1&" * 200, "in=tier:1&" * 101, "=&" * 300):
        assert client.get(address, {"query": query}).status_code == 200
        refused = client.post(address, {"name": "X", "query": query})
        assert refused.status_code == 422
        assert "more than 100 parts" in refused.content.decode()
