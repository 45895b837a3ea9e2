"""What a system holds, and therefore which copies it needs (rule B5).

A system that holds data needs copies of its data. One that holds none needs copies of its
configuration, network configuration and access state included. Business processes and
facilities run no software and need no copies, nor does a supplier that holds no data of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bcp.engine.estate import Content, Copy, Estate, Kind, System
from bcp.engine.scenario import RUNS_NO_SOFTWARE


class Holds(StrEnum):
    """What would be gone with a system."""

    DATA = "data"
    CONFIGURATION = "configuration"
    NOTHING = "nothing"


_HOLDS_NOTHING = (Kind.PROCESS, Kind.FACILITY)
CONFIGURATION = (Content.CONFIGURATION, Content.NETWORK, Content.ACCESS)


@dataclass(frozen=True, slots=True)
class Contents:
    """Per system: what it holds, and the positions in `Estate.copies` of the copies it needs and
    of all that it has."""

    holds: list[Holds]
    needed: list[list[int]]
    all: list[list[int]]


def contents(estate: Estate) -> Contents:
    """A system holds data if it has a volume, is a data store, or has a copy of data; a recorded
    volume of 0 says that it holds none."""
    every: list[list[int]] = [[] for _ in estate.systems]
    for position, copy in enumerate(estate.copies):
        every[copy.system].append(position)
    holds = [
        _holds(system, [estate.copies[position] for position in positions])
        for system, positions in zip(estate.systems, every, strict=True)
    ]
    needed = [
        [position for position in positions if _is_of(estate.copies[position], what)]
        for positions, what in zip(every, holds, strict=True)
    ]
    return Contents(holds, needed, every)


def _holds(system: System, copies: Sequence[Copy]) -> Holds:
    if system.kind in _HOLDS_NOTHING:
        return Holds.NOTHING
    if system.data_gb is not None:
        data = system.data_gb > 0
    else:
        data = system.kind is Kind.DATA_STORE or any(
            copy.content is Content.DATA for copy in copies
        )
    if data:
        return Holds.DATA
    return Holds.NOTHING if system.kind in RUNS_NO_SOFTWARE else Holds.CONFIGURATION


def _is_of(copy: Copy, what: Holds) -> bool:
    if what is Holds.DATA:
        return copy.content is Content.DATA
    return what is Holds.CONFIGURATION and copy.content in CONFIGURATION
