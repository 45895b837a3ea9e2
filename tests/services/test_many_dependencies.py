"""Changing and deleting many dependencies at once: all or none, audited one by one."""

from __future__ import annotations

import pytest

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, Dependency
from bcp.services import dependencies
from tests.conftest import Cast
from tests.factories import make_dependency, make_system


@pytest.fixture
def edges(acme: Cast) -> list[Dependency]:
    erp, san, dns = (make_system(acme.organisation, name) for name in ("ERP", "SAN", "DNS"))
    return [make_dependency(erp, san), make_dependency(erp, dns, needed_to="run")]


def test_only_those_that_differ_are_counted_and_audited(
    acme: Cast, edges: list[Dependency]
) -> None:
    keys = [edge.pk for edge in edges]
    changed = dependencies.change_many(
        acme.organisation, keys, {"needed_to": "run"}, by=acme.actor()
    )
    assert changed == 1
    events = AuditEvent.objects.of(acme.organisation).filter(action="changed")
    assert [(event.record_id, event.after) for event in events] == [
        (edges[0].pk, {"needed_to": "run"})
    ]


def test_only_what_an_edge_is_needed_to_is_set_on_many(acme: Cast, edges: list[Dependency]) -> None:
    with pytest.raises(InvalidInput, match="bootstrap"):
        dependencies.change_many(
            acme.organisation, [edges[0].pk], {"bootstrap": "x"}, by=acme.actor()
        )


def test_a_foreign_edge_among_them_changes_none(
    acme: Cast, rival: Cast, edges: list[Dependency]
) -> None:
    foreign = make_dependency(
        make_system(rival.organisation, "A"), make_system(rival.organisation, "B")
    )
    keys = [edges[0].pk, foreign.pk]
    with pytest.raises(Conflict):
        dependencies.change_many(acme.organisation, keys, {"needed_to": "run"}, by=acme.actor())
    with pytest.raises(Conflict):
        dependencies.delete_many(acme.organisation, keys, by=acme.actor())
    assert Dependency.objects.of(acme.organisation).count() == 2
    assert Dependency.objects.of(rival.organisation).count() == 1
    edges[0].refresh_from_db()
    assert edges[0].needed_to == "rebuild"


def test_many_are_deleted_by_who_may(acme: Cast, edges: list[Dependency]) -> None:
    keys = [edge.pk for edge in edges]
    with pytest.raises(NotAllowed):
        dependencies.delete_many(acme.organisation, keys, by=acme.actor(Role.AUDITOR))
    assert dependencies.delete_many(acme.organisation, keys, by=acme.actor()) == 2
    assert not Dependency.objects.of(acme.organisation).exists()
