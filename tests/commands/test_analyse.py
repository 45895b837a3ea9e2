"""`analyse`: the object of the contract, complete from the start."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bcp.engine.permissions import Role
from bcp.queries import systems
from bcp.services.escalation import StepValues
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
)

ANSWER = {
    *("organisation", "scenario", "people", "now", "activation", "restored_minutes"),
    *("lower_bound_minutes", "optimal", "systems", "conflicts", "loops", "gaps", "people_gaps"),
}
SYSTEM = {
    *("name", "wave", "start_minutes", "restored_minutes", "at_least", "unknown_durations"),
    *("rto_minutes", "required_rto_minutes", "latest_minutes", "slack_minutes"),
    *("misses_minutes", "binding_chain", "duration_minutes", "duration_source", "loss_minutes"),
    *("rpo_minutes", "readiness", "copies_rule", "next_test_due"),
}


@pytest.fixture
def estate(acme: Cast) -> Cast:
    """ERP on DB on SAN; a site, a supplier and somebody to declare by day."""
    site = make_site(acme.organisation, "HQ")
    san = make_system(acme.organisation, "SAN", recovery_minutes=60, site=site)
    db = make_system(acme.organisation, "DB", recovery_minutes=30)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=15)
    make_system(acme.organisation, "Mail", recovery_minutes=45, kind="supplier")
    make_dependency(erp, db)
    make_dependency(db, san, needed_to="run")
    make_target(erp, acme.user(Role.EXECUTIVE), rto=60, rpo=30)
    ann = make_contact(
        acme.organisation, "Ann", may_declare=True, coverage="Mo-Fr 08:00-18:00", phones=["1"]
    )
    make_path(acme.organisation, "Main", StepValues(ann), is_default=True)
    return acme


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("analyse", "acme", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def answer(*arguments: str) -> dict[str, Any]:
    return json.loads(run("--format", "json", *arguments)[0])


def test_the_answer_has_every_name_of_the_contract(estate: Cast) -> None:
    found = answer()
    assert set(found) >= ANSWER
    assert all(set(system) >= SYSTEM for system in found["systems"])
    assert (found["organisation"], found["scenario"], found["people"]) == (
        "acme",
        "everything",
        "unlimited",
    )
    assert set(found["activation"]) >= {
        "detect_minutes",
        "authority_minutes",
        "mobilise_minutes",
        "total_minutes",
    }
    assert found["people_gaps"][0] == {"path": "Main", "from": "Mo 18:00", "to": "Tu 08:00"}
    assert {gap["code"] for gap in found["gaps"]} >= {"rto_missed"}
    assert all({"code", "severity", "system", "says", "fix"} <= set(gap) for gap in found["gaps"])


def test_the_figures_add_up_along_the_chain(estate: Cast) -> None:
    systems = {system["name"]: system for system in answer()["systems"]}
    erp = systems["ERP"]
    assert erp["binding_chain"] == ["SAN", "DB", "ERP"]
    assert (erp["start_minutes"], erp["restored_minutes"]) == (75, 90)
    assert (erp["rto_minutes"], erp["rpo_minutes"], erp["misses_minutes"]) == (60, 30, 30)
    assert (systems["DB"]["required_rto_minutes"], systems["SAN"]["slack_minutes"]) == (45, -30)
    assert systems["Mail"]["duration_source"] == "supplier contract"


def test_losses_class_and_digits_come_with_their_reasons(estate: Cast) -> None:
    erp = next(one for one in systems.listing(estate.organisation) if one.name == "ERP")
    executive = estate.user(Role.EXECUTIVE)
    make_target(erp, executive, rto=60, rpo=4 * 60)
    make_copy(erp, "Nightly", interval_minutes=60, run_minutes=30, lag_minutes=0)
    found = answer("--scenario", "ransomware:7d")
    assert found["scenario"] == "ransomware:7d"
    answered = next(one for one in found["systems"] if one["name"] == "ERP")
    assert (answered["loss_minutes"]["system"], answered["loss_states"]["system"]) == (
        90,
        "bounded",
    )
    assert (answered["loss_standings"]["system"], answered["loss_tested"]["system"]) == (
        "at risk",
        False,
    )
    assert answered["loss_minutes"]["ransomware:7d"] is None
    assert answered["loss_states"]["ransomware:7d"] == "unknown"
    assert answered["readiness"] == "neither"
    assert {one["code"] for one in answered["readiness_reasons"]["plan"]} == {
        *("strategy_missing", "procedure_missing", "owner_missing", "exercise_never"),
    }
    assert answered["copies_rule"] == {
        "3": False,
        "2": None,
        "1": None,
        "1_offline": None,
        "0": False,
    }
    assert [one["digit"] for one in answered["copies_rule_missing"]] == list(
        answered["copies_rule"]
    )
    assert answered["next_test_due"] == found["now"][:10]
    table, _err = run("--scenario", "ransomware:14d")
    [row] = [line for line in table.splitlines() if "  ERP " in line]
    assert "≥ 14 d" in row
    assert "Neither" in row


def test_a_scenario_leaves_the_untouched_at_zero(estate: Cast) -> None:
    found = answer("--scenario", "supplier:mail")
    assert found["scenario"] == "supplier:Mail"
    systems = {system["name"]: system for system in found["systems"]}
    assert (systems["ERP"]["restored_minutes"], systems["ERP"]["wave"]) == (0, None)
    assert systems["Mail"]["wave"] == 1


@pytest.mark.parametrize(
    ("scenario", "allowed"),
    [
        ("site:Nowhere", "allowed are HQ"),
        ("flood", "everything, site:NAME, supplier:NAME, system:NAME, ransomware:14d"),
        ("supplier:ERP", "allowed are Mail"),
    ],
)
def test_an_unknown_scenario_lists_what_is_allowed(
    estate: Cast, scenario: str, allowed: str
) -> None:
    with pytest.raises(CommandError, match=allowed) as error:
        run("--scenario", scenario)
    assert error.value.returncode == 1


def test_asking_for_limited_people_says_that_they_are_not_computed(estate: Cast) -> None:
    out, err = run("--people", "limited", "--format", "json", "--seconds", "2")
    assert json.loads(out)["people"] == "unlimited"
    assert "the answer is for unlimited" in err


def test_the_table_is_aligned_and_names_what_is_wrong(estate: Cast) -> None:
    out, err = run("--format", "table")
    lines = out.splitlines()
    column = lines[1].index("Restored")
    assert lines[1].startswith("Wave  System")
    assert all(line[column - 1] == " " for line in lines[2:6])
    assert any("missed by at least 30 min" in line for line in lines)
    assert err == ""


def test_loops_are_named_with_the_edges_to_open(acme: Cast) -> None:
    a, b = (make_system(acme.organisation, name, recovery_minutes=10) for name in ("A", "B"))
    make_dependency(a, b)
    make_dependency(b, a)
    [loop] = answer()["loops"]
    assert loop["systems"] == ["A", "B"]
    assert len(loop["open"]) == 1
    assert loop["exact"] is True
    assert "Loop: A ⇄ B. Open: " in run()[0]


def test_an_unknown_organisation_is_a_clear_error(db: None) -> None:
    with pytest.raises(CommandError, match="There is no organisation “acme”"):
        run()
