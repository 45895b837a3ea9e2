"""Backups lived through minute by minute, to hold the engine's worst losses against.

Written from the rules alone: it shares the estate's dataclasses with the engine and nothing else.
Runs start, ship, arrive, expire; an attacker comes in, spoils what arrives and deletes what he
can reach; at one minute disaster strikes, and what is left is looked at. What nobody recorded is
taken at its worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bcp.engine.estate import Content, Copy, CopyKind, Dependency, Estate, Kind, NeededTo

RUNS_SOFTWARE = {
    Kind.APPLICATION,
    Kind.DATA_STORE,
    Kind.IDENTITY,
    Kind.NETWORK,
    Kind.COMPUTE,
    Kind.STORAGE,
    Kind.END_USER,
}
BUSINESS = {Kind.APPLICATION, Kind.DATA_STORE, Kind.END_USER, Kind.SUPPLIER}


@dataclass(frozen=True)
class Disaster:
    """What strikes: which systems lose their data, whose storage is gone, which sites with it,
    for how long an attacker was inside, whether somebody has the administrators' credentials."""

    lost: frozenset[int]
    destroyed: frozenset[int]
    sites: frozenset[str]
    dwell: int | None
    thief: bool


def disaster(estate: Estate, name: str, of: int) -> Disaster:
    """The scenario of that name; `system` is the failure of the system at position `of` alone."""
    everybody = range(len(estate.systems))
    for combination in estate.combinations:
        if combination.name == name:
            return _together([disaster(estate, part, of) for part in combination.parts])
    kind, _, subject = name.partition(":")
    attacked = frozenset(i for i in everybody if estate.systems[i].kind in RUNS_SOFTWARE)
    if kind == "ransomware":
        return Disaster(attacked, frozenset(), frozenset(), int(subject.removesuffix("min")), False)
    if kind == "stolen_credentials":
        return Disaster(attacked, frozenset(), frozenset(), None, True)
    if kind == "everything":
        places = {system.site for system in estate.systems if system.site}
        gone = frozenset(place for site in places for place in same_fate(estate, site))
        return Disaster(frozenset(everybody), frozenset(everybody), gone, None, False)
    if kind == "site":
        gone = same_fate(estate, subject)
        there = frozenset(i for i in everybody if estate.systems[i].site in gone)
        return Disaster(there, there, gone, None, False)
    if kind == "supplier":
        it = frozenset(i for i in everybody if estate.systems[i].name == subject)
        sites = {subject} | {estate.systems[i].site for i in it if estate.systems[i].site}
        gone = frozenset(place for site in sites for place in same_fate(estate, site))
        return Disaster(it, it, gone, None, False)
    assert kind == "system"
    it = frozenset({of})
    return Disaster(it, it, frozenset(), None, False)


def _together(parts: Sequence[Disaster]) -> Disaster:
    dwells = [part.dwell for part in parts if part.dwell is not None]
    return Disaster(
        frozenset().union(*(part.lost for part in parts)),
        frozenset().union(*(part.destroyed for part in parts)),
        frozenset().union(*(part.sites for part in parts)),
        max(dwells, default=None),
        any(part.thief for part in parts),
    )


def same_fate(estate: Estate, site: str) -> frozenset[str]:
    """All sites that are lost with `site`, itself included."""
    zones = {one.name: one.zone for one in estate.sites}
    zone = zones.get(site, "")
    return frozenset({site} | {name for name, other in zones.items() if zone and other == zone})


@dataclass
class Point:
    taken: int
    arrives: int
    clean: bool = True


def newest_point(estate: Estate, copy: Copy, strikes: Disaster, at: int, phase: int) -> int | None:
    """The minute of the newest good point that is left of `copy` after `strikes` at minute `at`.

    `phase` is the minute of the copy's first run. `None`: nothing good is left.
    """
    if None in (copy.interval_minutes, copy.run_minutes, copy.lag_minutes):
        return None
    if _swept_away(estate, copy, strikes):
        return None
    if copy.kind is CopyKind.REPLICA and (strikes.dwell is not None or strikes.thief):
        return None
    attacked = strikes.dwell is not None
    came_in = at if strikes.dwell is None else at - strikes.dwell
    underway: list[Point] = []
    vault: list[Point] = []
    for minute in range(at + 1):
        if minute >= phase and (minute - phase) % copy.interval_minutes == 0:
            underway.append(Point(minute, minute + copy.run_minutes + copy.lag_minutes))
        for point in [one for one in underway if one.arrives == minute]:
            underway.remove(point)
            point.clean = minute <= came_in
            vault.append(point)
        vault = [point for point in vault if not _expired(copy, point, minute, attacked)]
        if minute > came_in or minute == at:
            vault = [point for point in vault if not _deleted(copy, point, minute, strikes)]
    return max((point.taken for point in vault if point.clean), default=None)


def _swept_away(estate: Estate, copy: Copy, strikes: Disaster) -> bool:
    if strikes.sites and (copy.site is None or copy.site in strikes.sites):
        return True
    if copy.kind is not CopyKind.SNAPSHOT or copy.system not in strikes.destroyed:
        return False
    home = estate.systems[copy.system].site
    return copy.site is None or home is None or copy.site in same_fate(estate, home)


def _expired(copy: Copy, point: Point, minute: int, attacked: bool) -> bool:
    if copy.kind is CopyKind.REPLICA:
        return False
    if copy.retention_minutes is not None:
        return minute >= point.arrives + copy.retention_minutes
    if attacked:
        # Nobody said how long it is kept: the lock keeps it, and after that nothing does.
        return minute >= point.arrives + (copy.locked_minutes or 0)
    return False


def _deleted(copy: Copy, point: Point, minute: int, strikes: Disaster) -> bool:
    if copy.offline or minute < point.arrives + (copy.locked_minutes or 0):
        return False
    if strikes.dwell is not None:
        return True
    return strikes.thief and not copy.separate_credentials


def holds_data(estate: Estate) -> set[int]:
    """The systems that hold data, read from section B5."""
    found = set()
    for position, system in enumerate(estate.systems):
        if system.kind in (Kind.PROCESS, Kind.FACILITY) or system.data_gb == 0:
            continue
        copied = any(
            copy.system == position and copy.content is Content.DATA for copy in estate.copies
        )
        if system.data_gb is not None or system.kind is Kind.DATA_STORE or copied:
            found.add(position)
    return found


def settled(copies: Iterable[Copy], dwell: int | None) -> int:
    """A minute by which every copy has long been running, with an attacker inside or not."""
    longest = 0
    for copy in copies:
        parts = (copy.interval_minutes, copy.run_minutes, copy.lag_minutes)
        longest = max(longest, 3 * sum(part or 0 for part in parts))
    return longest + (dwell or 0) + 1


def worst_age(estate: Estate, copy: Copy, strikes: Disaster) -> int | None:
    """The age of the newest good point at the worst moment of the copy's rhythm; `None`: at
    some moment there is none."""
    at = settled([copy], strikes.dwell)
    newest = [
        newest_point(estate, copy, strikes, at, phase)
        for phase in range(max(1, copy.interval_minutes or 1))
    ]
    if None in newest:
        return None
    return max(at - point for point in newest)


def coupled(estate: Estate, holders: set[int]) -> list[set[int]]:
    """Groups of holders of data that share a restore point, by plain recursion over paths."""
    groups = [{holder} for holder in sorted(holders)]
    for system, one in enumerate(estate.systems):
        if one.kind in BUSINESS:
            bound = _data_below(estate, system, holders, frozenset())
            if system in holders:
                bound |= {system}
            touched = [group for group in groups if group & bound]
            if touched:
                groups = [group for group in groups if not group & bound]
                groups.append(set().union(*touched))
    return groups


def data_of(estate: Estate, system: int, holders: set[int]) -> set[int]:
    """Whose data come back with the system: its own group's, or those of what it stands on."""
    if system in holders:
        below = {system}
    elif estate.systems[system].kind is Kind.PROCESS:
        below = _below_process(estate, system, holders, frozenset())
    elif estate.systems[system].kind in BUSINESS:
        below = _data_below(estate, system, holders, frozenset())
    else:
        below = set()
    return set().union(*(group for group in coupled(estate, holders) if group & below))


def _data_below(estate: Estate, system: int, holders: set[int], seen: frozenset[int]) -> set[int]:
    found: set[int] = set()
    for other in _needs(estate, system):
        if estate.systems[other].kind not in BUSINESS or other in seen:
            continue
        if other in holders:
            found.add(other)
        else:
            found |= _data_below(estate, other, holders, seen | {system})
    return found


def _below_process(
    estate: Estate, system: int, holders: set[int], seen: frozenset[int]
) -> set[int]:
    found: set[int] = set()
    for other in _needs(estate, system):
        if other in seen:
            continue
        if estate.systems[other].kind is Kind.PROCESS:
            found |= _below_process(estate, other, holders, seen | {system})
        elif other in holders and estate.systems[other].kind in BUSINESS:
            found.add(other)
        elif estate.systems[other].kind in BUSINESS:
            found |= _data_below(estate, other, holders, frozenset({system}))
    return found


def _needs(estate: Estate, system: int) -> list[int]:
    needed = [edge.dependency for edge in estate.dependencies if _gates(edge, system)]
    return [other for other in needed if not _is_a_tool(estate, system, other)]


def _gates(edge: Dependency, system: int) -> bool:
    return (
        edge.dependent == system
        and edge.dependency != system
        and edge.needed_to is not NeededTo.FULL_SERVICE
    )


def _is_a_tool(estate: Estate, system: int, other: int) -> bool:
    """A data store keeps its data itself: what it needs of an application is no data."""
    served, by = estate.systems[system].kind, estate.systems[other].kind
    return served is Kind.DATA_STORE and by in (Kind.APPLICATION, Kind.END_USER)
