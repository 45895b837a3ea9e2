"""What a tier promises holds only if all of its systems are back in time (rule G7)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System, TierPolicy
from bcp.engine.standing import Standing
from bcp.engine.tier_promises import TierPromise, tier_promises
from tests.engine.estates import TODAY, estates, with_authority

DATABASE = System("db", "Database", tier=2, duration_minutes=120)
SHOP = System("shop", "Shop", tier=1, duration_minutes=60)
TILL = System("till", "Till", tier=1, duration_minutes=30)


def promised(*systems: System, needs: tuple[Dependency, ...] = (), minutes: int) -> TierPromise:
    estate = Estate(
        "acme", systems, needs, tier_policies=(TierPolicy(1, "Critical", rto_minutes=minutes),)
    )
    (found,) = tier_promises(analyse(with_authority(estate), today=TODAY))
    return found


def test_one_late_system_breaks_the_promise_of_all():
    needs = (Dependency(0, 1),)
    found = promised(SHOP, DATABASE, TILL, needs=needs, minutes=179)
    assert (found.standing, found.late, found.systems) == (Standing.MISSES, (0,), (0, 2))
    assert found.restored_minutes == 180
    kept = promised(SHOP, DATABASE, TILL, needs=needs, minutes=180)
    assert (kept.standing, kept.late) == (Standing.MEETS, ())


def test_an_unknown_below_one_of_them_leaves_the_promise_open():
    unknown = replace(DATABASE, duration_minutes=None)
    needs = (Dependency(0, 1),)
    found = promised(SHOP, unknown, TILL, needs=needs, minutes=90)
    assert (found.standing, found.at_least, found.restored_minutes) == (Standing.UNKNOWN, True, 60)
    assert promised(SHOP, unknown, TILL, needs=needs, minutes=59).standing is Standing.MISSES


def test_a_tier_without_systems_or_without_a_promise():
    assert promised(DATABASE, minutes=60).systems == ()
    estate = Estate("acme", (SHOP,), tier_policies=(TierPolicy(1, "Critical"),))
    assert tier_promises(analyse(estate, today=TODAY)) == ()


@given(estates(), st.lists(st.none() | st.integers(0, 2000), min_size=4, max_size=4))
def test_it_says_of_each_tier_what_its_systems_say_one_by_one(estate, promises):
    policies = tuple(
        TierPolicy(tier, f"Tier {tier}", rto_minutes=minutes)
        for tier, minutes in enumerate(promises, 1)
    )
    answer = analyse(replace(estate, tier_policies=policies), today=TODAY)
    found = {one.tier: one for one in tier_promises(answer)}
    assert set(found) == {tier for tier, minutes in enumerate(promises, 1) if minutes is not None}
    for tier, one in found.items():
        members = [i for i, system in enumerate(estate.systems) if system.tier == tier]
        own = [answer.systems[index] for index in members]
        late = {result.index for result in own if result.restored_minutes > one.promise_minutes}
        assert set(one.systems) == set(members)
        assert set(one.late) == late
        if late:
            assert one.standing is Standing.MISSES
        elif any(result.at_least for result in own):
            assert one.standing is Standing.UNKNOWN
        else:
            assert one.standing is Standing.MEETS
