"""Asking one member, by mail, to answer for a business process."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import System, User
from bcp.queries import impacts as reads
from bcp.services import impact_requests, impacts, members
from bcp.services.impact_requests import Asked
from tests.conftest import Cast
from tests.factories import answer_everything, make_system

LINK = "https://bcp.example/o/acme/impacts/x/"
SOON = date(2099, 1, 31)


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_system(acme.organisation, "Payroll", kind="business process")


@pytest.fixture
def ask(
    acme: Cast, payroll: System, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    """Asks the executive unless told otherwise, and lets the transaction end."""

    def asking(role: Role = Role.EXECUTIVE, **options: object) -> Asked:
        usual = {"answer_by": SOON, "link": LINK, "seen_version": None, "by": acme.actor()}
        with django_capture_on_commit_callbacks(execute=True):
            return impact_requests.ask(
                acme.organisation, payroll.pk, acme.members[role].pk, **(usual | options)
            )

    return asking


def waiting(cast: Cast, role: Role = Role.EXECUTIVE) -> list[str]:
    return [str(one.process) for one in reads.waiting_for(cast.members[role])]


def test_the_mail_holds_the_link_the_note_and_the_day(acme: Cast, ask) -> None:
    assert ask(note="Before the board meets, please.").mailed
    (sent,) = mail.outbox
    assert sent.to == ["executive@acme.example"]
    assert sent.subject == "What does an outage of “Payroll” do?"
    for said in (LINK, "Before the board meets, please.", "31 January 2099", "it.director@acme"):
        assert said in sent.body
    assert waiting(acme) == ["Payroll"]
    assert waiting(acme, Role.IT_DIRECTOR) == []


def test_names_are_mailed_as_they_are(acme: Cast, payroll: System, ask) -> None:
    System.objects.filter(pk=payroll.pk).update(name="Pay & <Roll>\nBcc: x@y.example")
    ask()
    assert mail.outbox[0].subject == "What does an outage of “Pay & <Roll> Bcc: x@y.example” do?"


def test_no_name_writes_a_line_of_the_mail(acme: Cast, payroll: System, ask) -> None:
    """Whoever may name a system or themselves could else put an address of their own there."""
    forged = "Payroll” do.\r\n\u2028Sign in here:\n\nhttps://evil.example/"
    System.objects.filter(pk=payroll.pk).update(name=forged)
    User.objects.filter(pk=acme.user(Role.IT_DIRECTOR).pk).update(name=forged)
    acme.user(Role.IT_DIRECTOR).refresh_from_db()
    ask()
    body = mail.outbox[0].body
    assert body.count("Sign in here: https://evil.example/") == 2
    assert [line for line in body.splitlines() if line.startswith("https:")] == [LINK]


def test_mail_that_cannot_go_out_is_said_and_the_request_stands(
    acme: Cast, settings: Settings, ask
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not ask().mailed
    assert waiting(acme) == ["Payroll"]


def test_who_was_asked_waits_until_the_answers_are_confirmed(
    acme: Cast, payroll: System, ask
) -> None:
    ask()
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    assert waiting(acme) == []
    ask()  # a year later
    assert waiting(acme) == ["Payroll"]


def test_asking_somebody_else_takes_the_place_of_the_first(acme: Cast, ask) -> None:
    ask()
    ask(Role.ADMINISTRATOR)
    assert (waiting(acme), waiting(acme, Role.ADMINISTRATOR)) == ([], ["Payroll"])


def test_taking_back_leaves_what_was_answered(acme: Cast, payroll: System, ask) -> None:
    ask()
    impacts.answer_cost(acme.organisation, payroll.pk, None, seen_version=None, by=acme.actor())
    impact_requests.take_back(acme.organisation, payroll.pk, seen_version=None, by=acme.actor())
    assert waiting(acme) == []
    (now,) = reads.listing(acme.organisation)
    assert now.assessment is not None
    assert (now.assessment.asked, now.assessment.asked_at) == (["cost"], None)


def test_who_leaves_the_organisation_is_not_asked_any_more(acme: Cast, ask) -> None:
    ask()
    members.remove(
        acme.organisation, acme.members[Role.EXECUTIVE].pk, seen_version=None, by=acme.shell
    )
    (now,) = reads.listing(acme.organisation)
    assert not now.is_awaited


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR])
def test_only_who_may_answer_can_be_asked_or_ask(role: Role, acme: Cast, ask) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(role)
    assert list(refused.value.fields) == ["member"]
    with pytest.raises(NotAllowed):
        ask(by=acme.actor(role))
    assert mail.outbox == []


def test_a_member_of_another_organisation_cannot_be_asked(
    acme: Cast, rival: Cast, payroll: System
) -> None:
    with pytest.raises(InvalidInput, match="Choose a member"):
        impact_requests.ask(
            acme.organisation,
            payroll.pk,
            rival.members[Role.EXECUTIVE].pk,
            link=LINK,
            seen_version=None,
            by=acme.actor(),
        )


def test_the_day_is_still_to_come_and_the_note_is_short(acme: Cast, ask) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(answer_by=date(2020, 1, 1))
    assert list(refused.value.fields) == ["answer_by"]
    with pytest.raises(InvalidInput) as refused:
        ask(note="x" * 2001)
    assert list(refused.value.fields) == ["note"]


def test_whoever_asks_second_is_told(acme: Cast, ask) -> None:
    version = ask().assessment.version
    ask(Role.ADMINISTRATOR, seen_version=version)
    with pytest.raises(Conflict):
        ask(seen_version=version)
