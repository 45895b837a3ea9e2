"""Members and invitations on their page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import Invitation, Membership
from bcp.services import invitations, members
from tests.conftest import CANARY, PASSWORD, Cast

PLACE = "/o/acme/members/"


@pytest.fixture
def administrator(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ADMINISTRATOR))
    return client


def test_a_role_is_changed_and_said(acme: Cast, administrator: Client) -> None:
    key = acme.members[Role.AUDITOR].pk
    response = administrator.post(
        f"{PLACE}{key}/role/", {"role": "executive", "version": 1}, follow=True
    )
    assert "auditor@acme.example is now: Executive." in response.content.decode()
    assert Membership.objects.get(pk=key).role == "executive"


def test_a_change_on_an_older_version_is_refused(acme: Cast, administrator: Client) -> None:
    key = acme.members[Role.AUDITOR].pk
    members.change_role(acme.organisation, key, Role.ENGINEER, seen_version=1, by=acme.shell)
    response = administrator.post(f"{PLACE}{key}/role/", {"role": "executive", "version": 1})
    assert response.status_code == 409
    assert Membership.objects.get(pk=key).role == "engineer"


@pytest.mark.parametrize("role", ["king", "", "nul\x00"])
def test_a_role_that_does_not_exist_is_refused(
    role: str, acme: Cast, administrator: Client
) -> None:
    key = acme.members[Role.AUDITOR].pk
    response = administrator.post(f"{PLACE}{key}/role/", {"role": role, "version": 1})
    assert response.status_code == 422
    assert Membership.objects.get(pk=key).role == "auditor"


@pytest.mark.parametrize("action", ["role", "remove"])
def test_the_last_administrator_is_kept_and_told_why(
    action: str, acme: Cast, administrator: Client
) -> None:
    key = acme.members[Role.ADMINISTRATOR].pk
    response = administrator.post(f"{PLACE}{key}/{action}/", {"role": "auditor", "version": 1})
    assert response.status_code == 422
    assert "This is the last administrator." in response.content.decode()
    assert Membership.objects.get(pk=key).role == "administrator"


def test_a_removed_member_sees_nothing_any_more(acme: Cast, administrator: Client) -> None:
    other = Client()
    other.force_login(acme.user(Role.ENGINEER))
    key = acme.members[Role.ENGINEER].pk
    assert "engineer@acme.example" in administrator.get(f"{PLACE}{key}/remove/").content.decode()
    administrator.post(f"{PLACE}{key}/remove/", {"version": 1})
    assert other.get("/o/acme/systems/").status_code == 404


def test_who_removes_oneself_is_led_out(acme: Cast, administrator: Client) -> None:
    members.change_role(
        acme.organisation,
        acme.members[Role.ENGINEER].pk,
        Role.ADMINISTRATOR,
        seen_version=None,
        by=acme.shell,
    )
    key = acme.members[Role.ADMINISTRATOR].pk
    response = administrator.post(f"{PLACE}{key}/remove/", {"version": 1}, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/"


def test_an_invitation_is_mailed_and_leads_to_the_role_given(
    acme: Cast, administrator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = administrator.post(
            f"{PLACE}invite/", {"email": "New@Acme.example", "role": "auditor"}
        )
    assert response.headers["Location"] == PLACE
    words = str(mail.outbox[0].body).split()
    link = next(word for word in words if word.startswith("http://testserver/invitation/"))
    shown = administrator.get(PLACE).content.decode()
    assert "new@acme.example" in shown
    assert link.rsplit("/", 2)[1] not in shown
    newcomer = Client()
    newcomer.post(link, {"name": "Nora", "password": PASSWORD})
    assert Membership.objects.get(user__email="new@acme.example").role == "auditor"


def test_mail_that_fails_is_said_and_the_link_is_not_shown(
    acme: Cast, administrator: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.services.test_invitations.NoMail"
    response = administrator.post(
        f"{PLACE}invite/", {"email": "new@acme.example", "role": "auditor"}, follow=True
    )
    shown = response.content.decode()
    assert "the mail could not be sent" in shown
    assert "/invitation/" not in shown


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [
        ("nowhere", "auditor", "email"),
        ("", "auditor", "email"),
        ("nul\x00@acme.example", "auditor", "email"),
        ("new@acme.example", "king", "role"),
        ("engineer@acme.example", "auditor", "email"),
    ],
)
def test_a_wrong_invitation_is_said_at_its_field_and_nothing_is_mailed(
    email: str, role: str, field: str, acme: Cast, administrator: Client
) -> None:
    response = administrator.post(f"{PLACE}invite/", {"email": email, "role": role})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_an_open_invitation_is_withdrawn(acme: Cast, administrator: Client) -> None:
    invited = invitations.invite(
        acme.organisation, "new@acme.example", Role.AUDITOR, link_base="", by=acme.shell
    )
    assert "the command line" in administrator.get(PLACE).content.decode()
    administrator.post(f"{PLACE}invitations/{invited.invitation.pk}/withdraw/")
    assert "new@acme.example" not in administrator.get(PLACE).context["invitations"]
    again = administrator.post(f"{PLACE}invitations/{invited.invitation.pk}/withdraw/")
    assert again.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_others_see_who_is_a_member_and_neither_invitations_nor_buttons(
    role: Role, acme: Cast, rival: Cast, client: Client
) -> None:
    invitations.invite(
        acme.organisation, "secret@new.example", Role.AUDITOR, link_base="", by=acme.shell
    )
    client.force_login(acme.user(role))
    shown = client.get(PLACE).content.decode()
    assert "administrator@acme.example" in shown
    assert CANARY not in shown
    assert "rival.example" not in shown
    assert "secret@new.example" not in shown
    for offer in ("/role/", "/remove/", "/invite/"):
        assert offer not in shown
