"""What counts as a structural change of a system (rule X4), through every door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Capability, Role
from bcp.models import Organisation, Procedure, System
from bcp.queries import analysis, history
from bcp.services import (
    contacts,
    copies,
    dependencies,
    importing,
    policies,
    records,
    sites,
    systems,
    targets,
    undo,
)
from bcp.services.importing import Options
from bcp.services.ledger import writing
from tests.conftest import Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_exercise,
    make_site,
    make_system,
    make_target,
)


def today(organisation: Organisation) -> date:
    return timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()


def settled(cast: Cast) -> None:
    """As if everything so far had been done long ago."""
    System.objects.of(cast.organisation).update(structure_changed_on=None)


def changed(cast: Cast) -> set[str]:
    """The names of the systems that were changed structurally, all of them today."""
    marked = System.objects.of(cast.organisation).filter(structure_changed_on__isnull=False)
    assert {one.structure_changed_on for one in marked} <= {today(cast.organisation)}
    return {one.name for one in marked}


@pytest.fixture
def erp(acme: Cast) -> System:
    return make_system(acme.organisation, "ERP")


@pytest.fixture
def db_server(acme: Cast) -> System:
    return make_system(acme.organisation, "DB")


def edit(cast: Cast, service: Any, record: Any, **values: Any) -> None:
    service.change(cast.organisation, record.pk, values, seen_version=None, by=cast.actor())


def run(cast: Cast, **files: str) -> None:
    named = {f"{name}.csv": text.encode() for name, text in files.items()}
    importing.apply(
        cast.organisation,
        importing.from_files(named),
        Options(approver=cast.user(Role.EXECUTIVE).email),
        by=cast.shell,
    )


def take_back(cast: Cast) -> None:
    event = history.events(cast.organisation).first()
    assert event is not None
    undo.undo(cast.organisation, event, by=cast.actor())


# Edges


def test_a_new_gating_edge_changes_its_dependent(
    acme: Cast, erp: System, db_server: System
) -> None:
    make_dependency(erp, db_server, needed_to="full service")
    assert changed(acme) == set()
    make_dependency(db_server, erp, needed_to="run", bootstrap="Start it by hand")
    assert changed(acme) == {"DB"}


@pytest.mark.parametrize(
    ("now", "then", "counts"),
    [
        ({"needed_to": "full service"}, {"needed_to": "run"}, True),
        ({"needed_to": "run"}, {"needed_to": "full service"}, True),
        ({"needed_to": "run"}, {"needed_to": "rebuild"}, True),
        ({"needed_to": "run"}, {"bootstrap": "By hand"}, True),
        ({"needed_to": "run", "bootstrap": "By hand"}, {"bootstrap": ""}, True),
        ({"needed_to": "full service"}, {"bootstrap": "By hand"}, False),
        ({"needed_to": "run"}, {"needed_to": "run"}, False),
    ],
)
def test_an_edited_edge_counts_if_it_gates_before_or_after(
    acme: Cast,
    erp: System,
    db_server: System,
    now: dict[str, str],
    then: dict[str, str],
    counts: bool,
) -> None:
    edge = make_dependency(erp, db_server, **now)
    settled(acme)
    edit(acme, dependencies, edge, **then)
    assert changed(acme) == ({"ERP"} if counts else set())


def test_an_edge_that_moves_changes_both_dependents(
    acme: Cast, erp: System, db_server: System
) -> None:
    other = make_system(acme.organisation, "SAN")
    edge = make_dependency(erp, other)
    settled(acme)
    edit(acme, dependencies, edge, dependent=db_server)
    assert changed(acme) == {"ERP", "DB"}


def test_a_deleted_edge_counts_and_its_return_counts_again(
    acme: Cast, erp: System, db_server: System
) -> None:
    edge = make_dependency(erp, db_server)
    settled(acme)
    dependencies.delete(acme.organisation, edge.pk, seen_version=None, by=acme.actor())
    assert changed(acme) == {"ERP"}
    settled(acme)
    take_back(acme)
    assert changed(acme) == {"ERP"}


def test_a_deleted_supplier_changes_whoever_needed_it(acme: Cast, erp: System) -> None:
    supplier = make_system(acme.organisation, "Payroll Ltd", kind="supplier")
    make_dependency(erp, supplier)
    settled(acme)
    systems.delete(acme.organisation, supplier.pk, seen_version=None, by=acme.actor())
    assert changed(acme) == {"ERP"}
    settled(acme)
    take_back(acme)
    assert changed(acme) == {"ERP", "Payroll Ltd"}


# Fields of the system


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site", lambda organisation: make_site(organisation, "HQ")),
        ("technical_owner", lambda organisation: make_contact(organisation, "Ann")),
        ("strategy", lambda organisation: "rebuild"),
    ],
)
def test_where_it_is_who_knows_it_and_how_it_returns_is_structure(
    acme: Cast, erp: System, field: str, value: Callable[[Organisation], Any]
) -> None:
    version = erp.version
    edit(acme, systems, erp, **{field: value(acme.organisation)})
    assert changed(acme) == {"ERP"}
    erp.refresh_from_db()
    assert erp.version == version + 1
    settled(acme)
    take_back(acme)
    assert changed(acme) == {"ERP"}


def test_the_rest_of_a_system_is_cosmetic(acme: Cast, erp: System) -> None:
    ann = make_contact(acme.organisation, "Ann")
    rest = {"name": "SAP", "description": "Orders", "tier": 1, "kind": "data store"}
    edit(acme, systems, erp, **rest, owner=ann, deputy=ann, recovery_minutes=60, data_gb=5)
    edit(acme, contacts, ann, name="Ann Smith")
    assert changed(acme) == set()


def test_a_site_or_a_person_that_goes_leaves_a_change_behind(acme: Cast, erp: System) -> None:
    ann, site = make_contact(acme.organisation, "Ann"), make_site(acme.organisation, "HQ")
    edit(acme, systems, erp, technical_owner=ann, site=site)
    for service, record in ((contacts, ann), (sites, site)):
        settled(acme)
        service.delete(acme.organisation, record.pk, seen_version=None, by=acme.actor())
        assert changed(acme) == {"ERP"}


def test_many_at_once_are_marked_in_as_many_queries_as_two(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    many = System.objects.bulk_create(
        System(organisation=acme.organisation, name=f"System {number:04}") for number in range(500)
    )
    counts = []
    for some in (many[:2], many[2:]):
        keys = [one.pk for one in some]
        with CaptureQueriesContext(connection) as queries:
            systems.change_many(acme.organisation, keys, {"site": site}, by=acme.actor())
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10
    assert len(changed(acme)) == 500


# Copies


def test_a_copy_counts_when_it_comes_and_when_it_goes(acme: Cast, erp: System) -> None:
    copy = make_copy(erp, "Nightly")
    assert changed(acme) == {"ERP"}
    settled(acme)
    copies.delete(acme.organisation, copy.pk, seen_version=None, by=acme.actor())
    assert changed(acme) == {"ERP"}


def test_how_a_copy_is_made_is_structure_what_it_is_called_is_not(acme: Cast, erp: System) -> None:
    copy = make_copy(erp, "Nightly")
    settled(acme)
    edit(acme, copies, copy, name="Daily", source="erp01", last_success=timezone.now())
    assert changed(acme) == set()
    edit(acme, copies, copy, locked_minutes=1440)
    assert changed(acme) == {"ERP"}


def test_a_policy_changes_every_system_that_follows_it(
    acme: Cast, erp: System, db_server: System
) -> None:
    policy = policies.create(acme.organisation, {"name": "Vault"}, by=acme.actor())
    assert changed(acme) == set()
    policies.assign(acme.organisation, policy.pk, [erp.pk, db_server.pk], by=acme.actor())
    assert changed(acme) == {"ERP", "DB"}
    settled(acme)
    edit(acme, policies, policy, description="Daily to the vault")
    assert changed(acme) == set()
    edit(acme, policies, policy, interval_minutes=60)
    assert changed(acme) == {"ERP", "DB"}


# Procedures and targets


def test_an_approved_procedure_counts_its_draft_does_not(acme: Cast, erp: System) -> None:
    with writing(acme.organisation, by=acme.actor(), needs=Capability.EDIT_ESTATE) as ledger:
        draft = records.create(ledger, Procedure, {"system": erp, "number": 1})
    assert changed(acme) == set()
    with writing(acme.organisation, by=acme.actor(), needs=Capability.EDIT_ESTATE) as ledger:
        approval = {
            "state": "approved",
            "approved_by": acme.user(Role.EXECUTIVE),
            "approved_at": timezone.now(),
        }
        records.change(ledger, draft, approval, seen_version=None)
    assert changed(acme) == {"ERP"}


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        (None, {"rto": 240}, True),
        ({"rto": 240}, {"rto": 240}, False),
        ({"rto": 240}, {"rto": 480}, False),
        ({"rto": 240}, {"rto": 120}, True),
        ({"rto": 240}, {"rto": 480, "rpo": 0}, True),
        ({"rto": 240, "rpo": 60}, {"rto": 240}, False),
        ({"rto": 240, "rpo": 60}, {"rto": 300, "rpo": 30}, True),
    ],
)
def test_a_target_counts_if_it_is_tighter_than_the_one_before(
    acme: Cast,
    erp: System,
    before: dict[str, int] | None,
    after: dict[str, int],
    counts: bool,
) -> None:
    executive = acme.user(Role.EXECUTIVE)
    if before:
        make_target(erp, executive, **before)
    settled(acme)
    make_target(erp, executive, **after)
    assert changed(acme) == ({"ERP"} if counts else set())


def test_a_proposal_is_no_change_yet(acme: Cast, erp: System) -> None:
    figures: dict[str, Any] = {"rto_minutes": 60, "rpo_minutes": 0}
    targets.propose(acme.organisation, erp.pk, **figures, by=acme.actor())
    assert changed(acme) == set()


# Imports


FIRST = {
    "sites": "name\nHQ\n",
    "systems": "name,site,strategy,rto\nERP,HQ,restore,4h\nDB,HQ,restore,2h\n",
    "dependencies": "dependent,dependency\nERP,DB\n",
    "copies": "system,name,interval\nDB,Nightly,1d\n",
}


def test_what_comes_with_a_system_is_no_change_of_it(acme: Cast) -> None:
    """Also the targets that the import approves at once, which is a write of its own."""
    run(acme, **FIRST)
    assert System.objects.of(acme.organisation).count() == 2
    assert changed(acme) == set()
    run(acme, **FIRST)
    assert changed(acme) == set()


@pytest.mark.parametrize(
    ("file", "text", "marked"),
    [
        ("systems", "name,strategy\nERP,rebuild\nDB,restore\n", {"ERP"}),
        ("systems", "name,rto\nERP,8h\nDB,1h\n", {"DB"}),
        ("systems", "name,description\nERP,Orders\n", set()),
        ("dependencies", "dependent,dependency,bootstrap\nERP,DB,By hand\n", {"ERP"}),
        ("dependencies", "dependent,dependency\nDB,ERP\n", {"DB"}),
        ("copies", "system,name,interval\nDB,Nightly,12h\n", {"DB"}),
        ("copies", "system,name,last_success\nDB,Nightly,2026-11-01 02:00\n", set()),
        ("sites", "name,address\nHQ,River Road 1\n", set()),
    ],
)
def test_a_later_import_changes_what_it_says_differently(
    acme: Cast, file: str, text: str, marked: set[str]
) -> None:
    run(acme, **FIRST)
    run(acme, **{file: text})
    assert changed(acme) == marked


def test_a_change_brings_the_next_exercise_forward(acme: Cast, erp: System) -> None:
    """The day reaches the engine in the same write that the answers are kept by."""
    now = timezone.now().astimezone(ZoneInfo(acme.organisation.time_zone))
    done = now.date() - timedelta(days=10)
    make_exercise(erp, done_on=done, outcome="success")
    [before] = analysis.analysis(acme.organisation, now=now).backups
    assert before.next_test_due == done + timedelta(days=365)
    edit(acme, systems, erp, strategy="rebuild")
    [after] = analysis.analysis(acme.organisation, now=now).backups
    assert after.proof.changed
    assert after.next_test_due == now.date() + timedelta(days=30)
