"""`create_org` and `add_member`: how the first people come in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import Invitation, Membership, Organisation, User
from bcp.queries import history
from tests.conftest import PASSWORD, Cast


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command(*words)
    return capsys.readouterr().out


def test_an_organisation_is_created_with_its_first_administrator(
    db: None, capsys: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        said = run(
            capsys,
            *("create_org", "acme", "Acme Foods", "--time-zone", "Europe/Berlin"),
            *("--administrator", "Ada@Acme.example", "--address", "https://plans.example/"),
        )
    organisation = Organisation.objects.get(slug="acme")
    assert (organisation.name, organisation.time_zone) == ("Acme Foods", "Europe/Berlin")
    assert mail.outbox[0].to == ["ada@acme.example"]
    [link] = re.findall(r"https://plans\.example(/invitation/\S+/)", said)
    assert link in mail.outbox[0].body
    client.post(link, {"name": "Ada", "password": PASSWORD})
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user.email, membership.role) == ("ada@acme.example", "administrator")
    assert client.get("/o/acme/").status_code == 200
    assert history.first_broken(organisation) is None


@pytest.mark.parametrize(
    "words",
    [
        ("acme", "Acme", "--time-zone", "Mars/Olympus"),
        ("Not a slug", "Acme"),
        ("acme", ""),
        ("acme", "Acme", "--administrator", "nobody"),
    ],
)
def test_a_wrong_word_creates_nothing(words: tuple[str, ...], db: None) -> None:
    with pytest.raises(CommandError):
        call_command("create_org", *words)
    assert not Organisation.objects.exists()


def test_a_short_name_is_taken_once(acme: Cast) -> None:
    with pytest.raises(CommandError, match="already exists"):
        call_command("create_org", "acme", "Another")


def test_who_has_a_login_is_a_member_at_once(acme: Cast, rival: Cast, capsys: Any) -> None:
    known = rival.user(Role.ENGINEER)
    said = run(capsys, "add_member", "acme", known.email.upper(), "IT-Director")
    membership = Membership.objects.get(organisation=acme.organisation, user=known)
    assert membership.role == "it director"
    assert "invitation" not in said
    event = history.of_record(acme.organisation, "membership", membership.pk).get()
    assert event.via == "command line"


def test_who_has_none_gets_a_link_and_no_login_without_it(acme: Cast, capsys: Any) -> None:
    said = run(capsys, "add_member", "acme", "new@acme.example", "auditor")
    assert re.search(r"http://127\.0\.0\.1:8000/invitation/\S+/", said)
    assert Invitation.objects.get().role == "auditor"
    assert not User.objects.filter(email="new@acme.example").exists()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("nobody", "a@b.example", "auditor"), "There is no organisation"),
        (("acme", "a@b.example", "king"), "administrator, executive, it director"),
        (("acme", "not an address", "auditor"), "valid email"),
        (("acme", "engineer@acme.example", "auditor"), "member already"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], fault: str, acme: Cast) -> None:
    with pytest.raises(CommandError, match=fault):
        call_command("add_member", *words)
