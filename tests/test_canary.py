"""A word that stands in every text of another organisation reaches nobody: not in a page, an API
answer, an export, a PDF or a log line."""

from __future__ import annotations

import io
import logging
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pypdf import PdfReader

from bcp.engine.permissions import Role
from bcp.services.escalation import StepValues
from bcp.services.impacts import PeakValues
from tests.conftest import CANARY, Cast
from tests.factories import (
    answer_everything,
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_dismissal,
    make_exercise,
    make_path,
    make_policy,
    make_procedure,
    make_proposed,
    make_restore_test,
    make_review,
    make_saved_view,
    make_scenario,
    make_site,
    make_system,
    make_target,
    make_team,
)
from tests.web.permission_table import PAGES


def furnish(cast: Cast, word: str) -> None:
    """One record of every kind, with `word` in each of its texts."""
    organisation = cast.organisation
    site = make_site(organisation, f"{word} site", zone=f"{word} zone", address=f"{word} street")
    boss = make_contact(
        organisation,
        f"{word} boss",
        title=f"{word} title",
        email=f"boss@{word.lower()}.example",
        phones=["+49 30 23125 000"],
        coverage="24x7",
        may_declare=True,
    )
    team = make_team(organisation, f"{word} team", boss)
    database = make_system(
        organisation,
        f"{word} database",
        kind="data store",
        site=site,
        team=team,
        tier=1,
        description=f"{word} description",
        recovery_minutes=60,
    )
    application = make_system(organisation, f"{word} application", tier=1, owner=boss)
    make_dependency(application, database, bootstrap=f"{word} note")
    policy = make_policy(
        organisation,
        f"{word} policy",
        description=f"{word} rule",
        medium=f"{word} tape",
        repository=f"{word} repository",
        site=site,
    )
    make_copy(application, f"{word} followed", policy=policy, source=f"{word} source")
    copy = make_copy(database, f"{word} copy", medium=f"{word} medium", site=site)
    make_restore_test(copy, done_by=f"{word} tester", note=f"{word} result")
    make_scenario(organisation, f"{word} scenario", description=f"{word} story", tiers=[1])
    make_saved_view(organisation, f"{word} view", f"scenario=site:{word} site")
    make_path(organisation, f"{word} path", StepValues(boss), is_default=True)
    make_target(application, cast.user(Role.EXECUTIVE), rto=60)
    executive = cast.user(Role.EXECUTIVE)
    make_acceptance(application, executive, code="site_missing", reason=f"{word} risk")
    lonely = make_system(organisation, f"{word} lonely")
    make_dismissal(lonely, cast.user(Role.IT_DIRECTOR), f"{word} dismissal")
    make_proposed(database, application, reason=f"{word} proposal")
    make_review(application, cast.user(Role.IT_DIRECTOR), f"{word} review")
    make_exercise(application, database, name=f"{word} exercise", objectives=f"{word} goal")
    process = make_system(organisation, f"{word} process", kind="business process")
    peak = PeakValues(f"{word} peak", f"{word} season", Decimal(9))
    answer_everything(process, executive, cost=Decimal(1), basis=f"{word} basis", peaks=[peak])
    told = {name: f"{word} {name}" for name in ("instruction", "expected", "way_back", "decision")}
    make_procedure(application, 30, approved_by=cast.user(Role.EXECUTIVE), **told)
    make_procedure(database, 30, contact=boss, verification=f"{word} verification", **told)


@pytest.fixture
def furnished(acme: Cast, rival: Cast) -> Cast:
    furnish(acme, "Homely")
    furnish(rival, CANARY)
    return acme


def text_of(response: HttpResponse) -> str:
    """All that can be read in an answer, whatever it is packed in; headers too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = str(dict(response.items()))
    if body.startswith(b"%PDF") and b"%%EOF" in body:
        return headers + "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return headers + body.decode(errors="replace")


# Between them they may open every page and see every part of it.
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EXECUTIVE])
def test_no_page_shows_another_organisations_word(
    role: Role, furnished: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.force_login(furnished.user(role))
    for name, page in PAGES.items():
        address = reverse(name, kwargs={"slug": "acme", **page.kwargs(furnished)})
        for query in ("", f"?q={CANARY[:5]}", "?scenario=site:Zanzibar", "?export=csv"):
            response = client.get(address + query, follow=True)
            assert CANARY not in text_of(response), f"{name}{query}"
    assert CANARY not in caplog.text


def test_no_api_answer_shows_another_organisations_word(
    furnished: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.force_login(furnished.user(Role.ADMINISTRATOR))
    schema = client.get(reverse("api-schema"), headers={"accept": "application/json"}).json()
    asked = 0
    for path, operations in schema["paths"].items():
        if "get" not in operations or path.count("{") > 1:
            continue
        address = path.replace("{slug}", "acme")
        for query in ("", f"?q={CANARY[:5]}", "?page_size=1000"):
            response = client.get(address + query)
            assert CANARY not in text_of(response), address
            asked += response.status_code == 200
    assert asked > 20


def test_a_printed_plan_shows_no_other_organisations_word(furnished: Cast, tmp_path: Path) -> None:
    target = tmp_path / "plan.pdf"
    call_command("render_plan", "acme", "--out", str(target))
    read = PdfReader(target)
    text = "".join(page.extract_text() for page in read.pages)
    assert "Homely application" in text
    assert CANARY not in text
    assert all(CANARY not in str(data) for files in read.attachments.values() for data in files)


def test_the_login_page_names_no_organisation(furnished: Cast, client: Client) -> None:
    assert CANARY not in client.get(reverse("account_login")).content.decode()
    for pattern in get_resolver("bcp.web.urls").url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name == "home":
            assert CANARY not in text_of(client.get("/", follow=True))
