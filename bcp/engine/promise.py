"""What a tier promises, against when its systems are back (rule G7), as frozen data.

`tier_promises` works it out. Minutes count from the disruption; systems are positions in the
estate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bcp.engine.standing import Standing


class Guess(StrEnum):
    """What nobody said of the people that a recovery takes."""

    WHO = "who"
    """Neither a step nor the system names a team that there is: it counts as nobody's work."""
    HOW_MANY = "how many"
    """It counts as the work of one person."""
    HOW_MANY_THERE_ARE = "how many there are"
    """The team has no headcount, by day or off hours: it counts as large enough."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """The crew that keeps a tier waiting longest: how many it has by day and off hours, and the
    sum of minutes that its people have to work for the tier."""

    crew: str
    day: int
    night: int
    head_minutes: int


@dataclass(frozen=True, slots=True)
class Together:
    """The systems of a tier together, with the people there are from a Friday at 18:00 on (S1).

    All that the more critical tiers wait for is done as well; less critical ones wait where people
    are short.
    """

    found_minutes: int | None
    """When the last of them is back in the order of work found; `None`: not all are."""
    no_sooner_minutes: int | None
    """No order has all of them back before; `None`: none ever does, they take too many people."""
    late: tuple[int, ...]
    """Those that are too late in the order found, the last first."""
    broken: bool
    """It is certain that no order keeps the promise along with the more critical ones that hold."""
    unknown_durations: bool
    """The times rest on work, or an activation, of which nobody knows how long it takes (G8)."""
    shared_restores: bool
    """The times rest on restores that share a repository: how long those take depends on the order
    of work. They count as worked out for unlimited people, and in bounds as if each was alone."""
    guesses: Mapping[int, frozenset[Guess]]
    """What nobody said of the people for it, by system, in the order of the estate."""
    shortage: Shortage | None
    """`None` if no crew by itself keeps anything waiting."""

    @property
    def is_certain(self) -> bool:
        """Nothing that the times rest on is unknown."""
        return not (self.unknown_durations or self.shared_restores or self.guesses)


@dataclass(frozen=True, slots=True)
class TierPromise:
    """A tier's promise; a tier without systems has nothing to keep."""

    tier: int
    name: str
    promise_minutes: int
    systems: tuple[int, ...]
    """Those of the tier that are down; the last to be back, if people were unlimited, first."""
    unlimited_minutes: int
    """When the last of them is back if people were unlimited."""
    unlimited_at_least: bool
    """That time rests on an unknown duration (G8)."""
    together: Together

    @property
    def standing(self) -> Standing:
        """Misses if no order keeps it for certain, meets if one does and nothing is unknown."""
        if self.together.broken:
            return Standing.MISSES
        if self.together.late or not self.together.is_certain:
            return Standing.UNKNOWN
        return Standing.MEETS
