"""An organisation's own facts and what its tiers promise."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import Organisation, TierPolicy
from bcp.queries import history
from bcp.services import organisations
from tests.conftest import Cast


def change(cast: Cast, values: dict[str, Any], seen: int = 1) -> Organisation:
    by = cast.actor(Role.ADMINISTRATOR)
    return organisations.change(cast.organisation, values, seen_version=seen, by=by)


def test_a_new_organisation_has_four_tiers_that_promise_nothing_yet(db: None) -> None:
    made = organisations.create("acme", "Acme", time_zone="Europe/Berlin")
    tiers = TierPolicy.objects.of(made)
    assert [tier.tier for tier in tiers] == [1, 2, 3, 4]
    assert all(tier.rto_minutes is None for tier in tiers)
    assert history.events(made).count() == 5
    assert history.first_broken(made) is None


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"slug": "acme"}, "slug"),
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"paper_size": "A0"}, "paper_size"),
        ({"detection_minutes": -1}, "detection_minutes"),
        ({"review_months": 0}, "review_months"),
    ],
)
def test_wrong_facts_are_refused_at_their_field(
    values: dict[str, Any], column: str, acme: Cast
) -> None:
    with pytest.raises(InvalidInput) as refused:
        organisations.create(**{"slug": "other", "name": "Other", **values})
    assert list(refused.value.fields) == [column]
    if column != "slug":
        with pytest.raises(InvalidInput) as refused:
            change(acme, values)
        assert list(refused.value.fields) == [column]


def test_a_change_is_audited_and_counts_as_a_version(acme: Cast) -> None:
    changed = change(acme, {"detection_minutes": None, "paper_size": "Letter"})
    assert (changed.version, changed.detection_minutes) == (2, None)
    event = history.events(acme.organisation).first()
    assert event is not None
    assert event.record_type == "organisation"
    assert event.before == {"detection_minutes": 15, "paper_size": "A4"}
    with pytest.raises(Conflict) as conflict:
        change(acme, {"name": "Other"}, seen=1)
    assert conflict.value.current["paper_size"] == "Letter"
    assert history.first_broken(acme.organisation) is None


@pytest.mark.parametrize("name", ["slug", "audit_count", "audit_head", "version", "id"])
def test_the_bookkeeping_is_nobodys_to_set(name: str, acme: Cast) -> None:
    with pytest.raises(InvalidInput):
        change(acme, {name: 7})


def test_a_tier_promises_what_it_is_given(acme: Cast) -> None:
    tier = TierPolicy.objects.of(acme.organisation).get(tier=1)
    by = acme.actor(Role.ADMINISTRATOR)
    changed = organisations.change_tier(
        acme.organisation, tier.pk, {"rto_minutes": 240}, seen_version=1, by=by
    )
    assert changed.rto_minutes == 240
    with pytest.raises(Conflict):
        organisations.change_tier(
            acme.organisation, tier.pk, {"rto_minutes": 60}, seen_version=1, by=by
        )


@pytest.mark.parametrize(
    "role", [role for role in Role if not allows(role, Capability.MANAGE_ORGANISATION)]
)
def test_only_who_manages_the_organisation_changes_it(role: Role, acme: Cast) -> None:
    tier = TierPolicy.objects.of(acme.organisation).get(tier=1)
    with pytest.raises(NotAllowed):
        organisations.change(acme.organisation, {"name": "X"}, seen_version=1, by=acme.actor(role))
    with pytest.raises(NotAllowed):
        organisations.change_tier(
            acme.organisation, tier.pk, {"rto_minutes": 1}, seen_version=1, by=acme.actor(role)
        )


def test_a_foreign_tier_is_as_good_as_gone(acme: Cast, rival: Cast) -> None:
    tier = TierPolicy.objects.of(rival.organisation).get(tier=1)
    with pytest.raises(Conflict):
        organisations.change_tier(
            acme.organisation,
            tier.pk,
            {"rto_minutes": 1},
            seen_version=1,
            by=acme.actor(Role.ADMINISTRATOR),
        )
