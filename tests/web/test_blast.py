"""The blast radius page: what is chosen, what stops, when it hurts, and who is to be told."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services import systems
from bcp.services.escalation import StepValues
from bcp.web.views import blast
from tests.conftest import CANARY, Cast
from tests.factories import (
    answer_everything,
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
)
from tests.web.large_estate import grow

PAGE = "/o/acme/blast-radius/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def radius_of(*lost: System, **more: str) -> str:
    return f"{PAGE}?{urlencode([('system', one.pk) for one in lost] + list(more.items()))}"


@pytest.fixture
def sold(acme: Cast) -> dict[str, System]:
    """Orders need an ERP on a database; reports only want it; the shop has a way without it."""
    ada = make_contact(acme.organisation, "Ada", phones=["+44 1"], independent_phone="+44 9")
    made = {
        name: make_system(acme.organisation, name, kind=kind, owner=ada, recovery_minutes=60)
        for name, kind in (
            ("Database", "data store"),
            ("ERP", "application"),
            ("Orders", "business process"),
            ("Reports", "application"),
            ("Shop", "application"),
        )
    }
    make_dependency(made["ERP"], made["Database"])
    make_dependency(made["Orders"], made["ERP"], needed_to="run")
    make_dependency(made["Reports"], made["ERP"], needed_to="full service")
    make_dependency(made["Shop"], made["ERP"], bootstrap="Orders on paper")
    return made


def test_without_a_choice_it_offers_what_takes_most_down(
    sold: dict[str, System], director: Client
) -> None:
    page = director.get(PAGE)
    assert [(one.name, one.count) for one in page.context["worst"]] == [("Database", 2), ("ERP", 1)]
    assert director.get(page.context["worst"][0].url).context["blast"] is not None


def test_what_stops_is_told_with_its_way_there(sold: dict[str, System], director: Client) -> None:
    page = director.get(radius_of(sold["Database"]))
    assert [(row.name, row.steps, row.through) for row in page.context["rows"]] == [
        ("Database", 0, ""),
        ("ERP", 1, "Database"),
        ("Orders", 2, "ERP"),
    ]
    [degraded] = page.context["degraded"]
    [by_hand] = page.context["by_hand"]
    assert (degraded.name, degraded.through) == ("Reports", "ERP")
    assert (by_hand.name, by_hand.through) == ("Shop", "ERP")
    assert "<svg" in page.context["drawing"].svg


def test_a_process_says_after_how_long_it_hurts_and_whether_it_is_back_by_then(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    unanswered = director.get(radius_of(sold["Database"]))
    [row] = unanswered.context["processes"]
    assert row.process.standing.value == "unknown"
    assert "Of 1 process nobody answered that" in unanswered.content.decode()
    answer_everything(sold["Orders"], acme.user(Role.EXECUTIVE))
    reached = {"coverage": "24x7", "phones": ["+44 5"]}
    boss = make_contact(acme.organisation, "Boss", may_declare=True, **reached)
    make_path(acme.organisation, "main", StepValues(boss), is_default=True)
    [row] = director.get(radius_of(sold["Database"])).context["processes"]
    assert [str(one) for one in (row.serious, row.intolerable, row.beyond_repair)] == [
        "after 8 h (Clients)",
        "after 1 d (Clients)",
        "after 3 d (Clients)",
    ]
    assert row.process.standing.value == "meets"
    database = sold["Database"]
    systems.change(
        acme.organisation, database.pk, {"recovery_minutes": 3000}, seen_version=1, by=acme.shell
    )
    late = director.get(radius_of(database))
    assert late.context["late"] == 1
    assert "1 of them until after it is intolerable" in late.content.decode()


def test_a_site_takes_everything_in_its_zone(acme: Cast, director: Client) -> None:
    hq = make_site(acme.organisation, "HQ", zone="city")
    annex = make_site(acme.organisation, "Annex", zone="city")
    far = make_site(acme.organisation, "Cloud")
    for site in (hq, annex, far):
        make_system(acme.organisation, f"Server in {site}", site=site)
    page = director.get(f"{PAGE}?site=HQ")
    assert {row.name for row in page.context["rows"]} == {"Server in HQ", "Server in Annex"}


def test_data_that_are_lost_are_said_of_what_is_lost_itself(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    make_copy(sold["Database"], "nightly", content="data", interval_minutes=1440)
    rows = director.get(radius_of(sold["Database"])).context["rows"]
    assert rows[0].loss_said
    assert [row.loss_said for row in rows[1:]] == ["", ""]


def test_people_are_told_with_the_number_that_works_without_our_systems(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    boss = make_contact(acme.organisation, "Boss", phones=["+44 5"], may_declare=True)
    make_path(acme.organisation, "main", StepValues(boss), is_default=True)
    page = director.get(radius_of(sold["Database"]))
    [ada] = page.context["people"]
    assert (ada.told.name, ada.phone, ada.is_independent) == ("Ada", "+44 9", True)
    [path] = page.context["paths"]
    assert [(step.contact, step.phone, step.may_declare) for step in path.steps] == [
        ("Boss", "+44 5", True)
    ]


def test_a_search_adds_to_what_is_ticked(sold: dict[str, System], director: Client) -> None:
    page = director.get(radius_of(sold["ERP"], q="data"))
    assert [one.label for one in page.context["taken"]] == ["ERP"]
    offered = {one.label for _group, offers, _more in page.context["groups"] for one in offers}
    assert offered == {"Database"}
    nothing = director.get(f"{PAGE}?q=nowhere").content.decode()
    assert "has “nowhere” in its name" in nothing


def test_what_is_not_there_any_more_is_said(
    acme: Cast, rival: Cast, sold: dict[str, System], director: Client
) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} ERP")
    page = director.get(radius_of(sold["ERP"], theirs, site="Atlantis"))
    assert page.status_code == 200
    assert "2 things that this address names are not there" in page.content.decode()
    assert CANARY not in page.content.decode()
    only_theirs = director.get(radius_of(theirs))
    assert "blast" not in only_theirs.context
    assert "1 thing that this address names is not there" in only_theirs.content.decode()


def test_everything_touched_can_be_saved_as_a_file(
    sold: dict[str, System], director: Client
) -> None:
    answer = director.get(radius_of(sold["Database"], export="csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["system"], row["what"], row["steps"]) for row in rows] == [
        ("Database", "lost", "0"),
        ("ERP", "stops", "1"),
        ("Orders", "stops", "2"),
        ("Shop", "goes on by its break-glass way", ""),
        ("Reports", "degrades", ""),
    ]
    assert rows[0]["owner"] == "Ada"


def table_of(director: Client, *lost: System, table: str) -> list[dict[str, str]]:
    answer = director.get(radius_of(*lost, export="csv", table=table))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_when_it_hurts_and_who_is_told_can_be_saved_as_files(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    answer_everything(sold["Orders"], acme.user(Role.EXECUTIVE))
    [process] = table_of(director, sold["Database"], table="processes")
    assert (process["process"], process["serious"], process["intolerable"]) == (
        "Orders",
        "after 8 h (Clients)",
        "after 1 d (Clients)",
    )
    [person] = table_of(director, sold["Database"], table="people")
    assert (person["person"], person["phone"]) == ("Ada", "+44 9")
    assert person["owns"] == "Database; ERP; Orders; Shop; Reports"


def test_a_table_that_stops_says_how_many_more_there_are_and_where(
    acme: Cast, sold: dict[str, System], director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blast, "MOST_ROWS", 1)
    bo = make_contact(acme.organisation, "Bo")
    for name, needed_to, note in (
        ("Invoices", "run", ""),
        ("Kiosk", "run", "Use paper"),
        ("Charts", "full service", ""),
    ):
        more = make_system(acme.organisation, name, kind="business process", owner=bo)
        make_dependency(more, sold["ERP"], needed_to=needed_to, bootstrap=note)
    page = director.get(radius_of(sold["Database"]))
    counts = {
        "more_rows": 3,
        "more_processes": 1,
        "more_by_hand": 1,
        "more_degraded": 1,
        "more_people": 1,
    }
    assert {name: page.context[name] for name in counts} == counts
    said = page.content.decode()
    assert said.count("more, in the file with all of them") == 5
    assert said.count("table=processes") == said.count("table=people") == 2


def test_what_stops_by_a_loop_is_not_said_to_be_back_at_once(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    """The database is lost; storage needs it, and it needs storage: whichever is opened, nobody
    knows how long it takes to start storage without it."""
    storage = make_system(acme.organisation, "Storage", kind="storage")
    make_dependency(storage, sold["Database"], needed_to="run")
    make_dependency(sold["Database"], storage)
    stock = make_system(acme.organisation, "Stock", kind="business process")
    make_dependency(stock, storage)
    answer_everything(stock, acme.user(Role.EXECUTIVE))
    reached = {"coverage": "24x7", "phones": ["+44 5"]}
    boss = make_contact(acme.organisation, "Boss", may_declare=True, **reached)
    make_path(acme.organisation, "main", StepValues(boss), is_default=True)
    page = director.get(radius_of(sold["Database"]))
    assert page.context["blast"].is_provisional
    times = {row.name: (row.restored_minutes, row.at_least) for row in page.context["rows"]}
    assert times["Storage"] == times["Stock"] == (0, True)
    assert all(at_least for _minutes, at_least in times.values())
    in_time = {row.name: row.process.standing.value for row in page.context["processes"]}
    assert in_time["Stock"] == "unknown"
    assert '<td class="number">0 min</td>' not in page.content.decode()


def test_an_empty_estate_says_so(director: Client) -> None:
    assert "There is no live system yet" in director.get(PAGE).content.decode()


def test_a_large_estate_costs_as_many_queries_as_a_small_one(
    acme: Cast, sold: dict[str, System], director: Client
) -> None:
    address = radius_of(sold["Database"])

    def queries() -> int:
        director.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert director.get(address).status_code == 200
        return len(captured)

    few = queries()
    grow(acme.organisation, 300)
    assert queries() == few
