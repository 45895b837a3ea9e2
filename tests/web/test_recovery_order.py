"""The recovery order: waves, times, why, loops, scenarios, the chart and the export."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services.timeline import MOST_BARS
from bcp.web.views.lists import ROWS_A_PAGE
from bcp.web.views.recovery_order import LONGEST_WHY
from tests.conftest import CANARY, Cast
from tests.factories import make_dependency, make_site, make_system, make_target
from tests.web.large_estate import grow
from tests.web.reading import as_read

ORDER = "/o/acme/recovery-order/"
DETECTION = 15
"""The detection allowance of a new organisation: the activation when nobody is named."""


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def a_chain(cast: Cast) -> dict[str, System]:
    """ERP needs its database, which needs the storage; the mail stands alone."""
    org = cast.organisation
    hq = make_site(org, "Headquarters")
    san = make_system(org, "SAN", tier=2, recovery_minutes=60, site=hq)
    database = make_system(org, "Database", tier=1, recovery_minutes=120)
    erp = make_system(org, "ERP", tier=1, recovery_minutes=30)
    mail = make_system(org, "Mail", tier=3, recovery_minutes=20)
    make_dependency(erp, database)
    make_dependency(database, san)
    return {"SAN": san, "Database": database, "ERP": erp, "Mail": mail}


def rows(client: Client, query: str = "") -> list[tuple[str, int | None, int]]:
    response = client.get(ORDER + query)
    assert response.status_code == 200
    return [
        (row.name, row.result.wave, row.result.restored_minutes) for row in response.context["rows"]
    ]


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    content = client.get(f"{ORDER}?export=csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_what_is_needed_comes_first_and_times_add_up(acme: Cast, director: Client) -> None:
    a_chain(acme)
    order = rows(director)
    names = [name for name, _wave, _restored in order]
    assert names.index("SAN") < names.index("Database") < names.index("ERP")
    assert ("ERP", 3, DETECTION + 60 + 120 + 30) in order
    page = director.get(ORDER).content.decode()
    assert "at least" in page  # nobody may declare, so the time to authority is unknown


def test_why_tells_the_chain_in_words_and_names_the_source(acme: Cast, director: Client) -> None:
    a_chain(acme)
    page = director.get(ORDER).content.decode()
    assert "<summary>Why?" in page
    assert "“SAN” takes 1 h (estimate) and is restored at" in as_read(page)
    assert "So “ERP” is back after" in page


def test_the_activation_strip_names_its_parts(acme: Cast, director: Client) -> None:
    a_chain(acme)
    page = director.get(ORDER).content.decode()
    for word in ("Detect", "Reach authority", "Mobilise", "Work can start after"):
        assert word in page
    assert "nobody at some hours" in page


def test_misses_and_slack_stand_beside_the_target(acme: Cast, director: Client) -> None:
    systems = a_chain(acme)
    make_target(systems["ERP"], acme.user(Role.EXECUTIVE), rto=60)
    (erp,) = [row for row in exported(director) if row["system"] == "ERP"]
    assert erp["target"] == "1 h"
    assert erp["misses"] == "2 h 45 min"
    assert erp["slack"] == "−2 h 45 min"
    assert erp["standing"] == "misses"
    (san,) = [row for row in exported(director) if row["system"] == "SAN"]
    assert san["required"] == "−1 h 30 min"
    assert san["required_by"] == "Database"


def test_the_export_holds_the_whole_order_with_its_chain(acme: Cast, director: Client) -> None:
    grow(acme.organisation, ROWS_A_PAGE + 30)
    systems = a_chain(acme)
    found = exported(director)
    assert len(found) == ROWS_A_PAGE + 31 + len(systems)
    (erp,) = [row for row in found if row["system"] == "ERP"]
    assert erp["chain"] == "SAN → Database → ERP"
    assert erp["source"] == "estimate"
    assert erp["at_least"].lower() in ("yes", "true")


def test_a_scenario_touches_only_what_it_loses_and_what_needs_that(
    acme: Cast, director: Client
) -> None:
    a_chain(acme)
    order = rows(director, "?scenario=site:Headquarters")
    assert [name for name, _wave, _restored in order] == ["SAN", "Database", "ERP"]
    assert order[-1][2] == DETECTION + 60
    page = director.get(f"{ORDER}?scenario=site:Headquarters").content.decode()
    assert "1 system is not touched by this loss" in page
    assert "down with what it needs" in page


def test_a_system_can_be_typed_by_name(acme: Cast, director: Client) -> None:
    a_chain(acme)
    response = director.get(f"{ORDER}?scenario=everything&lost_system=mail")
    assert response.headers["Location"] == f"{ORDER}?scenario=system%3Amail"
    page = director.get(response.headers["Location"])
    assert [row.name for row in page.context["rows"]] == ["Mail"]


@pytest.mark.parametrize(
    "scenario", ["site:Nowhere", "nonsense", "system:", "flood:14d", "site:%00", "a" * 3000]
)
def test_an_unknown_scenario_is_said_and_everything_is_shown(
    scenario: str, acme: Cast, director: Client
) -> None:
    a_chain(acme)
    response = director.get(f"{ORDER}?scenario={scenario}")
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert len(response.context["rows"]) == 4


def test_a_loop_is_named_with_the_dependencies_to_open(acme: Cast, director: Client) -> None:
    systems = a_chain(acme)
    make_dependency(systems["SAN"], systems["ERP"])
    page = director.get(ORDER)
    text = page.content.decode()
    assert "This order is provisional." in text
    (loop,) = page.context["loops"]
    assert sorted(loop.names) == ["Database", "ERP", "SAN"]
    (edge,) = loop.edges
    assert f"Document how “{edge.dependent}” is started without “{edge.dependency}”" in text
    assert len(director.get(edge.url).context["rows"]) == 1
    assert len(rows(director, "?loop=on")) == 3


def test_without_a_loop_nothing_is_provisional(acme: Cast, director: Client) -> None:
    a_chain(acme)
    assert "provisional" not in director.get(ORDER).content.decode()


def test_filters_and_sorting_keep_the_scenario(acme: Cast, director: Client) -> None:
    a_chain(acme)
    query = "?scenario=site:Headquarters&tier=1&sort=-restored"
    assert {name for name, _wave, _restored in rows(director, query)} == {"ERP", "Database"}
    page = director.get(ORDER + query).content.decode()
    assert 'name="scenario" value="site:Headquarters"' in page
    longest_first = rows(director, "?sort=-restored")
    assert [row[2] for row in longest_first] == sorted(row[2] for row in longest_first)[::-1]


def test_standing_filters_are_what_the_overview_links_to(acme: Cast, director: Client) -> None:
    systems = a_chain(acme)
    make_target(systems["ERP"], acme.user(Role.EXECUTIVE), rto=60)
    assert [row[0] for row in rows(director, "?standing=misses")] == ["ERP"]
    assert "ERP" not in [row[0] for row in rows(director, "?standing=unknown")]


def chart_of(client: Client, query: str = "") -> ElementTree.Element:
    return ElementTree.fromstring(client.get(ORDER + query).context["chart"])


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


def test_the_chart_has_a_bar_per_system_and_marks_the_chain_that_decides(
    acme: Cast, director: Client
) -> None:
    systems = a_chain(acme)
    make_target(systems["ERP"], acme.user(Role.EXECUTIVE), rto=60)
    chart = chart_of(director)
    bars = with_class(chart, "gantt-bar")
    assert len(bars) == 4
    critical = [bar for bar in bars if "gantt-critical" in bar.get("class", "")]
    names = {with_class(bar, "map-name")[0].text for bar in critical}
    assert names == {"SAN", "Database", "ERP"}
    assert len(with_class(chart, "gantt-missed")) == 1
    assert [one.text for one in with_class(chart, "gantt-group")] == ["Wave 1", "Wave 2", "Wave 3"]


def test_a_large_estate_is_charted_by_wave(acme: Cast, director: Client) -> None:
    grow(acme.organisation, MOST_BARS + 20)
    chart = chart_of(director)
    headings = [one.text for one in with_class(chart, "gantt-group")]
    assert headings == ["Waves", "The chain that decides the end"]
    assert len(with_class(chart, "gantt-bar")) < MOST_BARS


def test_neighbouring_waves_share_a_bar_where_there_are_too_many(
    acme: Cast, director: Client
) -> None:
    grow(acme.organisation, MOST_BARS + 40, length=MOST_BARS + 40)
    chart = chart_of(director)
    waves = [bar for bar in with_class(chart, "gantt-bar") if "Waves" in "".join(bar.itertext())]
    assert len(waves) == (MOST_BARS + 40) // 2
    assert "Waves 1–2: 3 systems" in "".join(waves[0].itertext())


def test_hostile_names_are_text_in_table_chart_and_file(acme: Cast, director: Client) -> None:
    name = "=1+1</text><script>alert('x')</script>"
    make_system(acme.organisation, name, tier=1, recovery_minutes=5)
    make_system(acme.organisation, "turn\u202eed", tier=1, recovery_minutes=5)
    page = director.get(ORDER)
    assert "<script>alert" not in page.content.decode()
    ElementTree.fromstring(page.context["chart"])
    assert "\u202e" not in page.context["chart"]
    assert any(row["system"].lstrip("'") == name for row in exported(director))
    assert not any(row["system"].startswith("=") for row in exported(director))


def test_a_very_long_chain_is_counted_instead_of_told(acme: Cast, director: Client) -> None:
    chain = [
        make_system(acme.organisation, f"Step {number:03d}", recovery_minutes=1)
        for number in range(LONGEST_WHY + 1)
    ]
    for above, below in zip(chain[1:], chain, strict=False):
        make_dependency(above, below)
    page = director.get(ORDER).content.decode()
    assert f"A chain of {LONGEST_WHY + 1} systems" in page


def test_an_empty_organisation_is_told_what_to_do(director: Client) -> None:
    page = director.get(ORDER).content.decode()
    assert "There is no live system yet" in page
    assert "/o/acme/systems/" in page


def test_the_page_costs_the_same_for_twenty_systems_and_for_three_hundred(
    acme: Cast, director: Client
) -> None:
    def cost() -> int:
        director.get(ORDER)
        with CaptureQueriesContext(connection) as queries:
            director.get(ORDER)
        return len(queries)

    grow(acme.organisation, 20)
    few = cost()
    grow(acme.organisation, 280)
    assert cost() == few <= 8


def test_no_word_of_another_organisation_is_on_it(
    acme: Cast, rival: Cast, director: Client
) -> None:
    a_chain(acme)
    make_site(rival.organisation, CANARY)
    make_system(rival.organisation, CANARY, tier=1)
    for query in ("", "?export=csv", "?scenario=everything"):
        assert CANARY not in director.get(ORDER + query).content.decode()
    refused = director.get(f"{ORDER}?scenario=site:{CANARY}")
    assert refused.context["scenario"].name == "everything"
