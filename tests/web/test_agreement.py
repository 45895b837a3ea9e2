"""One place computes and everybody shows the same: the matrix, the list of systems, the map, the
answer for scripts and the table of the command line."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bcp.engine.durations import format_minutes
from bcp.engine.permissions import Role
from bcp.models import System
from tests.conftest import Cast
from tests.factories import make_copy, make_dependency, make_site, make_system, make_target

ATTACK = "ransomware:14d"
DAY = 1440


@pytest.fixture
def client_of_estate(acme: Cast, client: Client) -> Client:
    """A store whose locked copy survives, one whose snapshots do not, and what runs on them."""
    org, executive = acme.organisation, acme.user(Role.EXECUTIVE)
    hq, vault = make_site(org, "HQ"), make_site(org, "Vault")
    for name, locked in (("Ledger", 35 * DAY), ("Wiki", 0)):
        store = make_system(org, f"{name} data", kind="data store", tier=1, site=hq, data_gb=50)
        app = make_system(org, name, tier=2, site=hq)
        make_dependency(app, store)
        for one in (store, app):
            make_target(one, executive, rto=DAY, rpo=2 * DAY)
        make_copy(
            store,
            "Nightly",
            interval_minutes=DAY,
            run_minutes=60,
            lag_minutes=0,
            site=vault,
            retention_minutes=60 * DAY,
            locked_minutes=locked,
            offline=False,
            last_success=timezone.now(),
            separate_credentials=False,
            restore_mb_s=100,
            medium="disk",
        )
    make_system(org, "Flood pumps", kind="facility", tier=3)
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def printed(file_format: str) -> str:
    out = io.StringIO()
    call_command("analyse", "acme", "--scenario", ATTACK, "--format", file_format, stdout=out)
    return out.getvalue()


def rows_of(client: Client, address: str, key: str) -> dict[str, dict[str, str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return {row[key]: row for row in csv.DictReader(io.StringIO(text))}


def test_screen_script_and_terminal_tell_the_same_loss_and_class(client_of_estate: Client) -> None:
    answer: dict[str, Any] = json.loads(printed("json"))
    table = printed("table").splitlines()
    matrix = rows_of(client_of_estate, "/o/acme/backups/?export=csv", "system")
    listed = rows_of(client_of_estate, "/o/acme/systems/?export=csv", "name")
    assert {one["name"] for one in answer["systems"]} == set(matrix) == set(listed)
    for one in answer["systems"]:
        name, loss = one["name"], one["loss_minutes"].get(ATTACK)
        assert matrix[name]["readiness"] == listed[name]["readiness"] == one["readiness"]
        line = next(line for line in table if f" {name}  " in line)
        if loss is not None:
            assert format_minutes(loss) in matrix[name][f"loss:{ATTACK}"]
            assert format_minutes(loss) in line
        else:
            assert format_minutes(14 * DAY) not in matrix[name][f"loss:{ATTACK}"]
    found = {one["name"]: one["loss_states"].get(ATTACK) for one in answer["systems"]}
    assert found == {
        "Ledger data": "bounded",
        "Ledger": "bounded",
        "Wiki data": "total",
        "Wiki": "total",
        "Flood pumps": None,
    }


def test_a_locked_copy_changes_class_matrix_and_answer_at_once(
    acme: Cast, client_of_estate: Client
) -> None:
    def wiki() -> dict[str, Any]:
        answer = json.loads(printed("json"))
        return next(one for one in answer["systems"] if one["name"] == "Wiki data")

    def missing() -> int:
        tallies = client_of_estate.get("/o/acme/").context["analysis"].tallies
        return next(one.misses for one in tallies if one.column == ATTACK)

    before, misses = wiki(), missing()
    assert "nothing_survives" in {one["code"] for one in before["readiness_reasons"]["backups"]}
    store = System.objects.of(acme.organisation).get(name="Wiki data")
    response = client_of_estate.post(
        "/o/acme/copies/new/",
        {
            "system": store.pk,
            "name": "Vault",
            "content": "data",
            "kind": "backup",
            "interval_minutes": "1d",
            "run_minutes": "1h",
            "lag_minutes": "0",
            "retention_minutes": "60d",
            "locked_minutes": "35d",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    after = wiki()
    assert after["loss_minutes"][ATTACK] == 15 * DAY + 60
    assert after["loss_states"][ATTACK] == "bounded"
    assert missing() == misses - 2
