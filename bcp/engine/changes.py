"""Changes that somebody could make to an estate so that a target is met, and the estate as it
would be then. The answers about times are those of the engine itself on that estate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from bcp.engine.estate import DurationSource, Estate, Strategy, System
from bcp.engine.messages import Message, Minutes, gettext_noop

STANDBY_MINUTES = 30
"""What a hot standby is assumed to need until it has taken over."""

OFFERED = gettext_noop("offered as a way to meet a target")
"""Stands as the bootstrap note of an edge that an estate of "what if" has opened."""


@dataclass(frozen=True, slots=True)
class Shorten:
    """The recovery work of `system` takes `to_minutes` instead of `from_minutes`."""

    system: int
    from_minutes: int
    to_minutes: int


@dataclass(frozen=True, slots=True)
class StandBy:
    """`system` gets a hot standby, which takes over within `STANDBY_MINUTES`."""

    system: int
    from_minutes: int


@dataclass(frozen=True, slots=True)
class Open:
    """`dependent` gets a documented way to start without `dependency` (rule G5)."""

    dependent: int
    dependency: int


@dataclass(frozen=True, slots=True)
class Tighten:
    """The target of `system` becomes `to_minutes`, which its dependents require (rule G3)."""

    system: int
    from_minutes: int
    to_minutes: int


Change: TypeAlias = Shorten | StandBy | Open | Tighten


def with_target(estate: Estate, system: int, rto_minutes: int | None) -> Estate:
    """The estate in which `rto_minutes` is the target of the system at that position."""
    systems = list(estate.systems)
    systems[system] = replace(systems[system], rto_minutes=rto_minutes)
    return replace(estate, systems=tuple(systems))


def changed(estate: Estate, changes: Iterable[Change]) -> Estate:
    """The estate after the changes, for asking about times.

    A system whose recovery work changes loses what said how long it takes now (rule G9): its
    exercises and its procedure; the new time stands as if a test had shown it. Its data are read
    from the same repository as before, so nobody else's restore gets faster by a promise about
    this one. Nothing but times may be read off the answer.
    """
    systems, opened, retimed = list(estate.systems), set(), set()
    for change in changes:
        if isinstance(change, Open):
            opened.add((change.dependent, change.dependency))
        elif isinstance(change, Tighten):
            systems[change.system] = replace(systems[change.system], rto_minutes=change.to_minutes)
        else:
            retimed.add(change.system)
            systems[change.system] = _retimed(estate, change)
    return replace(
        estate,
        systems=tuple(systems),
        dependencies=tuple(
            replace(edge, bootstrap=OFFERED)
            if (edge.dependent, edge.dependency) in opened and not edge.bootstrap
            else edge
            for edge in estate.dependencies
        ),
        procedures=tuple(one for one in estate.procedures if one.system not in retimed),
        exercises=tuple(one for one in estate.exercises if one.system not in retimed),
    )


def _retimed(estate: Estate, change: Shorten | StandBy) -> System:
    system = estate.systems[change.system]
    standby = isinstance(change, StandBy)
    return replace(
        system,
        strategy=Strategy.HOT_STANDBY if standby else system.strategy,
        duration_minutes=STANDBY_MINUTES if isinstance(change, StandBy) else change.to_minutes,
        duration_source=DurationSource.TEST,
        duration_as_of=None,
    )


def change_says(estate: Estate, change: Change) -> Message:
    """The change as something to do, in one sentence."""
    name = estate.systems.__getitem__
    if isinstance(change, Open):
        return Message(
            gettext_noop("write and test a way to start “%(dependent)s” without “%(dependency)s”"),
            {
                "dependent": name(change.dependent).name,
                "dependency": name(change.dependency).name,
            },
        )
    values: dict[str, object] = {
        "system": name(change.system).name,
        "before": Minutes(change.from_minutes),
    }
    if isinstance(change, StandBy):
        values["after"] = Minutes(STANDBY_MINUTES)
        return Message(
            gettext_noop(
                "give “%(system)s” a hot standby, assumed to take over within %(after)s "
                "instead of %(before)s"
            ),
            values,
        )
    values["after"] = Minutes(change.to_minutes)
    if isinstance(change, Tighten):
        template = gettext_noop("tighten the target of “%(system)s” from %(before)s to %(after)s")
    else:
        template = gettext_noop(
            "bring the recovery work of “%(system)s” from %(before)s down to %(after)s"
        )
    return Message(template, values)
