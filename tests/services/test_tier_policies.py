"""What tiers must withstand and how they are tested: what is kept, refused and audited."""

from __future__ import annotations

import pytest

from bcp.engine.permissions import Role
from bcp.errors import InvalidInput, NotAllowed
from bcp.models import AuditEvent, TierPolicy
from bcp.queries.organisations import tier_rules, tiers
from bcp.services import organisations
from tests.conftest import Cast
from tests.factories import make_scenario


def change(cast: Cast, **values: object) -> TierPolicy:
    policy = tiers(cast.organisation).get(tier=1)
    own = values.pop("own", None)
    return organisations.change_tier(
        cast.organisation,
        policy.pk,
        values,
        own_scenarios=own,
        seen_version=policy.version,
        by=cast.actor(Role.ADMINISTRATOR),
    )


def test_scenarios_are_kept_as_the_columns_are_spelled_the_longest_dwell_time_alone(
    acme: Cast,
) -> None:
    policy = change(acme, scenarios=["Everything", "ransomware: 7 d", "system", "RANSOMWARE:336h"])
    assert policy.scenarios == ["system", "ransomware:14d", "everything"]
    assert tier_rules(acme.organisation)[1].scenarios == tuple(policy.scenarios)


def test_a_tier_may_be_asked_for_nothing_which_is_not_the_default(acme: Cast) -> None:
    assert change(acme, scenarios=[]).scenarios == []
    assert tier_rules(acme.organisation)[1].scenarios == ()
    assert change(acme, scenarios=None).scenarios is None
    assert "site" in tier_rules(acme.organisation)[1].scenarios


@pytest.mark.parametrize("name", ["site:HQ", "ransomware", "ransomware:soon", "Fire", "system:"])
def test_what_could_not_be_held_against_every_system_is_refused(acme: Cast, name: str) -> None:
    with pytest.raises(InvalidInput, match="stolen_credentials"):
        change(acme, scenarios=["system", name])


def test_own_scenarios_are_ticked_on_the_tier_and_kept_with_the_scenario(acme: Cast) -> None:
    fire = make_scenario(acme.organisation, "Fire", tiers=[1, 3])
    flood = make_scenario(acme.organisation, "Flood")
    change(acme, own=[flood.pk], cadence_days=30)
    fire.refresh_from_db()
    flood.refresh_from_db()
    assert (fire.tiers, flood.tiers) == ([3], [1])
    rules = tier_rules(acme.organisation)[1]
    assert rules.scenarios[-1] == "Flood"
    assert rules.cadence_days == 30
    changed = AuditEvent.objects.filter(action="changed").values_list("record_label", flat=True)
    assert {"Fire", "Flood"} <= set(changed)


def test_a_scenario_of_another_organisation_does_not_exist(acme: Cast, rival: Cast) -> None:
    foreign = make_scenario(rival.organisation, "Elsewhere")
    with pytest.raises(InvalidInput, match="no such record"):
        change(acme, own=[foreign.pk])


def test_only_who_manages_the_organisation_changes_its_tiers(acme: Cast) -> None:
    policy = tiers(acme.organisation).get(tier=1)
    with pytest.raises(NotAllowed):
        organisations.change_tier(
            acme.organisation, policy.pk, {"name": "Mine"}, seen_version=1, by=acme.actor()
        )
