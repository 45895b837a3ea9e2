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
    """Neither a step nor the system names a team: it counts as nobody's work."""
    HOW_MANY = "how many"
    """It counts as the work of one person."""
    HOW_MANY_THERE_ARE = "how many there are"
    """The team has no headcount, by day or off hours."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """The crew that decides: how many it has by day and off hours, and the sum of minutes that
    they have to work for the tier."""

    crew: str
    day: int
    night: int
    head_minutes: int


@dataclass(frozen=True, slots=True)
class Together:
    """The systems of a tier together, with the people there are at the worst hour (rule S1).

    All that the more critical tiers wait for is done as well; less critical ones wait where people
    are short.
    """

    restored_minutes: int | None
    """When the last of them is back in the best order found; `None`: some cannot be recovered."""
    no_sooner_minutes: int | None
    """No order has all of them back before; `None`: they take more people than there are."""
    late: tuple[int, ...]
    """Those that are too late in that order, the last first."""
    broken: bool
    """It is certain that no order keeps the promise along with the more critical ones that hold."""
    unknown_durations: bool
    """The times rest on work, or an activation, of which nobody knows how long it takes (G8)."""
    guesses: Mapping[int, Guess]
    """What nobody said of the people for it, by system, in the order of the estate."""
    shortage: Shortage | None
    """The crew that decides `no_sooner_minutes`; `None` if none keeps anything waiting."""

    @property
    def at_least(self) -> bool:
        """The times rest on an unknown: a duration, or how many of whom the work takes."""
        return self.unknown_durations or bool(self.guesses)


@dataclass(frozen=True, slots=True)
class TierPromise:
    """A tier's promise; a tier without systems has nothing to keep."""

    tier: int
    name: str
    promise_minutes: int
    systems: tuple[int, ...]
    """Those of the tier; the last to be back, if everybody could work at once, first."""
    restored_minutes: int
    """When the last of them is back if there were as many people as it takes."""
    at_least: bool
    """That time rests on an unknown duration (G8)."""
    together: Together

    @property
    def standing(self) -> Standing:
        """Misses if no order keeps it for certain, meets if one does and nothing is unknown."""
        if self.together.broken:
            return Standing.MISSES
        if self.together.late or self.together.at_least:
            return Standing.UNKNOWN
        return Standing.MEETS
