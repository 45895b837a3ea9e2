"""The table of proposals before a board: what each row says, who may tick it, and sending back."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System, TierPolicy
from bcp.queries import targets as reads
from bcp.services import targets
from tests.conftest import CANARY, Cast
from tests.factories import answer_everything, make_dependency, make_system, make_target
from tests.web.large_estate import grow
from tests.web.reading import as_read

REVIEW = "/o/acme/targets/review/"
TOGETHER = f"{REVIEW}together/"
SEND_BACK = f"{REVIEW}send-back/"


@pytest.fixture
def board(acme: Cast) -> Client:
    client = Client()
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


@pytest.fixture
def orders(acme: Cast) -> System:
    """A process whose chain takes nine hours and a quarter: a database, an application, itself."""
    database = make_system(acme.organisation, "Database", tier=2, recovery_minutes=360)
    erp = make_system(acme.organisation, "ERP", tier=2, recovery_minutes=120)
    process = make_system(
        acme.organisation, "Orders", kind="business process", tier=1, recovery_minutes=60
    )
    make_dependency(erp, database)
    make_dependency(process, erp)
    return process


def proposed(
    cast: Cast, system: System, rto: int | None = 240, by: Role = Role.IT_DIRECTOR, **figures: Any
) -> RecoveryTarget:
    return targets.propose(
        cast.organisation,
        system.pk,
        **{"rto_minutes": rto, "rpo_minutes": None, "reason": "The auditors ask.", **figures},
        by=cast.actor(by),
    )


def rows(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(REVIEW + query)
    assert response.status_code == 200
    return {row.name: row for row in response.context["rows"]}


def test_a_row_says_what_is_asked_and_what_it_would_change(
    acme: Cast, orders: System, board: Client
) -> None:
    make_target(System.objects.get(name="Database"), acme.user(Role.EXECUTIVE), rto=480)
    make_target(orders, acme.user(Role.EXECUTIVE), rto=900)
    proposed(acme, orders)
    row = rows(board)["Orders"]
    assert (row.rto, row.rto_approved, row.achievable, row.misses) == (240, 900, 555, 315)
    assert row.standing == "misses"
    assert row.chain == ["Database", "ERP", "Orders"]
    assert (row.asks_more_of, row.late) == (2, ["Database", "ERP"])
    page = as_read(board.get(REVIEW).content.decode())
    for text in ("now 15 h", "at least 9 h 15 min", "by 5 h 15 min", "2 too late"):
        assert text in page
    assert "The auditors ask." in page
    assert "“Orders” to be restored within 4 h, “Database” must be back within 1 h" in page


def test_a_row_says_what_it_is_looser_than_and_what_the_delay_costs(
    acme: Cast, orders: System, board: Client
) -> None:
    TierPolicy.objects.of(acme.organisation).filter(tier=1).update(rto_minutes=120)
    levels = {1: 60, 2: 60, 3: 60, 4: 240}
    answer_everything(orders, acme.user(Role.EXECUTIVE), levels=levels, cost=Decimal(1000))
    proposed(acme, orders)
    row = rows(board)["Orders"]
    assert [as_read(one) for one in row.looser] == [
        "RTO looser than tier 1 (2 h)",
        "RTO looser than the business impact (1 h)",
    ]
    assert row.cost_beyond == 5250
    assert "5,250" in board.get(REVIEW).content.decode()


def test_what_nobody_knows_is_said_to_be_unknown(acme: Cast, orders: System, board: Client) -> None:
    proposed(acme, orders)
    assert rows(board)["Orders"].cost_beyond is None
    assert '<span class="quiet">unknown</span>' in board.get(REVIEW).content.decode()


def test_a_system_that_takes_no_part_says_so(acme: Cast, board: Client) -> None:
    proposed(acme, make_system(acme.organisation, "New shop", status="planned"))
    row = rows(board)["New shop"]
    assert (row.achievable, row.misses, row.standing, row.asks_more_of) == (None,) * 4
    assert "takes no part in recovery" in board.get(REVIEW).content.decode()


def test_ones_own_proposal_is_shown_and_cannot_be_ticked(
    acme: Cast, orders: System, board: Client
) -> None:
    own = proposed(acme, orders, by=Role.EXECUTIVE)
    other = proposed(acme, make_system(acme.organisation, "Mail"))
    page = board.get(REVIEW).content.decode()
    assert f'name="keys" value="{other.pk}"' in page
    assert f'name="keys" value="{own.pk}"' not in page
    assert "Your own: somebody else decides it" in page
    assert "1 of them is your own: somebody else decides it." in page
    assert page.index("<h1>") < page.index('class="tabs"'), "as on the other pages of targets"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ENGINEER, Role.IT_DIRECTOR])
def test_who_may_not_decide_reads_and_ticks_nothing(
    role: Role, acme: Cast, orders: System, client: Client
) -> None:
    proposal = proposed(acme, orders, by=Role.ADMINISTRATOR)
    client.force_login(acme.user(role))
    page = client.get(f"{REVIEW}?keys={proposal.pk}").content.decode()
    assert "An executive decides." in page
    assert 'name="keys"' not in page
    assert "Approve the ticked" not in page
    assert client.post(SEND_BACK, {"keys": proposal.pk, "reason": "No"}).status_code == 403


def test_an_empty_table_says_that_nothing_waits(acme: Cast, board: Client) -> None:
    page = board.get(REVIEW).content.decode()
    assert "Nothing waits for a decision." in page
    assert "Approve the ticked" not in page


def test_the_most_critical_and_latest_come_first_and_the_order_can_be_chosen(
    acme: Cast, orders: System, board: Client
) -> None:
    for name, rto in (("ERP", 240), ("Database", 60)):
        proposed(acme, System.objects.get(name=name), rto)
    proposed(acme, orders, 900)
    assert list(rows(board)) == ["Orders", "Database", "ERP"]
    assert list(rows(board, "?sort=misses")) == ["Database", "ERP", "Orders"]
    assert list(rows(board, "?sort=system")) == ["Database", "ERP", "Orders"]
    assert list(rows(board, "?sort=-tier")) == ["Database", "ERP", "Orders"]


def test_it_is_narrowed_by_tier_name_and_contradiction(
    acme: Cast, orders: System, board: Client
) -> None:
    proposed(acme, orders)
    proposed(acme, make_system(acme.organisation, "Wiki", tier=4), 6000)
    assert set(rows(board, "?tier=4")) == {"Wiki"}
    assert set(rows(board, "?conflicting=on")) == {"Orders"}
    assert set(rows(board, "?q=wik")) == {"Wiki"}


def test_the_export_has_every_figure_of_every_row(
    acme: Cast, orders: System, board: Client
) -> None:
    proposed(acme, orders, rpo_minutes=0)
    content = board.get(f"{REVIEW}?export=csv").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert row["system"] == "Orders"
    assert (row["rto"], row["rpo"], row["mtd"]) == ("4 h", "0 min", "")
    assert (row["asks_more_of"], row["asked_late"], row["misses"]) == ("2", "2", "5 h 15 min")
    assert row["reason"] == "The auditors ask."
    assert board.get(f"{REVIEW}?export=xlsx").status_code == 200


def test_two_proposals_that_fit_one_by_one_and_contradict_each_other_are_found_together(
    acme: Cast, orders: System, board: Client
) -> None:
    erp = System.objects.get(name="ERP")
    keys = [proposed(acme, orders, 600).pk, proposed(acme, erp, 700).pk]
    assert [row.contradictions for row in rows(board).values()] == [0, 0]
    page = board.get(TOGETHER, {"keys": keys}).content.decode()
    assert "1 contradiction between them:" in page
    assert "“Orders” is to be restored within 10 h and needs “ERP”, which may take" in as_read(page)
    assert "Nothing is ticked yet." in board.get(TOGETHER).content.decode()


def test_without_scripts_the_ticks_and_what_they_change_come_with_the_page(
    acme: Cast, orders: System, board: Client
) -> None:
    key = proposed(acme, orders).pk
    page = board.get(f"{REVIEW}?keys={key}&tier=1").content.decode()
    assert f'value="{key}" checked' in page
    assert "If this 1 proposal is approved:" in page
    assert '<input type="hidden" name="tier" value="1">' in page


def test_the_ticked_are_sent_back_for_one_reason(acme: Cast, orders: System, board: Client) -> None:
    chosen = [proposed(acme, orders), proposed(acme, System.objects.get(name="ERP"))]
    page = board.get(SEND_BACK, {"keys": [one.pk for one in chosen]}).content.decode()
    assert "Send 2 proposals back" in page
    answer = board.post(SEND_BACK, sent(chosen, reason="Ask for 8 hours."), follow=True)
    assert "2 proposals are sent back." in answer.content.decode()
    for one in chosen:
        one.refresh_from_db()
        assert (one.state, one.decision_reason) == ("sent back", "Ask for 8 hours.")


def sent(chosen: list[RecoveryTarget], **more: str) -> dict[str, Any]:
    versions = {f"version-{one.pk}": one.version for one in chosen}
    return {"keys": [one.pk for one in chosen], **versions, **more}


def test_sending_back_needs_a_reason_and_keeps_the_choice(
    acme: Cast, orders: System, board: Client
) -> None:
    proposal = proposed(acme, orders)
    answer = board.post(SEND_BACK, sent([proposal], reason=" "))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert f'name="keys" value="{proposal.pk}"' in page


def test_if_one_was_decided_meanwhile_none_is_sent_back_and_the_reason_is_kept(
    acme: Cast, orders: System, board: Client
) -> None:
    chosen = [proposed(acme, orders), proposed(acme, System.objects.get(name="ERP"))]
    typed = sent(chosen, reason="Ask for 8 hours.")
    targets.withdraw(acme.organisation, chosen[0].pk, seen_version=None, by=acme.actor())
    answer = board.post(SEND_BACK, typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The proposal for “Orders” has been decided already: Withdrawn." in page
    assert "Ask for 8 hours." in page
    assert [one.pk for one in reads.proposals(acme.organisation)] == [chosen[1].pk]


def test_nothing_ticked_leads_back_and_says_so(acme: Cast, orders: System, board: Client) -> None:
    own = proposed(acme, orders, by=Role.EXECUTIVE)
    for keys in ([], [own.pk], ["0" * 12]):
        answer = board.get(SEND_BACK, {"keys": keys}, follow=True)
        assert "Nothing was chosen that you can send back." in answer.content.decode()


def test_two_hundred_proposals_cost_as_many_queries_as_two(acme: Cast, board: Client) -> None:
    systems = grow(acme.organisation, 200)

    def cost() -> int:
        board.get(REVIEW)
        with CaptureQueriesContext(connection) as queries:
            board.get(f"{REVIEW}?conflicting=on")
        return len(queries)

    RecoveryTarget.objects.bulk_create(
        RecoveryTarget(organisation=acme.organisation, system=system, rto_minutes=60)
        for system in systems[:2]
    )
    few = cost()
    RecoveryTarget.objects.bulk_create(
        RecoveryTarget(organisation=acme.organisation, system=system, rto_minutes=60)
        for system in systems[2:]
    )
    assert cost() == few <= 12


def test_the_overview_tells_who_may_decide_how_many_wait(
    acme: Cast, orders: System, board: Client, client: Client
) -> None:
    proposed(acme, orders, by=Role.EXECUTIVE)
    assert "waits for your decision" not in board.get("/o/acme/").content.decode()
    proposed(acme, System.objects.get(name="ERP"))
    assert "1 proposed target waits for your decision." in board.get("/o/acme/").content.decode()
    client.force_login(acme.user(Role.AUDITOR))
    assert "your decision" not in client.get("/o/acme/").content.decode()


def test_no_proposal_of_another_organisation_is_shown_or_chosen(
    acme: Cast, rival: Cast, orders: System, board: Client
) -> None:
    foreign = proposed(rival, make_system(rival.organisation, CANARY))
    proposed(acme, orders)
    for address in (REVIEW, f"{REVIEW}?export=csv", f"{TOGETHER}?keys={foreign.pk}"):
        assert CANARY not in board.get(address).content.decode()
    answer = board.post(SEND_BACK, sent([foreign], reason="No"))
    assert CANARY not in answer.content.decode()
    foreign.refresh_from_db()
    assert foreign.state == "proposed"
