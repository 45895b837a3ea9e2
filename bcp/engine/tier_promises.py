"""Whether what a tier promises holds for all of its systems at once (rule G7).

Each system is back as soon as its dependencies let it, with as many people as that takes. Whether
the people there are suffice for all of them at once is not answered here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.results import Analysis
from bcp.engine.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class TierPromise:
    """A tier's promise against when its systems are back. Minutes count from the disruption.

    `systems` and `late` are positions in the estate, each those that are back last first.
    """

    tier: int
    name: str
    promise_minutes: int
    systems: tuple[int, ...]
    late: tuple[int, ...]
    restored_minutes: int
    """When the last of them is back; 0 if the tier has no systems."""
    at_least: bool
    """A system that is in time so far rests on an unknown duration, or the last one does (G8)."""

    @property
    def standing(self) -> Standing:
        """Misses with the first system that is certainly late; unknown while one may be."""
        restored = self.restored_minutes
        return standing_of(self.promise_minutes, self.promise_minutes, restored, self.at_least)


def tier_promises(answer: Analysis) -> tuple[TierPromise, ...]:
    """One for each tier that promises a recovery time, in the order of the tiers."""
    return tuple(
        _promise(answer, policy.tier, policy.name, policy.rto_minutes)
        for policy in sorted(answer.estate.tier_policies, key=lambda policy: policy.tier)
        if policy.rto_minutes is not None
    )


def _promise(answer: Analysis, tier: int, name: str, promise_minutes: int) -> TierPromise:
    results = [
        answer.systems[index]
        for index, system in enumerate(answer.estate.systems)
        if system.tier == tier
    ]
    results.sort(key=lambda result: (-result.restored_minutes, result.index))
    return TierPromise(
        tier,
        name,
        promise_minutes,
        systems=tuple(result.index for result in results),
        late=tuple(one.index for one in results if one.restored_minutes > promise_minutes),
        restored_minutes=results[0].restored_minutes if results else 0,
        at_least=any(result.at_least for result in results),
    )
