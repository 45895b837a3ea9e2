"""What a named scenario loses, and what is down with it (rule G10).

Names: `everything`, `site:NAME`, `supplier:NAME`, `system:NAME`. Losing a site loses its whole
shared-fate zone. A dependency with a bootstrap note does not gate, so its dependent is not down
with it: the break-glass way stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bcp.engine.estate import Estate, Kind
from bcp.engine.graph import Graph, dependents_of_all
from bcp.engine.rejection import Rejected, gettext_noop
from bcp.engine.results import Effect, Scenario

EVERYTHING = "everything"
_SHOWN_NAMES = 20


class UnknownScenario(Rejected):
    """A scenario that does not exist in this estate; the message lists what is allowed."""


def parse_scenario(text: str, estate: Estate) -> Scenario:
    """The scenario that `text` names; upper and lower case are alike unless both exist.

    The returned name is spelled as the estate spells it. Raises `UnknownScenario`.
    """
    kind, colon, wanted = text.partition(":")
    kind, wanted = kind.strip().lower(), wanted.strip()
    if kind == EVERYTHING and not colon:
        return Scenario(EVERYTHING, EVERYTHING)
    names = _NAMES.get(kind)
    if names is None:
        raise UnknownScenario(
            gettext_noop(
                "“%(text)s” is not a scenario; allowed are everything, site:NAME, "
                "supplier:NAME and system:NAME"
            ),
            text=text[:80],
        )
    known = list(names(estate))
    exact = wanted if wanted in known else None
    folded = wanted.casefold()
    subject = exact or next((name for name in known if name.casefold() == folded), None)
    if subject is None:
        raise UnknownScenario(
            gettext_noop("there is no %(kind)s named “%(name)s”; allowed are %(allowed)s"),
            kind=kind,
            name=wanted[:80],
            allowed=_listed(known),
        )
    return Scenario(f"{kind}:{subject}", kind, subject)


def _supplier_names(estate: Estate) -> Iterable[str]:
    return (system.name for system in estate.systems if system.kind is Kind.SUPPLIER)


_NAMES: dict[str, Callable[[Estate], Iterable[str]]] = {
    "site": lambda estate: (site.name for site in estate.sites),
    "supplier": _supplier_names,
    "system": lambda estate: (system.name for system in estate.systems),
}


def _listed(names: list[str]) -> str:
    if not names:
        return "—"
    shown = ", ".join(sorted(names)[:_SHOWN_NAMES])
    return shown + ", …" if len(names) > _SHOWN_NAMES else shown


def lost_systems(scenario: Scenario, estate: Estate) -> list[int]:
    """Positions of the systems that the scenario itself destroys."""
    if scenario.kind == EVERYTHING:
        return list(range(len(estate.systems)))
    if scenario.kind == "site":
        zone = next((site.zone for site in estate.sites if site.name == scenario.subject), "")
        fate = {site.name for site in estate.sites if zone and site.zone == zone}
        fate.add(scenario.subject)
        return [i for i, system in enumerate(estate.systems) if system.site in fate]
    only_supplier = scenario.kind == "supplier"
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
