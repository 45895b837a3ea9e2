"""Records over the API: made, read, changed, replaced, deleted, with their history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import resolve

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, EscalationPath, System, Team
from bcp.services.escalation import StepValues
from tests.api.conftest import Caller
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
    make_team,
)


def test_a_system_is_made_and_read_back_with_names_beside_its_keys(
    acme: Cast, director: Caller
) -> None:
    site = make_site(acme.organisation, "Hamburg")
    made = director.post("systems/", {"name": "ERP", "site": site.pk, "recovery_minutes": 0})
    assert made.status_code == 201
    assert made.headers["Location"].endswith(
        f"/api/v1/organisations/acme/systems/{made.json()['id']}/"
    )
    assert made.headers["ETag"] == '"1"'
    read = director.get(f"systems/{made.json()['id']}/")
    assert read.json() == made.json()
    row = read.json()
    assert (row["site"], row["site_name"]) == (site.pk, "Hamburg")
    assert row["recovery_minutes"] == 0, "nought is a figure"
    assert row["recovery_high_minutes"] is None, "and unknown is null"


def test_a_write_is_audited_as_coming_by_the_api(acme: Cast, director: Caller) -> None:
    director.post("sites/", {"name": "Hamburg"})
    event = AuditEvent.objects.get(record_label="Hamburg")
    assert (event.via, event.actor, event.action) == (
        "api",
        acme.user(Role.IT_DIRECTOR),
        "created",
    )


def test_patch_changes_only_what_is_given(acme: Cast, director: Caller) -> None:
    system = make_system(acme.organisation, "ERP", tier=2, description="the ledger")
    response = director.patch(f"systems/{system.pk}/", {"tier": 1}, etag='"1"')
    assert response.status_code == 200
    assert response.headers["ETag"] == '"2"'
    assert (response.json()["tier"], response.json()["description"]) == (1, "the ledger")


def test_put_replaces_and_sets_what_is_left_out_back(acme: Cast, director: Caller) -> None:
    system = make_system(acme.organisation, "ERP", tier=2, description="the ledger")
    response = director.put(f"systems/{system.pk}/", {"name": "ERP 2"}, etag='"1"')
    assert response.status_code == 200
    row = response.json()
    assert (row["name"], row["tier"], row["description"]) == ("ERP 2", None, "")


def test_what_was_read_can_be_put_back_unchanged(acme: Cast, director: Caller) -> None:
    contact = make_contact(acme.organisation, "Ada", phones=["+49 170 1"], may_spend="12.50")
    make_team(acme.organisation, "DBA", contact, heads_day=2)
    make_path(acme.organisation, "main", StepValues(contact, wait_minutes=5), is_default=True)
    for noun in ("contacts", "teams", "escalation-paths"):
        (row,) = director.get(f"{noun}/").json()["results"]
        answer = director.put(f"{noun}/{row['id']}/", row, etag=f'"{row["version"]}"')
        assert answer.json() == row, noun


def test_delete_removes_the_record_and_keeps_its_history(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    assert director.delete(f"sites/{site.pk}/", etag='"1"').status_code == 204
    assert director.get(f"sites/{site.pk}/").status_code == 404
    history = director.get(f"sites/{site.pk}/history/").json()
    assert [event["action"] for event in history["results"]] == ["deleted", "created"]


def test_history_tells_who_changed_what_from_what(acme: Cast, director: Caller) -> None:
    system = make_system(acme.organisation, "ERP", tier=2)
    director.patch(f"systems/{system.pk}/", {"tier": 1}, etag='"1"')
    latest = director.get(f"systems/{system.pk}/history/").json()["results"][0]
    assert latest["actor_label"] == "it.director@acme.example"
    assert (latest["before"], latest["after"]) == ({"tier": 2}, {"tier": 1})


def test_a_team_is_written_with_its_members(acme: Cast, director: Caller) -> None:
    ada, bob = make_contact(acme.organisation, "Ada"), make_contact(acme.organisation, "Bob")
    made = director.post("teams/", {"name": "DBA", "members": [ada.pk]}).json()
    assert made["member_names"] == ["Ada"]
    path = f"teams/{made['id']}/"
    both = director.patch(path, {"members": [ada.pk, bob.pk]}, etag=f'"{made["version"]}"')
    assert sorted(both.json()["member_names"]) == ["Ada", "Bob"]
    renamed = director.patch(path, {"name": "Databases"}, etag=both.headers["ETag"])
    assert len(renamed.json()["members"]) == 2, "members that are not given stay"
    emptied = director.put(path, {"name": "Databases"}, etag=renamed.headers["ETag"])
    assert emptied.json()["members"] == []
    assert not Team.objects.get().members.exists()


def test_an_escalation_path_is_written_with_its_ladder(acme: Cast, director: Caller) -> None:
    ada, bob = make_contact(acme.organisation, "Ada"), make_contact(acme.organisation, "Bob")
    steps = [{"contact": ada.pk, "wait_minutes": 5}, {"contact": bob.pk, "channel": "sms"}]
    made = director.post("escalation-paths/", {"name": "main", "steps": steps})
    assert made.status_code == 201
    row = made.json()
    assert [step["contact_name"] for step in row["steps"]] == ["Ada", "Bob"]
    assert [step["wait_minutes"] for step in row["steps"]] == [5, 15]
    shorter = director.patch(
        f"escalation-paths/{row['id']}/", {"steps": steps[1:]}, etag=made.headers["ETag"]
    )
    assert [step["contact_name"] for step in shorter.json()["steps"]] == ["Bob"]
    assert EscalationPath.objects.get().steps.count() == 1


def test_a_fault_in_a_step_says_which(acme: Cast, director: Caller) -> None:
    ada = make_contact(acme.organisation, "Ada")
    steps = [{"contact": ada.pk}, {"contact": "nobody000000"}]
    response = director.post("escalation-paths/", {"name": "main", "steps": steps})
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["steps.1.contact"]


def test_many_systems_are_changed_at_once(acme: Cast, director: Caller) -> None:
    keys = [make_system(acme.organisation, name, tier=3).pk for name in ("A", "B", "C")]
    body = {"keys": keys[:2], "values": {"tier": 1, "status": "retired"}}
    response = director.post("systems/bulk/", body)
    assert (response.status_code, response.json()) == (200, {"changed": 2})
    assert list(System.objects.values_list("tier", flat=True)) == [1, 1, 3]


def test_a_bulk_change_with_one_unknown_key_changes_nothing(acme: Cast, director: Caller) -> None:
    key = make_system(acme.organisation, "A", tier=3).pk
    response = director.post("systems/bulk/", {"keys": [key, "0" * 12], "values": {"tier": 1}})
    assert response.status_code == 409
    assert System.objects.get().tier == 3


@pytest.mark.parametrize("field", ["name", "description", "recovery_minutes"])
def test_only_the_offered_fields_are_set_on_many(field: str, acme: Cast, director: Caller) -> None:
    key = make_system(acme.organisation, "A").pk
    response = director.post("systems/bulk/", {"keys": [key], "values": {field: 1}})
    assert response.status_code == 400
    assert f"values.{field}" in response.json()["fields"]


def test_the_organisation_is_changed_by_its_administrator(administrator: Caller) -> None:
    etag = administrator.get().headers["ETag"]
    response = administrator.patch("", {"detection_minutes": 20}, etag=etag)
    assert response.status_code == 200
    assert response.json()["detection_minutes"] == 20
    assert response.headers["ETag"] != etag
    refused = administrator.patch("", {"slug": "other"}, etag=response.headers["ETag"])
    assert refused.json()["slug"] == "acme", "the short name is read-only"


def test_a_tier_promises_what_the_administrator_says(administrator: Caller) -> None:
    first = administrator.get("tiers/").json()["results"][0]
    path = f"tiers/{first['id']}/"
    response = administrator.patch(path, {"rto_minutes": 240}, etag='"1"')
    assert (response.json()["tier"], response.json()["rto_minutes"]) == (1, 240)


def test_the_members_of_the_organisation_are_listed(acme: Cast, director: Caller) -> None:
    listed = director.get("members/").json()
    assert listed["count"] == len(Role)
    assert {member["role"] for member in listed["results"]} == {role.value for role in Role}


def test_a_login_sees_its_own_organisations_and_its_role_in_each(
    acme: Cast, rival: Cast, director: Caller
) -> None:
    listed = director.client.get("/api/v1/organisations/").json()
    assert listed["results"] == [{"slug": "acme", "name": "Acme Foods", "role": "it director"}]


@pytest.mark.parametrize(
    "noun",
    ["systems", "dependencies", "sites", "contacts", "copies", "targets"],
)
def test_a_row_of_the_list_says_the_same_as_the_record(
    noun: str, acme: Cast, director: Caller
) -> None:
    """Lists are read past the serializer; they must not say anything else than it would. A record
    may say more of itself: what is too long or too dear for every row."""
    organisation = acme.organisation
    site = make_site(organisation, "Hamburg")
    ada = make_contact(organisation, "Ada", phones=["1", "2"], may_spend="1.50", deputy=None)
    team = make_team(organisation, "DBA", ada)
    erp = make_system(organisation, "ERP", site=site, owner=ada, team=team, data_gb="1.5")
    make_dependency(erp, make_system(organisation, "DB"))
    make_copy(erp, "nightly", restore_mb_s="12.25", last_success="2026-11-20T03:00:00Z")
    make_target(erp, acme.user(Role.EXECUTIVE), rto=60)
    for row in director.get(f"{noun}/").json()["results"]:
        assert row.items() <= director.get(f"{noun}/{row['id']}/").json().items()
        composed = getattr(_view(noun, row["id"]).serializer_class, "composed", ())
        plain = {name: value for name, value in row.items() if name not in composed}
        assert plain.items() <= _serialized(noun, row["id"], acme).items()


def _view(noun: str, key: str) -> Any:
    return resolve(f"/api/v1/organisations/acme/{noun}/{key}/").func.cls


def _serialized(noun: str, key: str, acme: Cast) -> Any:
    view = _view(noun, key)
    record = view.listing(acme.organisation).get(pk=key)
    data = view.serializer_class(record, context={"organisation": acme.organisation}).data
    return json.loads(json.dumps(data, default=float))
