"""What may be missing from the recorded dependencies, each with the reason why one might think so.

A suggestion is a question, never a fact: nothing counts it. Most of what systems of one site, one
kind or one tier need, all of them may need; services that everything needs and nobody records are
looked for by name; and what stands alone is asked about.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bcp.engine.estate import Estate, Kind, NeededTo
from bcp.engine.messages import Message, gettext_noop

LEAST_PEERS = 5
"""Fewer systems say nothing about another."""
SHARE = Fraction(3, 4)
"""How many of the peers must need the same."""
MOST_SHARED = 200
"""Of what peers share, only the most widely shared is looked into: that bounds the time."""
MOST_SUGGESTIONS = 500
LEAST_SYSTEMS = 5
"""Of a smaller estate nobody asks where its name service is."""


class Topic(StrEnum):
    """What a suggestion is about, in the order in which they are shown."""

    PEERS = "peers"
    SERVICE = "service"
    PROCESS_ALONE = "process alone"
    APPLICATION_ALONE = "application alone"
    STORE_UNUSED = "store unused"


class Peers(StrEnum):
    """What systems have in common."""

    SITE = "site"
    KIND = "kind"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`system` may need `dependency` (positions in the estate, `None`: it names none), to
    `needed_to`. `identity` stays the same whatever it says; `facts` is another as soon as what it
    rests on is: a dismissal holds for as long as both are the same."""

    topic: Topic
    identity: str
    facts: str
    says: Message
    system: int | None = None
    dependency: int | None = None
    needed_to: NeededTo = NeededTo.RUN


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`left_out` is how many more there are than `MOST_SUGGESTIONS`."""

    found: tuple[Suggestion, ...]
    left_out: int = 0


def suggest(estate: Estate) -> Suggestions:
    """Everything that may be missing: by topic, then the most widely shared first, then by name."""
    graph = _Graph(estate)
    found = [
        *_of_peers(graph),
        *_of_services(graph),
        *_alone(graph, Kind.PROCESS, Topic.PROCESS_ALONE),
        *_alone(graph, Kind.APPLICATION, Topic.APPLICATION_ALONE),
        *_unused_stores(graph),
    ]
    return Suggestions(tuple(found[:MOST_SUGGESTIONS]), max(0, len(found) - MOST_SUGGESTIONS))


class _Graph:
    """Who needs whom, both ways, for every kind of need."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.needs: list[dict[int, NeededTo]] = [{} for _one in estate.systems]
        self.needed_by: list[list[int]] = [[] for _one in estate.systems]
        for edge in estate.dependencies:
            self.needs[edge.dependent][edge.dependency] = edge.needed_to
            self.needed_by[edge.dependency].append(edge.dependent)

    def names(self, positions: Iterator[int]) -> list[int]:
        return sorted(positions, key=lambda one: self.estate.systems[one].name.casefold())

    def related(self, system: int) -> set[int]:
        """The system, all that needs it, and all that it needs, directly or not. To any of these a
        new need of it would say nothing new or close a loop."""
        return _reached(self.needed_by, system) | _reached(self.needs, system)

    def facts(self, system: int) -> str:
        """A digest of what a suggestion about a system rests on: where it stands, what it needs."""
        one = self.estate.systems[system]
        needs = sorted(self.estate.systems[other].key for other in self.needs[system])
        return _digest(one.kind.value, one.site, one.tier, needs)


def _reached(links: Sequence[dict[int, NeededTo]] | Sequence[list[int]], start: int) -> set[int]:
    seen, open_ones = {start}, [start]
    while open_ones:
        for other in links[open_ones.pop()]:
            if other not in seen:
                seen.add(other)
                open_ones.append(other)
    return seen


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()


# --- what peers need -----------------------------------------------------------------------

_PEERS_SAY = {
    Peers.SITE: gettext_noop(
        "%(count)s of the %(of)s other systems at the site “%(group)s” need “%(dependency)s”;"
        " “%(system)s” does not"
    ),
    Peers.KIND: gettext_noop(
        "%(count)s of the %(of)s other systems of the same kind need “%(dependency)s”;"
        " “%(system)s” does not"
    ),
    Peers.TIER: gettext_noop(
        "%(count)s of the %(of)s other systems of tier %(group)s need “%(dependency)s”;"
        " “%(system)s” does not"
    ),
}


@dataclass(frozen=True, slots=True)
class _Shared:
    """`users` of the `members` of a group need `dependency`."""

    by: Peers
    group: str
    members: tuple[int, ...]
    dependency: int
    users: frozenset[int]

    @property
    def share(self) -> Fraction:
        return Fraction(len(self.users), len(self.members))


def _of_peers(graph: _Graph) -> Iterator[Suggestion]:
    """One for each pair at most, by the group that shares it most widely. The system is of a kind
    that one of the peers who need it has: a room needs no directory because servers do."""
    shared = sorted(_shared(graph), key=lambda one: (-one.share, -len(one.users), one.dependency))
    wanted = list(dict.fromkeys(one.dependency for one in shared))[:MOST_SHARED]
    related = {dependency: graph.related(dependency) for dependency in wanted}
    systems = graph.estate.systems
    told: set[tuple[int, int]] = set()
    for one in shared:
        if one.dependency not in related:
            continue
        kinds = {systems[user].kind for user in one.users}
        for system in graph.names(
            member
            for member in one.members
            if member not in related[one.dependency] and systems[member].kind in kinds
        ):
            if (system, one.dependency) not in told:
                told.add((system, one.dependency))
                yield _peer_suggestion(graph, one, system)


def _peer_suggestion(graph: _Graph, one: _Shared, system: int) -> Suggestion:
    systems = graph.estate.systems
    purposes = Counter(graph.needs[user][one.dependency] for user in one.users)
    order = list(NeededTo)
    needed_to = min(purposes, key=lambda purpose: (-purposes[purpose], order.index(purpose)))
    return Suggestion(
        topic=Topic.PEERS,
        identity=f"{Topic.PEERS}:{systems[system].key}:{systems[one.dependency].key}",
        facts=graph.facts(system),
        says=Message(
            _PEERS_SAY[one.by],
            {
                "count": len(one.users),
                "of": len(one.members) - 1,
                "group": one.group,
                "dependency": systems[one.dependency].name,
                "system": systems[system].name,
            },
        ),
        system=system,
        dependency=one.dependency,
        needed_to=needed_to,
    )


def _shared(graph: _Graph) -> Iterator[_Shared]:
    """What at least `SHARE` of at least `LEAST_PEERS` others with the same site, kind or tier
    need. The dependency itself is no member; nor is the system asked about one of the others."""
    for (by, group), positions in _groups(graph.estate).items():
        users: defaultdict[int, set[int]] = defaultdict(set)
        for member in positions:
            for dependency in graph.needs[member]:
                users[dependency].add(member)
        inside = set(positions)
        for dependency, needing in users.items():
            others = len(inside) - (dependency in inside) - 1
            if others >= LEAST_PEERS and SHARE * others <= len(needing) <= others:
                members = tuple(one for one in positions if one != dependency)
                yield _Shared(by, group, members, dependency, frozenset(needing))


def _groups(estate: Estate) -> dict[tuple[Peers, str], list[int]]:
    found: defaultdict[tuple[Peers, str], list[int]] = defaultdict(list)
    for position, system in enumerate(estate.systems):
        if system.site:
            found[Peers.SITE, system.site].append(position)
        found[Peers.KIND, system.kind.value].append(position)
        if system.tier is not None:
            found[Peers.TIER, str(system.tier)].append(position)
    return dict(found)


# --- services that everything needs --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Service:
    """A service and the words by which names tell it."""

    key: str
    words: tuple[str, ...]
    missing: str
    unused: str


_SERVICES = (
    _Service(
        "dns",
        ("dns", "bind", "infoblox", "name server", "nameserver", "name service"),
        gettext_noop("no system is recorded that resolves names (DNS); looked for: %(words)s"),
        gettext_noop("no system needs %(names)s: is name resolution (DNS) forgotten?"),
    ),
    _Service(
        "time",
        ("ntp", "chrony", "time server", "time service"),
        gettext_noop("no system is recorded that gives the time (NTP); looked for: %(words)s"),
        gettext_noop("no system needs %(names)s: is the time service (NTP) forgotten?"),
    ),
    _Service(
        "certificates",
        ("pki", "certificate", "certificates", "root ca", "issuing ca", "adcs"),
        gettext_noop("no system is recorded that issues certificates; looked for: %(words)s"),
        gettext_noop("no system needs %(names)s: are certificates forgotten?"),
    ),
    _Service(
        "licences",
        ("licence", "licences", "license", "licenses", "licensing", "flexlm"),
        gettext_noop("no system is recorded that hands out licences; looked for: %(words)s"),
        gettext_noop("no system needs %(names)s: are licences forgotten?"),
    ),
)
_NAMES_SHOWN = 5


def _of_services(graph: _Graph) -> Iterator[Suggestion]:
    """Each service that no system is named after, or whose systems nobody needs."""
    systems = graph.estate.systems
    if len(systems) < LEAST_SYSTEMS:
        return
    for service in _SERVICES:
        pattern = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(service.words)})(?![^\W\d_])", re.I)
        named = graph.names(at for at, one in enumerate(systems) if pattern.search(one.name))
        if any(graph.needed_by[one] for one in named):
            continue
        shown = ", ".join(f"“{systems[one].name}”" for one in named[:_NAMES_SHOWN])
        yield Suggestion(
            topic=Topic.SERVICE,
            identity=f"{Topic.SERVICE}:{service.key}",
            facts=_digest([systems[one].key for one in named]),
            says=Message(
                service.unused if named else service.missing,
                {"names": shown, "words": ", ".join(service.words)},
            ),
            system=named[0] if named else None,
        )


# --- what stands alone ---------------------------------------------------------------------

_ALONE_SAYS = {
    Topic.PROCESS_ALONE: gettext_noop(
        "the business process “%(system)s” needs nothing that is recorded: with what is it done?"
    ),
    Topic.APPLICATION_ALONE: gettext_noop(
        "the application “%(system)s” needs nothing that is recorded: what does it run on?"
    ),
    Topic.STORE_UNUSED: gettext_noop(
        "nobody needs the data store “%(system)s”: who uses it, or can it go?"
    ),
}


def _alone(graph: _Graph, kind: Kind, topic: Topic) -> Iterator[Suggestion]:
    systems = graph.estate.systems
    for system in graph.names(
        at for at, one in enumerate(systems) if one.kind is kind and not graph.needs[at]
    ):
        yield _about(graph, topic, system)


def _unused_stores(graph: _Graph) -> Iterator[Suggestion]:
    systems = graph.estate.systems
    for system in graph.names(
        at
        for at, one in enumerate(systems)
        if one.kind is Kind.DATA_STORE and not graph.needed_by[at]
    ):
        yield _about(graph, Topic.STORE_UNUSED, system)


def _about(graph: _Graph, topic: Topic, system: int) -> Suggestion:
    one = graph.estate.systems[system]
    return Suggestion(
        topic=topic,
        identity=f"{topic}:{one.key}",
        facts=graph.facts(system),
        says=Message(_ALONE_SAYS[topic], {"system": one.name}),
        system=system,
    )
