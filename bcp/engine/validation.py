"""Whether an estate makes sense, for whoever builds one: everything wrong, not the first thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bcp.engine.durations import LONGEST_MINUTES, format_minutes
from bcp.engine.estate import TIERS, Estate, System
from bcp.engine.messages import Message
from bcp.engine.rejection import Rejected, gettext_noop
from bcp.engine.validation_of_backups import problems_of_backups
from bcp.engine.validation_of_impacts import problems_of_impacts


class InvalidEstate(Rejected):
    """An estate that no analysis can be trusted on; `problems` has one sentence for each."""

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__(
            gettext_noop("the estate has %(count)s problems: %(problems)s"),
            count=len(problems),
            problems="; ".join(str(problem) for problem in problems[:20]),
        )
        self.problems = tuple(problems)


def validate(estate: Estate) -> None:
    """Raise `InvalidEstate` unless `problems(estate)` is empty."""
    found = problems(estate)
    if found:
        raise InvalidEstate(found)


def problems(estate: Estate) -> tuple[Message, ...]:
    """Impossible dependencies, repeated names, impossible figures, references to nothing."""
    return (
        *_repeated_names(estate),
        *_dependencies(estate),
        *(problem for system in estate.systems for problem in _system(system)),
        *_figures_of_people(estate),
        *_references(estate),
        *problems_of_backups(estate),
        *problems_of_impacts(estate),
    )


def _repeated_names(estate: Estate) -> Iterator[Message]:
    kinds: tuple[tuple[str, list[str]], ...] = (
        (gettext_noop("two systems are named “%(name)s”"), [s.name for s in estate.systems]),
        (gettext_noop("two systems have the key “%(name)s”"), [s.key for s in estate.systems]),
        (gettext_noop("two sites are named “%(name)s”"), [s.name for s in estate.sites]),
        (gettext_noop("two contacts are named “%(name)s”"), [c.name for c in estate.contacts]),
        (gettext_noop("two teams are named “%(name)s”"), [t.name for t in estate.teams]),
        (gettext_noop("two escalation paths are named “%(name)s”"), [p.name for p in estate.paths]),
    )
    for template, names in kinds:
        for name, count in Counter(names).items():
            if count > 1:
                yield Message(template, {"name": name})
    if sum(path.is_default for path in estate.paths) > 1:
        yield Message(gettext_noop("more than one escalation path is the default"))


def _dependencies(estate: Estate) -> Iterator[Message]:
    count = len(estate.systems)
    seen = set()
    for position, edge in enumerate(estate.dependencies):
        u, v = edge.dependent, edge.dependency
        if not (0 <= u < count and 0 <= v < count):
            yield Message(
                gettext_noop(
                    "dependency %(position)s names a system outside of the estate of %(count)s"
                ),
                {"position": position, "count": count},
            )
            continue
        names = {"dependent": estate.systems[u].name, "dependency": estate.systems[v].name}
        if u == v:
            yield Message(gettext_noop("“%(dependent)s” cannot depend on itself"), names)
        elif (u, v) in seen:
            yield Message(
                gettext_noop("that “%(dependent)s” needs “%(dependency)s” is said twice"), names
            )
        seen.add((u, v))


def _system(system: System) -> Iterator[Message]:
    if not system.name.strip():
        yield Message(gettext_noop("a system has no name"))
    if system.tier is not None and system.tier not in TIERS:
        yield Message(
            gettext_noop("“%(system)s” is tier %(tier)s; allowed are 1 to 4"),
            {"system": system.name, "tier": system.tier},
        )
    for figure in (
        system.rto_minutes,
        system.rpo_minutes,
        system.mtd_minutes,
        system.duration_minutes,
    ):
        yield from _figure(system.name, figure)


def _figures_of_people(estate: Estate) -> Iterator[Message]:
    yield from _figure(estate.organisation, estate.detection_minutes)
    for team in estate.teams:
        yield from _figure(team.name, team.mobilise_day_minutes)
        yield from _figure(team.name, team.mobilise_night_minutes)
    for path in estate.paths:
        for step in path.steps:
            yield from _figure(path.name, step.wait_minutes)


def _figure(name: str, minutes: int | None) -> Iterator[Message]:
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        yield Message(
            gettext_noop("“%(name)s” has a time of %(minutes)s; allowed are 0 to ten years"),
            {"name": name, "minutes": format_minutes(minutes)},
        )


def _references(estate: Estate) -> Iterator[Message]:
    sites = {site.name for site in estate.sites}
    teams = {team.name for team in estate.teams}
    paths = {path.name for path in estate.paths}
    contacts = {contact.name for contact in estate.contacts}
    for system in estate.systems:
        for template, name, known in (
            (gettext_noop("“%(of)s” is at the unknown site “%(name)s”"), system.site, sites),
            (gettext_noop("“%(of)s” names the unknown team “%(name)s”"), system.team, teams),
            (
                gettext_noop("“%(of)s” names the unknown escalation path “%(name)s”"),
                system.escalation,
                paths,
            ),
        ):
            if name is not None and name not in known:
                yield Message(template, {"of": system.name, "name": name})
    for path in estate.paths:
        for step in path.steps:
            if step.contact not in contacts:
                yield Message(
                    gettext_noop("“%(of)s” calls the unknown contact “%(name)s”"),
                    {"of": path.name, "name": step.contact},
                )
