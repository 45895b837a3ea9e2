"""Tokens at the door: good for their owner, in their organisation, until they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import Membership
from bcp.services import members, tokens
from tests.api.conftest import token_caller
from tests.conftest import Cast
from tests.factories import make_system


def secret_of(cast: Cast, role: Role = Role.IT_DIRECTOR, days: int = 30) -> str:
    return tokens.create(cast.organisation, "script", days=days, by=cast.actor(role))[1]


def test_a_token_reads_and_writes_as_its_owner(acme: Cast) -> None:
    script = token_caller(secret_of(acme), "acme")
    made = script.post("systems/", {"name": "ERP"})
    assert made.status_code == 201, "no session and no CSRF token needed"
    event = script.get(f"systems/{made.json()['id']}/history/").json()["results"][0]
    assert event["actor_label"] == "it.director@acme.example"


def test_a_token_may_do_no_more_than_its_owners_role(acme: Cast) -> None:
    script = token_caller(secret_of(acme, Role.AUDITOR), "acme")
    assert script.get("systems/").status_code == 200
    assert script.post("systems/", {"name": "ERP"}).status_code == 403


def test_a_role_that_is_taken_away_is_gone_from_the_token_at_once(acme: Cast) -> None:
    script = token_caller(secret_of(acme, Role.ENGINEER), "acme")
    assert script.post("systems/", {"name": "A"}).status_code == 201
    engineer = acme.members[Role.ENGINEER]
    members.change_role(
        acme.organisation,
        engineer.pk,
        Role.AUDITOR,
        seen_version=None,
        by=acme.actor(Role.ADMINISTRATOR),
    )
    assert script.post("systems/", {"name": "B"}).status_code == 403


def test_a_token_is_good_in_its_own_organisation_only(acme: Cast, rival: Cast) -> None:
    """Although its owner is a member of both: a provider's script for one client reaches no
    other."""
    owner = acme.user(Role.IT_DIRECTOR)
    Membership.objects.create(
        organisation=rival.organisation, user=owner, role=Role.IT_DIRECTOR.value
    )
    secret = secret_of(acme)
    foreign, nowhere = (token_caller(secret, slug).get("systems/") for slug in ("rival", "none"))
    assert (foreign.status_code, foreign.content) == (404, nowhere.content)
    mine = (
        Client().get("/api/v1/organisations/", headers={"Authorization": f"Bearer {secret}"}).json()
    )
    assert [row["slug"] for row in mine["results"]] == ["acme"]


def test_a_removed_member_loses_access_at_once(acme: Cast) -> None:
    secret = secret_of(acme, Role.ENGINEER)
    script = token_caller(secret, "acme")
    assert script.get("systems/").status_code == 200
    engineer = acme.members[Role.ENGINEER]
    by = acme.actor(Role.ADMINISTRATOR)
    members.remove(acme.organisation, engineer.pk, seen_version=None, by=by)
    assert script.get("systems/").status_code == 401
    members.add(acme.organisation, engineer.user, Role.ENGINEER, by=by)
    assert script.get("systems/").status_code == 401, "and it stays gone when they return"


def test_a_membership_that_ends_by_itself_ends_the_tokens_reach(acme: Cast) -> None:
    script = token_caller(secret_of(acme, Role.ENGINEER), "acme")
    Membership.objects.filter(user=acme.user(Role.ENGINEER)).delete()
    assert script.get("systems/").status_code == 404


def test_a_locked_out_user_loses_access_at_once(acme: Cast) -> None:
    script = token_caller(secret_of(acme), "acme")
    owner = acme.user(Role.IT_DIRECTOR)
    owner.is_active = False
    owner.save()
    assert script.get("systems/").status_code == 401


def test_a_revoked_token_is_refused(acme: Cast) -> None:
    token, secret = tokens.create(acme.organisation, "script", days=7, by=acme.actor())
    tokens.revoke(acme.organisation, token.pk, by=acme.actor())
    assert token_caller(secret, "acme").get("systems/").status_code == 401


def test_a_token_ends_with_its_last_day(acme: Cast) -> None:
    secret = secret_of(acme, days=7)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=-5), tick=False):
        assert token_caller(secret, "acme").get("systems/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=5), tick=False):
        assert token_caller(secret, "acme").get("systems/").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer 0123456789abcdef",
        "Bearer ÿÿÿ",
        "Bearer a\x00b",
        "Bearer " + "a" * 5000,
        "Basic aXQuZGlyZWN0b3I6eA==",
        "Nonsense",
    ],
)
def test_a_wrong_credential_is_refused(header: str, acme: Cast) -> None:
    response = Client().get("/api/v1/organisations/acme/", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"


def test_one_wrong_letter_opens_nothing(acme: Cast) -> None:
    secret = secret_of(acme)
    altered = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    assert token_caller(altered, "acme").get("systems/").status_code == 401


def test_the_hash_in_the_database_is_no_credential(acme: Cast) -> None:
    token, _secret = tokens.create(acme.organisation, "script", days=7, by=acme.actor())
    for stolen in (token.digest, token.token_key):
        assert token_caller(stolen, "acme").get("systems/").status_code == 401


def test_a_token_does_not_open_the_pages(acme: Cast) -> None:
    response = Client().get("/", headers={"Authorization": f"Bearer {secret_of(acme)}"})
    assert response.status_code == 302


def test_a_session_must_show_that_the_write_comes_from_our_own_pages(acme: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(acme.user(Role.IT_DIRECTOR))
    address = "/api/v1/organisations/acme/systems/"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"name": "ERP"}, content_type="application/json")
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "CSRF" in refused.json()["detail"]


def test_a_token_costs_one_query_to_check(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    script = token_caller(secret_of(acme), "acme")
    with CaptureQueriesContext(connection) as captured:
        assert script.get("systems/").status_code == 200
    assert len(captured) == 4, "the token with its owner, the membership, the count, the rows"
