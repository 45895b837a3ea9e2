"""Data that must come back as of one moment: which systems share a restore point (rule B4).

Two stores of business data are coupled if one needs the other, or if one application needs both,
directly or through services that hold no data themselves. What is coupled with the same store is
coupled: taking that one back takes all of them back. Every gating dependency counts, those with
a bootstrap note too: starting without the other does not make the data agree. What a data store
needs of an application does not couple: a store keeps its data itself, and an application that it
waits for, such as the backup server, is a tool for it.

Infrastructure does not couple. Identity, network, compute, storage and facilities have their own
copies, but business data need not be of the same moment as they are; otherwise a common directory
would tie the whole estate together. Business processes do not couple either, but lose what all
the data that they stand on lose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bcp.engine.contents import Holds
from bcp.engine.estate import GATING, Estate, Kind

Adjacency: TypeAlias = list[list[int]]

_BUSINESS = (Kind.APPLICATION, Kind.DATA_STORE, Kind.END_USER, Kind.SUPPLIER)
_TOOLS = (Kind.APPLICATION, Kind.END_USER)
"""What these are to a data store that waits for them."""


@dataclass(frozen=True, slots=True)
class Coupling:
    """`groups` are the systems that share a restore point, each ascending, one or more each.

    `group_of` gives each holder of data its group, `data_of` each system the groups that its
    loss is: its own, those of an application are those of its data; none for a system that
    stands on no data.
    """

    groups: tuple[tuple[int, ...], ...]
    group_of: dict[int, int]
    data_of: list[tuple[int, ...]]


def coupling(estate: Estate, holds: Sequence[Holds]) -> Coupling:
    """Rule B4. `holds` has one entry per system."""
    holders = [position for position, what in enumerate(holds) if what is Holds.DATA]
    if not holders:
        return Coupling((), {}, [()] * len(holds))
    needs = _needs(estate)
    business = [system.kind in _BUSINESS for system in estate.systems]
    stands_on_data = _stands_on_data(needs, business, holders)
    root = _Roots(len(holds))
    for system, needed in enumerate(needs):
        if business[system]:
            for other in needed:
                if business[other] and stands_on_data[other]:
                    root.join(system, other)
    members: dict[int, list[int]] = {}
    for holder in holders:
        members.setdefault(root.of(holder), []).append(holder)
    number = {first: position for position, first in enumerate(members)}
    # Where a business system's data are; the infrastructure's are with whoever holds them.
    group_at = {
        system: number[root.of(system)]
        for system in range(len(holds))
        if (business[system] and stands_on_data[system]) or root.of(system) in number
    }
    return Coupling(
        groups=tuple(tuple(group) for group in members.values()),
        group_of={holder: group_at[holder] for holder in holders},
        data_of=[_data_of(system, group_at, estate, needs) for system in range(len(holds))],
    )


def _data_of(
    system: int, group_at: Mapping[int, int], estate: Estate, needs: Adjacency
) -> tuple[int, ...]:
    if system in group_at:
        return (group_at[system],)
    if estate.systems[system].kind is not Kind.PROCESS:
        return ()
    below = _below_process(system, estate, needs)
    return tuple(sorted({group_at[one] for one in below if one in group_at}))


def _needs(estate: Estate) -> Adjacency:
    needs: Adjacency = [[] for _ in estate.systems]
    kinds = [system.kind for system in estate.systems]
    for edge in estate.dependencies:
        if edge.needed_to in GATING and edge.dependent != edge.dependency:
            if kinds[edge.dependent] is Kind.DATA_STORE and kinds[edge.dependency] in _TOOLS:
                continue
            needs[edge.dependent].append(edge.dependency)
    return needs


def _stands_on_data(
    needs: Adjacency, business: Sequence[bool], holders: Sequence[int]
) -> bytearray:
    """A flag per business system: it holds data, or needs one that does or that stands on some."""
    dependents: Adjacency = [[] for _ in needs]
    for system, needed in enumerate(needs):
        if business[system]:
            for other in needed:
                if business[other]:
                    dependents[other].append(system)
    flags = bytearray(len(needs))
    queue = [holder for holder in holders if business[holder]]
    for system in queue:
        if not flags[system]:
            flags[system] = 1
            queue += dependents[system]
    return flags


def _below_process(process: int, estate: Estate, needs: Adjacency) -> list[int]:
    """The business systems that a process needs, directly or through other processes."""
    seen, queue, found = {process}, [process], []
    for one in queue:
        for other in needs[one]:
            if other not in seen:
                seen.add(other)
                kind = estate.systems[other].kind
                if kind is Kind.PROCESS:
                    queue.append(other)
                elif kind in _BUSINESS:
                    found.append(other)
    return found


class _Roots:
    """Sets that are joined in pairs; each set is known by one of its members."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, member: int) -> int:
        above = self._above
        while above[member] != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    def join(self, one: int, other: int) -> None:
        self._above[self.of(one)] = self.of(other)
