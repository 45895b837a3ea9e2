"""Systems: their forms, two people at once, the way back, many at once, and the sheet."""

from __future__ import annotations

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, System
from bcp.models.base import new_key
from bcp.services import escalation, systems, targets
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
)

LIST = "/o/acme/systems/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def typed(system: System | None = None, **changes: object) -> dict[str, object]:
    """What a browser sends: every field of the form, with some typed over."""
    values: dict[str, object] = {"name": "ERP", "kind": "application", "status": "live"}
    if system is not None:
        values |= {"name": system.name, "kind": system.kind, "version": system.version}
        values["tier"] = system.tier or ""
    return values | changes


def test_a_system_is_added_with_durations_as_people_write_them(
    acme: Cast, director: Client
) -> None:
    response = director.post(
        f"{LIST}new/",
        typed(tier="2", recovery_low_minutes="90 min", recovery_minutes="1d 12h", data_gb="12.5"),
    )
    system = System.objects.of(acme.organisation).get()
    assert response.headers["Location"] == f"{LIST}{system.pk}/"
    assert (system.tier, system.recovery_low_minutes, system.recovery_minutes) == (2, 90, 2160)
    assert system.recovery_high_minutes is None
    form = director.get(f"{LIST}{system.pk}/edit/").content.decode()
    assert 'value="1 d 12 h"' in form


def test_zero_minutes_are_not_unknown(acme: Cast, director: Client) -> None:
    director.post(f"{LIST}new/", typed(recovery_minutes="0"))
    system = System.objects.of(acme.organisation).get()
    assert system.recovery_minutes == 0
    assert 'value="0 min"' in director.get(f"{LIST}{system.pk}/edit/").content.decode()


def test_save_and_add_another_comes_back_to_an_empty_form(acme: Cast, director: Client) -> None:
    response = director.post(f"{LIST}new/", typed(again="1"))
    assert response.headers["Location"] == f"{LIST}new/"


def test_the_quick_row_adds_a_system_and_stays_on_the_list(acme: Cast, director: Client) -> None:
    response = director.post(f"{LIST}new/", typed(quick="1", back=f"{LIST}?q=e&quick=1"))
    assert response.headers["Location"] == f"{LIST}?q=e&quick=1"
    assert System.objects.of(acme.organisation).count() == 1


def test_the_way_back_never_leads_to_another_site(acme: Cast, director: Client) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = director.post(f"{LIST}new/", typed(name=new_key(), back=elsewhere))
        assert response.headers["Location"].startswith(LIST)


def test_a_problem_is_said_in_the_summary_and_at_the_field_and_nothing_typed_is_lost(
    acme: Cast, director: Client
) -> None:
    response = director.post(
        f"{LIST}new/", typed(name="", recovery_minutes="soon", description="Kept")
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert '<a href="#id_recovery_minutes">' in page
    assert page.count("“soon” is not a duration") == 2
    assert 'value="soon"' in page
    assert "Kept" in page
    assert 'aria-invalid="true"' in page


def test_a_name_that_is_taken_is_said_at_the_name(acme: Cast, director: Client) -> None:
    make_system(acme.organisation, "ERP")
    response = director.post(f"{LIST}new/", typed(name="erp"))
    assert response.status_code == 422
    assert response.context["form"].errors == {"name": ["This name is already taken."]}


def test_a_form_offers_and_accepts_only_records_of_its_organisation(
    acme: Cast, rival: Cast, director: Client
) -> None:
    theirs = make_contact(rival.organisation, f"{CANARY} owner")
    make_site(rival.organisation, f"{CANARY} site")
    assert CANARY not in director.get(f"{LIST}new/").content.decode()
    answers = [director.post(f"{LIST}new/", typed(owner=key)) for key in (theirs.pk, new_key())]
    faults = [answer.context["form"].errors for answer in answers]
    assert faults[0] == faults[1]
    assert "owner" in faults[0]
    assert not System.objects.of(acme.organisation).exists()


def test_a_foreign_system_is_not_there_like_a_missing_one(
    acme: Cast, rival: Cast, director: Client
) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} ERP")
    for page in ("", "edit/", "delete/", "history/"):
        pages = []
        for key in (theirs.pk, new_key()):
            response = director.get(f"{LIST}{key}/{page}")
            assert response.status_code == 404
            pages.append(len(response.content))
        assert pages[0] == pages[1]


# --- two people at once ---------------------------------------------------------------------


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


# --- retiring, and many at once -------------------------------------------------------------


def test_a_system_is_retired_and_brought_back(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "ERP")
    address = f"{LIST}{system.pk}/status/"
    director.post(address, {"version": 1, "status": "retired"})
    system.refresh_from_db()
    assert system.status == "retired"
    page = director.get(f"{LIST}{system.pk}/").content.decode()
    assert "Bring back" in page
    assert "takes no part in recovery" in page
    director.post(address, {"version": 2, "status": "live"})
    system.refresh_from_db()
    assert system.status == "live"
    assert director.post(address, {"version": 3, "status": "lost"}).status_code == 400


def test_many_systems_are_changed_at_once_and_other_fields_stay(
    acme: Cast, director: Client
) -> None:
    owner = make_contact(acme.organisation, "Greta Lang")
    ticked = [
        make_system(acme.organisation, name, tier=tier) for name, tier in (("A", 1), ("B", 2))
    ]
    other = make_system(acme.organisation, "C")
    keys = [system.pk for system in ticked]
    page = director.get(f"{LIST}bulk/", {"keys": keys})
    assert page.context["keys"].split(",") == keys
    fields = dict.fromkeys(page.context["form"].fields, "keep")
    response = director.post(
        f"{LIST}bulk/", fields | {"keys": ",".join(keys), "owner": owner.pk, "back": LIST}
    )
    assert response.headers["Location"] == LIST
    rows = {system.name: system for system in System.objects.of(acme.organisation)}
    assert [rows[name].owner for name in "ABC"] == [owner, owner, None]
    assert [rows[name].tier for name in "ABC"] == [1, 2, None]
    other.refresh_from_db()
    assert other.version == 1


def test_a_field_can_be_emptied_on_many(acme: Cast, director: Client) -> None:
    system = make_system(acme.organisation, "A", tier=1, strategy="restore")
    form = director.get(f"{LIST}bulk/", {"keys": [system.pk]}).context["form"]
    fields = dict.fromkeys(form.fields, "keep")
    director.post(f"{LIST}bulk/", fields | {"keys": system.pk, "tier": "", "strategy": ""})
    system.refresh_from_db()
    assert (system.tier, system.strategy) == (None, "")


def test_everything_that_fits_the_search_can_be_changed(acme: Cast, director: Client) -> None:
    for name, kind in (("A", "compute"), ("B", "compute"), ("C", "network")):
        make_system(acme.organisation, name, kind=kind)
    page = director.get(f"{LIST}bulk/?all=1&kind=compute")
    assert [record.name for record in page.context["records"]] == ["A", "B"]


def test_everything_that_misses_its_target_can_be_changed(acme: Cast, director: Client) -> None:
    slow = make_system(acme.organisation, "Slow", recovery_minutes=600)
    make_target(slow, acme.user(Role.EXECUTIVE), rto=120)
    make_system(acme.organisation, "Quick")
    page = director.get(f"{LIST}bulk/?all=1&standing=misses")
    assert [record.name for record in page.context["records"]] == ["Slow"]


def test_choosing_nothing_or_changing_nothing_says_so(acme: Cast, director: Client) -> None:
    response = director.get(f"{LIST}bulk/", follow=True)
    assert "Nothing was chosen" in response.content.decode()
    system = make_system(acme.organisation, "A")
    form = director.get(f"{LIST}bulk/", {"keys": [system.pk]}).context["form"]
    fields = dict.fromkeys(form.fields, "keep")
    response = director.post(f"{LIST}bulk/", fields | {"keys": system.pk})
    assert response.status_code == 422
    assert "Choose what to change" in response.content.decode()


def test_many_at_once_never_reaches_into_another_organisation(
    acme: Cast, rival: Cast, director: Client
) -> None:
    ours = make_system(acme.organisation, "A")
    theirs = make_system(rival.organisation, f"{CANARY} B")
    page = director.get(f"{LIST}bulk/", {"keys": [ours.pk, theirs.pk]})
    assert CANARY not in page.content.decode()
    fields = dict.fromkeys(page.context["form"].fields, "keep")
    director.post(f"{LIST}bulk/", fields | {"keys": f"{ours.pk},{theirs.pk}", "tier": "1"})
    for system in (ours, theirs):
        system.refresh_from_db()
        assert system.tier is None


# --- the sheet ------------------------------------------------------------------------------


def test_the_sheet_says_why_a_system_misses_its_target(acme: Cast, director: Client) -> None:
    san = make_system(acme.organisation, "SAN", recovery_minutes=240)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60)
    make_dependency(erp, san)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=120, rpo=60)
    response = director.get(f"{LIST}{erp.pk}/")
    page = response.content.decode()
    assert response.context["result"].standing == "misses"
    assert "“SAN” takes 4 h (estimate) and is restored at 4 h 15 min." in page
    # Nobody is named who may declare, so the time to activate is not fully known.
    assert "So “ERP” is back after at least 5 h 15 min" in page
    assert [link.name for link in response.context["chain"]] == ["SAN", "ERP"]
    needs = director.get(f"{LIST}{san.pk}/").context
    assert needs["required_by"].name == "ERP"
    assert needs["result"].required_rto_minutes == 60


def test_the_sheet_shows_a_proposal_beside_the_approved_target(
    acme: Cast, director: Client
) -> None:
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=1440)
    targets.propose(acme.organisation, erp.pk, rto_minutes=480, rpo_minutes=None, by=acme.actor())
    context = director.get(f"{LIST}{erp.pk}/").context
    assert context["approved"].rto_minutes == 1440
    assert context["proposal"].rto_minutes == 480


def test_needs_are_added_and_removed_on_the_sheet(acme: Cast, director: Client) -> None:
    san, erp = (make_system(acme.organisation, name) for name in ("SAN", "ERP"))
    here = f"{LIST}{erp.pk}/?tab=needs"
    response = director.post(
        "/o/acme/dependencies/new/",
        {"dependent": erp.pk, "dependency": "san", "needed_to": "run", "back": here},
    )
    assert response.headers["Location"] == here
    edge = director.get(here).context["needs"].get()
    assert (edge.dependency, edge.needed_to) == (san, "run")
    assert director.get(f"{LIST}{san.pk}/?tab=needs").context["needed_by"].get() == edge
    response = director.post(
        f"/o/acme/dependencies/{edge.pk}/delete/", {"version": 1, "back": here}
    )
    assert response.headers["Location"] == here
    assert not director.get(here).context["needs"].exists()


def test_the_sheet_names_people_and_the_ladder_that_counts(acme: Cast, director: Client) -> None:
    owner = make_contact(acme.organisation, "Greta Lang", phones=["+49 171 99"])
    steps = [escalation.StepValues(owner)]
    default = make_path(acme.organisation, "Standard", *steps, is_default=True)
    own = make_path(acme.organisation, "Night", *steps)
    plain = make_system(acme.organisation, "Plain", owner=owner)
    special = make_system(acme.organisation, "Special", escalation_path=own)
    response = director.get(f"{LIST}{plain.pk}/?tab=people")
    assert response.context["path"] == default
    assert "+49 171 99" in response.content.decode()
    assert director.get(f"{LIST}{special.pk}/?tab=people").context["path"] == own


def test_the_sheet_lists_copies_and_says_when_there_is_none(acme: Cast, director: Client) -> None:
    erp = make_system(acme.organisation, "ERP")
    address = f"{LIST}{erp.pk}/?tab=copies"
    assert "No copy of" in director.get(address).content.decode()
    make_copy(erp, "nightly", interval_minutes=1440)
    page = director.get(address).content.decode()
    assert "nightly" in page
    assert "1 d" in page


def test_an_unknown_tab_shows_the_summary(acme: Cast, director: Client) -> None:
    erp = make_system(acme.organisation, "ERP")
    assert director.get(f"{LIST}{erp.pk}/?tab=../../etc").context["tab"] == "summary"


def test_the_list_is_narrowed_and_sorted_by_class_and_worst_loss(
    acme: Cast, director: Client
) -> None:
    owner = make_contact(acme.organisation, "Maria")
    site = make_site(acme.organisation, "HQ")
    make_system(acme.organisation, "Pumps", kind="facility", owner=owner, site=site)
    store = make_system(acme.organisation, "Ledger", kind="data store", tier=1)
    make_system(acme.organisation, "Old", status="retired")
    make_copy(store, "Nightly", interval_minutes=60, run_minutes=0, lag_minutes=0)
    page = director.get(f"{LIST}?sort=readiness")
    assert [row.name for row in page.context["rows"]] == ["Ledger", "Pumps", "Old"]
    assert [row.name for row in director.get(f"{LIST}?sort=-loss").context["rows"]][-1] == "Ledger"
    kept = director.get(f"{LIST}?readiness=only+backups&readiness=both").context["rows"]
    assert [row.name for row in kept] == ["Pumps"]
    export = director.get(f"{LIST}?readiness=neither&export=csv").content.decode("utf-8-sig")
    head, *rows = export.splitlines()
    assert {"readiness", "worst_loss", "worst_loss_scenario"} <= set(head.split(","))
    assert [row.split(",")[0] for row in rows] == ["Ledger"]


def test_the_sheet_says_which_half_is_missing_and_why(acme: Cast, director: Client) -> None:
    store = make_system(acme.organisation, "Ledger", kind="data store", tier=1, data_gb=800)
    make_copy(store, "Nightly", interval_minutes=60, restore_mb_s=100, repository="Vault")
    page = director.get(f"{LIST}{store.pk}/").content.decode()
    assert "Backups: ■ missing" in page
    assert "Nobody wrote down how it comes back." in page
    assert "Restoring 800 GB at 100 MB/s takes 2 h 14 min" in page
    assert "nobody ever restored that copy" in page
    backups = director.get(f"{LIST}{store.pk}/?tab=copies").content.decode()
    assert "untested: a rumour" in backups
    assert "3-2-1-1-0" in backups
