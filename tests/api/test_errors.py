"""Whatever is sent, the answer is a problem in one shape and never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services import targets
from bcp.services.escalation import StepValues
from tests.api.conftest import Caller, caller
from tests.conftest import Cast
from tests.factories import make_contact, make_path, make_system

MEMBERS = {"type", "title", "status", "detail", "fields"}


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem in the answer, checked for its shape."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert MEMBERS <= set(body) <= MEMBERS | {"current"}
    assert body["status"] == status
    assert body["detail"].strip()
    for messages in body["fields"].values():
        assert messages
        assert all(isinstance(message, str) for message in messages)
    return body


def raw(director: Caller, body: bytes | str, content_type: str = "application/json") -> Any:
    return director.client.generic("POST", director.root + "systems/", body, content_type)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": None}, "name"),
        ({"name": ["ERP"]}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "X", "tier": 0}, "tier"),
        ({"name": "X", "tier": 5}, "tier"),
        ({"name": "X", "tier": "first"}, "tier"),
        ({"name": "X", "kind": "spaceship"}, "kind"),
        ({"name": "X", "recovery_minutes": -1}, "recovery_minutes"),
        ({"name": "X", "recovery_minutes": 1.5}, "recovery_minutes"),
        ({"name": "X", "recovery_minutes": 10**8}, "recovery_minutes"),
        ({"name": "X", "recovery_minutes": 10**30}, "recovery_minutes"),
        ({"name": "X", "recovery_minutes": "4h"}, "recovery_minutes"),
        ({"name": "X", "data_gb": -1}, "data_gb"),
        ({"name": "X", "data_gb": 1e300}, "data_gb"),
        ({"name": "X", "data_gb": "lots"}, "data_gb"),
        ({"name": "X", "site": "nowhere"}, "site"),
        ({"name": "X", "site": "\x00" * 12}, "site"),
        ({"name": "X", "site": 7}, "site"),
        ({"name": "X", "site": {"id": "x"}}, "site"),
        ({"name": "X", "site": ""}, "site"),
        ({"name": 7}, "name"),
        ({"name": "X", "recovery_minutes": "60"}, "recovery_minutes"),
        ({"name": "X", "recovery_minutes": True}, "recovery_minutes"),
        ({"name": "X", "data_gb": "1.5"}, "data_gb"),
        ({"name": "X", "description": "x" * 20001}, "description"),
        ({"name": "X", "recovery_minuts": 5}, "recovery_minuts"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_field_is_named(body: dict[str, Any], field: str, director: Caller) -> None:
    said = problem(director.post("systems/", body), 400)
    assert said["type"] == "urn:problem-type:bcp:invalid-input"
    assert list(said["fields"]) == [field]
    assert not System.objects.exists()


def test_every_bad_field_is_named_at_once(director: Caller) -> None:
    said = problem(director.post("systems/", {"name": "", "tier": 9, "kind": "x"}), 400)
    assert set(said["fields"]) == {"name", "tier", "kind"}


@pytest.mark.parametrize(
    "phones", ["+49 170 1", {"a": 1}, [1], [""], ["x" * 61], ["1"] * 11, [["1"]], ["a\nb"]]
)
def test_phones_are_a_short_list_of_numbers(phones: Any, director: Caller) -> None:
    said = problem(director.post("contacts/", {"name": "Ada", "phones": phones}), 400)
    assert all(name.split(".")[0] == "phones" for name in said["fields"])


@pytest.mark.parametrize("flag", ["true", 1, "on", None, [], {}])
def test_a_flag_is_true_or_false(flag: Any, director: Caller) -> None:
    said = problem(director.post("contacts/", {"name": "Ada", "may_declare": flag}), 400)
    assert list(said["fields"]) == ["may_declare"]


@pytest.mark.parametrize("members", ["a" * 12, {}, {"a" * 12: 1}, ["ä" * 12], [None], 5, None])
def test_members_are_a_list_of_keys(members: Any, director: Caller) -> None:
    said = problem(director.post("teams/", {"name": "DBA", "members": members}), 400)
    assert all(name.split(".")[0] == "members" for name in said["fields"])


def test_a_step_is_always_given_whole(acme: Cast, director: Caller) -> None:
    path = make_path(acme.organisation, "main")
    body = {"steps": [{"channel": "sms"}]}
    said = problem(director.patch(f"escalation-paths/{path.pk}/", body, etag='"1"'), 400)
    assert list(said["fields"]) == ["steps.0.contact"]


def test_a_plus_before_a_number_survives(director: Caller) -> None:
    made = director.post("contacts/", {"name": "Ada", "phones": ["+49 170 1"]})
    assert made.json()["phones"] == ["+49 170 1"]


def test_a_name_that_is_taken_is_refused_whatever_its_case(acme: Cast, director: Caller) -> None:
    make_system(acme.organisation, "ERP")
    said = problem(director.post("systems/", {"name": "erp"}), 400)
    assert "taken" in said["detail"]


def test_a_system_does_not_depend_on_itself(acme: Cast, director: Caller) -> None:
    key = make_system(acme.organisation, "ERP").pk
    problem(director.post("dependencies/", {"dependent": key, "dependency": key}), 400)


def test_what_others_rest_on_is_not_deleted(acme: Cast, director: Caller) -> None:
    ada = make_contact(acme.organisation, "Ada")
    make_path(acme.organisation, "main", StepValues(ada))
    said = problem(director.delete(f"contacts/{ada.pk}/", etag='"1"'), 400)
    assert "main" in said["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[1, 2]",
        b'"text"',
        b"null",
    ],
    ids=lambda value: repr(value[:12]),
)
def test_what_is_not_a_json_object_is_refused(body: bytes, director: Caller) -> None:
    problem(raw(director, body), 400)


def test_a_body_that_is_too_large_is_refused(director: Caller) -> None:
    body = json.dumps({"name": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    problem(raw(director, body), 413)


def test_another_kind_of_body_is_refused(director: Caller) -> None:
    problem(raw(director, "name=ERP", "application/x-www-form-urlencoded"), 415)
    problem(raw(director, "name: ERP", "application/yaml"), 415)


def test_another_kind_of_answer_is_refused(director: Caller) -> None:
    client = director.client
    problem(client.get(director.root + "systems/", headers={"accept": "text/html"}), 406)


def test_an_unknown_address_is_a_problem_too(director: Caller) -> None:
    problem(director.get("spaceships/"), 404)
    problem(director.get("systems/SHOUTING-KEY/"), 404)
    problem(director.client.get("/api/v1/"), 404)
    problem(director.client.get("/api/v1/organisations/%00/systems/"), 404)
    problem(Client().get("/api/v1/spaceships/"), 401)


def test_a_method_that_is_not_there_says_which_are(acme: Cast, director: Caller) -> None:
    response = director.delete("systems/")
    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": ""}, "page"),
        ({"page": "2"}, None),
        ({"page": "-1"}, "page"),
        ({"page": "last"}, "page"),
        ({"page": "9" * 40}, None),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "1001"}, "page_size"),
        ({"page_size": "9" * 40}, "page_size"),
        ({"page_size": "ten"}, "page_size"),
        ({"page_size": "²"}, "page_size"),
        ({"tier": "9"}, "tier"),
        ({"kind": "spaceship"}, "kind"),
        ({"site": "nowhere"}, "site"),
        ({"sort": "colour"}, "sort"),
        ({"sort": "organisation__name"}, "sort"),
        ({"organisation": "rival"}, "organisation"),
        ({"teir": "1"}, "teir"),
        ({"site": ""}, "site"),
        ({"q": ""}, "q"),
        ({"q": "a\x00b"}, None),
        ({"site": "a\x00b"}, None),
    ],
)
def test_a_bad_filter_is_refused_not_ignored(
    params: dict[str, str], field: str | None, director: Caller
) -> None:
    response = director.get("systems/", **params)
    beyond_the_end = "page" in params and field is None
    said = problem(response, 404 if beyond_the_end else 400)
    assert list(said["fields"]) == ([field] if field else [])


def test_a_yes_or_no_filter_takes_only_true_and_false(acme: Cast, director: Caller) -> None:
    make_contact(acme.organisation, "Ada", may_declare=True)
    make_contact(acme.organisation, "Bob")
    for value, names in (("true", ["Ada"]), ("false", ["Bob"])):
        listed = director.get("contacts/", may_declare=value).json()["results"]
        assert [row["name"] for row in listed] == names
    for value in ("maybe", "", "1"):
        said = problem(director.get("contacts/", may_declare=value), 400)
        assert list(said["fields"]) == ["may_declare"]


def test_a_decided_proposal_is_a_conflict_with_its_state(acme: Cast, executive: Caller) -> None:
    system = make_system(acme.organisation, "ERP")
    proposal = targets.propose(
        acme.organisation, system.pk, rto_minutes=60, rpo_minutes=0, by=acme.actor()
    )
    path = f"targets/{proposal.pk}/"
    basis = executive.get(path).json()["basis"]
    approved = executive.post(path + "approve/", {"basis": basis}, etag='"1"')
    assert approved.json()["state"] == "approved"
    again = executive.post(path + "approve/", {"basis": basis}, approved.headers["ETag"])
    said = problem(again, 409)
    assert said["current"] == executive.get(path).json()


def test_too_many_requests_are_turned_away_with_the_time_to_wait(
    acme: Cast, director: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        {"user": "2/minute", "anon": "1/minute"},
    )
    assert [director.get("systems/").status_code for _time in range(3)] == [200, 200, 429]
    refused = director.get("systems/")
    problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert caller(acme, Role.AUDITOR).get("systems/").status_code == 200, "counted one by one"


def test_strangers_are_turned_away_sooner(monkeypatch: pytest.MonkeyPatch, acme: Cast) -> None:
    """Bad tokens count as strangers: a guesser gets few tries, wherever the header says it is."""
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        {"user": "100/minute", "anon": "2/minute"},
    )
    answers = [
        Client().get(
            "/api/v1/organisations/acme/",
            headers={"Authorization": f"Bearer {number}", "X-Forwarded-For": f"10.0.0.{number}"},
        )
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_what_nobody_foresaw_is_logged_and_not_told(
    director: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(organisation: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("bcp.api.views.systems.SystemList.listing", staticmethod(broken))
    response = director.get("systems/")
    problem(response, 500)
    assert "secret" not in response.content.decode()
    assert "the secret inside" in caplog.text


def test_no_cache_may_keep_an_answer(director: Caller) -> None:
    for response in (director.get("systems/"), director.get("nowhere/")):
        assert response.headers["Cache-Control"] == "no-store"
