"""The public reporting address: what it takes, what it refuses, and that it tells nothing."""

from __future__ import annotations

import io
import logging
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from bcp.config.logs import WithoutReportingAddresses
from bcp.engine.permissions import Capability, Role, allows
from bcp.models import BackupCopy, CopyReport, CopyStatus
from bcp.services import copies, reporting, systems
from bcp.services.reporting import CALLS
from bcp.web.views.reporting import BODY_BYTES, WRONG_CALLS
from tests.conftest import Cast
from tests.factories import make_copy, make_system

METHODS = ("get", "head", "post")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def nightly(acme: Cast) -> BackupCopy:
    return make_copy(make_system(acme.organisation, "ERP"), "Nightly")


@pytest.fixture
def address(nightly: BackupCopy) -> str:
    return f"/report/{reporting.address_of(nightly)}"


def taken() -> list[tuple[str, int | None, int | None]]:
    rows = CopyReport.objects.order_by("number")
    return list(rows.values_list("event", "exit_code", "reported_bytes"))


@pytest.mark.parametrize("method", METHODS)
def test_every_verb_reports_every_event(method: str, address: str, client: Client) -> None:
    call = getattr(client, method)
    for ending in ("/start", "", "/success", "/failure", "/0", "/3", "/255"):
        response = call(address + ending)
        assert response.status_code == 200, ending
        assert response.content in (b"OK\n", b""), ending
    assert [(event, code) for event, code, _bytes in taken()] == [
        *(("start", None), ("success", None), ("success", None), ("failure", None)),
        *(("success", 0), ("failure", 3), ("failure", 255)),
    ]


def test_exit_code_and_bytes_come_by_query_or_by_form(address: str, client: Client) -> None:
    client.get(address, {"exit_code": "0", "bytes": "2048"})
    client.post(address, {"exit_code": "2", "bytes": str(2**63 - 1)})
    client.post(address + "/success", "bytes=7&log=all+is+well", content_type=FORM)
    client.post(address + "/1?bytes=", {"exit_code": "1"})
    assert taken() == [
        ("success", 0, 2048),
        ("failure", 2, 2**63 - 1),
        ("success", None, 7),
        ("failure", 1, None),
    ]


def test_a_body_that_is_no_form_is_ignored_and_not_kept(address: str, client: Client) -> None:
    for body, kind in ((b"\xff\x00 exit_code=1", "text/plain"), (b'{"bytes": 1}', "text/json")):
        assert client.post(address, body, content_type=kind).status_code == 200
    assert taken() == [("success", None, None)] * 2


@pytest.mark.parametrize(
    "ending",
    [
        *("/256", "/-1", "/banana", "/", "/START", "/٣", "/start/", "/" + "9" * 5000),
        *("?exit_code=256", "?exit_code=", "?exit_code=x", "?bytes=-1", "?bytes=1.5"),
        *(f"?bytes={2**63}", "/success?exit_code=1", "/start?bytes=1", "/0?exit_code=1"),
        "?" + "&".join(f"f{number}" for number in range(6000)),
    ],
    ids=lambda ending: ending[:30],
)
def test_who_has_the_address_is_told_what_is_wrong_with_the_rest(
    ending: str, address: str, client: Client
) -> None:
    response = client.get(address + ending)
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert taken() == []


def test_a_broken_form_is_refused_and_a_long_one_not_even_read(
    address: str, client: Client
) -> None:
    broken = client.post(address, b"--x", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 400
    for path in (address, "/report/nobody"):
        long = client.post(path, b"a" * (BODY_BYTES + 1), content_type=FORM)
        assert long.status_code == 413
    assert taken() == []


def wrong_paths(acme: Cast, rival: Cast, address: str) -> dict[str, str]:
    secret = address.removeprefix("/report/")
    theirs = make_copy(make_system(rival.organisation, "ERP"), "Nightly")
    rolled, deleted, retired = (
        make_copy(make_system(acme.organisation, name), "Copy") for name in ("R", "D", "T")
    )
    made = {
        "rolled": reporting.address_of(rolled),
        "deleted": reporting.address_of(deleted),
        "retired": reporting.address_of(retired),
        "of a tenant's key with another's secret": theirs.pk + secret[12:],
        "cut": secret[:-1],
        "nobody's": "nobody",
        "empty": "",
        "nothing a database holds": "%00%ff%ed%a0%80",
        "not of letters": "é" * 44,
    }
    by = acme.actor()
    reporting.roll(acme.organisation, rolled.pk, seen_version=None, by=by)
    copies.delete(acme.organisation, deleted.pk, seen_version=None, by=by)
    systems.change(
        acme.organisation, retired.system_id, {"status": "retired"}, seen_version=None, by=by
    )
    return {what: f"/report/{path}" for what, path in made.items()}


def test_every_wrong_address_gets_the_same_answer_and_writes_nothing(
    acme: Cast,
    rival: Cast,
    address: str,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    answers = set()
    for path in wrong_paths(acme, rival, address).values():
        for ending in ("", "/start", "/3", "/banana", "?bytes=x"):
            for method in ("get", "post"):
                with django_assert_num_queries(1):
                    response = getattr(client, method)(path + ending)
                headers = tuple(sorted(response.headers.items()))
                answers.add((response.status_code, response.content, headers))
    [(status, body, headers)] = answers
    assert (status, body) == (404, b"There is nothing at this address.\n")
    assert (CopyReport.objects.count(), CopyStatus.objects.count()) == (0, 0)


def test_an_answer_sets_no_cookie_and_no_cache_keeps_it(address: str, client: Client) -> None:
    for path in (address, address + "/banana", "/report/nobody"):
        response = client.get(path)
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"
        assert "Cookie" not in response.get("Vary", "")


def test_no_login_and_no_token_of_a_form_are_needed(address: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(address).status_code == 200
    for method in ("put", "patch", "delete", "options"):
        assert getattr(stranger, method)(address).status_code == 405
    assert len(taken()) == 1


def test_behind_tls_a_call_is_taken_and_a_plain_one_sent_there(
    address: str, client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.post(address, secure=True).status_code == 200
    plain = client.get(address)
    assert (plain.status_code, plain["Location"]) == (301, f"https://testserver{address}")
    assert len(taken()) == 1


def test_above_the_limit_a_job_is_told_when_to_call_again(address: str, client: Client) -> None:
    with time_machine.travel("2026-03-02 12:00:10Z", tick=False) as clock:
        answers = [client.get(address) for _call in range(CALLS + 1)]
        assert [one.status_code for one in answers] == [200] * CALLS + [429]
        assert answers[-1]["Retry-After"] == "60"
        clock.shift(60)
        assert client.get(address).status_code == 200
    assert len(taken()) == CALLS + 1


def test_who_tries_wrong_addresses_is_slowed_and_nobody_else(address: str, client: Client) -> None:
    with time_machine.travel("2026-03-02 12:00:10Z", tick=False):
        tried = [client.get("/report/nobody").status_code for _call in range(WRONG_CALLS + 1)]
        assert tried == [404] * WRONG_CALLS + [429]
        assert client.get("/report/nobody")["Retry-After"] == "50"
        assert client.get("/report/nobody", REMOTE_ADDR="192.0.2.7").status_code == 404
        assert client.get(address).status_code == 200


def test_the_log_does_not_hold_the_address(address: str, client: Client) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutReportingAddresses())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client.get(address + "/banana")
        client.put(address)
    finally:
        logger.removeHandler(handler)
    said = stream.getvalue()
    assert "/report/…/banana" in said
    assert address not in said


def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The real one, with the options that the page shows, but for the waiting."""
    environment = {**os.environ, "no_proxy": "*"}
    command = ["curl", "-fsS", "-m", "10", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.django_db(transaction=True)
def test_curl_reports_as_the_page_says(
    address: str, live_server: LiveServer, transactional_db: None
) -> None:
    url = live_server.url + address
    assert curl(f"{url}/start").stdout == "OK\n"
    in_shell = subprocess.run(
        ["sh", "-c", f"(exit 3); curl -fsS -m 10 --noproxy '*' {url}/$?"],
        capture_output=True,
        check=False,
    )
    assert in_shell.returncode == 0
    assert curl("--data", "bytes=2048", f"{url}/0").returncode == 0
    assert curl("-I", url).returncode == 0
    assert curl("-F", "bytes=9", url).returncode == 0
    assert taken() == [
        ("start", None, None),
        ("failure", 3, None),
        ("success", 0, 2048),
        ("success", None, None),
        ("success", None, 9),
    ]
    refused = curl(f"{live_server.url}/report/nobody")
    assert (refused.returncode, refused.stdout) == (22, "")


def test_the_address_leads_nowhere_else() -> None:
    found: Any = resolve("/report/a/b/c")
    assert (found.url_name, found.kwargs) == ("report", {"address": "a", "event": "b/c"})


def place(copy: BackupCopy) -> str:
    return f"/o/acme/copies/{copy.pk}/"


def page(client: Client, copy: BackupCopy) -> str:
    response = client.get(place(copy))
    assert "no-store" in response["Cache-Control"]
    return " ".join(response.content.decode().split())


def test_the_page_of_a_copy_says_what_its_job_reported(
    acme: Cast, nightly: BackupCopy, address: str, client: Client
) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    assert "No success of this copy was ever reported." in page(client, nightly)
    with time_machine.travel("2026-03-02 01:00:00Z", tick=False) as clock:
        client.get(address, {"bytes": "2000000"})
        assert "nobody can say when it is late" in page(client, nightly)
        figures = {"interval_minutes": 1440, "run_minutes": 30, "lag_minutes": 60}
        copies.change(acme.organisation, nightly.pk, figures, seen_version=None, by=acme.actor())
        clock.shift(3 * 3600)
        said = page(client, nightly)
        assert "The next success is due by" in said
        assert "3 h ago. It copied 2 MB." in said
        assert "<strong>3 h</strong> would be lost. It promises 1 d 1 h 30 min at worst" in said
        client.get(address + "/start")
        assert "and has not said that it ended" in page(client, nightly)
        client.get(address + "/3")
        assert "exit code 3." in page(client, nightly)
        client.get(address + "/0")
        clock.shift(2 * 86400)
        said = page(client, nightly)
        assert "It is late: a success was due by" in said
        assert "more than promised" in said


def test_only_who_may_edit_is_shown_the_address_with_lines_that_work(
    acme: Cast, nightly: BackupCopy, address: str, client: Client
) -> None:
    for role in Role:
        client.force_login(acme.user(role))
        said = page(client, nightly)
        assert (f"http://testserver{address}" in said) == allows(role, Capability.EDIT_ESTATE)
    assert reporting.address_of(nightly).removeprefix(nightly.pk) not in said
    client.force_login(acme.user(Role.ENGINEER))
    for tool in ("/$?", "restic backup", "borg create", "Invoke-RestMethod", "/start;"):
        assert tool in page(client, nightly)


def test_a_typed_in_success_is_not_passed_off_as_the_jobs_own(
    acme: Cast, nightly: BackupCopy, client: Client
) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    typed = {"last_success": timezone.now()}
    copies.change(acme.organisation, nightly.pk, typed, seen_version=None, by=acme.actor())
    assert "It was typed in, not reported by the job." in page(client, nightly)


def test_a_retired_systems_copy_offers_no_address(
    acme: Cast, nightly: BackupCopy, address: str, client: Client
) -> None:
    retired = {"status": "retired"}
    systems.change(
        acme.organisation, nightly.system_id, retired, seen_version=None, by=acme.actor()
    )
    client.force_login(acme.user(Role.ENGINEER))
    said = page(client, nightly)
    assert "reports of this copy are not taken any more" in said
    assert address not in said


def test_rolling_asks_first_and_leaves_the_new_address_on_the_page(
    acme: Cast, nightly: BackupCopy, address: str, client: Client
) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    asked = client.get(place(nightly) + "roll/")
    assert "The old one stops working at once" in asked.content.decode()
    assert client.post(place(nightly) + "roll/", {"version": "7"}).status_code == 409
    assert client.get(address).status_code == 200
    rolled = client.post(place(nightly) + "roll/", {"version": "1"})
    assert (rolled.status_code, rolled["Location"]) == (302, place(nightly) + "#reporting")
    assert client.get(address).status_code == 404
    nightly.refresh_from_db()
    assert reporting.address_of(nightly) in page(client, nightly)
    history = client.get(place(nightly) + "history/").content.decode()
    assert "gave it a new reporting address" in history
    assert "history/undo" not in history.split("recorded it")[0]
