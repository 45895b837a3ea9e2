"""The sheet of one system: why it misses its target, what it needs, its people and its copies."""

from __future__ import annotations

import pytest
from django.test import Client

from bcp.engine.permissions import Role
from bcp.services import escalation, targets
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_system,
    make_target,
)
from tests.web.reading import as_read

LIST = "/o/acme/systems/"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def test_the_sheet_says_why_a_system_misses_its_target(acme: Cast, director: Client) -> None:
    san = make_system(acme.organisation, "SAN", recovery_minutes=240)
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60)
    make_dependency(erp, san)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=120, rpo=60)
    response = director.get(f"{LIST}{erp.pk}/")
    page = as_read(response.content.decode())
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
    assert "1 d" in as_read(page)


def test_an_unknown_tab_shows_the_summary(acme: Cast, director: Client) -> None:
    erp = make_system(acme.organisation, "ERP")
    assert director.get(f"{LIST}{erp.pk}/?tab=../../etc").context["tab"] == "summary"


def test_the_sheet_says_which_half_is_missing_and_why(acme: Cast, director: Client) -> None:
    store = make_system(acme.organisation, "Ledger", kind="data store", tier=1, data_gb=800)
    make_copy(store, "Nightly", interval_minutes=60, restore_mb_s=100, repository="Vault")
    page = director.get(f"{LIST}{store.pk}/").content.decode()
    assert "Backups: ■ missing" in page
    assert "Nobody wrote down how it comes back." in page
    assert "Restoring 800 GB at 100 MB/s takes 2 h 14 min" in as_read(page)
    assert "nobody ever restored that copy" in page
    backups = director.get(f"{LIST}{store.pk}/?tab=copies").content.decode()
    assert "untested: a rumour" in backups
    assert "3-2-1-1-0" in backups
