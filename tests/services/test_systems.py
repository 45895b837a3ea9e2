"""Systems in bulk, and retiring them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.errors import Conflict, InvalidInput
from bcp.models import System
from bcp.queries import history
from bcp.services import systems
from bcp.services.systems import BULK_FIELDS
from tests.conftest import Cast
from tests.factories import make_contact, make_site, make_system


def test_many_systems_are_changed_at_once_each_with_its_history(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    one = make_system(acme.organisation, "One")
    two = make_system(acme.organisation, "Two", tier=2, site=site)
    values = {"tier": "2", "site": site}
    changed = systems.change_many(acme.organisation, [one.pk, two.pk], values, by=acme.actor())
    assert changed == 1, "the other one said so already"
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.tier, one.site, one.version) == (2, site, 2)
    assert two.version == 1
    event = history.of_record(acme.organisation, "system", one.pk).first()
    assert event is not None
    assert event.after == {"tier": 2, "site": {"id": site.pk, "name": "HQ"}}
    with pytest.raises(Conflict):
        systems.change(acme.organisation, one.pk, {"tier": 1}, seen_version=1, by=acme.actor())


def test_a_system_that_is_gone_or_foreign_stops_the_whole_change(acme: Cast, rival: Cast) -> None:
    one = make_system(acme.organisation, "One")
    foreign = make_system(rival.organisation, "Foreign")
    for key in (foreign.pk, "neverexisted", "nul\x00"):
        with pytest.raises(Conflict, match="no longer exist"):
            systems.change_many(acme.organisation, [one.pk, key], {"tier": 1}, by=acme.actor())
    assert System.objects.get(pk=one.pk).tier is None
    assert System.objects.get(pk=foreign.pk).tier is None


def wrong_values(rival: Cast) -> list[tuple[dict[str, Any], str]]:
    return [
        ({"tier": 7}, "tier"),
        ({"status": "asleep"}, "status"),
        ({"owner": make_contact(rival.organisation, "Foreign")}, "owner"),
    ]


def test_a_wrong_value_changes_nothing_at_all(acme: Cast, rival: Cast) -> None:
    keys = [make_system(acme.organisation, name).pk for name in ("One", "Two")]
    for values, column in wrong_values(rival):
        with pytest.raises(InvalidInput) as refused:
            systems.change_many(acme.organisation, keys, values, by=acme.actor())
        assert list(refused.value.fields) == [column]
    assert set(System.objects.of(acme.organisation).values_list("version", flat=True)) == {1}


@pytest.mark.parametrize("name", ["name", "organisation", "version", "description", "id"])
def test_only_fields_that_many_can_share_are_set_in_bulk(name: str, acme: Cast) -> None:
    one = make_system(acme.organisation, "One")
    assert name not in BULK_FIELDS
    with pytest.raises(InvalidInput, match=name):
        systems.change_many(acme.organisation, [one.pk], {name: "x"}, by=acme.actor())


def test_hundreds_take_hardly_more_queries_than_two(acme: Cast) -> None:
    """SQLite takes the audit rows in batches of dozens; nothing is asked system by system."""
    counted = []
    for many in (2, 200):
        keys = [make_system(acme.organisation, f"{many}-{number}").pk for number in range(many)]
        with CaptureQueriesContext(connection) as queries:
            systems.change_many(acme.organisation, keys, {"tier": 1}, by=acme.actor())
        counted.append(len(queries))
    assert counted[1] <= counted[0] + 4


def test_nothing_chosen_is_nothing_done(acme: Cast) -> None:
    assert systems.change_many(acme.organisation, [], {"tier": 1}, by=acme.actor()) == 0


def test_a_retired_system_keeps_its_history_and_can_return(acme: Cast) -> None:
    one = make_system(acme.organisation, "One")
    retired = systems.retire(acme.organisation, one.pk, seen_version=1, by=acme.actor())
    assert (retired.status, retired.version) == ("retired", 2)
    again = systems.change(
        acme.organisation, one.pk, {"status": "live"}, seen_version=2, by=acme.actor()
    )
    assert again.status == "live"
    assert history.of_record(acme.organisation, "system", one.pk).count() == 3
