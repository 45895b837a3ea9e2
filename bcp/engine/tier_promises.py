"""Whether each tier's promise holds for all of its systems together (rule G7).

Two answers are certain: an order in which the people there are have all of them back in time,
and a bound that no order beats. Between the two it is not decided, and said so. The tiers are
gone through from the most critical on: each has to be back in time together with those before
it, and what the rest waits for comes later. The weights of rule S2 are thereby such that no
gain for a tier outweighs a loss for a more critical one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bcp.engine.estate import Procedure, TierPolicy
from bcp.engine.people import People, people_at_work
from bcp.engine.people_bound import Bounds
from bcp.engine.people_order import Orders
from bcp.engine.promise import TierPromise, Together
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER
from bcp.engine.standing import Standing


def tier_promises(
    recovery: Recovery, procedures: Mapping[int, Procedure]
) -> tuple[TierPromise, ...]:
    """One for each tier that promises a recovery time, in the order of the tiers. `procedures`
    say who does what, by position of their system."""
    tiers = _Tiers(recovery, people_at_work(recovery, procedures))
    return tuple(
        tiers.next(policy, policy.rto_minutes)
        for policy in sorted(recovery.estate.tier_policies, key=lambda policy: policy.tier)
        if policy.rto_minutes is not None
    )


class _Tiers:
    """Goes through the tiers; each answer builds on the best order of those before it."""

    def __init__(self, recovery: Recovery, people: People) -> None:
        self._recovery, self._people = recovery, people
        self._orders = Orders(recovery, people)
        self._bounds = Bounds(recovery, people)
        self._promised: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._settled: tuple[int, ...] = ()

    def next(self, policy: TierPolicy, promise: int) -> TierPromise:
        restored = self._recovery.timeline.restored
        systems = [
            system
            for system in self._recovery.timeline.sequence
            if self._recovery.estate.systems[system].tier == policy.tier
        ]
        systems.sort(key=lambda system: (-restored[system], system))
        with_everybody = restored[systems[0]] if systems else 0
        self._promised[policy.tier] = promise
        answer = TierPromise(
            policy.tier,
            policy.name,
            promise,
            systems=tuple(systems),
            restored_minutes=with_everybody,
            at_least=any(self._recovery.at_least[system] for system in systems),
            together=self._together(policy.tier, systems, with_everybody),
        )
        if answer.standing is Standing.MEETS:
            self._held[policy.tier] = promise
        return answer

    def _together(self, tier: int, systems: list[int], with_everybody: int) -> Together:
        promise = self._promised[tier]
        alone = self._bounds.of(self._orders.latest({tier: promise}), promise)
        jointly = self._bounds.of(self._orders.latest({**self._held, tier: promise}), promise)
        broken = max(alone.minutes, jointly.minutes) > promise
        placed = self._orders.best(self._promised, self._settled, thorough=not broken)
        self._settled = placed.order
        last = max((placed.restored[one] for one in systems), default=0)
        late = [one for one in systems if placed.restored[one] > promise]
        guesses = {
            one: self._people.guesses[one]
            for one in sorted(placed.order)
            if one in self._people.guesses
        }
        return Together(
            restored_minutes=_time(last),
            no_sooner_minutes=_time(alone.minutes),
            late=tuple(sorted(late, key=lambda one: (-placed.restored[one], one))),
            broken=broken,
            unknown_durations=any(self._recovery.at_least[one] for one in placed.order),
            guesses=guesses,
            shortage=alone.shortage if alone.minutes > with_everybody else None,
        )


def _time(minutes: int) -> int | None:
    return None if minutes >= NEVER else minutes
