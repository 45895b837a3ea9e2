"""Two organisations in one database: nothing of the one shows in any answer to the other."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, System
from bcp.services.escalation import StepValues
from tests.api.conftest import Caller, caller
from tests.conftest import CANARY, Cast
from tests.factories import (
    answer_everything,
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
    make_team,
)

LISTS = [
    *("systems", "dependencies", "sites", "contacts", "teams", "escalation-paths", "copies"),
    *("targets", "impacts", "acceptances", "dependency-reviews", "tiers", "members", "audit"),
]


@pytest.fixture
def foreign(rival: Cast) -> dict[str, Any]:
    """One record of every kind in the other organisation, by the field that would name it."""
    organisation = rival.organisation
    site = make_site(organisation, f"{CANARY} site")
    contact = make_contact(organisation, f"{CANARY} boss")
    team = make_team(organisation, f"{CANARY} team", contact)
    system = make_system(organisation, f"{CANARY} system", site=site, owner=contact)
    other = make_system(organisation, f"{CANARY} database")
    make_dependency(system, other)
    make_copy(system, f"{CANARY} copy")
    path = make_path(organisation, f"{CANARY} path", StepValues(contact), is_default=True)
    make_target(system, rival.user(Role.EXECUTIVE), rto=60)
    process = make_system(organisation, f"{CANARY} process", kind="business process")
    answer_everything(process, rival.user(Role.EXECUTIVE))
    make_acceptance(system, rival.user(Role.EXECUTIVE), reason=CANARY, code="duration_unknown")
    return {"site": site, "contact": contact, "team": team, "system": system, "path": path}


@pytest.mark.parametrize("noun", LISTS)
def test_lists_and_their_counts_hold_only_ones_own(
    noun: str, acme: Cast, foreign: dict[str, Any]
) -> None:
    auditor = caller(acme, Role.AUDITOR)
    for params in ({}, {"q": CANARY[:6]}, {"page_size": 1000}):
        if "q" in params and noun in {"tiers", "members", "impacts", "dependency-reviews"}:
            continue
        answer = auditor.get(f"{noun}/", **params)
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()
    own = {"tiers": 4, "members": len(Role)}.get(noun, 0)
    count = auditor.get(f"{noun}/").json()["count"]
    assert count == (AuditEvent.objects.of(acme.organisation).count() if noun == "audit" else own)


RELATIONS = [
    ("systems/", {"name": "X"}, "site", "site"),
    ("systems/", {"name": "X"}, "owner", "contact"),
    ("systems/", {"name": "X"}, "technical_owner", "contact"),
    ("systems/", {"name": "X"}, "deputy", "contact"),
    ("systems/", {"name": "X"}, "team", "team"),
    ("systems/", {"name": "X"}, "escalation_path", "path"),
    ("contacts/", {"name": "X"}, "deputy", "contact"),
    ("copies/", {"name": "X"}, "system", "system"),
    ("copies/", {"name": "X"}, "site", "site"),
    ("dependencies/", {}, "dependent", "system"),
    ("dependencies/", {}, "dependency", "system"),
    ("targets/", {"rto_minutes": 5}, "system", "system"),
]


@pytest.mark.parametrize(("path", "body", "field", "kind"), RELATIONS)
def test_a_foreign_key_is_refused_like_one_that_nobody_has(
    path: str, body: dict[str, Any], field: str, kind: str, director: Caller, foreign: Any
) -> None:
    key, unknown = foreign[kind].pk, "0" * 12
    refused = director.post(path, {**body, field: key})
    missing = director.post(path, {**body, field: unknown})
    assert (refused.status_code, missing.status_code) == (400, 400)
    assert field in refused.json()["fields"]
    assert refused.content.decode().replace(key, unknown) == missing.content.decode()
    assert CANARY not in refused.content.decode()


def test_foreign_members_and_steps_are_refused(
    acme: Cast, director: Caller, foreign: dict[str, Any]
) -> None:
    key = foreign["contact"].pk
    own = make_contact(acme.organisation, "Ada")
    assert director.post("teams/", {"name": "X", "members": [own.pk, key]}).status_code == 400
    for step in (
        {"contact": key},
        {"contact": own.pk, "channel_system": foreign["system"].pk},
    ):
        answer = director.post("escalation-paths/", {"name": "X", "steps": [step]})
        assert answer.status_code == 400
        assert CANARY not in answer.content.decode()


def test_a_bulk_change_reaches_no_foreign_system(
    acme: Cast, director: Caller, foreign: dict[str, Any]
) -> None:
    own = make_system(acme.organisation, "ERP", tier=3)
    body = {"keys": [own.pk, foreign["system"].pk], "values": {"tier": 1}}
    assert director.post("systems/bulk/", body).status_code == 409
    body = {"keys": [own.pk], "values": {"site": foreign["site"].pk}}
    assert director.post("systems/bulk/", body).status_code == 400
    assert set(System.objects.values_list("tier", "site__name")) == {
        (3, None),
        (None, None),
        (None, f"{CANARY} site"),
    }


@pytest.mark.parametrize(
    ("noun", "field", "kind"),
    [
        ("systems", "site", "site"),
        ("systems", "owner", "contact"),
        ("systems", "team", "team"),
        ("dependencies", "dependent", "system"),
        ("dependencies", "dependency", "system"),
        ("copies", "system", "system"),
        ("copies", "site", "site"),
        ("targets", "system", "system"),
    ],
)
def test_a_filter_by_a_foreign_record_is_refused_like_an_unknown_one(
    noun: str, field: str, kind: str, director: Caller, foreign: dict[str, Any]
) -> None:
    key, unknown = foreign[kind].pk, "0" * 12
    refused = director.get(f"{noun}/", **{field: key})
    missing = director.get(f"{noun}/", **{field: unknown})
    assert (refused.status_code, missing.status_code) == (400, 400)
    assert refused.content.decode().replace(key, unknown) == missing.content.decode()


def test_a_name_taken_elsewhere_is_free_here(director: Caller, foreign: dict[str, Any]) -> None:
    """A uniqueness check across tenants would say who else has such a system."""
    assert director.post("systems/", {"name": foreign["system"].name}).status_code == 201


def test_a_member_of_both_sees_each_only_in_its_own_place(acme: Cast, rival: Cast) -> None:
    both = acme.user(Role.ENGINEER)
    rival.organisation.refresh_from_db()
    rival_membership = rival.members[Role.AUDITOR]
    rival_membership.user = both
    rival_membership.save()
    make_system(acme.organisation, "Ours")
    make_system(rival.organisation, "Theirs")
    client = caller(acme, Role.ENGINEER).client
    mine = client.get("/api/v1/organisations/").json()["results"]
    assert [(row["slug"], row["role"]) for row in mine] == [
        ("acme", "engineer"),
        ("rival", "auditor"),
    ]
    for slug, name in (("acme", "Ours"), ("rival", "Theirs")):
        listed = client.get(f"/api/v1/organisations/{slug}/systems/").json()
        assert [row["name"] for row in listed["results"]] == [name]
    refused = client.post(
        "/api/v1/organisations/rival/systems/", {"name": "X"}, content_type="application/json"
    )
    assert refused.status_code == 403, "the role is that of the place"
