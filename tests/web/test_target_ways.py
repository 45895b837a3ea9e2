"""What would make a time possible: the offers, where each change is made, and writing one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import Dependency, System
from bcp.queries.analysis import analysis
from bcp.services import dependencies, systems, targets
from tests.conftest import Cast
from tests.factories import (
    make_dependency,
    make_exercise,
    make_procedure,
    make_system,
    make_target,
)
from tests.web.large_estate import grow
from tests.web.reading import as_read


@dataclass
class Shop:
    cast: Cast
    orders: System
    erp: System
    database: System

    def address(self, query: str = "") -> str:
        return f"/o/acme/targets/of/{self.orders.pk}/ways/{query}"

    def restored(self) -> int:
        answer = analysis(self.cast.organisation, now=timezone.now())
        return next(one.restored_minutes for one in answer.systems if one.name == "Orders")


@pytest.fixture
def shop(acme: Cast) -> Shop:
    """Orders on an ERP on a database: 9 h 15 min with the detection before."""
    database = make_system(acme.organisation, "Database", recovery_minutes=360)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=120)
    orders = make_system(acme.organisation, "Orders", recovery_minutes=60, kind="business process")
    make_dependency(erp, database)
    make_dependency(orders, erp)
    return Shop(acme, orders, erp, database)


def page(client: Client, address: str, status: int = 200, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == status
    return as_read(unescape(response.content.decode()))


def writing_links(html: str) -> list[str]:
    return re.findall(r'href="(/o/acme/targets/of/\w+/ways/apply/\?[^"]+)"', html)


def test_it_says_that_the_time_cannot_be_met_and_what_would_do_it(
    shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    html = page(client, shop.address("?rto_minutes=4h"))
    assert "4 h cannot be met: it would be back after at least 9 h 15 min." in html
    assert "Any one of these would do it:" in html
    assert 'value="4 h"' in html
    assert "Write and test a way to start “ERP” without “Database”." in html
    assert "Everything of up to three changes was tried" in html
    assert writing_links(html) == [], "an executive does not write records"
    assert "Change the estimate" not in html


def test_nobody_can_say_that_a_time_is_kept_while_a_duration_is_unknown(
    shop: Shop, client: Client
) -> None:
    System.objects.filter(pk=shop.database.pk).update(recovery_minutes=None)
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    html = page(client, shop.address("?rto_minutes=10h"))
    assert (
        "Nobody can say whether 10 h can be kept: it would be back after at least 3 h 15 min."
        in html
    )
    assert "1 h cannot be met" in page(client, shop.address("?rto_minutes=1h"))


def test_the_part_of_another_page_has_no_frame(shop: Shop, client: Client) -> None:
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    part = page(client, shop.address("?rto_minutes=240"), **{"HX-Request": "true"})
    assert "<html" not in part
    assert "4 h cannot be met" in part


def test_a_change_leads_to_the_page_that_makes_it_with_the_value_filled_in(
    shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    html = page(client, shop.address("?rto_minutes=8h"))
    shorter, *_others = re.findall(
        rf'href="(/o/acme/systems/{shop.database.pk}/edit/\?recovery_minutes=[^#]+)#', html
    )
    form = page(client, shorter)
    assert 'value="4 h 45 min"' in form
    assert System.objects.get(pk=shop.database.pk).recovery_minutes == 360


def test_a_tighter_target_that_is_proposed_already_is_said_to_be(
    shop: Shop, client: Client
) -> None:
    make_target(shop.erp, shop.cast.user(Role.EXECUTIVE), rto=480)
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    address = rf'href="/o/acme/targets/of/{shop.erp.pk}/propose/\?rto_minutes=(\d+)"'
    wanted = re.findall(address, page(client, shop.address("?rto_minutes=4h")))
    assert wanted
    proposal = targets.propose(
        shop.cast.organisation,
        shop.erp.pk,
        rto_minutes=min(map(int, wanted)),
        rpo_minutes=None,
        reason="",
        by=shop.cast.actor(Role.EXECUTIVE),
    )
    html = page(client, shop.address("?rto_minutes=4h"))
    assert re.findall(address, html) == []
    assert f'href="/o/acme/targets/{proposal.pk}/">Proposed already' in html


def test_a_time_that_was_measured_is_said_to_need_a_new_test(shop: Shop, client: Client) -> None:
    make_target(shop.database, shop.cast.user(Role.EXECUTIVE), rto=600, rpo=60)
    today = timezone.localdate()
    make_exercise(
        shop.database,
        type="full interruption",
        done_on=today,
        outcome="success",
        rta=360,
        rpa=0,
        objectives="All of it",
    )
    make_procedure(shop.erp, 120, approved_by=shop.cast.user(Role.EXECUTIVE))
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    html = page(client, shop.address("?rto_minutes=500"))
    assert "only a new test will show the saving" in html
    assert f"/o/acme/tests/exercises/new/?keys={shop.database.pk}" in html
    html = page(client, shop.address("?rto_minutes=480"))
    assert "it takes a shorter procedure" in html
    assert f"/o/acme/systems/{shop.erp.pk}/?tab=procedure" in html
    offers = re.findall(r"<li>\s*<ul>.*?</ul>.*?</li>\s*(?=<li>\s*<ul>|</ol>)", html, re.DOTALL)
    assert offers
    for offer in offers:
        assert not (writing_links(offer) and "shorter procedure" in offer)


def test_where_nothing_helps_it_says_so_and_leads_to_what_can_be_achieved(
    shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    html = page(client, shop.address("?rto_minutes=10"))
    assert "Nothing that is done to systems makes up for that" in html
    assert f"/o/acme/targets/of/{shop.orders.pk}/propose/?rto_minutes=555" in html


def test_a_target_that_can_be_kept_is_said_to_be(shop: Shop, client: Client) -> None:
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    assert "10 h can be kept" in page(client, shop.address("?rto_minutes=10h"))


def test_a_time_that_is_none_is_told_at_its_field(shop: Shop, client: Client) -> None:
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    html = page(client, shop.address("?rto_minutes=soon"), 422)
    assert "There is a problem" in html
    assert "“soon” is not a duration" in html


def test_a_planned_system_has_no_time_to_meet(shop: Shop, client: Client) -> None:
    by = shop.cast.actor()
    systems.change(
        shop.cast.organisation, shop.orders.pk, {"status": "planned"}, seen_version=1, by=by
    )
    client.force_login(shop.cast.user(Role.EXECUTIVE))
    assert "takes no part in recovery" in page(client, shop.address("?rto_minutes=4h"))


def test_what_is_offered_can_be_written_and_then_the_time_is_met(
    shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    links = writing_links(page(client, shop.address("?rto_minutes=4h")))
    assert len(links) > 2
    for link in links:
        confirm = page(client, link)
        seen = re.findall(r'name="seen" value="([^"]+)"', confirm)
        notes = re.findall(r'<textarea[^>]*name="(note_\w+)"', confirm)
        without = client.post(link, {"seen": seen})
        if notes:
            assert without.status_code == 422
            assert "This field is required." in without.content.decode()
            answer = client.post(link, {"seen": seen} | dict.fromkeys(notes, "By hand."))
        else:
            answer = without
        assert answer.status_code == 302
        assert shop.restored() <= 240
        assert "4 h can be kept" in page(client, answer.headers["Location"])
        undo_all(client, seen)
        assert shop.restored() == 555


def undo_all(client: Client, seen: list[str]) -> None:
    """Set the records back as a person would, from the history of each."""
    for one in seen:
        key = one.partition(":")[0]
        noun = "systems" if System.objects.filter(pk=key).exists() else "dependencies"
        history = page(client, f"/o/acme/{noun}/{key}/history/")
        [latest, *_earlier] = re.findall(r'action="(/o/acme/history/\w+/undo/)"', history)
        assert client.post(latest).status_code == 302


def test_the_page_before_writing_lists_every_fact(shop: Shop, client: Client) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    query = f"?rto_minutes=240&change=standby:{shop.database.pk}&change=shorten:{shop.erp.pk}:40"
    html = page(client, f"{shop.address()}apply/{query}")
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr>.*?</tr>", html)]
    facts = {tuple(cell for cell in row.split("|") if cell) for row in rows}
    assert ("Database", "Recovery strategy", "unknown", "Hot standby") in facts
    assert ("Database", "Recovery work", "6 h", "30 min") in facts
    assert ("ERP", "Recovery work", "2 h", "40 min") in facts


def test_whoever_writes_second_is_told_and_keeps_what_was_typed(shop: Shop, client: Client) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    link = (
        f"{shop.address()}apply/?rto_minutes=240"
        f"&change=open:{shop.erp.pk}:{shop.database.pk}&change=shorten:{shop.erp.pk}:100"
    )
    confirm = page(client, link)
    seen = re.findall(r'name="seen" value="([^"]+)"', confirm)
    [note] = re.findall(r'<textarea[^>]*name="(note_\w+)"', confirm)
    by = shop.cast.actor()
    systems.change(shop.cast.organisation, shop.erp.pk, {"tier": 3}, seen_version=1, by=by)
    answer = client.post(link, {"seen": seen, note: "From the export of last night."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Somebody else changed this record" in html
    assert "From the export of last night." in html
    again = re.findall(r'name="seen" value="([^"]+)"', html)
    assert again != seen
    assert client.post(link, {"seen": again, note: "From the export."}).status_code == 302
    assert shop.restored() <= 240


@pytest.mark.parametrize(
    "change",
    ["", "change=shorten:nobody:5", "change=jump:KEY", "change=shorten:KEY:-3", "change=open:KEY"],
)
def test_changes_that_cannot_be_made_lead_back_to_the_offers(
    change: str, shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    address = f"{shop.address()}apply/?rto_minutes=240&{change.replace('KEY', shop.erp.pk)}"
    answer = client.get(address, follow=True)
    assert "These changes cannot be made any more" in answer.content.decode()
    assert answer.redirect_chain == [(shop.address("?rto_minutes=240"), 302)]


def test_when_a_dependency_is_gone_the_writer_is_told_and_sees_what_was_typed(
    shop: Shop, client: Client
) -> None:
    client.force_login(shop.cast.user(Role.IT_DIRECTOR))
    edge = Dependency.objects.get(dependent=shop.erp)
    change = f"open:{shop.erp.pk}:{shop.database.pk}"
    address = f"{shop.address()}apply/?rto_minutes=240&change={change}"
    by = shop.cast.actor(Role.ENGINEER)
    dependencies.delete(shop.cast.organisation, edge.pk, seen_version=1, by=by)
    answer = client.post(
        address, {"seen": f"{edge.pk}:1", f"note_{edge.pk}": "From the export of last night."}
    )
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "These changes cannot be made any more" in html
    assert "Nothing was written" in html
    assert "From the export of last night." in html
    assert f'href="{shop.address("?rto_minutes=240")}"' in html


def test_many_systems_cost_no_more_queries(
    acme: Cast, shop: Shop, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    grow(acme.organisation, 200)
    address = shop.address("?rto_minutes=4h")
    page(client, address)  # the analysis is kept from here on
    with django_assert_max_num_queries(15):
        page(client, address)
