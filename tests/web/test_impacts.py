"""Business impact: the list of processes, checking and confirming answers, and their history."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from bcp.engine.impact_questions import NEVER, THRESHOLDS
from bcp.engine.impacts import BANDS_MINUTES, Category
from bcp.engine.permissions import Role
from bcp.models import ImpactAnswer, ImpactAssessment, Organisation, System
from bcp.models.base import new_key
from bcp.queries import impacts as reads
from bcp.services import impacts
from tests.conftest import Cast
from tests.factories import answer_everything, make_system, make_target
from tests.web.impact_pages import LIST, ask, names, page, process
from tests.web.reading import as_read


@pytest.fixture
def payroll(acme: Cast) -> System:
    return process(acme, "Payroll")


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


@pytest.fixture
def reader(acme: Cast) -> Client:
    client = Client()
    client.force_login(acme.user(Role.AUDITOR))
    return client


def test_an_empty_list_says_to_add_a_business_process(
    acme: Cast, executive: Client, client: Client
) -> None:
    make_system(acme.organisation, "Server", kind="compute")
    assert "Ask an administrator, director or engineer" in executive.get(LIST).content.decode()
    client.force_login(acme.user(Role.ENGINEER))
    text = client.get(LIST).content.decode()
    assert "systems/new/?kind=business%20process" in text
    form = client.get("/o/acme/systems/new/?kind=business%20process").context["form"]
    assert form["kind"].value() == "business process"


def test_listed_are_business_processes_that_are_live_or_planned_what_waits_for_me_first(
    acme: Cast, executive: Client
) -> None:
    answer_everything(process(acme, "A done", tier=1), acme.user(Role.EXECUTIVE))
    process(acme, "B open", tier=2)
    process(acme, "C planned", tier=1, status="planned")
    process(acme, "D retired", status="retired")
    make_system(acme.organisation, "E no process")
    ask(acme, process(acme, "F mine", tier=4))
    assert names(executive) == ["F mine", "C planned", "B open", "A done"]


def test_filters_narrow_to_what_is_missing_mine_confirmed_and_without_cost(
    acme: Cast, executive: Client
) -> None:
    boss = acme.user(Role.EXECUTIVE)
    answer_everything(process(acme, "Confirmed"), boss, cost=Decimal(10))
    changed = process(acme, "Changed since")
    answer_everything(changed, boss, cost=Decimal(10))
    impacts.answer_cost(
        acme.organisation, changed.pk, Decimal(0), seen_version=None, by=acme.actor()
    )
    ask(acme, process(acme, "Missing"))
    assert names(executive, "?state=confirmed") == ["Confirmed"]
    assert names(executive, "?state=unconfirmed") == ["Changed since"]
    assert names(executive, "?state=missing") == ["Missing"]
    assert names(executive, "?state=mine") == ["Missing"]
    assert names(executive, "?state=no+cost") == ["Missing"]  # 0 is a cost
    assert names(executive, "?q=executive") == ["Missing"]  # whoever is asked is found, too
    assert sorted(names(executive, "?state=mine&state=confirmed")) == ["Confirmed", "Missing"]


def test_derived_targets_stand_beside_the_approved_one_and_are_sorted_with_unknown_last(
    acme: Cast, executive: Client
) -> None:
    boss = acme.user(Role.EXECUTIVE)
    slow, fast, unknown = (process(acme, name) for name in ("Slow", "Fast", "Unknown"))
    answer_everything(slow, boss, levels={1: 60, 2: 60, 3: 10080, 4: NEVER})
    answer_everything(fast, boss, levels={1: 60, 2: None, 3: 240, 4: 1440})
    make_target(fast, boss, rto=480)
    assert names(executive, "?sort=derived_rto") == ["Fast", "Slow", unknown.name]
    assert names(executive, "?sort=-derived_rto") == ["Slow", "Fast", unknown.name]
    text = executive.get(LIST).content.decode()
    for said in ("1 week", "4 hours", "8 h", "clients are harmed intolerably", "unknown", "none"):
        assert said in as_read(text)


def test_the_export_holds_what_was_derived_and_why(acme: Cast, executive: Client) -> None:
    boss = acme.user(Role.EXECUTIVE)
    answer_everything(process(acme, "Payroll", tier=2), boss, cost=Decimal("99.50"))
    process(acme, "Other", tier=3)
    response = executive.get(LIST + "?export=csv")
    lines = io.StringIO(response.content.decode("utf-8-sig"))
    rows = {row["process"]: row for row in csv.DictReader(lines)}
    told = rows["Payroll"]
    assert (told["answered"], told["questions"], told["tier"]) == ("11", "11", "2")
    assert (told["derived_rto"], told["derived_mtd"]) == ("1 d", "3 d")
    assert told["derived_rto_because"] == "After 1 day clients are harmed intolerably."
    assert Decimal(told["cost_per_hour"]) == Decimal("99.5")
    assert rows["Other"]["derived_rto"] == ""
    assert rows["Other"]["derived_rto_is_at_most"] == "yes"
    assert rows["Other"]["achievable_is_at_least"] == "yes", "how long it takes is unknown"
    assert executive.get(LIST + "?export=xlsx").status_code == 200


def test_a_longer_list_costs_as_many_queries(acme: Cast, executive: Client) -> None:
    def cost() -> int:
        executive.get(LIST)  # what is kept of an analysis is not counted
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert executive.get(LIST).status_code == 200
        return len(queries)

    answer_everything(process(acme, "First"), acme.user(Role.EXECUTIVE))
    few = cost()
    many = System.objects.bulk_create(
        System(
            id=new_key(),
            organisation=acme.organisation,
            name=f"Process {number:03d}",
            kind="business process",
        )
        for number in range(60)
    )
    assessments = ImpactAssessment.objects.bulk_create(
        ImpactAssessment(id=new_key(), organisation=acme.organisation, process=one) for one in many
    )
    never = {str(level): NEVER for level in THRESHOLDS}
    flat = [0] * len(BANDS_MINUTES)
    ImpactAnswer.objects.bulk_create(
        ImpactAnswer(
            id=new_key(),
            organisation=acme.organisation,
            assessment=one,
            category=category.value,
            reached=never,
            levels=flat,
            at_most=flat,
            at_least=flat,
        )
        for one in assessments
        for category in Category
    )
    process(acme, "Last")
    assert cost() == few


def test_the_check_page_says_every_answer_and_what_follows(
    acme: Cast, payroll: System, executive: Client
) -> None:
    Organisation.objects.filter(pk=acme.organisation.pk).update(currency="EUR")
    answer_everything(
        payroll,
        acme.user(Role.EXECUTIVE),
        levels={1: 240, 2: None, 3: 1440, 4: 4320},
        cost=Decimal(1500),
        work_recovery=480,
        peaks=[impacts.PeakValues("Month <end>", "last days", None)],
    )
    text = page(executive, payroll)
    for said in (
        "After 1 day clients are harmed intolerably.",
        "Back after 1 day and 8 hours to work off the backlog make 1 d 8 h.",
        "To 1 question the answer is",
        "EUR 1,500",
        "Month &lt;end&gt;",
        "an hour then costs unknown",
        "not within two weeks",
    ):
        assert said in as_read(text)
    assert "?rto_minutes=1d&amp;mtd_minutes=3d" in text
    assert "Propose 1 day as the target" in text


def test_a_backlog_that_leaves_too_little_time_makes_the_proposal_tighter(
    acme: Cast, payroll: System, executive: Client
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE), work_recovery=4320 - 480)
    assert "the systems have to be back within 8 hours" in page(executive, payroll)
    assert "Propose 8 hours as the target" in page(executive, payroll)
    answer_everything(payroll, acme.user(Role.EXECUTIVE), work_recovery=4320)
    assert "however soon the systems are back, it is too late" in page(executive, payroll)
    assert "Propose 1 day as the target" in page(executive, payroll)


def test_nothing_is_confirmed_or_proposed_while_answers_are_open(
    acme: Cast, payroll: System, executive: Client
) -> None:
    impacts.answer(
        acme.organisation,
        payroll.pk,
        Category.CLIENTS,
        3,
        480,
        seen_version=None,
        by=acme.actor(),
    )
    text = page(executive, payroll)
    assert "at most 8 hours" in text
    assert "22 questions are not answered yet" in text
    assert "Confirm the answers" not in text
    assert "as the target…" not in text
    version = reads.listing(acme.organisation)[0].version
    refused = executive.post(f"{LIST}{payroll.pk}/confirm/", {"version": version})
    assert refused.status_code == 422
    assert "Answer every question first" in refused.content.decode()


def test_confirming_names_who_and_a_change_meanwhile_confirms_nothing(
    acme: Cast, payroll: System, executive: Client
) -> None:
    answer_everything(payroll, acme.user(Role.IT_DIRECTOR))
    stale = {"version": reads.listing(acme.organisation)[0].version}
    impacts.answer_cost(
        acme.organisation, payroll.pk, None, "?", seen_version=None, by=acme.actor()
    )
    told = executive.post(f"{LIST}{payroll.pk}/confirm/", stale)
    assert told.status_code == 409
    assert "so nothing was confirmed" in " ".join(told.content.decode().split())
    assert not reads.listing(acme.organisation)[0].is_confirmed
    fresh = {"version": told.context["about"].version}
    executive.post(f"{LIST}{payroll.pk}/confirm/", fresh)
    assert "Executive Of Acme Foods confirmed these answers" in page(executive, payroll)


def test_whoever_only_reads_sees_the_answers_and_no_way_to_change_them(
    acme: Cast, payroll: System, reader: Client
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    text = page(reader, payroll)
    assert "after 4 hours" in text
    for missing in ("?from=check", "as the target…", "Ask somebody", "go-on"):
        assert missing not in text


def test_the_history_tells_who_answered_what(acme: Cast, payroll: System, reader: Client) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    text = reader.get(f"{LIST}{payroll.pk}/history/").content.decode()
    for said in (
        "executive@acme.example",
        "Clients are harmed intolerably</th><td>not answered</td><td>after 1 day</td>",
        "not within two weeks",
    ):
        assert said in text


def test_the_history_tells_of_a_changed_answer_only_what_changed(
    acme: Cast, payroll: System, reader: Client
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    by = acme.actor(Role.EXECUTIVE)
    impacts.answer(
        acme.organisation, payroll.pk, Category.CLIENTS, 3, None, seen_version=None, by=by
    )
    text = reader.get(f"{LIST}{payroll.pk}/history/").content.decode()
    assert f"Confirmed at</th><td>{date_format(timezone.localtime(), 'DATE_FORMAT')}" in text
    assert "intolerably</th><td>after 1 day</td><td>unknown</td>" in text
    assert text.count("Clients notice") == 1, "only where it was answered"


def test_deleting_a_process_says_that_its_answers_go_with_it(
    acme: Cast, payroll: System, client: Client
) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    address = f"/o/acme/systems/{payroll.pk}/delete/"
    assert "business impact goes with it" not in client.get(address).content.decode()
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    assert "business impact goes with it" in client.get(address).content.decode()


def test_the_page_of_a_process_tells_its_impact_and_that_of_a_server_does_not(
    acme: Cast, payroll: System, executive: Client
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    server = make_system(acme.organisation, "Server")
    assert "11 of 11 questions" in executive.get(f"/o/acme/systems/{payroll.pk}/").content.decode()
    assert "Business impact" not in _main(executive, f"/o/acme/systems/{server.pk}/")
    assert executive.get(f"{LIST}{server.pk}/").status_code == 404


def _main(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition("<main")[2]
