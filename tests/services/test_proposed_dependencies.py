"""Proposed dependencies: they count nowhere until accepted, and what was decided can be undone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.exchange.findings import Findings
from bcp.models import AuditEvent, Dependency, ProposedDependency, System
from bcp.queries import proposed_dependencies as reads
from bcp.queries.analysis import analysis
from bcp.services import dependencies, importing, proposed_dependencies
from bcp.services.import_plan import ImportPlan, Outcome
from bcp.services.importing import Options
from tests.conftest import Cast
from tests.factories import make_dependency, make_proposed, make_system


@pytest.fixture
def systems(acme: Cast) -> list[System]:
    return [make_system(acme.organisation, name) for name in ("CRM", "Directory", "DNS")]


def seen(*rows: ProposedDependency) -> list[tuple[str, int]]:
    found = ProposedDependency.objects.filter(pk__in=[row.pk for row in rows])
    return [(row.pk, row.version) for row in found]


def edges(acme: Cast) -> set[tuple[str, str, str]]:
    rows = Dependency.objects.of(acme.organisation)
    return {(str(one.dependent), str(one.dependency), one.needed_to) for one in rows}


def imported(acme: Cast, csv: str, **options: bool) -> ImportPlan:
    incoming = importing.from_files({"dependencies.csv": csv.encode()}, Findings())
    wanted = Options(**{"propose_dependencies": True, **options})
    return importing.apply(acme.organisation, incoming, wanted, by=acme.actor(Role.ENGINEER))


def test_what_is_proposed_counts_in_no_analysis_until_it_is_accepted(
    acme: Cast, systems: list[System]
) -> None:
    crm, directory, _dns = systems
    row = make_proposed(crm, directory, "run", "12 of 14 systems need it")
    now = timezone.now()
    assert analysis(acme.organisation, now=now).estate.dependencies == ()
    proposed_dependencies.accept_many(acme.organisation, seen(row), "Yes", by=acme.actor())
    (edge,) = analysis(acme.organisation, now=now).estate.dependencies
    assert edge.needed_to == "run"
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", acme.user(Role.IT_DIRECTOR))
    kinds = {(one.record_type, one.action) for one in AuditEvent.objects.of(acme.organisation)}
    assert ("dependency", "created") in kinds
    assert ("proposeddependency", "changed") in kinds


def test_an_acceptance_changes_what_is_recorded_already_and_is_set_back(
    acme: Cast, systems: list[System]
) -> None:
    crm, directory, _dns = systems
    recorded = make_dependency(crm, directory, bootstrap="By hand")
    imported(acme, "dependent,dependency,needed_to\nCRM,Directory,run\nCRM,DNS,run\n")
    rows = list(reads.waiting(acme.organisation))
    so_far = {str(row.dependency): row.recorded_needed_to for row in rows}
    assert so_far == {"Directory": "rebuild", "DNS": None}
    proposed_dependencies.accept_many(acme.organisation, seen(*rows), by=acme.actor())
    assert edges(acme) == {("CRM", "Directory", "run"), ("CRM", "DNS", "run")}
    recorded.refresh_from_db()
    assert (recorded.bootstrap, recorded.version) == ("By hand", 2)
    together = reads.decided_together(acme.organisation, ProposedDependency.objects.all()[0])
    assert set(together) == {row.pk for row in rows}
    proposed_dependencies.reopen_many(acme.organisation, seen(*rows), by=acme.actor())
    assert edges(acme) == {("CRM", "Directory", "rebuild")}
    assert reads.waiting(acme.organisation).count() == 2


def test_a_dependency_changed_since_is_not_taken_back_nor_anything_with_it(
    acme: Cast, systems: list[System]
) -> None:
    crm, directory, dns = systems
    rows = [make_proposed(crm, directory), make_proposed(crm, dns)]
    proposed_dependencies.accept_many(acme.organisation, seen(*rows), by=acme.actor())
    edge = Dependency.objects.get(dependency=dns)
    dependencies.change(
        acme.organisation, edge.pk, {"needed_to": "run"}, seen_version=1, by=acme.shell
    )
    with pytest.raises(Conflict, match="“CRM → DNS” has been changed since"):
        proposed_dependencies.reopen_many(acme.organisation, seen(*rows), by=acme.actor())
    assert len(edges(acme)) == 2


def test_the_second_of_two_deciders_is_told_and_nothing_is_done(
    acme: Cast, systems: list[System]
) -> None:
    crm, directory, dns = systems
    rows = [make_proposed(crm, directory), make_proposed(crm, dns)]
    looked_at = seen(*rows)
    proposed_dependencies.refuse_many(
        acme.organisation, seen(rows[0]), "Not so", by=acme.actor(Role.ADMINISTRATOR)
    )
    with pytest.raises(Conflict, match="CRM → Directory"):
        proposed_dependencies.accept_many(acme.organisation, looked_at, by=acme.actor())
    assert edges(acme) == set()


def test_a_refusal_needs_a_reason_and_a_right(acme: Cast, systems: list[System]) -> None:
    row = make_proposed(*systems[:2])
    with pytest.raises(InvalidInput, match="Say why"):
        proposed_dependencies.refuse_many(acme.organisation, seen(row), " ", by=acme.actor())
    for role in (Role.ENGINEER, Role.EXECUTIVE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            proposed_dependencies.accept_many(acme.organisation, seen(row), by=acme.actor(role))


def test_what_is_recorded_or_proposed_already_is_not_proposed_again(
    acme: Cast, systems: list[System]
) -> None:
    crm, directory, dns = systems
    make_dependency(crm, dns)
    make_proposed(crm, directory)
    for other in (directory, dns):
        with pytest.raises(InvalidInput, match="already"):
            make_proposed(crm, other)


def test_an_import_proposes_once_and_never_again_what_was_refused(
    acme: Cast, systems: list[System]
) -> None:
    make_dependency(systems[0], systems[2])
    text = "dependent,dependency,needed_to\nCRM,Directory,\nDirectory,DNS,run\nCRM,DNS,rebuild\n"
    plan = imported(acme, text)
    assert edges(acme) == {("CRM", "DNS", "rebuild")}
    (counts,) = [count for kind, count in plan.counts.items() if "proposed" in kind]
    assert (counts[Outcome.NEW], counts[Outcome.UNCHANGED]) == (2, 1)
    rows = list(reads.waiting(acme.organisation))
    assert [(str(row), row.reason) for row in rows] == [
        ("CRM → Directory", "dependencies.csv, row 2"),
        ("Directory → DNS", "dependencies.csv, row 3"),
    ]
    assert not imported(acme, text).changes_something
    proposed_dependencies.refuse_many(acme.organisation, seen(rows[0]), "No", by=acme.actor())
    again = imported(acme, text)
    assert not again.changes_something
    assert ["1 dependencies were refused before" in str(one) for one in again.notices] == [True]
    changed = imported(acme, "dependent,dependency,needed_to\nDirectory,DNS,full service\n")
    assert [one.outcome for one in changed.changes] == [Outcome.CHANGED]
    assert [row.needed_to for row in reads.waiting(acme.organisation)] == ["full service"]


def test_proposals_may_name_systems_that_come_with_them(acme: Cast) -> None:
    imported(acme, "dependent,dependency\nShop,Cache\n", add_missing=True)
    assert [str(row) for row in reads.waiting(acme.organisation)] == ["Shop → Cache"]
    assert edges(acme) == set()


def test_many_are_decided_in_few_queries(
    acme: Cast, systems: list[System], django_assert_max_num_queries
) -> None:
    others = [make_system(acme.organisation, f"S{number}") for number in range(20)]
    rows = [make_proposed(systems[0], other) for other in others]
    looked_at = seen(*rows)
    with django_assert_max_num_queries(22):
        proposed_dependencies.accept_many(acme.organisation, looked_at, by=acme.actor())
    assert len(edges(acme)) == 20


def test_a_proposal_of_another_organisation_is_out_of_reach(
    acme: Cast, rival: Cast, systems: list[System]
) -> None:
    row = make_proposed(*systems[:2])
    with pytest.raises(Conflict, match="no longer exist"):
        proposed_dependencies.accept_many(rival.organisation, seen(row), by=rival.actor())
