"""The analysis over the API is the one of the command line, in the words of the contract."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from bcp.engine.permissions import Role
from tests.api.conftest import Caller
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_site, make_system, make_target

CONTRACT = {
    *("organisation", "scenario", "people", "now", "activation", "restored_minutes"),
    *("lower_bound_minutes", "optimal", "systems", "conflicts", "loops", "gaps", "people_gaps"),
}
SYSTEM_CONTRACT = {
    *("name", "wave", "start_minutes", "restored_minutes", "at_least", "unknown_durations"),
    *("rto_minutes", "required_rto_minutes", "latest_minutes", "slack_minutes", "misses_minutes"),
    *("binding_chain", "duration_minutes", "duration_source", "loss_minutes", "rpo_minutes"),
    *("readiness", "copies_rule", "next_test_due"),
}


@pytest.fixture
def estate(acme: Cast) -> None:
    site = make_site(acme.organisation, "Hamburg")
    database = make_system(acme.organisation, "DB", site=site, recovery_minutes=120)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60)
    make_system(acme.organisation, "Wiki", recovery_minutes=None)
    make_dependency(erp, database)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=90)


def of(answer: Any, name: str) -> Any:
    return next(system for system in answer["systems"] if system["name"] == name)


@pytest.mark.usefixtures("estate")
def test_the_answer_has_every_name_of_the_contract(director: Caller) -> None:
    response = director.get("analysis/")
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) >= CONTRACT
    assert all(set(system) >= SYSTEM_CONTRACT for system in answer["systems"])
    assert set(answer["activation"]) >= {
        "detect_minutes",
        "authority_minutes",
        "mobilise_minutes",
        "total_minutes",
    }


@pytest.mark.usefixtures("estate")
def test_order_times_and_misses_are_told(director: Caller) -> None:
    answer = director.get("analysis/").json()
    database, erp = of(answer, "DB"), of(answer, "ERP")
    assert (database["wave"], erp["wave"]) == (1, 2)
    assert erp["start_minutes"] == database["restored_minutes"]
    assert erp["binding_chain"] == ["DB", "ERP"]
    assert erp["misses_minutes"] == erp["restored_minutes"] - 90 > 0
    wiki = of(answer, "Wiki")
    assert (wiki["duration_minutes"], wiki["at_least"]) == (None, True)


@pytest.mark.usefixtures("estate")
def test_a_scenario_names_what_is_lost(acme: Cast, director: Caller) -> None:
    answer = director.get("analysis/", scenario="site:hamburg").json()
    assert answer["scenario"] == "site:Hamburg"
    assert (of(answer, "Wiki")["wave"], of(answer, "Wiki")["restored_minutes"]) == (None, 0)


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("scenario", ["site:", "flood", "system:\x00", "x" * 5000, ""])
def test_a_scenario_that_does_not_exist_is_explained(scenario: str, director: Caller) -> None:
    response = director.get("analysis/", scenario=scenario)
    assert response.status_code == 400
    assert len(response.json()["detail"]) < 1000


def test_a_foreign_site_is_as_unknown_as_one_that_nobody_has(
    acme: Cast, rival: Cast, director: Caller
) -> None:
    make_site(rival.organisation, f"{CANARY} site")
    response = director.get("analysis/", scenario=f"site:{CANARY} site")
    missing = director.get("analysis/", scenario=f"site:{CANARY[::-1]} site")
    assert (response.status_code, missing.status_code) == (400, 400)
    said, unsaid = response.json()["detail"], missing.json()["detail"]
    assert said.replace(CANARY, "") == unsaid.replace(CANARY[::-1], "")


def test_a_parameter_that_nobody_knows_is_refused(director: Caller) -> None:
    response = director.get("analysis/", senario="everything")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["senario"]


@pytest.mark.usefixtures("estate")
def test_the_command_line_prints_the_same(director: Caller) -> None:
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False):
        printed = io.StringIO()
        call_command("analyse", "acme", "--format", "json", stdout=printed)
        assert json.loads(printed.getvalue()) == director.get("analysis/").json()
