"""Whether each tier's promise holds for all of its systems together (rule G7).

Two answers are certain: an order in which the people there are have all of them back in time,
and a bound that no order beats. Between the two it is not decided, and said so. The tiers are
gone through from the most critical on: none that holds, and no minute that was won for one that
does not, is given up for a less critical one. What only the rest waits for comes later. The
weights of rule S2 are thereby such that no gain for a tier outweighs a loss for a more critical.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.engine.estate import Procedure, TierPolicy
from bcp.engine.people import people_at_work, without_sharing
from bcp.engine.people_bound import Bounds
from bcp.engine.people_order import Orders, due_by_system, latest_by_system
from bcp.engine.promise import TierPromise, Together
from bcp.engine.recovery import Recovery
from bcp.engine.shifts import NEVER
from bcp.engine.standing import Standing


def tier_promises(
    recovery: Recovery, procedures: Mapping[int, Procedure]
) -> tuple[TierPromise, ...]:
    """One for each tier that promises a recovery time, in the order of the tiers. `procedures`
    say who does what, by position of their system."""
    tiers = _Tiers(recovery, procedures)
    return tuple(
        tiers.next(policy, policy.rto_minutes)
        for policy in sorted(recovery.estate.tier_policies, key=lambda policy: policy.tier)
        if policy.rto_minutes is not None
    )


class _Tiers:
    """Goes through the tiers; each answer builds on the order found for those before it."""

    def __init__(self, recovery: Recovery, procedures: Mapping[int, Procedure]) -> None:
        self._recovery = recovery
        self._people = people_at_work(recovery, procedures, recovery.work.minutes)
        self._orders = Orders(recovery, self._people)
        self._least_minutes, self._sharing = without_sharing(recovery)
        self._bounds = Bounds(
            recovery,
            people_at_work(recovery, procedures, self._least_minutes)
            if self._sharing
            else self._people,
        )
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
        unlimited = restored[systems[0]] if systems else 0
        self._promised[policy.tier] = promise
        answer = TierPromise(
            policy.tier,
            policy.name,
            promise,
            systems=tuple(systems),
            unlimited_minutes=unlimited,
            unlimited_at_least=any(self._recovery.at_least[system] for system in systems),
            together=self._together(policy.tier, systems, unlimited),
        )
        if answer.standing is Standing.MEETS:
            self._held[policy.tier] = promise
        return answer

    def _together(self, tier: int, systems: Sequence[int], unlimited: int) -> Together:
        promise = self._promised[tier]
        latest = self._latest({tier: promise})
        sooner = self._bounds.of(latest, promise)
        jointly = self._bounds.of(self._latest({**self._held, tier: promise}), promise)
        broken = max(unlimited, sooner, jointly) > promise
        placed = self._orders.best(self._promised, self._settled, thorough=not broken)
        self._settled = placed.order
        late = [one for one in systems if placed.restored[one] > promise]
        return Together(
            found_minutes=_time(max((placed.restored[one] for one in systems), default=0)),
            no_sooner_minutes=_time(sooner),
            late=tuple(sorted(late, key=lambda one: (-placed.restored[one], one))),
            broken=broken,
            unknown_durations=any(self._recovery.at_least[one] for one in placed.order),
            shared_restores=not self._sharing.isdisjoint(placed.order),
            guesses={
                one: self._people.guesses[one]
                for one in sorted(placed.order)
                if one in self._people.guesses
            },
            shortage=self._bounds.shortage(latest, promise) if sooner > unlimited else None,
        )

    def _latest(self, promises: Mapping[int, int]) -> list[int]:
        due = due_by_system(self._recovery, promises)
        return latest_by_system(self._recovery, due, self._least_minutes)


def _time(minutes: int) -> int | None:
    return None if minutes >= NEVER else minutes
