"""Procedures over the API: a draft is written, read back, and approved by somebody else."""

from __future__ import annotations

from typing import Any

from bcp.engine.permissions import Role
from bcp.services import tokens
from tests.api.conftest import Caller, caller, token_caller
from tests.conftest import Cast
from tests.factories import make_contact, make_procedure, make_system, make_team

STEPS: list[dict[str, Any]] = [
    {"instruction": "Start", "minutes": 5, "minutes_low": 0, "covers": ["data", "access"]},
    {"instruction": "Wait", "minutes": None},
]


def test_a_draft_is_written_approved_and_then_stays_as_it_is(acme: Cast, director: Caller) -> None:
    system, team = make_system(acme.organisation, "ERP"), make_team(acme.organisation, "Ops")
    engineer = caller(acme, Role.ENGINEER)
    body = {"system": system.pk, "steps": [{**STEPS[0], "team": team.pk, "heads": 2}, STEPS[1]]}
    made = engineer.post("procedures/", body)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    address = f"procedures/{made.json()['id']}/"
    read = engineer.get(address).json()
    assert read == made.json()
    assert (read["state"], read["number"], read["system_name"]) == ("draft", 1, "ERP")
    first, second = read["steps"]
    assert (first["team"], first["team_name"], first["minutes_low"]) == (team.pk, "Ops", 0)
    assert (second["minutes"], second["contact"], second["covers"]) == (None, None, [])
    assert engineer.post(f"{address}approve/", {}, '"1"').status_code == 403
    sent_back = director.post(f"{address}send-back/", {"reason": "Who?"}, '"1"').json()
    assert sent_back["sent_back_reason"] == "Who?"
    changed = engineer.patch(address, {"summary": "Says who"}, '"2"')
    assert changed.json()["sent_back_reason"] == ""
    assert len(changed.json()["steps"]) == 2, "left out, the steps stay"
    assert director.post(f"{address}approve/", {}, '"2"').status_code == 412, "not what was read"
    approved = director.post(f"{address}approve/", {}, '"3"').json()
    assert (approved["state"], approved["approved_by_email"]) == (
        "approved",
        "it.director@acme.example",
    )
    assert engineer.put(address, {"steps": []}, '"4"').status_code == 409
    assert engineer.delete(address, '"4"').status_code == 409
    [listed] = engineer.get("procedures/", state="approved", q="start").json()["results"]
    assert listed["id"] == made.json()["id"]


def test_a_token_does_not_approve_what_its_owner_has_written(acme: Cast) -> None:
    system = make_system(acme.organisation, "ERP")
    owner = caller(acme, Role.IT_DIRECTOR)
    made = owner.post("procedures/", {"system": system.pk, "steps": STEPS}).json()
    _token, secret = tokens.create(
        acme.organisation, "nightly", days=7, by=acme.actor(Role.IT_DIRECTOR)
    )
    script = token_caller(secret, "acme")
    refused = script.post(f"procedures/{made['id']}/approve/", {}, '"1"')
    assert (refused.status_code, "not written" in refused.json()["detail"]) == (403, True)


def test_faults_are_named_by_the_step_they_are_in(
    acme: Cast, rival: Cast, director: Caller
) -> None:
    system = make_system(acme.organisation, "ERP")
    foreign = make_contact(rival.organisation, "Foreign")
    for steps, place in (
        ([STEPS[0], {"instruction": "Call", "contact": foreign.pk}], "contact"),
        ([STEPS[0], {"minutes": 5}], "instruction"),
        ([STEPS[0], {"instruction": "Go", "covers": ["roof"]}], "covers"),
        ([STEPS[0], {"instruction": "Go", "speed": 1}], "speed"),
    ):
        answer = director.post("procedures/", {"system": system.pk, "steps": steps})
        assert answer.status_code == 400
        assert place in str(answer.json())
    low = {"instruction": "Go", "minutes_low": 9, "minutes": 5}
    answer = director.post("procedures/", {"system": system.pk, "steps": [STEPS[0], low]})
    assert "Step 2: The best case" in str(answer.json())


def test_a_draft_may_begin_as_a_copy_and_a_system_has_one(
    acme: Cast, rival: Cast, director: Caller
) -> None:
    source = make_procedure(make_system(acme.organisation, "ERP"), 10, 20)
    system = make_system(acme.organisation, "CRM")
    copied = director.post("procedures/", {"system": system.pk, "copy_of": source.pk})
    assert [step["minutes"] for step in copied.json()["steps"]] == [10, 20]
    assert director.post("procedures/", {"system": system.pk}).status_code == 409
    theirs = make_procedure(make_system(rival.organisation, "Theirs"), 10)
    foreign = {"system": make_system(acme.organisation, "DMS").pk, "copy_of": theirs.pk}
    assert director.post("procedures/", foreign).status_code == 400
    both = {"system": foreign["system"], "copy_of": source.pk, "steps": STEPS}
    assert director.post("procedures/", both).status_code == 400


def test_many_procedures_are_listed_in_as_many_queries_as_one(
    acme: Cast, director: Caller, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_procedure(make_system(acme.organisation, f"System {number}"), 1, 2)
    with django_assert_max_num_queries(9):
        assert director.get("procedures/").json()["count"] == 20
