"""What several proposals change if all of them are approved, as a page says it.

It is one analysis with all of them: two proposals may fit one by one and contradict each other, or
one may make good what another breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any

from bcp.engine.proposal import Consequences, Demand, consequences
from bcp.engine.results import Analysis, Conflict
from bcp.engine.standing import Standing
from bcp.queries.target_figures import target_of


@dataclass(frozen=True, slots=True)
class Together:
    count: int
    found: Consequences
    between: tuple[Conflict, ...]
    """The contradictions that appear between two of the proposals themselves."""
    others: tuple[Conflict, ...]
    """The other contradictions that appear."""

    @property
    def late(self) -> list[str]:
        """Systems that would certainly be too late for what is asked of them."""
        return self._names([one.system for one in self.found.demands if _is_late(one)])

    @property
    def unsure(self) -> list[str]:
        """Systems of which nobody knows whether they would be back in time."""
        demands = (one for one in self.found.demands if not one.is_met and not _is_late(one))
        return self._names([one.system for one in demands])

    @property
    def worse(self) -> list[str]:
        """Systems that would come to fall short."""
        return self._turned_to(Standing.MISSES, Standing.AT_RISK)

    @property
    def better(self) -> list[str]:
        return self._turned_to(Standing.MEETS)

    def _turned_to(self, *standings: Standing) -> list[str]:
        return self._names([one.system for one in self.found.turns if one.now in standings])

    def _names(self, systems: Sequence[int]) -> list[str]:
        estate = self.found.before.estate
        return [estate.systems[one].name for one in systems]


def _is_late(demand: Demand) -> bool:
    return demand.restored_minutes > demand.now_minutes


def together(answer: Analysis, proposals: Sequence[Any], *, today: date) -> Together | None:
    """`None` for no proposals. Systems that take no part in the recovery ask nothing of it."""
    if not proposals:
        return None
    targets = {one.system_id: target_of(one) for one in proposals}
    found = consequences(answer, targets, today=today)
    chosen = set(found.proposed)
    inside = [{one.dependent, one.dependency} <= chosen for one in found.appeared]
    return Together(
        count=len(proposals),
        found=found,
        between=tuple(compress(found.appeared, inside)),
        others=tuple(one for one, both in zip(found.appeared, inside, strict=True) if not both),
    )
