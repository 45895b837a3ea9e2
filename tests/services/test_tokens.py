"""API tokens: hash only, one organisation, gone when their owner leaves."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from knox.crypto import hash_token

from bcp.engine.permissions import Role
from bcp.errors import InvalidInput, NotAllowed
from bcp.models import ApiToken, AuditEvent
from bcp.queries import tokens as reads
from bcp.services import members, tokens
from tests.conftest import Cast


def test_only_the_hash_of_a_token_is_stored_anywhere(acme: Cast) -> None:
    token, secret = tokens.create(acme.organisation, "nightly", days=30, by=acme.actor())
    assert token.digest == hash_token(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM bcp_apitoken")
        rows = json.dumps(cursor.fetchall(), default=str)
    assert secret not in rows
    audit = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert secret not in audit
    assert token.digest not in audit
    assert token.token_key not in audit


def test_a_token_needs_a_name_and_one_of_the_offered_lifetimes(acme: Cast) -> None:
    with pytest.raises(InvalidInput) as nameless:
        tokens.create(acme.organisation, "  ", days=30, by=acme.actor())
    assert "name" in nameless.value.fields
    with pytest.raises(InvalidInput) as eternal:
        tokens.create(acme.organisation, "nightly", days=100_000, by=acme.actor())
    assert "days" in eternal.value.fields
    assert not ApiToken.objects.exists()


def test_the_command_line_owns_no_token(acme: Cast) -> None:
    with pytest.raises(NotAllowed):
        tokens.create(acme.organisation, "nightly", days=30, by=acme.shell)


def test_a_member_revokes_their_own_token_and_it_is_audited(acme: Cast) -> None:
    auditor = acme.actor(Role.AUDITOR)
    token, _secret = tokens.create(acme.organisation, "reader", days=7, by=auditor)
    tokens.revoke(acme.organisation, token.pk, by=auditor)
    assert not reads.of_user(acme.organisation, acme.user(Role.AUDITOR)).exists()
    last = AuditEvent.objects.first()
    assert last is not None
    assert (last.action, last.record_type, last.record_label) == ("revoked", "apitoken", "reader")


def test_somebody_elses_token_is_revoked_by_an_administrator_alone(acme: Cast) -> None:
    token, _secret = tokens.create(acme.organisation, "x", days=7, by=acme.actor(Role.ENGINEER))
    with pytest.raises(NotAllowed):
        tokens.revoke(acme.organisation, token.pk, by=acme.actor(Role.EXECUTIVE))
    tokens.revoke(acme.organisation, token.pk, by=acme.actor(Role.ADMINISTRATOR))
    assert not ApiToken.objects.exists()


def test_a_removed_member_leaves_no_token_behind(acme: Cast) -> None:
    engineer = acme.members[Role.ENGINEER]
    tokens.create(acme.organisation, "x", days=7, by=acme.actor(Role.ENGINEER))
    kept, _secret = tokens.create(acme.organisation, "y", days=7, by=acme.actor(Role.AUDITOR))
    members.remove(
        acme.organisation, engineer.pk, seen_version=None, by=acme.actor(Role.ADMINISTRATOR)
    )
    assert list(ApiToken.objects.all()) == [kept]
