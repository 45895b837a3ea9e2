"""Loops and the blast radius for scripts: the same figures as the pages, in bounded queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services.escalation import StepValues
from tests.conftest import CANARY, Cast
from tests.factories import (
    answer_everything,
    make_contact,
    make_dependency,
    make_path,
    make_site,
    make_system,
)

BASE = "/api/v1/organisations/acme/"


@pytest.fixture
def auditor(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.AUDITOR))
    return client


def a_pair(cast: Cast, one: str, other: str) -> tuple[System, System]:
    ends = make_system(cast.organisation, one), make_system(cast.organisation, other)
    make_dependency(*ends)
    make_dependency(*reversed(ends), needed_to="run")
    return ends


def test_a_loop_is_told_with_what_opens_it(acme: Cast, auditor: Client) -> None:
    a_pair(acme, "AD", "DNS")
    answer: Any = auditor.get(f"{BASE}loops/").json()
    assert answer["count"] == 1
    [loop] = answer["results"]
    assert {system["name"] for system in loop["systems"]} == {"AD", "DNS"}
    [opened] = loop["open"]
    assert (opened["dependent"], opened["needed_to"]) == ("DNS", "run")
    [[other]] = loop["alternatives"]
    assert (other["dependent"], other["needed_to"]) == ("AD", "rebuild")
    assert loop["exact"] is True
    assert auditor.get(f"{BASE}dependencies/{opened['id']}/").status_code == 200
    assert "“DNS” can be rebuilt, but is not back before “AD” is" in loop["says"]


def test_many_loops_cost_as_many_queries_as_few(acme: Cast, auditor: Client) -> None:
    def queries() -> int:
        auditor.get(f"{BASE}loops/")
        with CaptureQueriesContext(connection) as captured:
            assert auditor.get(f"{BASE}loops/").status_code == 200
        return len(captured)

    a_pair(acme, "AD", "DNS")
    few = queries()
    for number in range(5):
        a_pair(acme, f"A {number}", f"B {number}")
    assert queries() == few


def test_the_blast_radius_has_steps_harm_and_times(acme: Cast, auditor: Client) -> None:
    site = make_site(acme.organisation, "HQ")
    erp = make_system(acme.organisation, "ERP", site=site, recovery_minutes=60)
    orders = make_system(acme.organisation, "Orders", kind="business process", recovery_minutes=0)
    make_dependency(orders, erp)
    answer_everything(orders, acme.user(Role.EXECUTIVE))
    reached = {"coverage": "24x7", "phones": ["+44 5"]}
    boss = make_contact(acme.organisation, "Boss", may_declare=True, **reached)
    make_path(acme.organisation, "main", StepValues(boss), is_default=True)
    by_system = auditor.get(f"{BASE}blast-radius/?system={erp.pk}").json()
    by_site = auditor.get(f"{BASE}blast-radius/?site=HQ").json()
    assert by_system["stopped"] == by_site["stopped"]
    assert [(one["name"], one["steps"], one["through"]) for one in by_site["stopped"]] == [
        ("ERP", 0, None),
        ("Orders", 1, "ERP"),
    ]
    [process] = by_site["processes"]
    assert process["intolerable"]["minutes"] == 1440
    assert process["back_before_intolerable"] == "meets"
    assert by_site["without_anybody"] == ["ERP", "Orders"]


def test_a_bad_choice_names_what_is_wrong_and_nobody_elses(
    acme: Cast, rival: Cast, auditor: Client
) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} ERP")
    make_site(rival.organisation, f"{CANARY} site")
    for query, field in (
        ("", "system"),
        (f"?system={theirs.pk}", "system"),
        ("?site=Atlantis", "site"),
        ("?depth=2", "depth"),
    ):
        refused = auditor.get(f"{BASE}blast-radius/{query}")
        assert refused.status_code == 400
        assert field in refused.content.decode()
        assert CANARY not in refused.content.decode()
