"""Targets over the API: what they would ask for, what would make them possible, and approving
exactly what was looked at."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System
from bcp.services import systems, targets, tokens
from tests.api.conftest import Caller, token_caller
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_system, make_target


@pytest.fixture
def erp(acme: Cast) -> System:
    """Takes an hour after its database, which takes eight."""
    database = make_system(acme.organisation, "DB", recovery_minutes=480, tier=2)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60, tier=1)
    make_dependency(erp, database)
    return erp


def propose(cast: Cast, system: System, rto: int, role: Role = Role.IT_DIRECTOR) -> str:
    """The key of a new proposal."""
    return targets.propose(
        cast.organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=None,
        reason="The board asks for it",
        by=cast.actor(role),
    ).pk


def script_of(cast: Cast) -> Caller:
    """Whoever has the executive's token."""
    _token, secret = tokens.create(
        cast.organisation, "board", days=7, by=cast.actor(Role.EXECUTIVE)
    )
    return token_caller(secret, cast.organisation.slug)


def approve(who: Caller, key: str, basis: str, etag: str = '"1"') -> Any:
    return who.post(f"targets/{key}/approve/", {"basis": basis}, etag)


def test_what_a_target_asks_for_is_told_before_anybody_proposes_it(
    acme: Cast, erp: System, director: Caller
) -> None:
    told = director.get(f"systems/{erp.pk}/consequences/", rto_minutes=240).json()
    database = System.objects.get(name="DB")
    activation = director.get("analysis/").json()["activation"]["total_minutes"]
    assert told["restored_minutes"] == activation + 540
    assert told["misses_minutes"] == activation + 300
    assert [(link["name"], link["minutes"]) for link in told["chain"]] == [("DB", 480), ("ERP", 60)]
    [demand] = told["demands"]
    assert (demand["id"], demand["before_minutes"], demand["now_minutes"]) == (
        database.pk,
        None,
        180,
    )
    assert (demand["is_met"], told["standing_after"]) == (False, "misses")
    assert (told["currency"], told["cost"]["achievable"]) == (acme.organisation.currency, None)
    assert told["looser_than_tier"] == []
    assert not RecoveryTarget.objects.exists()


def test_a_recorded_proposal_tells_the_same(acme: Cast, erp: System, director: Caller) -> None:
    key = propose(acme, erp, 240)
    recorded = director.get(f"targets/{key}/consequences/").json()
    assert recorded == director.get(f"systems/{erp.pk}/consequences/", rto_minutes=240).json()


def test_ways_to_a_target_are_offered_with_what_each_changes(
    acme: Cast, erp: System, director: Caller
) -> None:
    rto = director.get("analysis/").json()["activation"]["total_minutes"] + 300
    told = director.get(f"systems/{erp.pk}/ways/", rto_minutes=rto).json()
    assert (told["is_met"], told["exhausted"]) == (False, True)
    for offer in told["offers"]:
        assert offer["restored_minutes"] <= rto
        for change in offer["changes"]:
            assert change["says"]
            assert change["system"]["name"] in {"ERP", "DB"}
    kinds = {change["kind"] for offer in told["offers"] for change in offer["changes"]}
    assert {"shorten", "open"} <= kinds
    met = director.get(f"systems/{erp.pk}/ways/", rto_minutes=100_000).json()
    assert met["restored_minutes"] == told["restored_minutes"] < 100_000
    # Nobody knows how long activation takes, so nobody can say that any time is met.
    assert (met["is_met"], met["at_least"]) == (False, True)


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("consequences", {}, "non_field_errors"),
        ("consequences", {"rto_minutes": "4h"}, "rto_minutes"),
        ("consequences", {"rto_minutes": -1}, "rto_minutes"),
        ("consequences", {"rto_minutes": 10**12}, "rto_minutes"),
        ("consequences", {"rto_minutes": ""}, "rto_minutes"),
        ("consequences", {"rto_minutes": 90, "mtd_minutes": 60}, "rto_minutes"),
        ("consequences", {"rto": 90}, "rto"),
        ("ways", {}, "rto_minutes"),
        ("ways", {"rto_minutes": 1.5}, "rto_minutes"),
    ],
)
def test_figures_that_cannot_be_are_refused_by_name(
    path: str, params: dict[str, Any], field: str, erp: System, director: Caller
) -> None:
    answer = director.get(f"systems/{erp.pk}/{path}/", **params)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_system_that_is_not_live_asks_nothing(acme: Cast, director: Caller) -> None:
    planned = make_system(acme.organisation, "New ERP", status="planned")
    for path in ("consequences", "ways"):
        answer = director.get(f"systems/{planned.pk}/{path}/", rto_minutes=60)
        assert answer.status_code == 404
        assert "takes no part" in answer.json()["detail"]


def test_approving_takes_the_basis_that_was_read(
    acme: Cast, erp: System, executive: Caller
) -> None:
    key = propose(acme, erp, 240)
    read = executive.get(f"targets/{key}/")
    refused = executive.post(f"targets/{key}/approve/", {}, '"1"')
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["basis"])
    basis = read.json()["basis"]
    approved = approve(executive, key, basis, read.headers["ETag"]).json()
    assert (approved["state"], approved["basis"]) == ("approved", None)
    assert approved["decided_on"]["restored_minutes"] == approved["proposed_on"]["restored_minutes"]


def test_what_changed_since_it_was_read_is_told_and_nothing_is_approved(
    acme: Cast, erp: System, executive: Caller
) -> None:
    key = propose(acme, erp, 240)
    basis = executive.get(f"targets/{key}/").json()["basis"]
    systems.change(
        acme.organisation,
        System.objects.get(name="DB").pk,
        {"recovery_minutes": 600},
        seen_version=None,
        by=acme.shell,
    )
    refused = approve(executive, key, basis)
    assert refused.status_code == 409
    assert "the achievable time: was" in refused.json()["detail"]
    current = refused.json()["current"]
    assert (current["state"], current == executive.get(f"targets/{key}/").json()) == (
        "proposed",
        True,
    )
    assert approve(executive, key, current["basis"]).status_code == 200


def test_a_token_approves_for_its_owner_and_never_what_its_owner_proposed(
    acme: Cast, erp: System
) -> None:
    own = propose(acme, erp, 240, Role.EXECUTIVE)
    other = propose(acme, System.objects.get(name="DB"), 480)
    script = script_of(acme)
    basis = {key: script.get(f"targets/{key}/").json()["basis"] for key in (own, other)}
    refused = approve(script, own, basis[own])
    assert (refused.status_code, "you proposed: ERP" in refused.json()["detail"]) == (403, True)
    both = [{"id": key, "version": 1, "basis": basis[key]} for key in (own, other)]
    assert script.post("targets/approve-many/", {"proposals": both}).status_code == 403
    assert not RecoveryTarget.objects.filter(state="approved").exists()
    approved = approve(script, other, basis[other]).json()
    assert approved["decided_by_email"] == acme.user(Role.EXECUTIVE).email


def test_several_are_approved_together_or_none_of_them(
    acme: Cast, erp: System, executive: Caller
) -> None:
    script = script_of(acme)
    keys = [propose(acme, erp, 600), propose(acme, System.objects.get(name="DB"), 540)]
    seen = [
        {"id": key, "version": 1, "basis": executive.get(f"targets/{key}/").json()["basis"]}
        for key in keys
    ]
    stale = [seen[0], seen[1] | {"version": 7}]
    refused = script.post("targets/approve-many/", {"proposals": stale})
    assert (refused.status_code, list(refused.json()["current"])) == (409, [keys[1]])
    twice = script.post("targets/approve-many/", {"proposals": [seen[0], seen[0]]})
    assert twice.status_code == 400
    # A browser that somebody left signed in is no signature.
    assert executive.post("targets/approve-many/", {"proposals": seen}).status_code == 403
    assert not RecoveryTarget.objects.filter(state="approved").exists()
    approved = script.post("targets/approve-many/", {"proposals": seen})
    assert (approved.status_code, approved.json()) == (200, {"approved": keys})


def test_a_foreign_proposal_is_not_approved_along(acme: Cast, rival: Cast, erp: System) -> None:
    script = script_of(acme)
    theirs = propose(rival, make_system(rival.organisation, f"{CANARY} system"), 60)
    answers = [
        script.post(
            "targets/approve-many/", {"proposals": [{"id": key, "version": 1, "basis": "x"}]}
        )
        for key in (theirs, "0" * 12)
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content.decode().replace(theirs, "0" * 12) == answers[1].content.decode()


def test_a_chain_of_many_is_told_in_as_many_queries_as_one_of_two(
    acme: Cast, erp: System, director: Caller
) -> None:
    def queries() -> int:
        make_target(erp, acme.user(Role.EXECUTIVE), rto=300)  # so that nothing is remembered
        with CaptureQueriesContext(connection) as captured:
            for path in ("consequences", "ways"):
                director.get(f"systems/{erp.pk}/{path}/", rto_minutes=240)
        return len(captured)

    few = queries()
    below = erp
    for number in range(20):
        following = make_system(acme.organisation, f"Layer {number}", recovery_minutes=5)
        make_dependency(below, following)
        below = following
    assert queries() == few
