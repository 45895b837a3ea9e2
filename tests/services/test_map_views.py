"""Saved views of the map: one way to write each, and nothing that could not be shown."""

from __future__ import annotations

import pytest

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, SavedView
from bcp.queries import history
from bcp.services import map_views
from bcp.services.undo import undo
from tests.conftest import Cast
from tests.factories import make_saved_view


def test_a_view_is_kept_in_the_one_way_to_write_it_and_audited(acme: Cast) -> None:
    values = {"name": "Around ERP", "query": "depth=2&utm=x&way=needs&focus=k1"}
    made = map_views.create(acme.organisation, values, by=acme.actor(Role.ENGINEER))
    assert made.query == "focus=k1&way=needs&depth=2"
    event = AuditEvent.objects.get(record_id=made.pk)
    assert (event.action, event.record_type) == ("created", "savedview")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("focus=k1&depth=9", "“depth=9” is not known; allowed: 1, 2, 3"),
        ("show=ground", "Choose something to show first"),
        ("focus=" + "k" * 5000, "longer than 4000 characters"),
    ],
)
def test_what_shows_nothing_is_not_saved(query: str, says: str, acme: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        map_views.create(acme.organisation, {"name": "X", "query": query}, by=acme.actor())
    assert says in refused.value.fields["query"][0]
    assert not SavedView.objects.exists()


def test_a_name_is_given_once_in_an_organisation_whatever_its_case(acme: Cast, rival: Cast) -> None:
    make_saved_view(acme.organisation, "Payroll")
    with pytest.raises(InvalidInput, match="already taken"):
        make_saved_view(acme.organisation, "PAYROLL", "by=site")
    make_saved_view(rival.organisation, "Payroll")


def test_the_second_of_two_who_rename_is_told(acme: Cast) -> None:
    view = make_saved_view(acme.organisation, "Payroll")
    map_views.change(acme.organisation, view.pk, {"name": "Wages"}, seen_version=1, by=acme.actor())
    with pytest.raises(Conflict):
        map_views.change(
            acme.organisation, view.pk, {"name": "Salaries"}, seen_version=1, by=acme.actor()
        )
    view.refresh_from_db()
    assert (view.name, view.version) == ("Wages", 2)


def test_a_deleted_view_returns(acme: Cast) -> None:
    view = make_saved_view(acme.organisation, "Payroll", "by=site")
    map_views.delete(acme.organisation, view.pk, seen_version=1, by=acme.actor())
    assert not SavedView.objects.exists()
    event = history.of_record(acme.organisation, "savedview", view.pk).first()
    assert event is not None
    undo(acme.organisation, event, by=acme.actor())
    back = SavedView.objects.get()
    assert (back.pk, back.name, back.query) == (view.pk, "Payroll", "by=site")


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR])
def test_who_may_not_edit_the_estate_saves_no_view(role: Role, acme: Cast) -> None:
    with pytest.raises(NotAllowed):
        map_views.create(acme.organisation, {"name": "X", "query": ""}, by=acme.actor(role))


def test_a_view_of_another_organisation_is_not_there(acme: Cast, rival: Cast) -> None:
    foreign = make_saved_view(rival.organisation, "Theirs")
    with pytest.raises(Conflict):
        map_views.delete(acme.organisation, foreign.pk, seen_version=1, by=acme.actor())
    assert SavedView.objects.get() == foreign
