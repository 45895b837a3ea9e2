"""What a procedure adds up to: how long its steps take together, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.engine.estate import Area, Step


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes of steps that follow each other; `unknown` of them nobody timed (rule G8)."""

    known_minutes: int
    unknown: int

    @property
    def minutes(self) -> int | None:
        """`None` as long as one step is not timed."""
        return None if self.unknown else self.known_minutes


@dataclass(frozen=True, slots=True)
class Totals:
    likely: Sum
    low: Sum
    high: Sum


def totals(steps: Sequence[Step]) -> Totals:
    """The steps one after the other (rule G9)."""
    return Totals(
        _sum([step.likely for step in steps]),
        _sum([step.low for step in steps]),
        _sum([step.high for step in steps]),
    )


def _sum(minutes: Sequence[int | None]) -> Sum:
    known = [one for one in minutes if one is not None]
    return Sum(sum(known), len(minutes) - len(known))


def not_covered(covers: Iterable[Area]) -> tuple[Area, ...]:
    """What no step brings back, in the order in which a recovery goes."""
    covered = set(covers)
    return tuple(area for area in Area if area not in covered)
