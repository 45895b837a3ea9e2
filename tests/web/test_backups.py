"""The matrix system by scenario: what its cells say, why, and what the pages cost."""

from __future__ import annotations

import csv
import io
import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import BackupCopy, System
from bcp.web.views.lists import ROWS_A_PAGE
from tests.conftest import Cast
from tests.factories import (
    make_copy,
    make_dependency,
    make_restore_test,
    make_scenario,
    make_site,
    make_system,
    make_target,
)
from tests.web.large_estate import grow

MATRIX = "/o/acme/backups/"
DAY, HOUR = 1440, 60
DAILY = {
    "medium": "disk",
    "interval_minutes": DAY,
    "run_minutes": HOUR,
    "lag_minutes": 0,
    "retention_minutes": 35 * DAY,
    "locked_minutes": 35 * DAY,
    "offline": False,
    "separate_credentials": True,
}


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def a_store(
    cast: Cast, name: str = "ERP DB", rpo: int | None = 2 * DAY, **values: object
) -> System:
    store = make_system(cast.organisation, name, kind="data store", tier=1, **values)
    if rpo is not None:
        make_target(store, cast.user(Role.EXECUTIVE), rpo=rpo)
    return store


def restored(copy: BackupCopy) -> BackupCopy:
    make_restore_test(copy, done_on=timezone.now().date(), outcome="success")
    return copy


def exported(client: Client, query: str = "") -> dict[str, dict[str, str]]:
    content = client.get(f"{MATRIX}?export=csv{query}").content.decode("utf-8-sig")
    return {row["system"]: row for row in csv.DictReader(io.StringIO(content))}


def names(client: Client, query: str) -> list[str]:
    return [row.name for row in client.get(MATRIX + query).context["rows"]]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def why(client: Client, system: System, scenario: str) -> str:
    response = client.get(f"{MATRIX}{system.pk}/", {"scenario": scenario})
    assert response.status_code == 200
    return words(response.content.decode())


def test_every_state_of_a_loss_has_its_words(acme: Cast, director: Client) -> None:
    hq, vault = make_site(acme.organisation, "HQ"), make_site(acme.organisation, "Vault")
    bounded = a_store(acme, "Bounded", site=hq)
    restored(make_copy(bounded, "nightly", site=vault, **DAILY))
    unknown = a_store(acme, "Unknown", site=hq)
    make_copy(unknown, "nightly", site=vault, **{**DAILY, "lag_minutes": None})
    total = a_store(acme, "Total", site=hq)
    make_copy(total, "beside it", site=hq, **DAILY)
    a_store(acme, "Bare", site=hq)
    a_store(acme, "Nowhere")
    make_system(acme.organisation, "Bank", kind="supplier", data_gb=0)
    found = exported(director)
    assert found["Bounded"]["loss:site"] == "1 d 1 h"
    assert found["Bounded"]["loss:ransomware:14d"] == "15 d 1 h"
    assert found["Bounded"]["loss:supplier"] == "no supplier"
    assert found["Unknown"]["loss:site"] == "unknown, at least 1 d 1 h"
    assert found["Total"]["loss:site"] == "nothing survives"
    assert found["Bare"]["loss:everything"] == "no copy"
    assert found["Nowhere"]["loss:site"] == "site unknown"
    assert found["Bank"]["loss:everything"] == "no data held"
    assert found["Bank"]["loss:ransomware:14d"] == "untouched"


def test_a_figure_stands_against_the_rpo_with_word_and_shape(acme: Cast, director: Client) -> None:
    site, vault = make_site(acme.organisation, "HQ"), make_site(acme.organisation, "Vault")
    good = a_store(acme, "Good", site=site)
    restored(make_copy(good, "nightly", site=vault, **DAILY))
    rumour = a_store(acme, "Rumour", site=site)
    make_copy(rumour, "nightly", site=vault, **DAILY)
    late = a_store(acme, "Late", rpo=HOUR, site=site)
    restored(make_copy(late, "nightly", site=vault, **DAILY))
    undecided = a_store(acme, "Undecided", rpo=None, site=site)
    restored(make_copy(undecided, "nightly", site=vault, **DAILY))
    shown = {
        row.name: {cell.cell.column: (cell.shape, str(cell.says)) for cell in row.shown}
        for row in director.get(MATRIX).context["rows"]
    }
    assert shown["Good"]["system"] == ("●", "meets")
    assert shown["Good"]["ransomware:14d"] == ("●", "meets")  # the dwell time is not the copy's
    assert shown["Rumour"]["system"] == ("▲", "untested: a rumour")
    assert shown["Late"]["system"] == ("■", "misses")
    assert shown["Undecided"]["system"] == ("◌", "no approved RPO")


def test_what_the_tier_must_withstand_is_marked(acme: Cast, director: Client) -> None:
    a_store(acme)
    make_scenario(acme.organisation, "Fire and theft", tiers=[1])
    (row,) = director.get(MATRIX).context["rows"]
    demanded = {cell.cell.column for cell in row.shown if cell.cell.demanded}
    assert demanded == {"system", "site", "ransomware:14d", "stolen_credentials", "Fire and theft"}
    page = words(director.get(MATRIX).content.decode())
    assert page.count("its tier must withstand this") == len(demanded)
    assert "At the same moment: ransomware that was inside for 14 d; the theft of" in page


def test_the_reasons_go_copy_by_copy_and_say_what_would_help(acme: Cast, director: Client) -> None:
    vault = make_site(acme.organisation, "Vault")
    store = a_store(acme, rpo=HOUR, site=make_site(acme.organisation, "HQ"))
    restored(make_copy(store, "locked", site=vault, **DAILY))
    make_copy(store, "open", site=vault, **{**DAILY, "locked_minutes": 0})
    told = why(director, store, "ransomware:14d")
    assert "at worst 15 d 1 h are lost; the copy “locked” of “ERP DB” decides." in told
    assert "locked 35 d, dwell 14 d: nobody can delete what is needed" in told
    assert "newest clean point at worst 15 d 1 h old (dwell 14 d, interval 1 d, run 1 h" in told
    assert "neither locked nor offline: the attacker deletes it" in told
    assert "restored in a test on" in told
    assert "▲ untested: a rumour" in told
    assert "What would help: Make a copy that survives at least every 1 h" in told
    assert "against the RPO counts the rest, 1 d 1 h" in told


def test_coupled_data_name_the_pair_that_decides(acme: Cast, director: Client) -> None:
    site, vault = make_site(acme.organisation, "HQ"), make_site(acme.organisation, "Vault")
    orders, stock = a_store(acme, "Orders", site=site), a_store(acme, "Stock", site=site)
    shop = make_system(acme.organisation, "Shop", tier=1, site=site)
    make_dependency(shop, orders)
    make_dependency(shop, stock)
    restored(make_copy(orders, "hourly", site=vault, **{**DAILY, "interval_minutes": HOUR}))
    restored(make_copy(stock, "nightly", site=vault, **DAILY))
    (cell,) = [
        cell
        for row in director.get(MATRIX).context["rows"]
        for cell in row.shown
        if row.name == "Orders" and cell.cell.column == "site"
    ]
    assert (str(cell.figure), cell.decided_by) == ("1 d 1 h", "Stock")
    told = why(director, orders, "site")
    assert "“Orders” comes back as of the same moment as “Stock”" in told
    assert "Copies of “Stock” (of the pair that decides)" in told
    assert "Its own copies (of the pair that decides)" in told


def test_any_scenario_can_be_asked_for_and_a_wrong_one_says_what_is_allowed(
    acme: Cast, director: Client
) -> None:
    store = a_store(acme, site=make_site(acme.organisation, "HQ"))
    make_site(acme.organisation, "Hut / hill?")
    assert "ransomware that was inside for 3 d" in why(director, store, "ransomware:3d")
    assert "Nothing of it is lost after the loss of the site" in why(
        director, store, "site:Hut / hill?"
    )
    assert "allowed are everything" in why(director, store, "rain")


def test_script_is_sent_the_reasons_alone(acme: Cast, director: Client) -> None:
    store = a_store(acme)
    address = f"{MATRIX}{store.pk}/?scenario=system"
    fragment = director.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="reasoning-title"' in fragment


def test_a_missing_digit_is_named_with_what_would_add_it(acme: Cast, director: Client) -> None:
    site = make_site(acme.organisation, "HQ")
    store = a_store(acme, site=site)
    make_copy(store, "nightly", site=site, **DAILY)
    page = words(director.get(f"{MATRIX}{store.pk}/").content.decode())
    assert "no copy is kept in another zone than production at “HQ”" in page
    assert "Add a copy at a site outside of the zone of “HQ”" in page
    row = exported(director)["ERP DB"]
    assert (row["copies_rule_3"], row["copies_rule_1_offline"]) == ("no", "yes")


def test_the_matrix_is_narrowed_and_ordered(acme: Cast, director: Client) -> None:
    hq, vault = make_site(acme.organisation, "HQ"), make_site(acme.organisation, "Vault")
    good = a_store(acme, "Good", site=hq)
    restored(make_copy(good, "nightly", site=vault, **DAILY))
    a_store(acme, "Bare", site=vault)
    assert names(director, "?misses=system") == ["Bare"]
    assert names(director, "?misses=:demanded&q=good") == []
    assert names(director, "?site=HQ") == ["Good"]
    assert names(director, "?tier=2") == []
    assert names(director, "?readiness=neither") == ["Bare"]
    assert names(director, "?sort=worst") == ["Bare", "Good"]
    assert names(director, "?sort=-loss:site") == ["Good", "Bare"]


def test_the_page_of_another_organisations_system_is_not_found(
    acme: Cast, rival: Cast, director: Client
) -> None:
    foreign = make_system(rival.organisation, "Theirs")
    assert director.get(f"{MATRIX}{foreign.pk}/").status_code == 404


def test_2000_systems_cost_as_many_queries_as_20_and_little_time(
    acme: Cast, director: Client
) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert director.get(MATRIX + query).status_code == 200
        return len(caught)

    grow(acme.organisation, 20)
    few = cost("")
    systems = grow(acme.organisation, 2000)
    BackupCopy.objects.bulk_create(
        BackupCopy(organisation=acme.organisation, system=system, name="nightly", **DAILY)
        for system in systems
    )
    System.objects.filter(pk__in=[system.pk for system in systems[::2]]).update(kind="data store")
    make_system(acme.organisation, "Last")
    assert cost("") == few
    assert len(director.get(MATRIX).context["rows"]) == ROWS_A_PAGE
    started = time.process_time()
    assert cost("?misses=:demanded&sort=worst") <= few
    assert time.process_time() - started < 2  # every loss of every system, worked out anew
