"""Targets: proposing, what a proposal would change, deciding, and who may."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.impacts import Category
from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System, TierPolicy
from bcp.queries import targets as reads
from bcp.services import impacts, organisations, targets
from tests.conftest import CANARY, Cast
from tests.factories import (
    answer_everything,
    make_dependency,
    make_procedure,
    make_system,
    make_target,
    make_team,
)
from tests.web.large_estate import grow
from tests.web.reading import as_read

TARGETS = "/o/acme/targets/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def executive(acme: Cast) -> Client:
    client = Client()
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP", tier=1, recovery_minutes=120)


def proposed(
    cast: Cast, system: System, rto: int = 60, by: Role = Role.IT_DIRECTOR
) -> RecoveryTarget:
    return targets.propose(
        cast.organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=None,
        reason="The auditors ask for it.",
        by=cast.actor(by),
    )


def decided_on(client: Client, proposal: RecoveryTarget) -> dict[str, Any]:
    """What the page of the proposal sends with a decision."""
    context = client.get(f"{TARGETS}{proposal.pk}/").context
    return {"version": context["row"].version, "basis": context["basis"]}


def rows(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(TARGETS + query)
    assert response.status_code == 200
    return {row.name: row for row in response.context["rows"]}


def test_the_list_shows_approved_proposed_and_achievable_side_by_side(
    acme: Cast, erp: System, director: Client
) -> None:
    make_target(erp, acme.user(Role.EXECUTIVE), rto=240, rpo=0)
    proposed(acme, erp, rto=90)
    row = rows(director)["ERP"]
    assert (row.rto, row.rpo, row.mtd, row.proposed) == (240, 0, None, 90)
    assert row.achievable == 135
    page = director.get(TARGETS).content.decode()
    for figure in ("4 h", "0 min", "1 h 30 min", "at least 2 h 15 min"):
        assert figure in as_read(page)


def test_the_list_is_narrowed_by_state_standing_and_system(
    acme: Cast, erp: System, director: Client
) -> None:
    mail = make_system(acme.organisation, "Mail", tier=2)
    make_system(acme.organisation, "Wiki", tier=4)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=30)
    proposed(acme, mail)
    assert set(rows(director, "?state=approved")) == {"ERP"}
    assert set(rows(director, "?state=proposed")) == {"Mail"}
    assert set(rows(director, "?state=missing")) == {"Mail", "Wiki"}
    assert set(rows(director, "?standing=misses")) == {"ERP"}
    assert set(rows(director, f"?system={mail.pk}")) == {"Mail"}
    assert set(rows(director, "?tier=4&q=wik")) == {"Wiki"}
    assert next(iter(rows(director, "?sort=standing"))) == "ERP"


def test_a_proposal_is_made_in_words_of_time(acme: Cast, erp: System, director: Client) -> None:
    address = f"{TARGETS}of/{erp.pk}/propose/"
    figures = {"rto_minutes": "4h", "rpo_minutes": "0", "mtd_minutes": "1d 12h", "reason": "Audit"}
    response = director.post(address, figures, follow=True)
    assert "Proposed. Somebody else" in response.content.decode()
    proposal = reads.proposals(acme.organisation).get()
    assert (proposal.rto_minutes, proposal.rpo_minutes, proposal.mtd_minutes) == (240, 0, 2160)
    assert proposal.proposed_by == acme.user(Role.IT_DIRECTOR)
    assert rows(director)["ERP"].rto is None


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"rto_minutes": "soon"}, "soon"),
        ({"rto_minutes": "-5"}, "rto_minutes"),
        ({"rto_minutes": "2d", "mtd_minutes": "1d"}, "must not be longer than the MTD"),
        ({}, "needs at least one figure"),
        ({"rto_minutes": "99999999999 weeks"}, "rto_minutes"),
    ],
)
def test_a_faulty_proposal_is_explained_and_nothing_typed_is_lost(
    figures: dict[str, str], fault: str, acme: Cast, erp: System, director: Client
) -> None:
    typed = {**figures, "reason": "Typed with care"}
    response = director.post(f"{TARGETS}of/{erp.pk}/propose/", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert fault in page
    assert "Typed with care" in page
    assert reads.proposals(acme.organisation).count() == 0


def test_a_new_proposal_takes_the_place_of_an_open_one(
    acme: Cast, erp: System, director: Client
) -> None:
    proposed(acme, erp, rto=60)
    page = director.get(f"{TARGETS}of/{erp.pk}/propose/").content.decode()
    assert "is open; a new one takes its place" in page
    director.post(f"{TARGETS}of/{erp.pk}/propose/", {"rto_minutes": "3h"})
    assert [one.rto_minutes for one in reads.proposals(acme.organisation)] == [180]


def test_an_executive_approves_what_somebody_else_proposed(
    acme: Cast, erp: System, executive: Client
) -> None:
    proposal = proposed(acme, erp)
    page = executive.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert ">Approve</button>" in page
    response = executive.post(
        f"{TARGETS}{proposal.pk}/", decided_on(executive, proposal), follow=True
    )
    assert "The target of “ERP” is approved." in response.content.decode()
    assert reads.approved(acme.organisation)[erp.pk].rto_minutes == 60
    assert "counts now" in response.content.decode()


def test_ones_own_proposal_has_no_button_and_is_refused(
    acme: Cast, erp: System, executive: Client
) -> None:
    proposal = proposed(acme, erp, by=Role.EXECUTIVE)
    page = executive.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert ">Approve</button>" not in page
    assert "This is your own proposal" in page
    refused = executive.post(f"{TARGETS}{proposal.pk}/", decided_on(executive, proposal))
    assert refused.status_code == 403
    assert "somebody other than its proposer" in refused.content.decode()
    assert reads.approved(acme.organisation) == {}


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.IT_DIRECTOR, Role.ENGINEER, Role.AUDITOR]
)
def test_only_an_executive_decides(role: Role, acme: Cast, erp: System, client: Client) -> None:
    proposal = proposed(acme, erp)
    client.force_login(acme.user(role))
    page = client.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert ">Approve</button>" not in page
    assert ">Send back</button>" not in page
    version = {"version": proposal.version, "reason": "no"}
    assert client.post(f"{TARGETS}{proposal.pk}/", version).status_code == 403
    assert client.post(f"{TARGETS}{proposal.pk}/send-back/", version).status_code == 403


def test_sending_back_needs_a_reason_that_the_proposer_can_read(
    acme: Cast, erp: System, executive: Client, director: Client
) -> None:
    proposal = proposed(acme, erp)
    address = f"{TARGETS}{proposal.pk}/send-back/"
    empty = executive.post(address, {"version": proposal.version, "reason": "  "})
    assert empty.status_code == 422
    assert "There is a problem" in empty.content.decode()
    executive.post(address, {"version": proposal.version, "reason": "Two hours will do."})
    history = director.get(f"{TARGETS}of/{erp.pk}/").content.decode()
    assert "Two hours will do." in history
    assert "Sent back" in history


def test_the_proposer_takes_a_proposal_back_and_nobody_else_does(
    acme: Cast, erp: System, executive: Client, director: Client
) -> None:
    proposal = proposed(acme, erp)
    version = {"version": proposal.version}
    assert executive.post(f"{TARGETS}{proposal.pk}/withdraw/", version).status_code == 403
    assert ">Withdraw it</button>" in director.get(f"{TARGETS}{proposal.pk}/").content.decode()
    director.post(f"{TARGETS}{proposal.pk}/withdraw/", version)
    assert reads.proposals(acme.organisation).count() == 0


def test_deciding_what_has_been_decided_is_a_conflict(
    acme: Cast, erp: System, executive: Client
) -> None:
    proposal = proposed(acme, erp)
    looked_at = decided_on(executive, proposal)
    executive.post(f"{TARGETS}{proposal.pk}/", looked_at)
    again = executive.post(f"{TARGETS}{proposal.pk}/", looked_at)
    assert again.status_code == 409
    assert "Nothing was decided" in again.content.decode()
    shown = executive.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert "This has been decided: Approved." in shown
    assert ">Approve</button>" not in shown


def test_before_deciding_one_sees_who_would_fall_short(
    acme: Cast, erp: System, executive: Client
) -> None:
    san = make_system(acme.organisation, "SAN", tier=1, recovery_minutes=90)
    make_dependency(erp, san)
    make_target(san, acme.user(Role.EXECUTIVE), rto=300)
    proposal = proposed(acme, erp, rto=240)
    page = executive.get(f"{TARGETS}{proposal.pk}/")
    shown = page.context["shown"]
    assert shown.figures.standing_after.value == "unknown"
    assert [str(one) for one in shown.appeared.shown] == [
        "“ERP” is to be restored within 4 h and needs “SAN”, which may take 5 h"
    ]
    assert "1 would appear:" in page.content.decode()


def test_the_history_keeps_every_target_of_a_system(
    acme: Cast, erp: System, director: Client
) -> None:
    executive = acme.user(Role.EXECUTIVE)
    make_target(erp, executive, rto=240)
    make_target(erp, executive, rto=120)
    page = director.get(f"{TARGETS}of/{erp.pk}/")
    assert [row.rto_minutes for row in page.context["rows"]] == [120, 240]
    assert page.content.decode().count("counts now") == 1
    assert RecoveryTarget.objects.of(acme.organisation).count() == 2


def test_a_planned_system_takes_no_part_but_may_have_a_target(
    acme: Cast, executive: Client
) -> None:
    planned = make_system(acme.organisation, "New shop", status="planned")
    proposal = proposed(acme, planned)
    page = executive.get(f"{TARGETS}{proposal.pk}/").content.decode()
    assert "takes no part in recovery" in page
    assert executive.get(f"{TARGETS}of/{planned.pk}/propose/").status_code == 200


def test_without_any_system_the_list_says_what_to_do_next(acme: Cast, director: Client) -> None:
    text = director.get(TARGETS).content.decode()
    assert "no live system is recorded yet" in text
    assert 'href="/o/acme/systems/new/"' in text
    auditor = Client()
    auditor.force_login(acme.user(Role.AUDITOR))
    text = auditor.get(TARGETS).content.decode()
    assert "Ask an administrator, director or engineer to add one." in text
    assert "/systems/new/" not in text


def test_the_export_has_every_system(acme: Cast, director: Client) -> None:
    grow(acme.organisation, 80)
    content = director.get(f"{TARGETS}?export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 81
    assert {row["achievable_is_at_least"] for row in rows} <= {"yes", "no"}


def test_the_export_says_which_derived_time_an_open_answer_could_make_earlier(
    acme: Cast, director: Client
) -> None:
    answered, begun = (
        make_system(acme.organisation, name, kind="business process") for name in ("Pay", "Order")
    )
    answer_everything(answered, acme.user(Role.EXECUTIVE))
    impacts.answer(
        acme.organisation, begun.pk, Category.CLIENTS, 3, 480, seen_version=None, by=acme.actor()
    )
    content = director.get(f"{TARGETS}?export=csv").content.decode("utf-8-sig")
    told = {row["system"]: row for row in csv.DictReader(io.StringIO(content))}
    assert (told["Pay"]["derived"], told["Pay"]["derived_is_at_most"]) == ("1 d", "no")
    assert (told["Order"]["derived"], told["Order"]["derived_is_at_most"]) == ("8 h", "yes")


def test_the_list_costs_the_same_for_twenty_systems_and_for_three_hundred(
    acme: Cast, director: Client
) -> None:
    def cost() -> int:
        director.get(TARGETS)
        with CaptureQueriesContext(connection) as queries:
            director.get(TARGETS)
        return len(queries)

    grow(acme.organisation, 20)
    few = cost()
    grow(acme.organisation, 280)
    assert cost() == few <= 9


def test_no_word_of_another_organisation_is_on_it(
    acme: Cast, rival: Cast, erp: System, director: Client
) -> None:
    foreign = make_system(rival.organisation, CANARY)
    proposal = proposed(rival, foreign)
    proposed(acme, erp)
    for address in (TARGETS, f"{TARGETS}?export=csv", f"{TARGETS}?system={foreign.pk}"):
        assert CANARY not in director.get(address).content.decode()
    for address in (
        f"{TARGETS}{proposal.pk}/",
        f"{TARGETS}of/{foreign.pk}/",
        f"{TARGETS}of/{foreign.pk}/propose/",
    ):
        assert director.get(address).status_code == 404
    for address in (f"{TARGETS}{proposal.pk}/withdraw/", f"{TARGETS}of/{foreign.pk}/propose/"):
        assert director.post(address, {"version": 1, "rto_minutes": "1h"}).status_code == 404


def test_hostile_reasons_are_text(acme: Cast, erp: System, executive: Client) -> None:
    proposal = targets.propose(
        acme.organisation,
        erp.pk,
        rto_minutes=60,
        rpo_minutes=None,
        reason="<script>alert(1)</script>",
        by=acme.actor(),
    )
    for address in (f"{TARGETS}{proposal.pk}/", f"{TARGETS}of/{erp.pk}/"):
        assert "<script>alert" not in executive.get(address).content.decode()


def test_below_the_list_stands_whether_the_tiers_keep_their_promises(
    acme: Cast, erp: System, director: Client
) -> None:
    page = director.get(TARGETS).content.decode()
    assert "No tier promises a recovery time yet." in page
    assert "Say what the tiers promise" not in page
    tier = TierPolicy.objects.of(acme.organisation).get(tier=1)
    for promise, says in ((60, "1</strong> tier breaks its promise"), (600, "unknown")):
        organisations.change_tier(
            *(acme.organisation, tier.pk, {"rto_minutes": promise}),
            seen_version=None,
            by=acme.shell,
        )
        response = director.get(TARGETS)
        assert says in response.content.decode()
        (row,) = response.context["tiers"]
        late = ["ERP"] if promise == 60 else []
        assert [system.name for system in row.late.first] == late


def test_one_person_for_two_systems_breaks_a_promise_that_many_would_keep(
    acme: Cast, director: Client
) -> None:
    """Two hours each, side by side for two; off hours there is one."""
    team = make_team(
        acme.organisation, "Servers", heads_day=2, heads_night=1, mobilise_night_minutes=0
    )
    for name in ("ERP", "Mail"):
        system = make_system(acme.organisation, name, tier=1, team=team)
        make_procedure(system, 120, heads=1, approved_by=acme.user(Role.IT_DIRECTOR))
    make_system(acme.organisation, "Wiki", tier=1, recovery_minutes=30)
    tier = TierPolicy.objects.of(acme.organisation).get(tier=1)
    organisations.change_tier(
        acme.organisation, tier.pk, {"rto_minutes": 180}, seen_version=None, by=acme.shell
    )
    response = director.get(TARGETS)
    (row,) = response.context["tiers"]
    assert row.promise.together.found_minutes == row.promise.unlimited_minutes + 120
    page = as_read(response.content.decode())
    assert "“Servers” keeps it waiting longest: it has 4 h of work for one person to do." in page
    assert "Nobody said which team does some or all of the work; it counts as nobody’s:" in page
    assert [system.name for system in response.context["guessed"]["who"].first] == ["Wiki"]
