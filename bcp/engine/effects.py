"""What a scenario is, and what it does to a system (rule G10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a scenario does to a system (rule G10)."""

    LOST = "lost"
    DOWN = "down"
    """Not lost, but needs something that is; no recovery work of its own."""
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named loss; `scenario` lists the names.

    `dwell_minutes` is how long an attacker was inside before anybody noticed; `None` where
    nothing is corrupted. `parts` are what a combination is made of, none for all others.
    """

    name: str
    kind: str
    subject: str = ""
    dwell_minutes: int | None = None
    parts: tuple[Scenario, ...] = ()
