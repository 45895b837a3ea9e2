"""The executive summary on screen says what the print says, and leads to where things are done."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from bcp.documents import summary_words, wording
from bcp.documents.summary_text import Room
from bcp.engine.permissions import Role
from bcp.models import Job
from bcp.queries import analysis
from bcp.services import plans, targets
from tests.conftest import Cast
from tests.factories import make_dependency, make_plan_version, make_system, make_target

SUMMARY = "/o/acme/summary/"


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


def processes(cast: Cast, count: int) -> None:
    """Business processes promised within an hour that wait two for their storage."""
    storage = make_system(
        cast.organisation, f"SAN {count}", kind="storage", tier=1, recovery_minutes=120
    )
    for number in range(count):
        process = make_system(
            cast.organisation,
            f"Process {count} {number}",
            kind="business process",
            tier=1,
            recovery_minutes=0,
        )
        make_dependency(process, storage)
        make_target(process, cast.user(Role.EXECUTIVE), rto=60, rpo=60)


def page(client: Client) -> str:
    response = client.get(SUMMARY)
    assert response.status_code == 200
    return response.content.decode()


def words(markup: str) -> str:
    text = " ".join(html.unescape(strip_tags(markup)).split())
    return text.replace(wording.NO_BREAK, " ")


def test_an_empty_organisation_is_told_what_to_do_first(executive: Client) -> None:
    assert "/o/acme/systems/" in page(executive)


def test_every_word_and_figure_of_the_print_is_on_the_page(acme: Cast, executive: Client) -> None:
    processes(acme, 2)
    frozen = plans.compose(
        acme.organisation,
        scenario="everything",
        system_key=None,
        issue=1,
        now=timezone.now(),
        made_by="",
        is_summary=True,
    )
    told = summary_words.shown(frozen, "", Room())
    shown = words(page(executive))
    expected = [*told["sentences"], *told["basis"], told["last_full_test"]]
    for row in told["processes"]:
        expected += [row["name"], row["verdict"], row["possible"], row["held_up"]]
        assert str(row["bar"]) in page(executive)
    expected += [kind["says"] for kind in told["kinds"]]
    expected += [one["says"] for one in told["decisions"]]
    for text in expected:
        assert words(text) in shown


def test_the_processes_that_are_not_listed_are_counted(acme: Cast, executive: Client) -> None:
    processes(acme, 14)
    shown = words(page(executive))
    assert shown.count("■ misses by at least 1 h") == 12
    assert "And 2 more: 2 miss their targets." in shown


def test_what_is_asked_leads_to_the_page_where_it_is_done(acme: Cast, executive: Client) -> None:
    processes(acme, 1)
    other = make_system(acme.organisation, "Sales", kind="business process", tier=2)
    targets.propose(
        acme.organisation,
        other.pk,
        rto_minutes=240,
        rpo_minutes=None,
        by=acme.actor(Role.IT_DIRECTOR),
    )
    asked = page(executive).partition('id="asked"')[2]
    links = re.findall(r'href="([^"]+)"', asked.partition("</section>")[0])
    assert links[0] == "/o/acme/targets/review/"
    assert len(links) == 4
    for link in links:
        assert executive.get(html.unescape(link)).status_code == 200


def test_it_is_asked_for_as_a_print_and_the_last_one_is_offered(acme: Cast, client: Client) -> None:
    processes(acme, 1)
    client.force_login(acme.user(Role.IT_DIRECTOR))
    assert "Download the last print" not in page(client)
    response = client.post("/o/acme/plans/new/", {"summary": "1"})
    assert response.status_code == 302
    assert Job.objects.get().parameters["summary"] is True
    version = make_plan_version(acme.organisation)
    assert "Download the last print" not in page(client)
    version.job = Job.objects.get()
    version.save()
    assert f"/o/acme/plans/{version.pk}/download/" in page(client)


def test_its_issue_is_printed_anew_as_a_summary(acme: Cast, client: Client) -> None:
    processes(acme, 1)
    client.force_login(acme.user(Role.IT_DIRECTOR))
    version = make_plan_version(acme.organisation)
    version.snapshot = {**version.snapshot, "kind": "summary", "totals": {}}
    version.save()
    detail = client.get(f"/o/acme/plans/{version.pk}/").content.decode()
    assert '<input type="hidden" name="summary" value="1">' in detail
    assert "The whole in one sentence" in detail


def test_the_overview_leads_to_it(acme: Cast, executive: Client) -> None:
    processes(acme, 1)
    assert f'href="{SUMMARY}"' in executive.get("/o/acme/").content.decode()


def test_names_are_shown_as_typed_and_never_as_markup(acme: Cast, executive: Client) -> None:
    name = "<b>Pay</b> חשמל"
    make_system(acme.organisation, name, kind="business process", tier=1)
    shown = page(executive)
    assert f"<bdi>{html.escape(name)}</bdi>" in shown
    assert name not in shown


def test_hundreds_of_processes_cost_as_many_queries_as_two(acme: Cast, executive: Client) -> None:
    def cost() -> int:
        analysis.analysis(acme.organisation, now=timezone.now())
        page(executive)
        with CaptureQueriesContext(connection) as queries:
            page(executive)
        return len(queries)

    processes(acme, 2)
    few = cost()
    processes(acme, 16)
    assert cost() == few <= 11
