"""The OpenAPI document is valid, complete and says what goes wrong, with examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from bcp.api.urls import ORGANISATION
from bcp.engine.permissions import Capability
from tests.api.permission_table import RESOURCES

ROOT = "/api/v1/organisations/{slug}/"
DOCUMENT: Any = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
IDS = [f"{method} {path}" for method, path, _operation in OPERATIONS]


def test_the_document_is_valid_and_made_without_a_warning(tmp_path: Path) -> None:
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    assert target.stat().st_size > 10_000


def test_every_address_and_method_is_in_the_document() -> None:
    for pattern in ORGANISATION:
        path = ROOT + str(pattern.pattern).replace("<key:key>", "{key}")
        assert set(DOCUMENT["paths"][path]) == set(RESOURCES[pattern.name].needs), path


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_an_operation_says_what_can_go_wrong(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    statuses = set(operation["responses"])
    assert {"401", "429"} <= statuses
    assert ("{slug}" not in path) or "404" in statuses
    if method != "get":
        assert {"400", "403"} <= statuses
    if "requestBody" in operation:
        assert {"413", "415"} <= statuses
        assert list(operation["requestBody"]["content"]) == ["application/json"]
    headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
    assert ("If-Match" in headers) == ({"412", "428"} <= statuses)
    assert operation["tags"][0].strip()
    assert operation["description"].strip()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_a_write_to_a_record_is_locked(method: str, path: str, operation: dict[str, Any]) -> None:
    """All but a bulk change, which names fields and not versions, and stopping a job."""
    if method in {"put", "patch", "delete"} or path.endswith(("/approve/", "/send-back/")):
        assert "428" in operation["responses"]


def test_every_error_has_an_example_in_its_own_shape() -> None:
    responses = DOCUMENT["components"]["responses"]
    used = {
        answer["$ref"].rsplit("/", 1)[1]
        for _method, _path, operation in OPERATIONS
        for answer in operation["responses"].values()
        if "$ref" in answer
    }
    assert used == set(responses)
    for name, response in responses.items():
        media = response["content"]["application/problem+json"]
        (example,) = media["examples"].values()
        assert f"Error{example['value']['status']}" == name
        assert set(example["value"]) >= {"type", "title", "status", "detail", "fields"}


def test_operations_have_names_that_a_client_can_be_made_from() -> None:
    names = [operation["operationId"] for _method, _path, operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert all(name.replace("_", "").isalpha() for name in names)


def test_durations_are_whole_minutes_or_unknown() -> None:
    system = DOCUMENT["components"]["schemas"]["SystemRequest"]["properties"]
    assert system["recovery_minutes"]["type"] == "integer"
    assert system["recovery_minutes"]["nullable"] is True
    assert system["recovery_minutes"]["minimum"] == 0


def test_a_request_body_takes_no_unknown_field() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith("Request"):
            assert schema["additionalProperties"] is False, name


def test_every_capability_but_membership_is_reachable() -> None:
    """People are invited and removed on the pages, where they see whom."""
    needed = {need for resource in RESOURCES.values() for need in resource.needs.values()}
    assert set(Capability) - needed == {Capability.MANAGE_MEMBERS}


def test_the_document_is_open_to_everybody_and_names_nobody(db: None) -> None:
    answer = Client().get("/api/v1/schema/", headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")
