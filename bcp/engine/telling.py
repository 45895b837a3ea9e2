"""Who is to be told when systems stop: those who answer for them, and the paths to authority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bcp.engine.activation import default_path
from bcp.engine.estate import Contact, EscalationPath, Estate


@dataclass(frozen=True, slots=True)
class Told:
    """One person and, by position, the systems that they own, look after and stand in for.
    `contact` is `None` if the name is nobody's any more."""

    name: str
    contact: Contact | None
    owns: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    deputises: tuple[int, ...] = ()

    @property
    def systems(self) -> int:
        return len({*self.owns, *self.runs, *self.deputises})


@dataclass(frozen=True, slots=True)
class PathToClimb:
    """An escalation path and how many of the systems use it."""

    path: EscalationPath
    systems: int


def to_be_told(estate: Estate, systems: Iterable[int]) -> tuple[Told, ...]:
    """Everybody who answers for one of the systems; who answers for most of them first."""
    owns: dict[str, list[int]] = {}
    runs: dict[str, list[int]] = {}
    deputises: dict[str, list[int]] = {}
    for position in systems:
        system = estate.systems[position]
        for name, found in (
            (system.owner, owns),
            (system.technical_owner, runs),
            (system.deputy, deputises),
        ):
            if name is not None:
                found.setdefault(name, []).append(position)
    contacts = {contact.name: contact for contact in estate.contacts}
    people = [
        Told(
            name,
            contacts.get(name),
            tuple(owns.get(name, ())),
            tuple(runs.get(name, ())),
            tuple(deputises.get(name, ())),
        )
        for name in {*owns, *runs, *deputises}
    ]
    return tuple(sorted(people, key=lambda one: (-one.systems, one.name)))


def with_nobody(estate: Estate, systems: Iterable[int]) -> list[int]:
    """The systems that have neither an owner nor a technical owner: nobody is told of them."""
    return [
        position
        for position in systems
        if estate.systems[position].owner is None
        and estate.systems[position].technical_owner is None
    ]


def paths_to_climb(estate: Estate, systems: Iterable[int]) -> tuple[PathToClimb, ...]:
    """The escalation paths of the systems, the most used first. A system that names none uses the
    default path; one without either climbs none."""
    named = {path.name: path for path in estate.paths}
    default = default_path(estate)
    uses: Counter[str] = Counter()
    for position in systems:
        name = estate.systems[position].escalation
        path = default if name is None else named.get(name)
        if path is not None:
            uses[path.name] += 1
    climbed = [PathToClimb(named[name], count) for name, count in uses.items()]
    return tuple(sorted(climbed, key=lambda one: (-one.systems, one.path.name)))


def declarers(estate: Estate) -> tuple[Contact, ...]:
    """Everybody who may declare a disaster, by name."""
    return tuple(
        sorted((one for one in estate.contacts if one.may_declare), key=lambda one: one.name)
    )
