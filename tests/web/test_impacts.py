"""Business impact: the list of processes, checking and confirming answers, asking others."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.fixtures import Settings

from bcp.engine.impact_questions import NEVER, THRESHOLDS
from bcp.engine.impacts import BANDS_MINUTES, Category
from bcp.engine.permissions import Role
from bcp.models import ImpactAnswer, ImpactAssessment, Organisation, System
from bcp.models.base import new_key
from bcp.queries import impacts as reads
from bcp.services import impact_requests, impacts
from tests.conftest import Cast
from tests.factories import answer_everything, make_system, make_target

LIST = "/o/acme/impacts/"


def process(cast: Cast, name: str, **values: Any) -> System:
    return make_system(cast.organisation, name, kind="business process", **values)


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


def page(client: Client, system: System, status: int = 200) -> str:
    response = client.get(f"{LIST}{system.pk}/")
    assert response.status_code == status
    return response.content.decode()


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(LIST + query).context["rows"]]


def ask(cast: Cast, system: System, role: Role = Role.EXECUTIVE, **values: Any) -> None:
    usual = {"link": "https://bcp.example/", "seen_version": None, "by": cast.actor()}
    impact_requests.ask(cast.organisation, system.pk, cast.members[role].pk, **(usual | values))


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
        assert said in text


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
        "EUR\u00a01,500",
        "Month &lt;end&gt;",
        "an hour then costs unknown",
        "not within two weeks",
    ):
        assert said in text
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


def test_asking_mails_a_link_to_the_questions_and_waits_on_the_overview(
    transactional_db: None, acme: Cast, payroll: System, executive: Client
) -> None:
    director = Client()
    director.force_login(acme.user(Role.IT_DIRECTOR))
    address = f"{LIST}{payroll.pk}/ask/"
    offered = director.get(address).context["form"]["member"].field.choices
    assert len(list(offered)) == 3  # neither the engineer nor the auditor
    typed = {
        "version": 0,
        "member": acme.members[Role.EXECUTIVE].pk,
        "answer_by": "2099-01-31",
        "note": "Please.",
    }
    answer = director.post(address, typed, follow=True)
    assert "has been asked by mail" in answer.content.decode()
    link = f"http://testserver{LIST}{payroll.pk}/go-on/"
    assert link in mail.outbox[0].body
    assert executive.get(link, follow=True).context["number"] == 1
    for place in ("/o/acme/", LIST):
        assert "You are asked what an outage does" in executive.get(place).content.decode()
        assert "You are asked what an outage does" not in director.get(place).content.decode()
    assert "This waits for you." in page(executive, payroll)


def test_the_link_in_the_mail_asks_to_sign_in_and_then_leads_to_the_questions(
    acme: Cast, payroll: System
) -> None:
    address = f"{LIST}{payroll.pk}/go-on/"
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next={address}")


def test_mail_that_cannot_go_out_is_said(
    transactional_db: None,
    acme: Cast,
    payroll: System,
    executive: Client,
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    typed = {"version": 0, "member": acme.members[Role.EXECUTIVE].pk}
    answer = executive.post(f"{LIST}{payroll.pk}/ask/", typed, follow=True)
    assert "the mail could not be sent" in answer.content.decode()
    assert names(executive, "?state=mine") == ["Payroll"]


def test_faults_in_a_request_stand_at_their_fields_and_nothing_is_sent(
    acme: Cast, rival: Cast, payroll: System, executive: Client
) -> None:
    address = f"{LIST}{payroll.pk}/ask/"
    for typed, field in (
        ({"member": rival.members[Role.EXECUTIVE].pk}, "member"),
        ({"member": acme.members[Role.AUDITOR].pk}, "member"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "answer_by": "2001-01-01"}, "answer_by"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "answer_by": "soon"}, "answer_by"),
        ({"member": acme.members[Role.EXECUTIVE].pk, "note": "x" * 2001}, "note"),
    ):
        answer = executive.post(address, {"version": 0, **typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
    assert mail.outbox == []
    assert not ImpactAssessment.objects.exists()


def test_a_request_on_top_of_another_is_told_and_keeps_what_was_typed(
    acme: Cast, payroll: System, executive: Client
) -> None:
    ask(acme, payroll, Role.ADMINISTRATOR)
    typed = {"version": 0, "member": acme.members[Role.EXECUTIVE].pk, "note": "Please."}
    told = executive.post(f"{LIST}{payroll.pk}/ask/", typed)
    assert told.status_code == 409
    assert told.context["form"]["note"].value() == "Please."
    again = executive.post(f"{LIST}{payroll.pk}/ask/", typed | {"version": told.context["version"]})
    assert again.status_code == 302
    assert reads.waiting_for(acme.members[Role.ADMINISTRATOR]) == []


def test_a_request_is_taken_back(acme: Cast, payroll: System, executive: Client) -> None:
    ask(acme, payroll, answer_by=date(2099, 1, 1))
    version = reads.listing(acme.organisation)[0].version
    stale = executive.post(f"{LIST}{payroll.pk}/take-back/", {"version": version - 1})
    assert stale.status_code == 409
    executive.post(f"{LIST}{payroll.pk}/take-back/", {"version": version})
    assert names(executive, "?state=mine") == []
    assert "was asked on" not in page(executive, payroll)


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
