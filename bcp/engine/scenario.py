"""What a named scenario loses, and what is down with it (rule G10).

Names: `everything`, `site:NAME`, `supplier:NAME`, `system:NAME`, `ransomware:14d` (the dwell
time of the attacker), `stolen_credentials`, and the combinations that the organisation named
itself. Losing a site loses its whole shared-fate zone. Ransomware and stolen administrator
credentials lose whatever runs the organisation's own software: everything except business
processes, facilities and suppliers, which are down only with what they need. A dependency with a
bootstrap note does not gate, so its dependent is not down with it: the break-glass way stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bcp.engine.durations import BadDuration, compact_minutes, parse_minutes
from bcp.engine.effects import Effect, Scenario
from bcp.engine.estate import Combination, Estate, Kind
from bcp.engine.graph import Graph, dependents_of_all
from bcp.engine.rejection import Rejected, gettext_noop

EVERYTHING = "everything"
STOLEN_CREDENTIALS = "stolen_credentials"
RANSOMWARE = "ransomware"
SITE = "site"
SUPPLIER = "supplier"
SYSTEM = "system"
COMBINATION = "combination"

RUNS_NO_SOFTWARE = (Kind.PROCESS, Kind.FACILITY, Kind.SUPPLIER)
"""Kinds that an attacker in the organisation's computers cannot destroy."""

_SHOWN_NAMES = 20

_NO_SCENARIO = gettext_noop(
    "“%(text)s” is not a scenario; allowed are everything, site:NAME, supplier:NAME, "
    "system:NAME, ransomware:14d and stolen_credentials"
)
_NOT_EVEN_A_COMBINATION = gettext_noop(
    "“%(text)s” is not a scenario; allowed are everything, site:NAME, supplier:NAME, "
    "system:NAME, ransomware:14d, stolen_credentials and %(combinations)s"
)


class UnknownScenario(Rejected):
    """A scenario that does not exist in this estate; the message lists what is allowed."""


def parse_scenario(text: str, estate: Estate) -> Scenario:
    """The scenario that `text` names; upper and lower case are alike unless both exist.

    The returned name is spelled as the estate spells it, a dwell time in its largest units.
    Built-in names go before combinations of the same name. Raises `UnknownScenario`.
    """
    built_in = _built_in(text, estate)
    if built_in is not None:
        return built_in
    wanted = text.strip()
    name = _found(wanted, (combination.name for combination in estate.combinations))
    for combination in estate.combinations:
        if combination.name == name:
            return _combined(combination, estate)
    raise UnknownScenario(
        _NOT_EVEN_A_COMBINATION if estate.combinations else _NO_SCENARIO,
        text=text[:80],
        combinations=_listed([combination.name for combination in estate.combinations]),
    )


def is_built_in(text: str) -> bool:
    """Whether a name reads as a built-in scenario or as a column of the matrix, so that no
    combination may bear it."""
    kind, _colon, _wanted = text.partition(":")
    return kind.strip().lower() in (EVERYTHING, STOLEN_CREDENTIALS, RANSOMWARE, *_NAMES)


def _built_in(text: str, estate: Estate) -> Scenario | None:
    kind, colon, wanted = text.partition(":")
    kind, wanted = kind.strip().lower(), wanted.strip()
    if kind in (EVERYTHING, STOLEN_CREDENTIALS) and not colon:
        return Scenario(kind, kind)
    if kind == RANSOMWARE:
        return _ransomware(wanted)
    names = _NAMES.get(kind)
    if names is None:
        return None
    known = list(names(estate))
    subject = _found(wanted, known)
    if subject is None:
        raise UnknownScenario(
            gettext_noop("there is no %(kind)s named “%(name)s”; allowed are %(allowed)s"),
            kind=kind,
            name=wanted[:80],
            allowed=_listed(known),
        )
    return Scenario(f"{kind}:{subject}", kind, subject)


def _ransomware(dwell: str) -> Scenario:
    try:
        minutes = parse_minutes(dwell)
    except BadDuration:
        minutes = None
    if minutes is None:
        raise UnknownScenario(
            gettext_noop(
                "ransomware needs the time for which the attacker was inside, as in "
                "ransomware:14d; “%(text)s” is no such time"
            ),
            text=dwell[:80],
        )
    return Scenario(f"{RANSOMWARE}:{compact_minutes(minutes)}", RANSOMWARE, dwell_minutes=minutes)


def _combined(combination: Combination, estate: Estate) -> Scenario:
    parts = []
    for text in combination.parts:
        part = _built_in(text, estate)
        if part is None:
            raise UnknownScenario(
                gettext_noop(
                    "the combination “%(name)s” has the part “%(text)s”, which is no scenario"
                ),
                name=combination.name,
                text=text[:80],
            )
        parts.append(part)
    dwells = [part.dwell_minutes for part in parts if part.dwell_minutes is not None]
    return Scenario(
        combination.name,
        COMBINATION,
        combination.name,
        dwell_minutes=max(dwells, default=None),
        parts=tuple(parts),
    )


def _found(wanted: str, known: Iterable[str]) -> str | None:
    known = list(known)
    folded = wanted.casefold()
    if wanted in known:
        return wanted
    return next((name for name in known if name.casefold() == folded), None)


def _supplier_names(estate: Estate) -> Iterable[str]:
    return (system.name for system in estate.systems if system.kind is Kind.SUPPLIER)


_NAMES: dict[str, Callable[[Estate], Iterable[str]]] = {
    SITE: lambda estate: (site.name for site in estate.sites),
    SUPPLIER: _supplier_names,
    SYSTEM: lambda estate: (system.name for system in estate.systems),
}


def _listed(names: list[str]) -> str:
    if not names:
        return "—"
    shown = ", ".join(sorted(names)[:_SHOWN_NAMES])
    return shown + ", …" if len(names) > _SHOWN_NAMES else shown


def lost_systems(scenario: Scenario, estate: Estate) -> list[int]:
    """Positions of the systems that the scenario itself destroys, ascending."""
    if scenario.kind == COMBINATION:
        return sorted({lost for part in scenario.parts for lost in lost_systems(part, estate)})
    if scenario.kind == EVERYTHING:
        return list(range(len(estate.systems)))
    if scenario.kind in (RANSOMWARE, STOLEN_CREDENTIALS):
        return [i for i, one in enumerate(estate.systems) if one.kind not in RUNS_NO_SOFTWARE]
    if scenario.kind == SITE:
        zone = next((site.zone for site in estate.sites if site.name == scenario.subject), "")
        fate = {site.name for site in estate.sites if zone and site.zone == zone}
        fate.add(scenario.subject)
        return [i for i, system in enumerate(estate.systems) if system.site in fate]
    only_supplier = scenario.kind == SUPPLIER
    return [
        i
        for i, system in enumerate(estate.systems)
        if system.name == scenario.subject and (not only_supplier or system.kind is Kind.SUPPLIER)
    ]


def effects(graph: Graph, lost: list[int]) -> list[Effect]:
    """The effect on every system: lost itself, down with what it needs, or untouched."""
    if len(lost) == len(graph):
        return [Effect.LOST] * len(graph)
    touched = dependents_of_all(graph, lost)
    answer = [Effect.DOWN if flag else Effect.UNTOUCHED for flag in touched]
    for system in lost:
        answer[system] = Effect.LOST
    return answer
