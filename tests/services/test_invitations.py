"""Invitations: mailed, good once, for one address, and for a while."""

from __future__ import annotations

import json
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import InvalidInput, NotAllowed
from bcp.models import AuditEvent, Invitation, Membership, User
from bcp.queries import history
from bcp.services import invitations
from bcp.services.invitations import Invited
from tests.conftest import CANARY, PASSWORD, Cast

BASE = "https://plans.example/invitations/"


def invite(
    cast: Cast, email: str = "new@acme.example", role: Role = Role.ENGINEER
) -> tuple[Invited, str]:
    """The invitation and its secret token."""
    by = cast.actor(Role.ADMINISTRATOR)
    invited = invitations.invite(cast.organisation, email, role, link_base=BASE, by=by)
    return invited, invited.token


def test_the_link_is_mailed_to_the_address_when_all_is_written(
    acme: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invited, _token = invite(acme, " New@Acme.example ")
        assert mail.outbox == []
    assert invited.mailed
    [message] = mail.outbox
    assert message.to == ["new@acme.example"]
    assert invited.link == f"{BASE}{invited.token}/"
    assert invited.link in message.body
    assert "Acme Foods" in message.subject


def test_mail_that_cannot_be_sent_leaves_the_invitation_and_says_so(
    acme: Cast, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.services.test_invitations.NoMail"
    with django_capture_on_commit_callbacks(execute=True):
        invited, _token = invite(acme)
    assert not invited.mailed
    assert Invitation.objects.filter(pk=invited.invitation.pk).exists()


class NoMail:
    """A mail server that is down."""

    def __init__(self, *args: Any, **options: Any) -> None: ...

    def send_messages(self, messages: Any) -> int:
        raise SMTPException("connection refused")


def test_the_same_mail_goes_to_addresses_with_and_without_a_login(
    acme: Cast, rival: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    known = rival.user(Role.ENGINEER).email
    with django_capture_on_commit_callbacks(execute=True):
        _one, first = invite(acme, known)
        _two, second = invite(acme, "unknown@elsewhere.example")
    bodies = [message.body for message in mail.outbox]
    assert bodies[0].replace(first, "") == bodies[1].replace(second, "")


def test_the_token_is_stored_nowhere(acme: Cast) -> None:
    invited, token = invite(acme)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM bcp_invitation")
        stored = json.dumps(cursor.fetchall(), default=str)
    audit = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert token not in stored
    assert token not in audit
    assert invited.invitation.token_hash not in audit


def test_accepting_makes_the_login_and_the_membership(acme: Cast) -> None:
    invited, token = invite(acme)
    membership = invitations.accept(token, user=None, name=" Nia New ", password=PASSWORD)
    user = User.objects.get(email="new@acme.example")
    assert (user.name, user.check_password(PASSWORD)) == ("Nia New", True)
    assert (membership.user, membership.role) == (user, "engineer")
    assert membership.organisation == acme.organisation
    event = history.of_record(acme.organisation, "invitation", invited.invitation.pk).first()
    assert event is not None
    assert (event.action, event.actor, event.via) == ("accepted", user, "invitation")
    assert history.first_broken(acme.organisation) is None


def test_an_existing_login_accepts_signed_in_and_keeps_its_password(
    acme: Cast, rival: Cast
) -> None:
    user = rival.user(Role.ENGINEER)
    _invited, token = invite(acme, user.email, Role.AUDITOR)
    with pytest.raises(NotAllowed, match="has a login"):
        invitations.accept(token, user=None, password="another-long-password")
    membership = invitations.accept(token, user=user)
    assert (membership.user, membership.role) == (user, "auditor")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_cannot_accept_it(acme: Cast, rival: Cast) -> None:
    _invited, token = invite(acme)
    with pytest.raises(NotAllowed, match="another address"):
        invitations.accept(token, user=rival.user(Role.ENGINEER))
    assert invitations.of_token(token, timezone.now()) is not None


def test_an_invitation_is_good_once(acme: Cast) -> None:
    _invited, token = invite(acme)
    membership = invitations.accept(token, user=None, password=PASSWORD)
    with pytest.raises(InvalidInput, match="no longer valid"):
        invitations.accept(token, user=membership.user)


def test_an_expired_invitation_is_refused(acme: Cast, settings: Any) -> None:
    invited, token = invite(acme)
    last = invited.invitation.expires_at
    assert last - timezone.now() > timedelta(days=settings.INVITATION_VALID_DAYS - 1)
    assert invitations.of_token(token, last - timedelta(seconds=1)) is not None
    assert invitations.of_token(token, last) is None
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvalidInput, match="no longer valid"):
        invitations.accept(token, user=None, password=PASSWORD)
    assert not User.objects.filter(email="new@acme.example").exists()


def test_a_withdrawn_invitation_is_refused(acme: Cast) -> None:
    invited, token = invite(acme)
    by = acme.actor(Role.ADMINISTRATOR)
    invitations.withdraw(acme.organisation, invited.invitation.pk, by=by)
    invitations.withdraw(acme.organisation, invited.invitation.pk, by=by)
    with pytest.raises(InvalidInput, match="no longer valid"):
        invitations.accept(token, user=None, password=PASSWORD)
    told = history.of_record(acme.organisation, "invitation", invited.invitation.pk)
    assert [event.action for event in told] == ["withdrawn", "created"]


def test_an_accepted_invitation_is_not_withdrawn(acme: Cast) -> None:
    invited, token = invite(acme)
    invitations.accept(token, user=None, password=PASSWORD)
    with pytest.raises(InvalidInput, match="remove the member"):
        invitations.withdraw(
            acme.organisation, invited.invitation.pk, by=acme.actor(Role.ADMINISTRATOR)
        )


def test_a_newer_invitation_takes_the_place_of_an_open_one(acme: Cast) -> None:
    _older, first = invite(acme)
    _newer, second = invite(acme, role=Role.AUDITOR)
    assert invitations.of_token(first, timezone.now()) is None
    membership = invitations.accept(second, user=None, password=PASSWORD)
    assert membership.role == "auditor"


@pytest.mark.parametrize("password", ["", "short", "password1234", "new@acme.example"])
def test_a_weak_password_is_refused_at_its_field(password: str, acme: Cast) -> None:
    _invited, token = invite(acme)
    with pytest.raises(InvalidInput) as refused:
        invitations.accept(token, user=None, password=password)
    assert list(refused.value.fields) == ["password"]
    assert not User.objects.filter(email="new@acme.example").exists()
    assert invitations.of_token(token, timezone.now()) is not None


@pytest.mark.parametrize("name", ["x" * 151, "a\x00b", "a\ud800b", "a\nb"])
def test_a_name_that_cannot_be_kept_is_refused_at_its_field(name: str, acme: Cast) -> None:
    _invited, token = invite(acme)
    with pytest.raises(InvalidInput) as refused:
        invitations.accept(token, user=None, name=name, password=PASSWORD)
    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize("token", ["", "wrong", "nul\x00", "half\ud800", "x" * 10_000])
def test_a_wrong_token_opens_nothing(token: str, acme: Cast) -> None:
    invite(acme)
    assert invitations.of_token(token, timezone.now()) is None
    with pytest.raises(InvalidInput):
        invitations.accept(token, user=None, password=PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "not an address", "a@b", "nul\x00@acme.example", "x" * 250 + "@acme.example"]
)
def test_an_impossible_address_is_refused_at_its_field(email: str, acme: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        invite(acme, email)
    assert list(refused.value.fields) == ["email"]


def test_a_member_is_not_invited_again_but_a_foreign_one_is(acme: Cast, rival: Cast) -> None:
    with pytest.raises(InvalidInput, match="member already"):
        invite(acme, acme.user(Role.ENGINEER).email.upper())
    invited, _token = invite(acme, rival.user(Role.ENGINEER).email)
    assert CANARY not in json.dumps(
        list(AuditEvent.objects.of(acme.organisation).values()), default=str
    )
    assert invited.invitation.organisation == acme.organisation


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_who_manages_members_invites_and_withdraws(role: Role, acme: Cast) -> None:
    invited, _token = invite(acme)
    with pytest.raises(NotAllowed):
        invitations.invite(
            acme.organisation, "x@y.example", Role.AUDITOR, link_base=BASE, by=acme.actor(role)
        )
    with pytest.raises(NotAllowed):
        invitations.withdraw(acme.organisation, invited.invitation.pk, by=acme.actor(role))


def test_the_command_line_admits_a_login_at_once_and_invites_any_other(
    acme: Cast, rival: Cast
) -> None:
    known = rival.user(Role.ENGINEER)
    admitted = invitations.admit(
        acme.organisation, known.email.upper(), Role.AUDITOR, link_base=BASE, by=acme.shell
    )
    assert isinstance(admitted, Membership)
    assert admitted.user == known
    invited = invitations.admit(
        acme.organisation, "new@acme.example", Role.AUDITOR, link_base=BASE, by=acme.shell
    )
    assert isinstance(invited, Invited)
    membership = invitations.accept(invited.token, user=None, password=PASSWORD)
    assert membership.role == "auditor"
