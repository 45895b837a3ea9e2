"""Signing in and out, the second factor, and that nobody gets in who was not invited."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from bcp.engine.permissions import Role
from bcp.models import Membership, User
from tests.conftest import CANARY, PASSWORD, Cast

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    """Rate limits count in the cache, which tests share."""
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def test_one_signs_in_with_the_address_in_any_case(acme: Cast, client: Client) -> None:
    assert sign_in(client, "Executive@ACME.example") == 302
    assert client.get("/").status_code == 302


def test_a_stranger_is_sent_to_the_login_and_back(acme: Cast, client: Client) -> None:
    wanted = "/o/acme/systems/?q=a&tier=1"
    response = client.get(wanted)
    assert response.status_code == 302
    response = client.post(
        response.headers["Location"],
        {"login": "engineer@acme.example", "password": PASSWORD, "next": wanted},
    )
    assert response.headers["Location"] == wanted


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    acme: Cast, client: Client
) -> None:
    errors = []
    for email in ("executive@acme.example", "nobody@acme.example"):
        response = client.post(LOGIN, {"login": email, "password": "wrong-wrong-wrong"})
        assert "There is a problem" in response.content.decode()
        errors.append(response.context["form"].errors)
    assert errors[0] == errors[1]


def test_guessing_a_password_is_stopped_even_when_it_is_guessed_at_last(
    acme: Cast, client: Client
) -> None:
    for _attempt in range(5):
        sign_in(client, "executive@acme.example", "wrong-wrong-wrong")
    response = client.post(LOGIN, {"login": "executive@acme.example", "password": PASSWORD})
    assert response.status_code == 200
    assert "Too many failed login attempts" in response.content.decode()
    assert sign_in(client, "engineer@acme.example") == 302


def test_hammering_the_login_is_answered_with_429(acme: Cast, client: Client) -> None:
    answers = {sign_in(client, f"someone{number}@acme.example", "x") for number in range(40)}
    assert 429 in answers


def test_nobody_signs_up(acme: Cast, client: Client) -> None:
    before = User.objects.count()
    page = client.get("/accounts/signup/").content.decode()
    assert "By invitation only" in page
    client.post("/accounts/signup/", {"email": "me@evil.example", "password1": PASSWORD})
    assert User.objects.count() == before


def test_an_address_is_not_changed_by_its_owner(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    client.post("/accounts/email/", {"email": "executive@rival.example", "action_add": ""})
    assert acme.user(Role.ENGINEER).email == "engineer@acme.example"
    assert not acme.user(Role.ENGINEER).emailaddress_set.exists()


def test_signing_out_takes_a_post(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/o/acme/systems/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/o/acme/systems/").status_code == 302


def test_a_forgotten_password_is_reset_by_mail_and_only_for_a_login_that_exists(
    acme: Cast, client: Client
) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}).headers["Location"]
        for email in ("nobody@acme.example", "executive@acme.example")
    ]
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["executive@acme.example"]]
    body = str(mail.outbox[0].body)
    link = next(word for word in body.split() if "/accounts/password/reset/key/" in word)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    changed = "a-new-and-long-enough-password"
    client.post(address, {"password1": changed, "password2": changed})
    assert sign_in(Client(), "executive@acme.example", changed) == 302
    assert sign_in(Client(), "executive@acme.example", PASSWORD) == 200


def test_the_second_factor_is_asked_for_and_a_recovery_code_serves_once(
    acme: Cast, client: Client
) -> None:
    user = acme.user(Role.EXECUTIVE)
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/o/acme/systems/").status_code == 302
    assert "Two-Factor" in client.get(reverse("mfa_authenticate")).content.decode()
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/o/acme/systems/").status_code == 200
    again = Client()
    sign_in(again, user.email)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert again.get("/o/acme/systems/").status_code == 302


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "mfa_index", "mfa_activate_totp", "account_reauthenticate"],
)
def test_the_pages_of_a_login_open_in_the_look_of_the_product(
    name: str, acme: Cast, client: Client
) -> None:
    sign_in(client, "engineer@acme.example")
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert 'class="masthead"' in response.content.decode()


def test_one_organisation_is_entered_straight_and_several_are_offered(
    acme: Cast, rival: Cast, client: Client
) -> None:
    user = acme.user(Role.ENGINEER)
    client.force_login(user)
    assert client.get("/").headers["Location"].startswith("/o/acme/")
    Membership.objects.create(organisation=rival.organisation, user=user, role="auditor")
    page = client.get("/").content.decode()
    assert "Acme Foods" in page
    assert CANARY in page
    assert CANARY in client.get("/o/acme/systems/").content.decode()


def test_a_login_without_an_organisation_is_told_what_to_do(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("new@acme.example", PASSWORD))
    assert "Ask an administrator" in client.get("/").content.decode()


def test_a_login_that_was_switched_off_is_out_at_once(acme: Cast, client: Client) -> None:
    user = acme.user(Role.ENGINEER)
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/o/acme/systems/").status_code == 302


def test_pages_run_no_script_but_their_own_and_are_framed_by_nobody(
    acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    for address in ("/o/acme/systems/", LOGIN):
        response = client.get(address)
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert " style=" not in response.content.decode()
        assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", ["/nothing/", "/o/", "/accounts/nothing/here/"])
@pytest.mark.django_db
def test_an_unknown_address_tells_nothing_of_the_addresses_there_are(
    client: Client, settings: Settings, address: str, debug: bool
) -> None:
    settings.DEBUG = debug
    response = client.get(address)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
    assert "reporting" not in response.content.decode()


@pytest.mark.django_db
def test_a_forgotten_slash_is_added(client: Client) -> None:
    response = client.get("/accounts/login")
    assert (response.status_code, response["Location"]) == (301, "/accounts/login/")
