"""Systems: their forms and their list, retiring one, and many at once."""

from __future__ import annotations

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.models.base import new_key
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_copy, make_site, make_system, make_target
from tests.web.system_form import typed

LIST = "/o/acme/systems/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


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
