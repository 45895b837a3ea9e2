"""Lists are narrowed and sorted the same on every database, with choices of one tenant only."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from bcp.engine.permissions import Role
from bcp.queries import (
    acceptances,
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    filters,
    history,
    map_views,
    plans,
    policies,
    procedures,
    proposed_dependencies,
    restore_tests,
    scenarios,
    sites,
    systems,
    targets,
    teams,
)
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_site,
    make_system,
    make_target,
    make_team,
)

LISTS = {
    filters.SystemFilter: systems.listing,
    filters.DependencyFilter: dependencies.listing,
    filters.ProposedDependencyFilter: proposed_dependencies.listing,
    filters.SiteFilter: sites.listing,
    filters.ContactFilter: contacts.listing,
    filters.TeamFilter: teams.listing,
    filters.EscalationPathFilter: escalation.listing,
    filters.BackupCopyFilter: copies.listing,
    filters.RecoveryTargetFilter: targets.listing,
    filters.PlanVersionFilter: plans.listing,
    filters.JobFilter: plans.jobs,
    filters.AuditFilter: history.events,
    filters.BackupPolicyFilter: policies.listing,
    filters.RestoreTestFilter: restore_tests.listing,
    filters.ScenarioFilter: scenarios.listing,
    filters.SavedViewFilter: map_views.listing,
    filters.ProcedureFilter: procedures.listing,
    filters.ProcedureStandingFilter: procedures.standing,
    filters.ExerciseFilter: exercises.listing,
    filters.GapAcceptanceFilter: acceptances.listing,
}
EVERY = pytest.mark.parametrize(("kind", "listing"), LISTS.items(), ids=lambda x: x.__name__)


def narrowed(cast: Cast, kind: type[filters.OrgFilterSet], query: str) -> Any:
    records = LISTS[kind](cast.organisation)
    return kind(QueryDict(query), records, organisation=cast.organisation)


def names(cast: Cast, kind: type[filters.OrgFilterSet], query: str) -> list[str]:
    found = narrowed(cast, kind, query)
    assert found.is_valid(), found.errors
    return [str(record) for record in found.qs]


def test_every_filter_set_is_tried_here() -> None:
    defined = {
        one
        for one in vars(filters).values()
        if isinstance(one, type) and issubclass(one, filters.OrgFilterSet)
    }
    assert defined - {filters.OrgFilterSet} == set(LISTS)


@EVERY
def test_every_sort_key_works_both_ways(kind: Any, listing: Any, acme: Cast) -> None:
    fields = kind(organisation=acme.organisation, queryset=listing(acme.organisation)).filters
    if "sort" not in fields:
        return
    for key, _label in fields["sort"].field.choices.choices:
        found = narrowed(acme, kind, f"sort={key}")
        assert found.is_valid(), (key, found.errors)
        assert list(found.qs) == list(found.qs)


@EVERY
@pytest.mark.parametrize("value", ["%00", "a%00b", "%ED%A0%80", "'", "%25", "x" * 3000, "=1+1"])
def test_no_value_breaks_a_filter(kind: Any, listing: Any, value: str, acme: Cast) -> None:
    """Whatever stands in an address is a match, no match or an error at its field; never a 500."""
    fields = kind(organisation=acme.organisation, queryset=listing(acme.organisation)).filters
    for name in fields:
        found = narrowed(acme, kind, f"{name}={value}")
        if found.is_valid():
            list(found.qs)
        else:
            assert list(found.errors) == [name]


def test_choices_are_those_of_the_organisation(acme: Cast, rival: Cast) -> None:
    mine = make_site(acme.organisation, "HQ")
    foreign = make_site(rival.organisation, CANARY)
    make_system(acme.organisation, "ERP", site=mine)
    assert CANARY not in str(narrowed(acme, filters.SystemFilter, "").form)
    assert names(acme, filters.SystemFilter, f"site={mine.pk}") == ["ERP"]
    refused = narrowed(acme, filters.SystemFilter, f"site={foreign.pk}")
    unknown = narrowed(acme, filters.SystemFilter, "site=neverexisted")
    assert not refused.is_valid()
    assert refused.errors == unknown.errors


def test_unknown_sorts_last_either_way(acme: Cast) -> None:
    make_system(acme.organisation, "Unknown")
    make_system(acme.organisation, "Long", recovery_minutes=90)
    make_system(acme.organisation, "Instant", recovery_minutes=0)
    sort = "sort=recovery_minutes"
    assert names(acme, filters.SystemFilter, sort) == ["Instant", "Long", "Unknown"]
    sort = "sort=-recovery_minutes"
    assert names(acme, filters.SystemFilter, sort) == ["Long", "Instant", "Unknown"]


def test_a_search_looks_into_names_of_related_records(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann Müller")
    make_system(acme.organisation, "ERP", owner=ann)
    make_system(acme.organisation, "CRM", description="ann is asked first")
    make_system(acme.organisation, "DNS")
    assert names(acme, filters.SystemFilter, "q=ann") == ["CRM", "ERP"]
    assert names(acme, filters.SystemFilter, "q=100%25") == []


def test_what_is_missing_is_found(acme: Cast) -> None:
    complete = make_system(
        acme.organisation,
        "Complete",
        owner=make_contact(acme.organisation, "Ann"),
        site=make_site(acme.organisation, "HQ"),
        tier=1,
        strategy="restore",
        recovery_minutes=0,
    )
    make_target(complete, acme.user(Role.EXECUTIVE), rto=0)
    make_system(acme.organisation, "Bare", strategy="none")
    for field in ("owner", "site", "tier", "strategy", "recovery_minutes", "rto_minutes"):
        assert names(acme, filters.SystemFilter, f"missing={field}") == ["Bare"], field


def test_a_system_is_sorted_by_its_approved_target_alone(acme: Cast) -> None:
    executive = acme.user(Role.EXECUTIVE)
    for name, rto in (("Slow", 600), ("Fast", 10)):
        make_target(make_system(acme.organisation, name), executive, rto=rto)
    assert names(acme, filters.SystemFilter, "sort=rto_minutes") == ["Fast", "Slow"]


def test_several_kinds_widen_and_different_filters_narrow(acme: Cast) -> None:
    for name, kind, tier in (("A", "network", 1), ("B", "storage", 1), ("C", "network", 2)):
        make_system(acme.organisation, name, kind=kind, tier=tier)
    both = "kind=network&kind=storage"
    assert names(acme, filters.SystemFilter, both) == ["A", "B", "C"]
    assert names(acme, filters.SystemFilter, both + "&tier=1") == ["A", "B"]


def test_stale_contacts_edges_and_copies_are_found(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann", verified_on="2026-01-01", may_declare=True)
    make_contact(acme.organisation, "Bob")
    make_team(acme.organisation, "Net", ann)
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    make_dependency(erp, san, needed_to="run")
    make_copy(san, "Nightly", content="configuration")
    assert names(acme, filters.ContactFilter, "never_verified=true") == ["Bob"]
    assert names(acme, filters.ContactFilter, "may_declare=true") == ["Ann"]
    assert names(acme, filters.DependencyFilter, "needed_to=run") == ["ERP → SAN"]
    assert names(acme, filters.DependencyFilter, "needed_to=rebuild") == []
    assert names(acme, filters.BackupCopyFilter, "content=configuration") == ["SAN: Nightly"]
