"""The gap list: what is wrong, why, and the way to what fixes it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.impacts import Category
from bcp.engine.permissions import Role
from bcp.services import impacts
from bcp.services.escalation import StepValues
from bcp.web.forms.answers import GAP_CODES, GAP_GROUPS
from bcp.web.views.lists import ROWS_A_PAGE
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_procedure,
    make_system,
    make_target,
    make_team,
)
from tests.web.large_estate import grow
from tests.web.reading import as_read

GAPS = "/o/acme/gaps/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def found(client: Client, query: str = "") -> list[tuple[str, str]]:
    """(code, subject) of every gap on the page."""
    response = client.get(GAPS + query)
    assert response.status_code == 200
    return [(row.gap.code, row.subject) for row in response.context["rows"]]


def links(client: Client, code: str) -> list[str]:
    rows = client.get(f"{GAPS}?code={code}").context["rows"]
    return [link.url for row in rows for link in row.links]


def a_missed_target(cast: Cast) -> None:
    erp = make_system(cast.organisation, "ERP", tier=1, recovery_minutes=600)
    san = make_system(cast.organisation, "SAN", tier=3, recovery_minutes=60)
    make_dependency(erp, san)
    make_target(erp, cast.user(Role.EXECUTIVE), rto=60)
    make_target(san, cast.user(Role.EXECUTIVE), rto=240)


def test_a_gap_says_why_and_leads_to_what_fixes_it(acme: Cast, director: Client) -> None:
    a_missed_target(acme)
    response = director.get(f"{GAPS}?code=rto_missed")
    page = response.content.decode()
    assert "“ERP” is restored after" in page
    assert "its target is 1 h" in as_read(page)
    erp = next(row for row in response.context["rows"] if row.subject == "ERP")
    assert f"/o/acme/targets/of/{erp.gap.subject_key}/propose/" in page


def test_every_kind_of_gap_has_a_word_and_a_working_link(acme: Cast, director: Client) -> None:
    """An estate with nearly everything wrong: each link must open."""
    a_missed_target(acme)
    org = acme.organisation
    maria = make_contact(org, "Maria", may_declare=True)
    team = make_team(org, "Infrastructure")
    a, b = make_system(org, "A", tier=1, team=team), make_system(org, "B", tier=1)
    make_dependency(a, b)
    make_dependency(b, a)
    store = make_system(org, "C", kind="data store", tier=1, owner=maria, technical_owner=maria)
    make_copy(store, "Nightly", interval_minutes=60, locked_minutes=0, offline=False)
    make_copy(a, "Replica", kind="replica", interval_minutes=5)
    make_copy(b, "Late", interval_minutes=5, last_success=timezone.now() - timedelta(days=2))
    make_procedure(store, 10)
    make_system(org, "Orders", kind="business process", tier=1)
    unkept = make_system(org, "Invoicing", kind="business process", tier=1)
    make_target(unkept, acme.user(Role.EXECUTIVE), rto=600)
    for level, band in ((3, 60), (4, 240)):
        impacts.answer(
            org, unkept.pk, Category.CLIENTS, level, band, seen_version=None, by=acme.actor()
        )
    from_nobody = links(director, "no_default_path")
    make_path(org, "Default", StepValues(maria, wait_minutes=10), is_default=True)
    seen, opened = set(), {}
    for code in GAP_CODES:
        rows = director.get(f"{GAPS}?code={code}").context["rows"]
        for row in rows:
            assert row.what == GAP_CODES[row.gap.code]
            assert row.links, row.gap.code
            seen.add(row.gap.code)
            for link in row.links:
                address, _hash, field = link.url.partition("#")
                if address not in opened:
                    page = director.get(address, follow=True)
                    assert page.status_code == 200, link.url
                    opened[address] = page.content.decode()
                assert not field or f'id="{field}"' in opened[address], link.url
    assert director.get(from_nobody[0]).status_code == 200
    assert seen >= {
        *("loop", "rto_missed", "conflict_g1", "conflict_g4", "target_missing", "owner_missing"),
        *("duration_unknown", "technical_owner_missing", "strategy_missing", "site_missing"),
        *("mobilisation_unknown", "stale_contact", "no_independent_phone"),
        *("single_point_of_failure", "no_authority"),
        *("nothing_survives", "loss_unknown", "rpo_missing", "untested_copy", "late_copy"),
        *("silent_copy", "copies_rule_3", "procedure_missing", "procedure_unapproved"),
        *("exercise_never", "replica_only"),
        *("impact_missing", "target_looser_than_impact", "mtd_exceeded"),
    }


def test_every_code_is_in_one_group_and_the_list_is_narrowed_by_it(
    acme: Cast, director: Client
) -> None:
    grouped = [code for _label, codes in GAP_GROUPS.values() for code in codes]
    assert sorted(grouped) == sorted(GAP_CODES)
    a_missed_target(acme)
    everything = len(found(director))
    by_group = {group: found(director, f"?group={group}") for group in GAP_GROUPS}
    assert sum(map(len, by_group.values())) == everything
    assert {code for code, _subject in by_group["plan"]} >= {"procedure_missing"}


def test_the_engine_says_no_gap_that_the_list_has_no_word_for(acme: Cast, director: Client) -> None:
    a_missed_target(acme)
    make_contact(acme.organisation, "Maria", may_declare=True)
    codes = {row.gap.code for row in director.get(GAPS).context["rows"]}
    assert codes
    assert codes <= set(GAP_CODES)


def test_who_may_not_edit_is_led_to_pages_that_open(acme: Cast, client: Client) -> None:
    a_missed_target(acme)
    make_contact(acme.organisation, "Maria", may_declare=True)
    client.force_login(acme.user(Role.AUDITOR))
    rows = client.get(GAPS).context["rows"]
    assert rows
    for row in rows:
        for link in row.links:
            assert client.get(link.url).status_code == 200, link.url


def test_filters_narrow_by_severity_code_tier_system_and_text(acme: Cast, director: Client) -> None:
    a_missed_target(acme)
    everything = found(director)
    assert ("rto_missed", "ERP") in everything
    high = found(director, "?severity=high")
    assert high
    assert set(high) < set(everything)
    assert {code for code, _name in found(director, "?code=owner_missing")} == {"owner_missing"}
    assert {name for _code, name in found(director, "?tier=3")} == {"SAN"}
    assert {name for _code, name in found(director, "?q=has no OWNER")} == {"ERP", "SAN"}
    key = director.get(f"{GAPS}?q=SAN").context["rows"][0].gap.subject_key
    assert {name for _code, name in found(director, f"?system={key}&tier=3")} == {"SAN"}


def test_an_unknown_filter_value_is_reported_and_never_a_crash(
    acme: Cast, director: Client
) -> None:
    a_missed_target(acme)
    response = director.get(f"{GAPS}?severity=apocalyptic&page=zz&sort=nothing&system=%00")
    assert response.status_code == 200
    assert "apocalyptic" in response.content.decode()


def test_the_worst_comes_first_and_sorting_can_turn_it_round(acme: Cast, director: Client) -> None:
    a_missed_target(acme)
    ranks = [row.rank for row in director.get(GAPS).context["rows"]]
    assert ranks == sorted(ranks)
    turned = [row.rank for row in director.get(f"{GAPS}?sort=-severity").context["rows"]]
    assert turned == sorted(ranks, reverse=True)


def test_conflicts_have_their_own_sections_that_name_both_systems(
    acme: Cast, director: Client
) -> None:
    a_missed_target(acme)
    page = director.get(GAPS)
    rules = {section.code: section.rows for section in page.context["conflicts"]}
    assert set(rules) == {"conflict_g1", "conflict_g4"}
    (pair,) = rules["conflict_g1"]
    assert (pair.dependent.label, pair.dependency.label) == ("ERP", "SAN")
    assert "Promises that cannot both hold" in page.content.decode()


def test_an_export_holds_every_fitting_gap_with_its_reason(acme: Cast, director: Client) -> None:
    grow(acme.organisation, 40)
    response = director.get(f"{GAPS}?export=csv&code=owner_missing")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 41
    assert len(rows) < ROWS_A_PAGE
    assert {row["code"] for row in rows} == {"owner_missing"}
    assert all("has no owner" in row["says"] for row in rows)
    assert director.get(f"{GAPS}?export=xlsx").headers["Content-Type"].endswith("sheet")


def test_a_stale_contact_stops_being_a_gap_once_verified(acme: Cast, director: Client) -> None:
    today = timezone.localdate()
    make_contact(acme.organisation, "Fresh", verified_on=today - timedelta(days=10))
    make_contact(acme.organisation, "Stale", verified_on=today - timedelta(days=200))
    assert [name for _code, name in found(director, "?code=stale_contact")] == ["Stale"]


def test_an_organisation_without_systems_is_told_so(director: Client) -> None:
    assert "Nothing is recorded yet" in director.get(GAPS).content.decode()


def test_the_list_costs_the_same_for_twenty_systems_and_for_three_hundred(
    acme: Cast, director: Client
) -> None:
    def cost() -> int:
        director.get(GAPS)
        with CaptureQueriesContext(connection) as queries:
            director.get(GAPS)
        return len(queries)

    grow(acme.organisation, 20)
    few = cost()
    grow(acme.organisation, 280)
    assert cost() == few <= 8


def test_no_word_of_another_organisation_is_on_it(
    acme: Cast, rival: Cast, director: Client
) -> None:
    a_missed_target(acme)
    make_system(rival.organisation, CANARY, tier=1)
    make_contact(rival.organisation, CANARY, may_declare=True)
    for query in ("", "?export=csv", "?tier=1"):
        assert CANARY not in director.get(GAPS + query).content.decode()
    assert found(director, f"?q={CANARY}") == []


def test_hostile_names_are_text(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "<script>alert(1)</script>", tier=1)
    page = director.get(GAPS).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_fragment_holds_only_the_table(acme: Cast, director: Client) -> None:
    a_missed_target(acme)
    response = director.get(f"{GAPS}?q=ERP", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"].endswith("?q=ERP")
