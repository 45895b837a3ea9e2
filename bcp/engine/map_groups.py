"""A large estate as groups to open: who belongs together, and how much runs between the groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bcp.engine.estate import Estate, System
from bcp.engine.map_views import MOST_NODES

_FEW = 24
"""Groups that can be taken in at once, even if every one of them needs every other."""

_ARROWS = 24
"""That can be followed in a picture besides one of each group."""


class Grouping(StrEnum):
    """What systems are grouped by. A zone is what is lost together; a site without one is its
    own."""

    TIER = "tier"
    SITE = "site"
    ZONE = "zone"
    KIND = "kind"
    OWNER = "owner"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Group:
    """`name` is "" for the systems of which nobody recorded what is grouped by; `inside` counts
    the dependencies between two of its systems."""

    name: str
    systems: tuple[int, ...]
    inside: int


@dataclass(frozen=True, slots=True)
class Between:
    """`count` dependencies run from systems of one group to what they need in another; both are
    positions in `Groups.groups`."""

    dependent: int
    dependency: int
    count: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Named groups by name, the unnamed last. Of more than can be read the largest are kept;
    `left_out` counts the others, `systems_left_out` the systems in them."""

    groups: tuple[Group, ...]
    between: tuple[Between, ...]
    left_out: int = 0
    systems_left_out: int = 0


def grouped(estate: Estate, by: Grouping, within: Sequence[int] | None = None) -> Groups:
    """The systems `within`, else all of the estate, by `by`, with the dependencies between the
    groups counted."""
    names = group_names(estate, by)
    inside = set(range(len(names)) if within is None else within)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index in sorted(inside):
        members[names[index]].append(index)
    largest = sorted(members, key=lambda name: (-len(members[name]), name))
    shown = sorted(largest[:MOST_NODES], key=lambda name: (not name, name))
    hidden = largest[MOST_NODES:]
    position = {name: index for index, name in enumerate(shown)}
    counts = Counter(
        (names[edge.dependent], names[edge.dependency])
        for edge in estate.dependencies
        if edge.dependent in inside and edge.dependency in inside
    )
    return Groups(
        groups=tuple(Group(name, tuple(members[name]), counts[name, name]) for name in shown),
        between=tuple(
            Between(dependent, dependency, counts[shown[dependent], shown[dependency]])
            for dependent, dependency in sorted(
                (position[dependent], position[dependency])
                for dependent, dependency in counts
                if dependent in position and dependency in position
            )
            if dependent != dependency
        ),
        left_out=len(hidden),
        systems_left_out=sum(len(members[name]) for name in hidden),
    )


def strongest(groups: Groups) -> tuple[Between, ...]:
    """Of what runs between the groups as much as can be followed in one picture: of every group
    the arrow that counts most, and the others that count most; in the order of `between`."""
    ranked = sorted(groups.between, key=lambda one: -one.count)
    first_of: dict[int, Between] = {}
    for one in ranked:
        first_of.setdefault(one.dependent, one)
        first_of.setdefault(one.dependency, one)
    firsts = set(first_of.values())
    others = [one for one in ranked if one not in firsts]
    kept = firsts.union(others[: _ARROWS + len(groups.groups) - len(firsts)])
    return tuple(one for one in groups.between if one in kept)


def members_of(estate: Estate, by: Grouping, name: str) -> tuple[int, ...]:
    """The systems of one group, none if there is no such group."""
    return tuple(index for index, own in enumerate(group_names(estate, by)) if own == name)


def best_grouping(estate: Estate, within: Sequence[int]) -> Grouping | None:
    """The first way to group these systems that makes few groups, else one that makes no more
    than can be drawn, else any that tells them apart; `None` if none does."""
    counts = {}
    for by in Grouping:
        names = group_names(estate, by)
        counts[by] = len({names[index] for index in within})
    for most in (_FEW, MOST_NODES, len(estate.systems)):
        for by, count in counts.items():
            if 1 < count <= most:
                return by
    return None


def group_names(estate: Estate, by: Grouping) -> list[str]:
    """The group of each system, "" where that is not recorded."""
    zones = {site.name: site.zone or site.name for site in estate.sites}
    read: dict[Grouping, Callable[[System], str | None]] = {
        Grouping.TIER: lambda one: str(one.tier or ""),
        Grouping.SITE: lambda one: one.site,
        Grouping.ZONE: lambda one: zones.get(one.site or "", one.site),
        Grouping.KIND: lambda one: one.kind.value,
        Grouping.OWNER: lambda one: one.owner,
        Grouping.TEAM: lambda one: one.team,
    }
    return [read[by](system) or "" for system in estate.systems]
