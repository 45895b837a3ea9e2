"""Asking somebody else about a process: the mail, its link, and taking the request back."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from bcp.engine.permissions import Role
from bcp.models import ImpactAssessment, System
from bcp.queries import impacts as reads
from tests.conftest import Cast
from tests.web.impact_pages import LIST, ask, names, page, process


@pytest.fixture
def payroll(acme: Cast) -> System:
    return process(acme, "Payroll")


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


def test_asking_mails_a_link_to_the_questions_and_waits_on_the_overview(
    transactional_db: None, acme: Cast, payroll: System, executive: Client
) -> None:
    director = Client()
    director.force_login(acme.user(Role.IT_DIRECTOR))
    address = f"{LIST}{payroll.pk}/ask/"
    offered = director.get(address).context["form"]["member"].field.choices
    keys = {acme.members[role].pk for role in Role if role not in (Role.ENGINEER, Role.AUDITOR)}
    assert next(iter(offered))[0] == ""  # nobody is chosen before one chooses
    assert {str(key) for key, _label in offered} == {"", *keys}
    typed = {
        "version": 0,
        "member": acme.members[Role.EXECUTIVE].pk,
        "answer_by": "2099-01-31",
        "note": "Please.",
    }
    answer = director.post(address, typed, follow=True)
    assert "has been asked by mail" in answer.content.decode()
    link = f"http://testserver{LIST}{payroll.pk}/go-on/"
    assert link in mail.outbox[0].body
    assert executive.get(link, follow=True).context["number"] == 1
    for place in ("/o/acme/", LIST):
        assert "You are asked what an outage does" in executive.get(place).content.decode()
        assert "You are asked what an outage does" not in director.get(place).content.decode()
    assert "This waits for you." in page(executive, payroll)


def test_the_link_in_the_mail_asks_to_sign_in_and_then_leads_to_the_questions(
    acme: Cast, payroll: System
) -> None:
    address = f"{LIST}{payroll.pk}/go-on/"
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next={address}")


def test_mail_that_cannot_go_out_is_said(
    transactional_db: None,
    acme: Cast,
    payroll: System,
    executive: Client,
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    typed = {"version": 0, "member": acme.members[Role.EXECUTIVE].pk}
    answer = executive.post(f"{LIST}{payroll.pk}/ask/", typed, follow=True)
    assert "the mail could not be sent" in answer.content.decode()
    assert names(executive, "?state=mine") == ["Payroll"]


def test_faults_in_a_request_stand_at_their_fields_and_nothing_is_sent(
    acme: Cast, rival: Cast, payroll: System, executive: Client
) -> None:
    address = f"{LIST}{payroll.pk}/ask/"
    for typed, field in (
        ({"member": ""}, "member"),
        ({"member": rival.members[Role.EXECUTIVE].pk}, "member"),
        ({"member": acme.members[Role.AUDITOR].pk}, "member"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "answer_by": "2001-01-01"}, "answer_by"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "answer_by": "soon"}, "answer_by"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "note": "x" * 2001}, "note"),
    ):
        answer = executive.post(address, {"version": 0, **typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
    assert mail.outbox == []
    assert not ImpactAssessment.objects.exists()


def test_a_request_on_top_of_another_is_told_and_keeps_what_was_typed(
    acme: Cast, payroll: System, executive: Client
) -> None:
    ask(acme, payroll, Role.ADMINISTRATOR)
    typed = {"version": 0, "member": acme.members[Role.EXECUTIVE].pk, "note": "Please."}
    told = executive.post(f"{LIST}{payroll.pk}/ask/", typed)
    assert told.status_code == 409
    assert told.context["form"]["note"].value() == "Please."
    again = executive.post(f"{LIST}{payroll.pk}/ask/", typed | {"version": told.context["version"]})
    assert again.status_code == 302
    assert reads.waiting_for(acme.members[Role.ADMINISTRATOR]) == []


def test_a_request_is_taken_back(acme: Cast, payroll: System, executive: Client) -> None:
    ask(acme, payroll, answer_by=date(2099, 1, 1))
    version = reads.listing(acme.organisation)[0].version
    stale = executive.post(f"{LIST}{payroll.pk}/take-back/", {"version": version - 1})
    assert stale.status_code == 409
    executive.post(f"{LIST}{payroll.pk}/take-back/", {"version": version})
    assert names(executive, "?state=mine") == []
    assert "was asked on" not in page(executive, payroll)
