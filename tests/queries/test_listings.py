"""What a list carries with each row, for one organisation, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.models import Organisation
from bcp.queries import (
    contacts,
    copies,
    dependencies,
    escalation,
    organisations,
    search,
    sites,
    systems,
    targets,
    teams,
    tokens,
)
from bcp.services import invitations
from bcp.services import tokens as token_service
from bcp.services.escalation import StepValues
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_site,
    make_system,
    make_target,
    make_team,
)

LISTINGS: list[Callable[[Organisation], Any]] = [
    contacts.listing,
    copies.listing,
    dependencies.listing,
    escalation.listing,
    organisations.members,
    organisations.open_invitations,
    organisations.tiers,
    sites.listing,
    systems.listing,
    targets.listing,
    targets.proposals,
    teams.listing,
    tokens.listing,
]


def fill(cast: Cast, start: int, count: int, word: str = "Item") -> None:
    """One record of every noun, `count` times over, each naming others."""
    organisation, admin = cast.organisation, cast.actor(Role.ADMINISTRATOR)
    for number in range(start, start + count):
        name = f"{word} {number}"
        ann = make_contact(organisation, name)
        site = make_site(organisation, name)
        team = make_team(organisation, name, ann)
        path = make_path(organisation, name, StepValues(ann))
        people = {"owner": ann, "technical_owner": ann, "deputy": ann, "team": team}
        erp = make_system(organisation, name, site=site, escalation_path=path, **people)
        below = make_system(organisation, f"Below {name}")
        make_dependency(erp, below)
        make_copy(erp, name, site=site)
        make_target(erp, cast.user(Role.EXECUTIVE), rto=60)
        token_service.create(organisation, name, days=7, by=admin)
        invitations.invite(
            organisation, f"{number}@new.example", Role.ENGINEER, link_base="", by=admin
        )


def told(listing: Callable[[Organisation], Any], organisation: Organisation) -> str:
    """Everything a list shows of its rows: their facts and what they name."""
    rows = []
    for row in listing(organisation):
        unread = row.get_deferred_fields()
        columns = [one.name for one in row._meta.concrete_fields if one.attname not in unread]
        rows += [str(getattr(row, name)) for name in columns if name != "organisation"]
        for many in row._meta.many_to_many:
            rows += [str(one) for one in getattr(row, many.name).all()]
    return "\n".join(rows)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.__module__)
def test_a_list_shows_nothing_of_another_organisation(
    listing: Callable[[Organisation], Any], acme: Cast, rival: Cast
) -> None:
    fill(rival, 0, 2, CANARY)
    fill(acme, 0, 2)
    assert listing(acme.organisation).exists() or listing is targets.proposals
    assert CANARY not in told(listing, acme.organisation)
    assert {row.organisation_id for row in listing(acme.organisation)} <= {acme.organisation.pk}


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.__module__)
def test_a_list_takes_the_same_queries_however_long(
    listing: Callable[[Organisation], Any], acme: Cast
) -> None:
    counted = []
    for start in (0, 3):
        fill(acme, start, 3)
        with CaptureQueriesContext(connection) as queries:
            told(listing, acme.organisation)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_system_carries_its_counts_and_its_approved_target(acme: Cast) -> None:
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    web = make_system(acme.organisation, "Web")
    for edge in ((erp, san), (web, san), (web, erp)):
        make_dependency(*edge)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=240, rpo=0)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=120, rpo=0)
    rows = {row.name: row for row in systems.listing(acme.organisation)}
    assert (rows["ERP"].needs_count, rows["ERP"].needed_by_count) == (1, 1)
    assert (rows["SAN"].needs_count, rows["SAN"].needed_by_count) == (0, 2)
    assert (rows["ERP"].rto_minutes, rows["ERP"].rpo_minutes) == (120, 0)
    assert rows["ERP"].mtd_minutes is None
    assert rows["SAN"].rto_minutes is None


def test_a_site_and_a_contact_carry_how_much_rests_on_them(acme: Cast) -> None:
    site, ann = make_site(acme.organisation, "HQ"), make_contact(acme.organisation, "Ann")
    for name in ("ERP", "CRM"):
        make_system(acme.organisation, name, site=site, owner=ann)
    assert sites.listing(acme.organisation).get().systems_count == 2
    assert contacts.listing(acme.organisation).get().owned_count == 2


@pytest.mark.parametrize("listing", [systems.listing, sites.listing, contacts.listing])
def test_rows_that_carry_counts_stand_by_name_all_the_same(
    listing: Callable[[Organisation], Any], acme: Cast
) -> None:
    """Django forgets a model's own order as soon as rows are counted."""
    for name in ("C", "A", "B"):
        make_site(acme.organisation, name)
        make_contact(acme.organisation, name)
        make_system(acme.organisation, name)
    assert [row.name for row in listing(acme.organisation)] == ["A", "B", "C"]


def test_an_invitation_that_is_used_or_withdrawn_is_not_open(acme: Cast) -> None:
    by = acme.actor(Role.ADMINISTRATOR)
    for name in ("a", "b"):
        invited = invitations.invite(
            acme.organisation, f"{name}@new.example", Role.AUDITOR, link_base="", by=by
        )
    invitations.withdraw(acme.organisation, invited.invitation.pk, by=by)
    open_ones = organisations.open_invitations(acme.organisation)
    assert [one.email for one in open_ones] == ["a@new.example"]


def test_a_search_finds_every_kind_and_nothing_of_another_organisation(
    acme: Cast, rival: Cast
) -> None:
    fill(acme, 0, 1)
    fill(rival, 0, 1)
    found = search.everywhere(acme.organisation, "item 0")
    assert {hits.kind for hits in found} >= {"systems", "contacts", "teams", "sites", "copies"}
    owners = {record.organisation_id for hits in found for record in hits.records}
    assert owners == {acme.organisation.pk}
    assert search.everywhere(acme.organisation, CANARY) == []
