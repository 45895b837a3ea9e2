"""Pages of loops: told in words and drawn, opened by a note and a step, and what is left then."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import Dependency, Procedure
from bcp.services import dependencies
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_procedure, make_system

LIST = "/o/acme/loops/"


def sign_in(cast: Cast, role: Role) -> Client:
    client = Client()
    client.force_login(cast.user(role))
    return client


@pytest.fixture
def engineer(acme: Cast) -> Client:
    cache.clear()
    return sign_in(acme, Role.ENGINEER)


def a_ring(cast: Cast, *names: str) -> list[Dependency]:
    """Each needs the next, the last the first."""
    systems = [make_system(cast.organisation, name) for name in names]
    return [
        make_dependency(one, other)
        for one, other in zip(systems, [*systems[1:], systems[0]], strict=True)
    ]


def open_url(edge: Dependency) -> str:
    return f"{LIST}open/{edge.pk}/"


def typed(edge: Dependency, draft: str = "", **changes: str) -> dict[str, str]:
    usual = {"note": "The envelope in the safe", "instruction": "Sign in with it"}
    return {"version": str(edge.version), "draft": draft, **usual, **changes}


def test_without_loops_the_page_says_so(acme: Cast, engineer: Client) -> None:
    make_dependency(make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN"))
    page = engineer.get(LIST).content.decode()
    assert "No systems wait for each other" in page


def test_a_loop_is_listed_and_told_in_words(acme: Cast, engineer: Client) -> None:
    ad_to_dns, *_rest = a_ring(acme, "AD", "DNS", "VM hosts")
    listed = engineer.get(LIST)
    [loop] = listed.context["loops"]
    assert set(loop.names) == {"AD", "DNS", "VM hosts"}
    assert engineer.get(loop.url).status_code == 200
    page = engineer.get(f"{LIST}{ad_to_dns.dependent.pk}/")
    said = page.content.decode()
    assert "Work on “AD” cannot start before “DNS” is back." in said
    assert "work on none of them can ever start" in said
    assert "It is enough to open one dependency" in said
    assert len(page.context["alternatives"]) == 2
    assert "<svg" in page.context["drawing"].svg
    assert {row.waiting for row in page.context["edges"]} == {0}


def test_of_a_large_loop_the_page_says_that_other_sets_were_not_looked_for(
    acme: Cast, engineer: Client
) -> None:
    edges = a_ring(acme, *(f"Node {number:02d}" for number in range(15)))
    page = engineer.get(f"{LIST}{edges[3].dependent.pk}/")
    assert "looked for in loops of up to 14 systems" in page.content.decode()
    assert [row.dependent for row in page.context["edges"]] == [
        f"Node {number:02d}" for number in range(15)
    ]


def test_any_system_of_a_loop_leads_to_it(acme: Cast, engineer: Client) -> None:
    edges = a_ring(acme, "AD", "DNS", "VM hosts")
    for edge in edges:
        page = engineer.get(f"{LIST}{edge.dependent.pk}/")
        assert page.context["count"] == 3


def test_an_edge_that_is_not_enough_says_what_still_waits(acme: Cast, engineer: Client) -> None:
    """AD and DNS need each other, and so do DNS and the hosts."""
    ad, dns, hosts = (make_system(acme.organisation, name) for name in ("AD", "DNS", "VM hosts"))
    first = make_dependency(ad, dns)
    for one, other in ((dns, ad), (dns, hosts), (hosts, dns)):
        make_dependency(one, other)
    page = engineer.get(open_url(first))
    [left] = page.context["left"]
    assert set(left.names) == {"DNS", "VM hosts"}
    assert "That alone does not open the loop" in page.content.decode()
    after = engineer.post(open_url(first), typed(first), follow=True)
    assert after.context["count"] == 2
    assert "can now be started without" in after.content.decode()


def test_the_choice_becomes_a_note_and_a_step_and_the_loop_is_open(
    acme: Cast, engineer: Client
) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS", "VM hosts")
    assert "The whole loop is open then" in engineer.get(open_url(edge)).content.decode()
    after = engineer.post(open_url(edge), typed(edge, minutes="20 min"), follow=True)
    said = after.content.decode()
    assert "“AD” is in no loop" in said
    assert "The envelope in the safe" in said
    [step] = Procedure.objects.get(system=edge.dependent).steps.all()
    assert (step.instruction, step.minutes) == ("Sign in with it", 20)
    listed = engineer.get(LIST)
    assert listed.context["count"] == 0
    assert [row.pk for row in listed.context["notes"]] == [edge.pk]


def test_undo_closes_it_again(acme: Cast, engineer: Client) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    after = engineer.post(open_url(edge), typed(edge), follow=True)
    [message] = list(after.context["messages"])
    engineer.post(message.extra_tags)
    assert engineer.get(LIST).context["count"] == 1
    assert Procedure.objects.filter(system=edge.dependent).count() == 1


def test_a_missing_note_is_said_at_its_field_and_nothing_is_lost(
    acme: Cast, engineer: Client
) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    refused = engineer.post(open_url(edge), typed(edge, note=" "))
    assert refused.status_code == 422
    assert "note" in refused.context["form"].errors
    assert "Sign in with it" in refused.content.decode()
    assert not Procedure.objects.exists()


def test_a_bad_time_names_what_is_allowed(acme: Cast, engineer: Client) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    refused = engineer.post(open_url(edge), typed(edge, minutes="soon"))
    assert refused.status_code == 422
    assert "minutes" in refused.context["form"].errors


def test_whoever_comes_second_is_told_and_loses_nothing(acme: Cast, engineer: Client) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    dependencies.change(
        acme.organisation, edge.pk, {"needed_to": "run"}, seen_version=edge.version, by=acme.shell
    )
    told = engineer.post(open_url(edge), typed(edge))
    assert told.status_code == 409
    said = told.content.decode()
    assert "Somebody else changed this record" in said
    assert "The envelope in the safe" in said
    edge.refresh_from_db()
    again = engineer.post(open_url(edge), typed(edge))
    assert again.status_code == 302


def test_a_draft_that_appeared_meanwhile_is_shown_before_it_is_written_to(
    acme: Cast, engineer: Client
) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    draft = make_procedure(edge.dependent, 10)
    told = engineer.post(open_url(edge), typed(edge))
    assert told.status_code == 409
    assert f'value="{draft.pk}:{draft.version}"' in told.content.decode()
    seen = f"{draft.pk}:{draft.version}"
    assert engineer.post(open_url(edge), typed(edge, seen)).status_code == 302
    assert draft.steps.count() == 2


def test_what_was_opened_or_deleted_meanwhile_keeps_what_was_typed(
    acme: Cast, engineer: Client
) -> None:
    edge, other = a_ring(acme, "AD", "DNS")
    note = {"bootstrap": "By hand"}
    dependencies.change(acme.organisation, other.pk, note, seen_version=1, by=acme.shell)
    opened = engineer.post(open_url(edge), typed(edge))
    assert opened.status_code == 409
    assert "The loop was opened meanwhile" in opened.content.decode()
    assert "The envelope in the safe" in opened.content.decode()
    dependencies.delete(acme.organisation, edge.pk, seen_version=1, by=acme.shell)
    gone = engineer.post(open_url(edge), typed(edge))
    assert gone.status_code == 409
    assert "The envelope in the safe" in gone.content.decode()
    assert not Procedure.objects.exists()


def test_who_may_not_edit_reads_but_is_offered_nothing_to_write(
    acme: Cast, engineer: Client
) -> None:
    edge, *_rest = a_ring(acme, "AD", "DNS")
    auditor = sign_in(acme, Role.AUDITOR)
    page = auditor.get(f"{LIST}{edge.dependent.pk}/").content.decode()
    assert "loops/open/" not in page
    assert auditor.get(open_url(edge)).status_code == 403


def test_loops_of_another_organisation_are_not_there(
    acme: Cast, rival: Cast, engineer: Client
) -> None:
    edge, *_rest = a_ring(rival, f"{CANARY} AD", f"{CANARY} DNS")
    assert engineer.get(f"{LIST}{edge.dependent.pk}/").status_code == 404
    assert engineer.get(open_url(edge)).status_code == 404
    assert engineer.post(open_url(edge), typed(edge)).status_code == 404
    assert CANARY not in engineer.get(LIST).content.decode()


def test_gaps_overview_and_order_lead_to_the_loop(acme: Cast, engineer: Client) -> None:
    edges = a_ring(acme, "AD", "DNS")
    addresses = [f"{LIST}{edge.dependent.pk}/" for edge in edges]
    assert LIST in engineer.get("/o/acme/").content.decode()
    for place in ("/o/acme/gaps/", "/o/acme/recovery-order/"):
        page = engineer.get(place).content.decode()
        assert any(address in page for address in addresses)
    around = engineer.get(f"/o/acme/map/?loop={edges[0].dependent.pk}").content.decode()
    assert any(address in around for address in addresses)
    assert LIST in engineer.get("/o/acme/map/").content.decode()


def test_many_loops_cost_as_many_queries_as_few(acme: Cast, engineer: Client) -> None:
    def queries() -> int:
        engineer.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            assert engineer.get(LIST).status_code == 200
        return len(captured)

    a_ring(acme, "AD", "DNS")
    few = queries()
    for number in range(6):
        a_ring(acme, f"A {number}", f"B {number}")
    assert queries() == few


def test_the_drawn_loop_has_its_key_beside_it(acme: Cast, engineer: Client) -> None:
    edge = a_ring(acme, "AD", "DNS")[0]
    page = engineer.get(f"{LIST}{edge.dependent.pk}/").content.decode()
    key = page.split('class="key-to-map"')[1].split("</ul>")[0]
    assert "in a loop" in key
    assert "to rebuild" in key
