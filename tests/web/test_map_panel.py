"""What a map opens beside itself: a system's facts, and its dependencies to edit from there."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import Dependency, System
from bcp.services import dependencies
from bcp.web.views.map_panel import MOST_EDGES
from tests.conftest import Cast
from tests.factories import make_contact, make_dependency, make_site, make_system, make_target

MAP = "/o/acme/map/?in=tier%3A1"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    cache.clear()
    client.force_login(acme.user(Role.ENGINEER))
    return client


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(
        acme.organisation,
        "ERP",
        tier=1,
        recovery_minutes=120,
        owner=make_contact(acme.organisation, "Ada"),
        site=make_site(acme.organisation, "HQ", zone="Riverside"),
    )


@pytest.fixture
def database(acme: Cast) -> System:
    return make_system(acme.organisation, "Database", tier=1, recovery_minutes=60)


def panel(system: System, back: str = MAP) -> str:
    return f"/o/acme/map/systems/{system.pk}/?{urlencode({'back': back})}"


def edit(edge: Dependency, page: str = "") -> str:
    """The address of a form of `edge`, opened from the panel of its dependent."""
    query = urlencode({"back": panel(edge.dependent)})
    return f"/o/acme/map/needs/{edge.pk}/{page}?{query}"


def text(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def test_the_facts_say_what_the_analysis_answers(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    make_dependency(erp, database, needed_to="run", bootstrap="Read only from the replica")
    make_target(erp, acme.user(Role.EXECUTIVE), rto=60)
    page = text(engineer, panel(erp))
    for words in ("misses", "Ada", "HQ", "Riverside", "Database", "Read only from the replica"):
        assert words in page
    assert "Who needs it" in page
    assert "Nothing recorded here needs it." in page


def test_the_same_address_is_a_page_and_a_fragment(engineer: Client, erp: System) -> None:
    page, fragment = text(engineer, panel(erp)), text(engineer, panel(erp), **FRAGMENT)
    assert "<h1" in page
    assert f'<a href="{MAP}">Back to the map</a>' in page
    assert "<html" not in fragment
    assert "<h2" in fragment
    for part in ("Ada", "Riverside", "Draw the map around it"):
        assert part in page
        assert part in fragment


def test_a_way_back_out_of_the_product_is_not_taken(engineer: Client, erp: System) -> None:
    page = engineer.get(panel(erp, back="https://evil.example/"))
    assert page.context["map_url"] == f"/o/acme/map/?focus={erp.pk}"
    assert "evil" not in page.content.decode()


def test_a_system_that_is_not_live_has_no_figures(acme: Cast, engineer: Client) -> None:
    old = make_system(acme.organisation, "Old", status="retired")
    page = text(engineer, panel(old))
    assert "it is on no map" in page
    assert "Back after" not in page


def test_a_hub_shows_the_first_of_its_dependents_and_where_all_are(
    acme: Cast, engineer: Client, database: System
) -> None:
    for number in range(MOST_EDGES + 2):
        make_dependency(make_system(acme.organisation, f"User {number:02}"), database)
    needed_by = engineer.get(panel(database)).context["needed_by"]
    assert len(needed_by.shown) == MOST_EDGES
    assert needed_by.count == MOST_EDGES + 2
    assert needed_by.all_url == f"/o/acme/dependencies/?dependency={database.pk}"
    assert engineer.get(needed_by.all_url).status_code == 200


def test_a_hub_takes_as_many_queries_as_anybody(
    acme: Cast, engineer: Client, database: System
) -> None:
    def queries() -> int:
        engineer.get(panel(database))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            engineer.get(panel(database))
        return len(seen)

    make_dependency(make_system(acme.organisation, "First"), database)
    few = queries()
    for number in range(MOST_EDGES + 2):
        make_dependency(make_system(acme.organisation, f"User {number:02}"), database)
    assert queries() <= few + 1  # they are counted


def test_who_may_only_read_sees_no_action(
    acme: Cast, client: Client, erp: System, database: System
) -> None:
    make_dependency(erp, database)
    client.force_login(acme.user(Role.AUDITOR))
    page = text(client, panel(erp))
    assert "Database" in page
    for action in ("Add what it needs", "Change or add a note", "Remove"):
        assert action not in page


# --- writing -------------------------------------------------------------------------------


def test_a_dependency_is_added_said_and_taken_back(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    form = f"/o/acme/map/systems/{erp.pk}/needs/?{urlencode({'back': panel(erp)})}"
    sent = {"dependency": "database", "needed_to": "run", "bootstrap": "", "back": panel(erp)}
    answer = engineer.post(form, sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == panel(erp)
    edge = Dependency.objects.of(acme.organisation).get()
    assert (edge.dependent, edge.dependency, edge.needed_to) == (erp, database, "run")

    said = engineer.get(panel(erp), headers=FRAGMENT)
    assert "has been added" in said.content.decode()
    undo = next(iter(said.context["messages"])).extra_tags
    assert engineer.post(undo).headers["Location"] == panel(erp)
    assert not Dependency.objects.of(acme.organisation).exists()
    assert "has been removed again" in text(engineer, panel(erp), **FRAGMENT)


@pytest.mark.parametrize(
    ("dependency", "fault"),
    [
        ("", "This field is required."),
        ("Nobody", "There is no “Nobody” here."),
        ("ERP", "A system cannot depend on itself."),
        ("Database", "This dependency is already recorded."),
    ],
)
def test_what_is_refused_is_said_at_the_field_and_kept(
    acme: Cast, engineer: Client, erp: System, database: System, dependency: str, fault: str
) -> None:
    make_dependency(erp, database)
    sent = {"dependency": dependency, "needed_to": "run", "bootstrap": "By hand"}
    form = f"/o/acme/map/systems/{erp.pk}/needs/"
    answer = engineer.post(form, sent, headers=FRAGMENT)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert fault in " ".join(answer.context["form"].errors["dependency"])
    assert "There is a problem" in page
    assert "By hand" in page
    assert Dependency.objects.of(acme.organisation).count() == 1


def test_a_change_is_said_with_the_way_back(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    edge = make_dependency(erp, database)
    sent = {"needed_to": "full service", "bootstrap": "By hand", "version": 1, "back": panel(erp)}
    assert engineer.post(edit(edge), sent).headers["Location"] == panel(erp)
    edge.refresh_from_db()
    assert (edge.needed_to, edge.bootstrap) == ("full service", "By hand")
    undo = next(iter(engineer.get(panel(erp), headers=FRAGMENT).context["messages"])).extra_tags
    assert engineer.post(undo).headers["Location"] == panel(erp)
    edge.refresh_from_db()
    assert (edge.needed_to, edge.bootstrap) == ("rebuild", "")


def test_the_second_of_two_is_shown_both_versions_and_loses_nothing(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    edge = make_dependency(erp, database)
    dependencies.change(
        acme.organisation, edge.pk, {"bootstrap": "Theirs"}, seen_version=1, by=acme.actor()
    )
    sent = {"needed_to": "run", "bootstrap": "Mine", "version": 1, "back": panel(erp)}
    answer = engineer.post(edit(edge), sent, headers=FRAGMENT)
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("Theirs", "Mine", "Save mine over it", 'name="version" value="2"'):
        assert words in page
    assert "<html" not in page
    edge.refresh_from_db()
    assert edge.bootstrap == "Theirs"


def test_a_change_of_what_is_gone_can_bring_it_back(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    edge = make_dependency(erp, database)
    address, back = edit(edge), panel(erp)
    dependencies.delete(acme.organisation, edge.pk, seen_version=1, by=acme.actor())
    sent = {"needed_to": "run", "bootstrap": "Mine", "version": 1, "back": back}
    gone = engineer.post(address, sent, headers=FRAGMENT)
    assert gone.status_code == 409
    assert "Bring it back with what I typed" in gone.content.decode()
    assert engineer.post(address, {**sent, "restore": "1"}).headers["Location"] == back
    assert Dependency.objects.of(acme.organisation).get().bootstrap == "Mine"


def test_a_removal_asks_and_can_be_taken_back(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    edge = make_dependency(erp, database)
    address = edit(edge, "remove/")
    assert "no longer need" in text(engineer, address, **FRAGMENT)
    sent = {"version": 1, "back": panel(erp)}
    assert engineer.post(address, sent).headers["Location"] == panel(erp)
    assert not Dependency.objects.of(acme.organisation).exists()
    undo = next(iter(engineer.get(panel(erp), headers=FRAGMENT).context["messages"])).extra_tags
    engineer.post(undo)
    assert Dependency.objects.of(acme.organisation).get().pk == edge.pk


def test_a_removal_of_what_was_changed_meanwhile_is_refused(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    edge = make_dependency(erp, database)
    dependencies.change(
        acme.organisation, edge.pk, {"needed_to": "run"}, seen_version=1, by=acme.actor()
    )
    answer = engineer.post(edit(edge, "remove/"), {"version": 1}, headers=FRAGMENT)
    assert answer.status_code == 409
    assert "There is a problem" in answer.content.decode()
    assert Dependency.objects.of(acme.organisation).exists()


def test_the_panel_knows_whether_the_drawing_is_older(
    acme: Cast, engineer: Client, erp: System, database: System
) -> None:
    before = engineer.get("/o/acme/map/").context["organisation"].audit_count
    assert f'data-state="{before}"' in text(engineer, panel(erp), **FRAGMENT)
    make_dependency(erp, database)
    assert f'data-state="{before + 1}"' in text(engineer, panel(erp), **FRAGMENT)
