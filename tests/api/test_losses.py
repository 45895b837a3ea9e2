"""The matrix for scripts: the same words and figures as the page, with every reason."""

from __future__ import annotations

from django.test import Client

from bcp.engine.permissions import Role
from tests.conftest import Cast
from tests.factories import make_copy, make_scenario, make_site, make_system, make_target

BASE = "/api/v1/organisations/acme/"
DAY = 1440


def test_rows_of_the_matrix_and_the_reasons_of_one_system(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    store = make_system(acme.organisation, "ERP DB", kind="data store", tier=1)
    make_target(store, acme.user(Role.EXECUTIVE), rpo=DAY)
    make_copy(
        store,
        "locked",
        site=make_site(acme.organisation, "Vault"),
        interval_minutes=DAY,
        run_minutes=60,
        lag_minutes=0,
        retention_minutes=35 * DAY,
        locked_minutes=35 * DAY,
    )
    make_system(acme.organisation, "Wiki")
    page = client.get(f"{BASE}losses/?page_size=1").json()
    assert page["count"] == 2
    (row,) = page["results"]
    assert (row["name"], row["rpo_minutes"], row["readiness"]) == ("ERP DB", DAY, "neither")
    attack = next(one for one in row["losses"] if one["column"] == "ransomware:14d")
    assert attack == {
        "column": "ransomware:14d",
        "scenario": "ransomware:14d",
        "state": "bounded",
        "loss_minutes": 15 * DAY + 60,
        "at_least_minutes": 15 * DAY + 60,
        "against_rpo_minutes": DAY + 60,
        "standing": "misses",
        "tested": False,
        "demanded": True,
        "says": "15 d 1 h",
    }
    told = client.get(f"{BASE}systems/{store.pk}/losses/").json()
    why = next(one for one in told["losses"] if one["column"] == "ransomware:14d")
    assert {name: why[name] for name in attack} == attack
    assert why["fix"].startswith("Make a copy that survives at least every 1 d")
    assert why["copies"][0]["verdict"] == "survives"
    assert "locked 35 d, dwell 14 d" in why["copies"][0]["reasons"][0]
    analysed = client.get(f"{BASE}analysis/?scenario=ransomware:14d").json()
    (same,) = [one for one in analysed["systems"] if one["name"] == "ERP DB"]
    assert same["loss_minutes"]["ransomware:14d"] == attack["loss_minutes"]


def test_a_system_that_is_not_live_and_an_unknown_filter_are_refused(
    acme: Cast, client: Client
) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    planned = make_system(acme.organisation, "Next year", status="planned")
    assert client.get(f"{BASE}systems/{planned.pk}/losses/").status_code == 404
    assert client.get(f"{BASE}losses/?scenario=system").status_code == 400


def test_a_scenario_is_one_document_with_its_parts(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    made = client.post(
        f"{BASE}scenarios/",
        {
            "name": "Theft in an attack",
            "tiers": [1],
            "parts": [
                {"kind": "ransomware", "dwell_minutes": 7 * DAY},
                {"kind": "stolen_credentials"},
            ],
        },
        "application/json",
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert [part["kind"] for part in body["parts"]] == ["ransomware", "stolen_credentials"]
    address = f"{BASE}scenarios/{body['id']}/"
    changed = client.patch(
        address, {"tiers": []}, "application/json", headers={"If-Match": made["ETag"]}
    )
    assert changed.json()["tiers"] == []
    assert len(changed.json()["parts"]) == 2
    analysed = client.get(f"{BASE}analysis/?scenario=Theft in an attack")
    assert analysed.json()["scenario"] == "Theft in an attack"
    refused = client.patch(
        address,
        {"parts": [{"kind": "site"}, {"kind": "everything"}]},
        "application/json",
        headers={"If-Match": changed["ETag"]},
    )
    assert refused.status_code == 400


def test_a_tier_takes_scenarios_and_cadences(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.ADMINISTRATOR))
    make_scenario(acme.organisation, "Fire", tiers=[1])
    (tier, *_rest) = client.get(f"{BASE}tiers/").json()["results"]
    assert tier["scenarios"] is None
    address = f"{BASE}tiers/{tier['id']}/"
    seen = client.get(address)["ETag"]
    changed = client.patch(
        address,
        {"scenarios": ["everything", "ransomware:30d"], "cadence_days": 90},
        "application/json",
        headers={"If-Match": seen},
    )
    assert changed.json()["scenarios"] == ["ransomware:30d", "everything"]
    refused = client.patch(
        address,
        {"scenarios": ["site:HQ"]},
        "application/json",
        headers={"If-Match": changed["ETag"]},
    )
    assert refused.status_code == 400
