"""Deciding about a proposed target: on what was seen, or not at all; and what is kept of it."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System
from bcp.queries import targets as reads
from bcp.services import systems, targets
from tests.conftest import Cast
from tests.factories import make_target
from tests.nine_hours import answer, make_payroll
from tests.web.reading import as_read

TARGETS = "/o/acme/targets/"


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_payroll(acme.organisation)


def proposed(cast: Cast, system: System, rto: int = 240) -> RecoveryTarget:
    return targets.propose(
        cast.organisation, system.pk, rto_minutes=rto, rpo_minutes=None, by=cast.actor()
    )


def test_the_decision_shows_what_has_changed_since_the_proposal(
    acme: Cast, payroll: System, executive: Client
) -> None:
    proposal = proposed(acme, payroll)
    first = executive.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert "The figures are those that its proposer saw." in first
    server = System.objects.get(name="Server")
    systems.change(
        acme.organisation, server.pk, {"recovery_minutes": 60}, seen_version=None, by=acme.actor()
    )
    then = executive.get(f"{TARGETS}{proposal.pk}/")
    [since] = [one for one in then.context["since"] if str(one.what) == "Achievable"]
    assert (str(since.before), str(since.now)) == ("9 h", "4 h")
    assert "What has changed since it was proposed" in then.content.decode()


def test_an_approval_after_a_change_is_told_what_changed_and_can_be_given_anew(
    acme: Cast, payroll: System, executive: Client
) -> None:
    proposal = proposed(acme, payroll)
    address = f"{TARGETS}{proposal.pk}/"
    looked_at = {"version": 1, "basis": executive.get(address).context["basis"]}
    server = System.objects.get(name="Server")
    systems.change(
        acme.organisation, server.pk, {"recovery_minutes": 420}, seen_version=None, by=acme.actor()
    )
    told = executive.post(address, looked_at)
    text = told.content.decode()
    assert told.status_code == 409
    assert "Nothing was decided" in text
    assert "The achievable time: was 9 h, now 10 h." in as_read(text)
    assert reads.approved(acme.organisation) == {}
    done = executive.post(address, {"version": 1, "basis": told.context["basis"]})
    assert done.status_code == 302
    assert reads.approved(acme.organisation)[payroll.pk].rto_minutes == 240


def test_a_form_without_the_basis_approves_nothing(
    acme: Cast, payroll: System, executive: Client
) -> None:
    proposal = proposed(acme, payroll)
    assert executive.post(f"{TARGETS}{proposal.pk}/", {"version": 1}).status_code == 400
    assert reads.approved(acme.organisation) == {}


def test_the_history_says_what_each_decision_rests_on_and_can_be_exported(
    acme: Cast, payroll: System, executive: Client
) -> None:
    make_target(payroll, acme.user(Role.EXECUTIVE), rto=600)
    proposed(acme, payroll)
    server = System.objects.get(name="Server")
    systems.change(
        acme.organisation, server.pk, {"name": "Renamed"}, seen_version=None, by=acme.actor()
    )
    text = " ".join(executive.get(f"{TARGETS}of/{payroll.pk}/").content.decode().split())
    assert "What its proposer saw" in text
    assert "What the decision rests on" in text
    assert "<bdi>Server</bdi> (6 h)" in text, "as it was called then"
    content = executive.get(f"{TARGETS}of/{payroll.pk}/?export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["rto"] for row in rows] == ["4 h", "10 h"]
    assert rows[1]["decided_by"] == str(acme.user(Role.EXECUTIVE))
    assert rows[1]["achievable"] == rows[0]["achievable"] == "9 h"


def test_the_list_has_the_derived_rto_and_finds_what_is_looser_than_it(
    acme: Cast, payroll: System, executive: Client
) -> None:
    answer(payroll)
    make_target(payroll, acme.user(Role.EXECUTIVE), rto=600)
    response = executive.get(f"{TARGETS}?state=looser")
    [row] = response.context["rows"]
    assert (row.name, row.derived, row.is_looser_than_impact) == ("Payroll", 480, True)
    assert "is looser than the business impact allows" in response.content.decode()
    make_target(payroll, acme.user(Role.EXECUTIVE), rto=480)
    assert list(executive.get(f"{TARGETS}?state=looser").context["rows"]) == []
