"""Proposing a target: what it begins with, and what it asks for while one types and without
script."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System, TierPolicy
from bcp.queries import targets as reads
from bcp.services import organisations, systems, targets
from tests.conftest import CANARY, Cast
from tests.factories import answer_everything, make_dependency, make_system, make_target
from tests.nine_hours import answer, make_payroll
from tests.web.large_estate import grow
from tests.web.reading import as_read

TARGETS = "/o/acme/targets/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_payroll(acme.organisation)


def live(client: Client, system: System, **typed: str) -> str:
    address = f"{TARGETS}of/{system.pk}/consequences/"
    response = client.get(address, typed, headers=HTMX)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def page(client: Client, system: System, query: str = "") -> Any:
    response = client.get(f"{TARGETS}of/{system.pk}/propose/{query}")
    assert response.status_code == 200
    return response


def test_while_one_types_the_page_says_that_it_cannot_be_met_and_why(
    acme: Cast, payroll: System, director: Client
) -> None:
    text = live(director, payroll, rto_minutes="4h")
    assert "<strong>4 h cannot be met:</strong>" in text
    assert "9 h" in text
    for name in ("Server", "Programme"):
        assert f"<bdi>{name}</bdi></a></th>" in text
    assert "2 systems must be back sooner than anything requires of them today." in text
    assert "2 would appear:" in text
    assert "ways/?rto_minutes=240" in text
    assert "<html" not in text, "only the part that changes"


def test_a_demand_that_lies_before_the_disruption_says_that_no_time_is_left(
    payroll: System, director: Client
) -> None:
    text = live(director, payroll, rto_minutes="15")
    assert '<td class="number">no time is left</td>' in text
    assert "−" not in text


def test_what_can_be_met_is_said_too_and_offers_no_ways(
    acme: Cast, payroll: System, director: Client
) -> None:
    text = live(director, payroll, rto_minutes="9h")
    assert "<strong>9 h can be met:</strong> “Payroll” would be back after 9 h." in text
    assert "ways/?rto" not in text
    assert "<strong>8 h 59 min cannot be met:</strong>" in live(
        director, payroll, rto_minutes="539"
    )
    systems.change(
        acme.organisation,
        payroll.pk,
        {"recovery_minutes": None},
        seen_version=None,
        by=acme.actor(),
    )
    text = live(director, payroll, rto_minutes="9h")
    assert "<strong>Nobody can say whether 9 h can be met:</strong>" in text
    assert "would be back after at least 8 h 15 min. 1 duration is unknown." in text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"rto_minutes": "soon"}, "“soon” is not a duration"),
        ({"rto_minutes": "2d", "mtd_minutes": "1d"}, "must not be longer than the MTD"),
        ({"rpo_minutes": "-1"}, "“-1” is not a duration"),
        ({"rto_minutes": "9" * 70}, "is not a duration"),
    ],
)
def test_what_cannot_be_read_is_said_while_one_types(
    typed: dict[str, str], fault: str, acme: Cast, payroll: System, director: Client
) -> None:
    assert fault in live(director, payroll, **typed)


def test_with_nothing_typed_nothing_is_claimed(
    acme: Cast, payroll: System, director: Client
) -> None:
    assert "Once a figure is there" in live(director, payroll)


def test_without_script_a_button_shows_the_same_and_nothing_is_proposed(
    acme: Cast, payroll: System, director: Client
) -> None:
    typed = {"rto_minutes": "4h", "reason": "Typed with care", "show": "1"}
    response = director.post(f"{TARGETS}of/{payroll.pk}/propose/", typed)
    text = response.content.decode()
    assert response.status_code == 200
    assert "4 h cannot be met" in as_read(text)
    assert "Typed with care" in text
    assert 'value="4h"' in text
    assert not reads.proposals(acme.organisation).exists()


def test_cost_and_harm_stand_at_the_achievable_time_and_at_the_target(
    acme: Cast, payroll: System, director: Client
) -> None:
    answer(payroll)
    text = live(director, payroll, rto_minutes="4h", mtd_minutes="5h")
    assert "<strong>5,400</strong> at the achievable 9 h" in text
    assert "<strong>2,400</strong> at 4 h" in text
    assert "in a peak: Year end" in text
    assert "draft of" in text
    assert "Assumed: every hour costs the same" in text
    assert "serious harm" in text
    assert "intolerable harm" in text
    assert "The MTD of 5 h is missed by 1 h: once the systems are back" in as_read(text)


def test_an_mtd_later_than_the_business_can_bear_is_said_and_not_believed(
    acme: Cast, payroll: System, director: Client
) -> None:
    """Beyond repair after eight hours, and two hours of backlog."""
    levels = {1: 60, 2: 60, 3: 240, 4: 480}
    answer_everything(payroll, acme.user(Role.EXECUTIVE), levels=levels, work_recovery=120)
    text = as_read(live(director, payroll, rto_minutes="7h", mtd_minutes="30d"))
    assert "An MTD of 30 d is later than the business can bear" in text
    assert "The MTD of 8 h is missed by 1 h" in text
    assert "The MTD of 8 h is missed by 1 h" in as_read(live(director, payroll, rto_minutes="7h"))
    kept = as_read(live(director, payroll, rto_minutes="4h", mtd_minutes="6h"))
    assert "Together with 2 h to work off the backlog, the RTO is within the MTD of 6 h." in kept


def test_what_was_sent_back_reaches_its_proposer_until_there_is_a_new_proposal(
    acme: Cast, payroll: System, director: Client
) -> None:
    def propose() -> RecoveryTarget:
        return targets.propose(
            acme.organisation, payroll.pk, rto_minutes=60, rpo_minutes=None, by=acme.actor()
        )

    targets.send_back(
        *(acme.organisation, propose().pk, "Ask the accountants <first>"),
        seen_version=1,
        by=acme.actor(Role.EXECUTIVE),
    )
    for shown in (director.get("/o/acme/"), page(director, payroll)):
        assert "Ask the accountants &lt;first&gt;" in shown.content.decode()
    propose()
    for shown in (director.get("/o/acme/"), page(director, payroll)):
        assert "Ask the accountants" not in shown.content.decode()


def test_figures_filled_in_that_contradict_each_other_say_so_at_once(
    acme: Cast, payroll: System, director: Client
) -> None:
    shown = page(director, payroll, "?rto_minutes=2d&mtd_minutes=1d").content.decode()
    assert "The RTO must not be longer than the MTD." in shown
    assert "Once a figure is there" not in shown


def test_the_cost_of_a_server_is_that_of_the_processes_on_it(
    acme: Cast, payroll: System, director: Client
) -> None:
    answer(payroll)
    server = System.objects.get(name="Server")
    text = live(director, server, rto_minutes="1h")
    assert ">Payroll</bdi></a></th>" in text
    assert "at 1 h" in text


def test_unknown_costs_are_said_and_not_counted_as_nothing(
    acme: Cast, payroll: System, director: Client
) -> None:
    assert "Unknown: nobody has said yet what an hour costs." in live(
        director, payroll, rto_minutes="4h"
    )
    answer(payroll)
    other = make_system(acme.organisation, "Dunning", kind="business process")
    make_dependency(other, System.objects.get(name="Programme"))
    text = live(director, System.objects.get(name="Programme"), rto_minutes="4h")
    assert "1 process is not in it, because nobody has said what its hour costs" in text


def test_a_target_later_than_the_business_can_bear_is_told(
    acme: Cast, payroll: System, director: Client
) -> None:
    answer(payroll)
    text = live(director, payroll, rto_minutes="1d")
    assert "1 d is later than the business can bear" in text
    assert "later than the business" not in live(director, payroll, rto_minutes="8h")


def promise(cast: Cast, **figures: int) -> None:
    row = TierPolicy.objects.of(cast.organisation).get(tier=1)
    organisations.change_tier(
        cast.organisation, row.pk, figures, seen_version=None, by=cast.actor(Role.ADMINISTRATOR)
    )


def test_looser_than_its_tier_takes_a_reason_at_the_field(
    acme: Cast, payroll: System, director: Client
) -> None:
    promise(acme, rto_minutes=240)
    assert "The RTO is looser than the 4 h that tier 1 promises" in live(
        director, payroll, rto_minutes="8h"
    )
    address = f"{TARGETS}of/{payroll.pk}/propose/"
    refused = director.post(address, {"rto_minutes": "8h"})
    assert refused.status_code == 422
    fault = "Tier 1 promises an RTO of 4 h; 8 h is looser, so say why."
    assert refused.context["form"].errors["reason"] == [fault]
    assert refused.content.decode().count(fault) == 2, "in the summary and at the field"
    director.post(address, {"rto_minutes": "8h", "reason": "Agreed with the union."})
    assert reads.proposals(acme.organisation).get().rto_minutes == 480


def test_leaving_an_approved_figure_out_says_that_it_would_end(
    acme: Cast, payroll: System, director: Client
) -> None:
    make_target(payroll, acme.user(Role.EXECUTIVE), rto=600, rpo=60)
    assert "The approved RPO of 1 h would end" in live(director, payroll, rto_minutes="4h")


def test_the_fields_begin_with_what_is_known_and_say_where_it_comes_from(
    acme: Cast, payroll: System, director: Client
) -> None:
    def begins(query: str = "") -> dict[str, tuple[Any, str]]:
        form = page(director, payroll, query).context["form"]
        return {
            name: (form.get_initial_for_field(field, name), str(field.help_text))
            for name, field in form.fields.items()
            if name != "reason"
        }

    promise(acme, rto_minutes=120, rpo_minutes=30)
    value, hint = begins()["rto_minutes"]
    assert (value, "what its tier promises" in hint) == (120, True)
    answer(payroll)
    assert begins()["rto_minutes"][0] == 480
    assert "business impact" in begins()["mtd_minutes"][1]
    assert begins()["mtd_minutes"][0] == 4320
    make_target(payroll, acme.user(Role.EXECUTIVE), rto=100)
    assert begins()["rto_minutes"][0] == 100
    targets.propose(
        acme.organisation, payroll.pk, rto_minutes=90, rpo_minutes=None, by=acme.actor()
    )
    value, hint = begins()["rto_minutes"]
    assert (value, "open proposal" in hint) == (90, True)
    assert begins()["rpo_minutes"][0] == 30
    value, hint = begins("?rto_minutes=75")["rto_minutes"]
    assert (value, "the page you come from" in hint) == (75, True)


@pytest.mark.parametrize("query", ["?rto_minutes=soon", "?rto_minutes=-5", "?rto_minutes=%00"])
def test_a_figure_in_the_address_that_cannot_be_read_breaks_nothing(
    query: str, acme: Cast, payroll: System, director: Client
) -> None:
    shown = page(director, payroll, query)
    assert "Once a figure is there" in shown.content.decode()
    assert shown.context["form"].initial["rto_minutes"] == shown.wsgi_request.GET["rto_minutes"]


def test_the_live_part_is_for_those_who_may_propose(
    acme: Cast, payroll: System, client: Client
) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    assert client.get(f"{TARGETS}of/{payroll.pk}/consequences/?rto_minutes=4h").status_code == 403


def test_no_word_of_another_organisation_is_in_it(
    acme: Cast, rival: Cast, payroll: System, director: Client
) -> None:
    foreign = make_system(rival.organisation, CANARY)
    assert director.get(f"{TARGETS}of/{foreign.pk}/consequences/?rto_minutes=1").status_code == 404
    assert CANARY not in live(director, payroll, rto_minutes="4h")


def test_a_large_estate_takes_as_many_queries_as_a_small_one(
    acme: Cast, payroll: System, director: Client
) -> None:
    def cost() -> int:
        live(director, payroll, rto_minutes="4h")
        with CaptureQueriesContext(connection) as queries:
            live(director, payroll, rto_minutes="4h")
        return len(queries)

    answer(payroll)
    few = cost()
    bottom = System.objects.get(name="Server")
    for one in grow(acme.organisation, 200)[:3]:
        make_dependency(bottom, one)
    for number in range(20):
        process = make_system(acme.organisation, f"Process {number}", kind="business process")
        make_dependency(process, payroll)
    assert cost() == few <= 8
    text = live(director, System.objects.get(name="Server"), rto_minutes="1h")
    assert "and 6 more, which are in the sum" in text


def test_long_lists_show_the_worst_and_count_the_rest(
    acme: Cast, payroll: System, director: Client
) -> None:
    server = System.objects.get(name="Server")
    for number in range(20):
        make_dependency(server, make_system(acme.organisation, f"Disk {number:02}"))
    text = live(director, payroll, rto_minutes="4h")
    assert "22 systems must be back sooner" in text
    assert "and 7 more, which have more time left." in text
