"""The pages of plans: asking for one, watching it, stopping it, and taking it home."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bcp.engine.permissions import Role
from bcp.models import Job, PlanFile
from bcp.services import contacts, jobs, plans
from tests.conftest import CANARY, PASSWORD, Cast
from tests.factories import make_contact, make_plan_version, make_site, make_system


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    assert client.login(email=acme.user(Role.ENGINEER).email, password=PASSWORD)
    return client


def address(name: str, **kwargs: str) -> str:
    return reverse(name, kwargs={"slug": "acme", **kwargs})


def page(client: Client, name: str, **kwargs: str) -> str:
    response = client.get(address(name, **kwargs))
    assert response.status_code == 200
    return response.content.decode()


def test_without_any_plan_it_says_what_to_do(engineer: Client) -> None:
    assert "No plan has been printed yet" in page(engineer, "plans-list")


def test_a_plan_is_asked_for_by_scenario(engineer: Client, acme: Cast) -> None:
    make_site(acme.organisation, "Nord")
    engineer.post(address("plans-create"), {"scenario": "site:Nord"})
    job = Job.objects.get()
    assert job.parameters == {"scenario": "site:Nord", "system": None}
    assert job.requested_by == acme.user(Role.ENGINEER)
    assert "Waits for a worker" in page(engineer, "plans-list")


def test_the_loss_of_one_system_is_typed_by_name(engineer: Client, acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    engineer.post(address("plans-create"), {"scenario": "everything", "lost_system": "erp"})
    assert Job.objects.get().parameters["scenario"] == "system:ERP"


@pytest.mark.parametrize("by", ["key", "name"])
def test_one_systems_sheet_is_asked_for(engineer: Client, acme: Cast, by: str) -> None:
    system = make_system(acme.organisation, "ERP")
    data = {"system": system.pk} if by == "key" else {"sheet": "erp"}
    engineer.post(address("plans-create"), data)
    assert Job.objects.get().parameters["system"] == system.pk


@pytest.mark.parametrize(
    "data", [{"scenario": "site:Nowhere"}, {"sheet": "Nobody"}, {"system": "0" * 12}]
)
def test_what_does_not_exist_is_refused_in_a_sentence(
    engineer: Client, acme: Cast, data: dict[str, str]
) -> None:
    response = engineer.post(address("plans-create"), data, follow=True)
    assert "here is no" in response.content.decode()
    assert not Job.objects.exists()


def test_the_page_says_when_no_worker_answers(engineer: Client, acme: Cast) -> None:
    plans.request_plan(acme.organisation, by=acme.shell)
    assert "No worker answers" in page(engineer, "plans-list")
    jobs.beat("worker@somewhere", timezone.now())
    assert "No worker answers" not in page(engineer, "plans-list")


def test_progress_is_shown_and_asked_for_again(engineer: Client, acme: Cast) -> None:
    job = plans.request_plan(acme.organisation, by=acme.shell)
    held = jobs.claim(job.pk)
    assert held is not None
    jobs.report(held, 3, 9)
    shown = page(engineer, "plans-list")
    assert '<progress max="9" value="3"' in shown
    assert "every 2s" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown


def test_the_page_is_loaded_anew_when_a_job_has_ended(engineer: Client, acme: Cast) -> None:
    job = plans.request_plan(acme.organisation, by=acme.shell)
    still = engineer.get(address("plans-jobs"), {"open": "1"})
    assert "HX-Refresh" not in still.headers
    jobs.cancel(acme.organisation, job.pk, by=acme.shell)
    ended = engineer.get(address("plans-jobs"), {"open": "1"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()


def test_a_print_is_stopped(engineer: Client, acme: Cast) -> None:
    job = plans.request_plan(acme.organisation, by=acme.shell)
    engineer.post(address("plans-cancel", key=job.pk))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_failed_print_says_why(engineer: Client, acme: Cast) -> None:
    job = plans.request_plan(acme.organisation, by=acme.shell)
    held = jobs.claim(job.pk)
    assert held is not None
    jobs.fail(held, "The paper is out.")
    assert "The paper is out." in page(engineer, "plans-list")


def test_a_version_says_whether_it_still_holds(engineer: Client, acme: Cast) -> None:
    ada = make_contact(acme.organisation, "Ada")
    version = make_plan_version(acme.organisation)
    assert "Current: a print made now would say the same" in page(
        engineer, "plans-detail", key=version.pk
    )
    contacts.change(acme.organisation, ada.pk, {"title": "x"}, seen_version=None, by=acme.shell)
    stale = page(engineer, "plans-detail", key=version.pk)
    assert "Stale since" in stale
    assert "<li>People</li>" in stale
    assert "something was changed since" in page(engineer, "plans-list")


def test_the_file_is_handed_out_whole_and_kept_by_nobody(engineer: Client, acme: Cast) -> None:
    version = make_plan_version(acme.organisation, b"%PDF-1.7 whole")
    response = engineer.get(address("plans-download", key=version.pk))
    assert response.content == b"%PDF-1.7 whole"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="acme-plan-1.pdf"'
    assert "no-store" in response.headers["Cache-Control"]


def test_a_damaged_file_is_kept_back(engineer: Client, acme: Cast) -> None:
    version = make_plan_version(acme.organisation)
    PlanFile.objects.update(content=b"%PDF-1.7 forged")
    response = engineer.get(address("plans-download", key=version.pk), follow=True)
    assert b"forged" not in response.content
    assert "is damaged" in response.content.decode()


def test_nothing_of_another_organisation_is_reached(engineer: Client, rival: Cast) -> None:
    version = make_plan_version(rival.organisation)
    job = plans.request_plan(rival.organisation, by=rival.shell)
    for name in ("plans-detail", "plans-download"):
        assert engineer.get(address(name, key=version.pk)).status_code == 404
    assert engineer.post(address("plans-cancel", key=job.pk)).status_code == 404
    shown = page(engineer, "plans-list")
    assert CANARY not in shown
    assert job.pk not in shown


def test_the_list_costs_the_same_with_many_issues(
    engineer: Client, acme: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(12):
        make_plan_version(acme.organisation)
    page(engineer, "plans-list")
    with django_assert_max_num_queries(16):
        page(engineer, "plans-list")
