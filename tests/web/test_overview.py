"""The overview: one sentence, counts that lead somewhere, the worst gaps, what nobody knows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from bcp.engine.permissions import Role
from bcp.engine.results import Standing
from bcp.models import PlanVersion
from bcp.models.reports import ReportEvent
from bcp.services import reporting
from bcp.services.escalation import StepValues
from bcp.web.views.overview import WORST_SHOWN
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_system,
    make_target,
)
from tests.web.large_estate import grow

OVERVIEW = "/o/acme/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def words(client: Client) -> str:
    response = client.get(OVERVIEW)
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def reachable(cast: Cast) -> None:
    """Somebody who may declare, at any hour."""
    maria = make_contact(
        cast.organisation,
        "Maria",
        coverage="24x7",
        may_declare=True,
        independent_phone="+49 170 1",
        verified_on=timezone.localdate(),
    )
    make_path(cast.organisation, "Default", StepValues(maria, wait_minutes=0), is_default=True)


def two_systems(cast: Cast, rto: int | None) -> None:
    erp = make_system(cast.organisation, "ERP", tier=1, recovery_minutes=60)
    san = make_system(cast.organisation, "SAN", tier=1, recovery_minutes=30)
    make_dependency(erp, san)
    if rto is not None:
        make_target(erp, cast.user(Role.EXECUTIVE), rto=rto)


def test_the_sentence_says_when_and_how_many_miss(acme: Cast, director: Client) -> None:
    reachable(acme)
    two_systems(acme, rto=60)
    assert (
        "If everything stopped now, the last system with an approved target would be back at "
        "T+1 h 45 min; 1 system misses its target." in words(director)
    )


def test_the_sentence_says_when_every_target_is_met(acme: Cast, director: Client) -> None:
    reachable(acme)
    two_systems(acme, rto=300)
    assert "the last approved target would be met at T+1 h 45 min; none is missed." in words(
        director
    )


def test_without_a_target_nobody_can_say_whether_it_is_soon_enough(
    acme: Cast, director: Client
) -> None:
    reachable(acme)
    two_systems(acme, rto=None)
    assert "back at T+1 h 45 min; no target has been approved yet" in words(director)


def test_what_rests_on_an_unknown_is_at_least(acme: Cast, director: Client) -> None:
    reachable(acme)
    make_target(make_system(acme.organisation, "Mail", tier=1), acme.user(Role.EXECUTIVE), rto=60)
    said = words(director)
    assert "T+15 min at the earliest" in said
    assert "not everything is known" in said


def test_every_count_leads_to_as_many_systems(acme: Cast, director: Client) -> None:
    two_systems(acme, rto=60)
    page = director.get(OVERVIEW)
    counts = {standing: count for standing, count, _words in page.context["standings"]}
    assert sum(counts.values()) == 2
    addresses = re.findall(
        r'href="(/o/acme/recovery-order/\?standing=[^"]+)"', page.content.decode()
    )
    assert len(addresses) == len(Standing)
    for (_standing, count, _words), address in zip(
        page.context["standings"], addresses, strict=True
    ):
        assert len(director.get(address).context["rows"]) == count


def test_every_class_is_counted_and_leads_to_as_many_systems(acme: Cast, director: Client) -> None:
    two_systems(acme, rto=60)
    page = director.get(OVERVIEW)
    counts = {kind.value: count for kind, count in page.context["classes"]}
    assert counts == {"both": 0, "only backups": 0, "only a recovery plan": 0, "neither": 2}
    addresses = re.findall(r'href="(/o/acme/systems/\?readiness=[^"]+)"', page.content.decode())
    assert len(addresses) == len(counts)
    for count, address in zip(counts.values(), addresses, strict=True):
        assert len(director.get(address).context["rows"]) == count


def test_the_backups_have_a_sentence_of_their_own(acme: Cast, director: Client) -> None:
    erp = make_system(acme.organisation, "ERP", kind="data store", tier=1)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=60, rpo=60)
    now = timezone.now()
    make_copy(
        erp,
        "Nightly",
        interval_minutes=60,
        last_success=now - timedelta(hours=5),
        locked_minutes=0,
        offline=False,
    )
    said = words(director)
    assert "1 of 1 systems loses more than it may." in said
    assert "1 copy is late." in said
    page = director.get(OVERVIEW)
    [address] = re.findall(r'href="(/o/acme/backups/\?misses=[^"]+)"', page.content.decode())
    assert len(director.get(address).context["rows"]) == page.context["backups"].worst.misses == 1
    [late] = page.context["copies"]
    assert (late.copy.name, late.overdue_minutes) == ("Nightly", 240)
    assert len(director.get("/o/acme/copies/?state=late").context["rows"]) == 1


def test_a_report_is_seen_at_once_and_only_by_its_own_organisation(
    acme: Cast, rival: Cast, director: Client
) -> None:
    late = {"interval_minutes": 60, "last_success": timezone.now() - timedelta(hours=5)}
    copy = make_copy(make_system(acme.organisation, "ERP", tier=1), "Nightly", **late)
    make_copy(make_system(rival.organisation, CANARY, tier=1), CANARY, **late)
    assert [one.copy.name for one in director.get(OVERVIEW).context["copies"]] == ["Nightly"]
    assert found_codes(director) >= {"late_copy"}
    reporting.take(copy, reporting.Call(ReportEvent.SUCCESS), timezone.now())
    assert director.get(OVERVIEW).context["copies"] == []
    assert "late_copy" not in found_codes(director)


def found_codes(client: Client) -> set[str]:
    return {row.gap.code for row in client.get("/o/acme/gaps/").context["rows"]}


def test_the_worst_gaps_come_with_their_reason_and_a_way_out(acme: Cast, director: Client) -> None:
    two_systems(acme, rto=60)
    page = director.get(OVERVIEW)
    worst = page.context["worst"]
    assert len(worst) == WORST_SHOWN
    assert all(row.links for row in worst)
    assert [row.rank for row in worst] == sorted(row.rank for row in worst)
    assert "missed by" in page.content.decode()


def test_what_nobody_knows_is_counted_and_leads_to_the_list(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    page = director.get(OVERVIEW)
    unknowns = {one.code: one.count for one in page.context["unknowns"]}
    assert unknowns["duration_unknown"] == 1
    for code, count in unknowns.items():
        address = f"/o/acme/gaps/?code={code}"
        assert address in page.content.decode()
        assert len(director.get(address).context["rows"]) == count


def test_hours_in_which_nobody_may_declare_are_something_nobody_knows(
    acme: Cast, director: Client
) -> None:
    """Every time that counts from there is "at the earliest": the page must say why."""
    two_systems(acme, rto=60)
    ada = make_contact(
        acme.organisation, "Ada", may_declare=True, coverage="Mo-Fr 08:00-18:00", phones=["1"]
    )
    make_path(acme.organisation, "Ladder", StepValues(ada), is_default=True)
    page = director.get(OVERVIEW)
    assert {one.code: one.count for one in page.context["unknowns"]}["no_authority"] == 1
    assert "at the earliest" in words(director)


def test_a_loop_is_a_warning_on_the_first_page(acme: Cast, director: Client) -> None:
    a, b = (make_system(acme.organisation, name, recovery_minutes=5) for name in "AB")
    make_dependency(a, b)
    assert "loop" not in words(director)
    make_dependency(b, a)
    assert "1 loop: systems wait for each other" in words(director)


def test_the_activation_is_told_with_its_parts(acme: Cast, director: Client) -> None:
    reachable(acme)
    two_systems(acme, rto=None)
    assert "Activation takes 15 min: detection 15 min" in words(director)


def test_stale_contacts_and_the_missing_plan_are_named(acme: Cast, director: Client) -> None:
    two_systems(acme, rto=None)
    assert "No contact is recorded: there is nobody to call." in words(director)
    make_contact(acme.organisation, "Old", verified_on=timezone.localdate() - timedelta(days=200))
    said = words(director)
    assert "1 contact was not verified in the last 90 days" in said
    assert "No plan has been printed yet." in said


def test_the_latest_plan_is_linked_and_an_overdue_review_is_said(
    acme: Cast, director: Client
) -> None:
    two_systems(acme, rto=None)
    today = timezone.localdate()
    plan = PlanVersion.objects.create(
        organisation=acme.organisation,
        issue=3,
        title="Plan of Acme Foods",
        effective_on=today - timedelta(days=400),
        review_on=today - timedelta(days=35),
        snapshot={},
        fingerprint="0" * 64,
    )
    assert "Plan of Acme Foods, issue 3" in words(director)
    assert "The review is overdue." in words(director)
    assert f"/o/acme/plans/{plan.pk}/" in director.get(OVERVIEW).content.decode()


def test_an_empty_organisation_is_told_what_to_do_first(acme: Cast, director: Client) -> None:
    page = director.get(OVERVIEW).content.decode()
    assert "Nothing is recorded yet" in page
    for address in ("/o/acme/exchange/", "/o/acme/systems/new/", "/o/acme/contacts/new/"):
        assert f'href="{address}"' in page


def test_who_may_not_edit_is_not_invited_to(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    page = client.get(OVERVIEW).content.decode()
    assert "/o/acme/systems/new/" not in page
    assert "Somebody who may edit" in page


def test_the_page_costs_the_same_for_twenty_systems_and_for_three_hundred(
    acme: Cast, director: Client
) -> None:
    def cost() -> int:
        director.get(OVERVIEW)
        with CaptureQueriesContext(connection) as queries:
            director.get(OVERVIEW)
        return len(queries)

    grow(acme.organisation, 20)
    few = cost()
    grow(acme.organisation, 280)
    assert cost() == few <= 12


def test_no_word_of_another_organisation_is_on_it(
    acme: Cast, rival: Cast, director: Client
) -> None:
    two_systems(acme, rto=60)
    two_systems(rival, rto=60)
    make_system(rival.organisation, CANARY, tier=1)
    make_contact(rival.organisation, CANARY, may_declare=True)
    assert CANARY not in director.get(OVERVIEW).content.decode()


def test_hostile_names_are_text(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "<img src=x onerror=alert(1)>", tier=1)
    page = director.get(OVERVIEW).content.decode()
    assert "<img" not in page
    assert "&lt;img src=x" in page
