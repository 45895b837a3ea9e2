"""Settings: the organisation's own facts, its tiers, and API tokens."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import ApiToken, Organisation, TierPolicy
from bcp.queries import history
from bcp.services import organisations, tokens
from tests.conftest import CANARY, Cast
from tests.web.reading import as_read

PLACE = "/o/acme/settings/"
TOKENS = "/o/acme/tokens/"


@pytest.fixture
def administrator(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ADMINISTRATOR))
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Acme Foods",
        "time_zone": "Europe/Berlin",
        "paper_size": "A4",
        "detection_minutes": "15 min",
        "review_months": "6",
        "version": 1,
        **changes,
    }


def test_the_facts_are_changed_and_audited(acme: Cast, administrator: Client) -> None:
    response = administrator.post(
        f"{PLACE}edit/", typed(paper_size="Letter", detection_minutes="", time_zone="Asia/Tokyo")
    )
    assert response.headers["Location"] == PLACE
    organisation = Organisation.objects.get(pk=acme.organisation.pk)
    assert organisation.paper_size == "Letter"
    assert organisation.detection_minutes is None
    shown = administrator.get(PLACE).content.decode()
    assert "Asia/Tokyo" in shown
    assert "unknown" in shown
    event = history.events(acme.organisation).first()
    assert event is not None
    assert (event.record_type, event.action) == ("organisation", "changed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("time_zone", "Mars/Olympus"),
        ("detection_minutes", "soon"),
        ("review_months", "0"),
        ("review_months", "99999999999"),
        ("paper_size", "A0"),
    ],
)
def test_a_wrong_fact_is_said_at_its_field(
    field: str, value: str, acme: Cast, administrator: Client
) -> None:
    response = administrator.post(f"{PLACE}edit/", typed(**{field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Organisation.objects.get(pk=acme.organisation.pk).version == 1


def test_the_second_editor_of_the_facts_sees_both_versions(
    acme: Cast, administrator: Client
) -> None:
    organisations.change(acme.organisation, {"name": "Acme & Sons"}, seen_version=1, by=acme.shell)
    response = administrator.post(f"{PLACE}edit/", typed(name="Acme Ltd"))
    assert response.status_code == 409
    [difference] = response.context["differences"]
    assert (difference["mine"], difference["theirs"]) == ("Acme Ltd", "Acme & Sons")
    administrator.post(f"{PLACE}edit/", typed(name="Acme Ltd", version=2))
    assert Organisation.objects.get(pk=acme.organisation.pk).name == "Acme Ltd"


def test_the_short_name_cannot_be_changed_by_adding_a_field(
    acme: Cast, administrator: Client
) -> None:
    administrator.post(f"{PLACE}edit/", typed(slug="stolen", audit_count="0"))
    assert Organisation.objects.filter(slug="acme").exists()


def test_a_tier_promises_what_is_typed_and_nothing_is_not_zero(
    acme: Cast, administrator: Client
) -> None:
    tier = TierPolicy.objects.of(acme.organisation).get(tier=1)
    response = administrator.post(
        f"{PLACE}tiers/{tier.pk}/",
        {"name": "Vital", "rto_minutes": "4h", "rpo_minutes": "0", "follow": "on", "version": 1},
    )
    assert response.headers["Location"] == PLACE
    tier.refresh_from_db()
    assert (tier.name, tier.rto_minutes, tier.rpo_minutes) == ("Vital", 240, 0)
    shown = as_read(administrator.get(PLACE).content.decode())
    assert "4 h" in shown
    assert "0 min" in shown
    assert shown.count("nothing") == 6
    stale = {"name": "Mine", "rto_minutes": "", "rpo_minutes": "", "version": 1}
    assert administrator.post(f"{PLACE}tiers/{tier.pk}/", stale).status_code == 409


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_others_read_the_settings_and_are_offered_no_change(
    role: Role, acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(role))
    shown = client.get(PLACE).content.decode()
    assert "Europe/Berlin" in shown
    assert "/settings/edit/" not in shown
    assert "/settings/tiers/" not in shown
    assert client.post(f"{PLACE}edit/", typed(name="X")).status_code == 403


@time_machine.travel("2026-11-23T10:00:00Z", tick=False)
def test_a_token_is_shown_once_and_works_for_the_role_of_its_owner(
    acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    response = client.post(TOKENS, {"name": "nightly export", "days": "30"})
    assert response.status_code == 201
    assert "no-store" in response.headers["Cache-Control"]
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "Authorization: Bearer" in response.content.decode()
    assert secret not in client.get(TOKENS).content.decode()
    token = ApiToken.objects.get()
    assert (token.user, (token.expiry - token.created_at).days) == (acme.user(Role.ENGINEER), 30)
    answer = Client().get(
        "/api/v1/organisations/acme/sites/", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "", "days": "30"}, "name"),
        ({"name": "x" * 201, "days": "30"}, "name"),
        ({"name": "x", "days": "31"}, "days"),
        ({"name": "x", "days": "forever"}, "days"),
        ({"name": "nul\x00", "days": "7"}, "name"),
    ],
)
def test_a_token_needs_a_name_and_an_end(
    sent: dict[str, str], field: str, acme: Cast, administrator: Client
) -> None:
    response = administrator.post(TOKENS, sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


def test_one_sees_and_revokes_ones_own_tokens_and_the_administrator_everybodys(
    acme: Cast, rival: Cast, client: Client
) -> None:
    made = {
        role: tokens.create(acme.organisation, f"of {role}", days=7, by=acme.actor(role))[0]
        for role in (Role.ENGINEER, Role.AUDITOR)
    }
    tokens.create(rival.organisation, CANARY, days=7, by=rival.actor())
    client.force_login(acme.user(Role.AUDITOR))
    shown = client.get(TOKENS).content.decode()
    assert "of auditor" in shown
    assert "of engineer" not in shown
    assert client.post(f"{TOKENS}{made[Role.ENGINEER].pk}/revoke/").status_code == 403
    assert client.post(f"{TOKENS}{made[Role.AUDITOR].pk}/revoke/").status_code == 302
    client.force_login(acme.user(Role.ADMINISTRATOR))
    shown = client.get(TOKENS).content.decode()
    assert "of engineer" in shown
    assert CANARY not in shown
    client.post(f"{TOKENS}{made[Role.ENGINEER].pk}/revoke/")
    assert not ApiToken.objects.of(acme.organisation).exists()


def test_two_people_editing_a_tier_see_both_versions_in_words(
    acme: Cast, administrator: Client
) -> None:
    tier = TierPolicy.objects.of(acme.organisation).get(tier=4)
    address, mine = f"{PLACE}tiers/{tier.pk}/", {"name": tier.name, "version": 1, "dwell": "7d"}
    first = administrator.post(address, {**mine, "scenarios": ["system"]})
    assert first.headers["Location"] == PLACE
    second = administrator.post(address, {**mine, "scenarios": ["supplier", "everything"]})
    assert second.status_code == 409
    page = second.content.decode()
    assert "Own failure" in page
    assert "Supplier gone, Everything" in page
    tier.refresh_from_db()
    assert tier.scenarios == ["system", "ransomware:7d"]
