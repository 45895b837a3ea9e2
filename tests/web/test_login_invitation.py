"""Accepting an invitation: the only way to a login."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks as Callbacks

from bcp.engine.permissions import Role
from bcp.models import Invitation, Membership, User
from bcp.services import invitations
from tests.conftest import CANARY, PASSWORD, Cast

NEW = "new.hire@acme.example"


@pytest.fixture
def link(acme: Cast, django_capture_on_commit_callbacks: Callbacks) -> str:
    """The address that was mailed to somebody who has no login yet."""
    return invite(acme, NEW, django_capture_on_commit_callbacks)


def invite(cast: Cast, email: str, committed: Callbacks) -> str:
    with committed(execute=True):
        invitations.invite(
            cast.organisation,
            email,
            Role.ENGINEER,
            link_base="/invitation/",
            by=cast.actor(Role.ADMINISTRATOR),
        )
    words = str(mail.outbox[-1].body).split()
    return next(word for word in words if word.startswith("/invitation/"))


def test_the_invited_make_their_login_and_are_in(acme: Cast, link: str, client: Client) -> None:
    page = client.get(link).content.decode()
    assert "Acme Foods" in page
    assert "Engineer" in page
    response = client.post(link, {"name": "Nora", "password": PASSWORD})
    assert response.headers["Location"].startswith("/o/acme/")
    membership = Membership.objects.get(user__email=NEW)
    assert (membership.organisation, membership.role) == (acme.organisation, "engineer")
    assert client.get("/o/acme/systems/").status_code == 200


def test_a_weak_password_is_refused_at_its_field(link: str, client: Client) -> None:
    response = client.post(link, {"name": "Nora", "password": "short"})
    assert response.status_code == 422
    assert "too short" in str(response.context["form"].errors["password"])
    assert 'value="Nora"' in response.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_link_serves_once(link: str, client: Client) -> None:
    client.post(link, {"name": "Nora", "password": PASSWORD})
    for method in (Client().get, Client().post):
        response = method(link)
        assert response.status_code == 404
        assert "no longer valid" in response.content.decode()


def test_a_withdrawn_or_wrong_link_tells_nothing(acme: Cast, link: str, client: Client) -> None:
    invitation = Invitation.objects.of(acme.organisation).get()
    invitations.withdraw(acme.organisation, invitation.pk, by=acme.actor(Role.ADMINISTRATOR))
    answers = [client.get(address).content for address in (link, "/invitation/guess/")]
    assert answers[0] == answers[1]
    assert b"Acme" not in answers[0]


def test_who_has_a_login_signs_in_first_and_then_joins(
    acme: Cast, rival: Cast, client: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    address = invite(acme, "engineer@rival.example", django_capture_on_commit_callbacks)
    page = client.get(address).content.decode()
    assert f"/accounts/login/?next={address}" in page
    assert 'name="password"' not in page
    assert client.post(address, {"name": "x", "password": PASSWORD}).status_code == 403
    client.force_login(rival.user(Role.ENGINEER))
    assert "Accept" in client.get(address).content.decode()
    client.post(address)
    assert Membership.objects.filter(
        user=rival.user(Role.ENGINEER), organisation=acme.organisation
    ).exists()


def test_somebody_else_who_is_signed_in_cannot_use_it(
    acme: Cast, rival: Cast, link: str, client: Client
) -> None:
    client.force_login(rival.user(Role.ENGINEER))
    assert "Sign out first" in client.get(link).content.decode()
    assert client.post(link).status_code == 403
    assert not Membership.objects.filter(
        user=rival.user(Role.ENGINEER), organisation=acme.organisation
    ).exists()


def test_the_secret_in_the_address_is_neither_cached_nor_passed_on(
    link: str, client: Client
) -> None:
    response = client.get(link)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert CANARY not in response.content.decode()
