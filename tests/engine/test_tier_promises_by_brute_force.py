"""Promises of tiers against a brute force that tries every order of all steps (rules G7, S1)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    GATING,
    Dependency,
    Estate,
    Kind,
    NeededTo,
    Procedure,
    Step,
    System,
    Team,
    TierPolicy,
)
from bcp.engine.promise import TierPromise
from bcp.engine.standing import Standing
from tests.engine.brute_force import gating
from tests.engine.estates import TODAY, with_authority
from tests.engine.people_simulation import HOUR, NEVER, outcomes

_HOURS = st.sampled_from((0, 1, 1, 2, 3, 5, 30, 61))


@st.composite
def crewed_estates(draw) -> Estate:
    """Up to five steps in up to four systems of three tiers, for two teams of three at most."""
    count = draw(st.integers(1, 4))
    heads = st.sampled_from((0, 1, 1, 2, 3, 3))
    teams = tuple(Team(name, draw(heads), draw(heads), 0, 0) for name in ("Servers", "Network"))
    team = st.sampled_from(("Servers", "Servers", "Network"))
    written = draw(
        st.lists(st.integers(0, count - 1), max_size=1 if count == 4 else 2, unique=True)
    )
    return Estate(
        "acme",
        tuple(
            System(
                str(place),
                f"system {place}",
                tier=draw(st.sampled_from((1, 1, 2, 3))),
                kind=draw(st.sampled_from((Kind.APPLICATION, Kind.APPLICATION, Kind.SUPPLIER))),
                team=draw(team),
                duration_minutes=draw(_HOURS) * HOUR,
            )
            for place in range(count)
        ),
        tuple(
            Dependency(u, v, draw(st.sampled_from((*GATING, *GATING, NeededTo.FULL_SERVICE))))
            for u in range(count)
            for v in range(u)
            if draw(st.booleans())
        ),
        teams=teams,
        procedures=tuple(
            Procedure(
                place,
                tuple(
                    Step(
                        draw(_HOURS) * HOUR, team=draw(team), heads=draw(st.sampled_from((1, 1, 2)))
                    )
                    for _ in range(2)
                ),
            )
            for place in written
        ),
    )


def waited_for(estate: Estate, tiers: set[int]) -> set[int]:
    found = {place for place, system in enumerate(estate.systems) if system.tier in tiers}
    for _ in estate.systems:
        found |= {edge.dependency for edge in gating(estate) if edge.dependent in found}
    return found


def last(promise: TierPromise, every: list[list[int]]) -> set[int]:
    return {max((back[place] for place in promise.systems), default=0) for back in every}


def keeps(estate: Estate, promises: dict[int, int], back: list[int]) -> bool:
    return all(
        back[place] <= promises[system.tier]
        for place, system in enumerate(estate.systems)
        if system.tier in promises
    )


@settings(max_examples=400)
@given(crewed_estates(), st.sampled_from((0, 1)), st.data())
def test_no_order_of_all_steps_contradicts_it(estate, activation_hours, data):
    """Promises are drawn from the times at which something can be back, where it is decided."""
    estate = replace(with_authority(estate), detection_minutes=activation_hours * HOUR)
    everybody = set(range(len(estate.systems)))
    times = {hours for back in outcomes(estate, everybody, activation_hours) for hours in back}
    promise = st.sampled_from(sorted(times - {NEVER} | {2})).map(lambda hours: hours * HOUR)
    policies = tuple(TierPolicy(tier, str(tier), data.draw(promise)) for tier in (1, 2, 3))
    held: dict[int, int] = {}
    for one in analyse(replace(estate, tier_policies=policies), today=TODAY).tier_promises:
        together, promised = one.together, one.promise_minutes // HOUR
        needed = waited_for(estate, set(range(1, one.tier + 1)))
        every = outcomes(estate, needed, activation_hours)
        sooner = together.no_sooner_minutes
        assert (NEVER if sooner is None else sooner / HOUR) <= min(last(one, every))
        every = [back for back in every if keeps(estate, held, back)]
        found = NEVER if together.found_minutes is None else together.found_minutes // HOUR
        assert found in last(one, every)
        if together.broken:
            assert min(last(one, every)) > promised
        if not together.late:
            assert found <= promised
        if one.standing is Standing.MEETS:
            held[one.tier] = promised
