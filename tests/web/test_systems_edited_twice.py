"""Two people at one system, the history of what they did, and the way back."""

from __future__ import annotations

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, System
from bcp.services import systems
from tests.conftest import Cast
from tests.factories import make_contact, make_copy, make_dependency, make_system
from tests.web.system_form import typed

LIST = "/o/acme/systems/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def test_the_second_editor_sees_both_versions_and_loses_nothing(
    acme: Cast, director: Client
) -> None:
    owner = make_contact(acme.organisation, "Greta Lang")
    system = make_system(acme.organisation, "ERP", tier=3, recovery_minutes=60)
    systems.change(
        acme.organisation,
        system.pk,
        {"recovery_minutes": 240, "owner": owner},
        seen_version=system.version,
        by=acme.actor(Role.ENGINEER),
    )
    response = director.post(
        f"{LIST}{system.pk}/edit/",
        typed(system, recovery_minutes="90 min", description="Typed by the second"),
    )
    assert response.status_code == 409
    page = response.content.decode()
    differences = {row["label"]: row for row in response.context["differences"]}
    assert differences["Recovery work"] == {
        "label": "Recovery work",
        "mine": "1 h 30 min",
        "theirs": "4 h",
    }
    assert differences["Owner"]["theirs"] == "Greta Lang"
    assert differences["Owner"]["mine"] == "empty"
    assert "Tier" not in differences
    assert "engineer@acme.example" in page
    assert 'value="90 min"' in page
    assert "Typed by the second" in page
    assert 'name="version" value="2"' in page
    system.refresh_from_db()
    assert system.recovery_minutes == 240


def test_the_second_editor_can_save_over_it_knowingly(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "ERP", tier=3)
    systems.change(
        acme.organisation, system.pk, {"tier": 1}, seen_version=system.version, by=acme.shell
    )
    director.post(f"{LIST}{system.pk}/edit/", typed(system, tier="4", version="2"))
    system.refresh_from_db()
    assert (system.tier, system.version) == (4, 3)


def test_what_was_typed_into_a_deleted_system_can_bring_it_back(
    acme: Cast, director: Client
) -> None:
    system = make_system(acme.organisation, "ERP")
    systems.delete(acme.organisation, system.pk, seen_version=None, by=acme.shell)
    address = f"{LIST}{system.pk}/edit/"
    response = director.post(address, typed(system, description="Hours of work"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody deleted this record" in page
    assert "Hours of work" in page
    director.post(address, typed(system, description="Hours of work", restore="1"))
    assert System.objects.of(acme.organisation).get(pk=system.pk).description == "Hours of work"


def test_a_form_without_its_version_is_not_accepted(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "ERP")
    for version in ("", "newest"):
        response = director.post(f"{LIST}{system.pk}/edit/", typed(system, version=version))
        assert response.status_code == 400


def test_saving_without_a_change_writes_nothing(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "ERP")
    before = AuditEvent.objects.of(acme.organisation).count()
    response = director.post(f"{LIST}{system.pk}/edit/", typed(system), follow=True)
    assert AuditEvent.objects.of(acme.organisation).count() == before
    assert "Nothing was changed" in response.content.decode()


def test_deleting_what_somebody_else_changed_meanwhile_is_refused(
    acme: Cast, director: Client
) -> None:
    system = make_system(acme.organisation, "ERP")
    systems.change(
        acme.organisation, system.pk, {"tier": 1}, seen_version=system.version, by=acme.shell
    )
    response = director.post(f"{LIST}{system.pk}/delete/", {"version": system.version})
    assert response.status_code == 409
    assert System.objects.of(acme.organisation).filter(pk=system.pk).exists()


# --- the way back ---------------------------------------------------------------------------


def test_a_change_can_be_taken_back_from_the_message_that_reports_it(
    acme: Cast, director: Client
) -> None:
    system = make_system(acme.organisation, "ERP", tier=1)
    page = director.post(f"{LIST}{system.pk}/edit/", typed(system, tier="4"), follow=True)
    address = next(iter(page.context["messages"])).extra_tags
    assert f'action="{address}"' in page.content.decode()
    page = director.post(address, follow=True)
    assert "is as it was before" in page.content.decode()
    system.refresh_from_db()
    assert system.tier == 1


def test_a_deleted_system_comes_back_with_what_it_took_along(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "ERP", tier=1)
    make_copy(system, "nightly")
    make_dependency(system, make_system(acme.organisation, "SAN"))
    question = director.get(f"{LIST}{system.pk}/delete/").content.decode()
    assert "One dependency goes with it." in question
    assert "One recorded backup copy goes with it." in question
    page = director.post(f"{LIST}{system.pk}/delete/", {"version": 1}, follow=True)
    assert not System.objects.of(acme.organisation).filter(name="ERP").exists()
    director.post(next(iter(page.context["messages"])).extra_tags)
    returned = System.objects.of(acme.organisation).get(pk=system.pk)
    assert (returned.tier, returned.needs.count(), returned.copies.count()) == (1, 1, 1)


def test_a_change_that_was_written_over_is_not_taken_back_silently(
    acme: Cast, director: Client
) -> None:
    system = make_system(acme.organisation, "ERP", tier=1)
    page = director.post(f"{LIST}{system.pk}/edit/", typed(system, tier="4"), follow=True)
    systems.change(acme.organisation, system.pk, {"tier": 2}, seen_version=2, by=acme.shell)
    response = director.post(next(iter(page.context["messages"])).extra_tags)
    assert response.status_code == 409
    system.refresh_from_db()
    assert system.tier == 2


def test_a_foreign_event_is_not_there_to_be_undone(
    acme: Cast, rival: Cast, director: Client
) -> None:
    theirs = make_system(rival.organisation, "ERP", tier=1)
    systems.change(rival.organisation, theirs.pk, {"tier": 4}, seen_version=1, by=rival.shell)
    event = AuditEvent.objects.of(rival.organisation).first()
    assert event is not None
    assert director.post(f"/o/acme/history/{event.pk}/undo/").status_code == 404


def test_history_tells_each_change_in_words(acme: Cast, director: Client) -> None:
    owner = make_contact(acme.organisation, "Greta Lang")
    system = make_system(acme.organisation, "ERP")
    director.post(
        f"{LIST}{system.pk}/edit/", typed(system, owner=owner.pk, recovery_minutes="90 min")
    )
    for address in (f"{LIST}{system.pk}/history/", f"{LIST}{system.pk}/?tab=history"):
        response = director.get(address)
        latest, first = response.context["stories"]
        told = {change.label: (change.before, change.after) for change in latest.changes}
        assert told == {"Owner": ("empty", "Greta Lang"), "Recovery work": ("empty", "1 h 30 min")}
        assert latest.event.actor_label == "it.director@acme.example"
        assert first.undo_url == ""
        assert f'action="{latest.undo_url}"' in response.content.decode()


def test_a_reader_sees_the_history_without_the_way_back(acme: Cast, client: Client) -> None:
    system = make_system(acme.organisation, "ERP")
    systems.change(acme.organisation, system.pk, {"tier": 2}, seen_version=1, by=acme.shell)
    client.force_login(acme.user(Role.AUDITOR))
    assert "/undo/" not in client.get(f"{LIST}{system.pk}/history/").content.decode()
