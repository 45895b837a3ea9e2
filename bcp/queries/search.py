"""One search over everything an organisation has recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureState
from bcp.queries import (
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    plans,
    policies,
    procedures,
    scenarios,
    sites,
    systems,
    teams,
)

SHOWN_OF_EACH = 20


def _procedures(organisation: Organisation) -> QuerySet[Procedure]:
    """Those that are worked by or on; earlier versions say the same things once more."""
    return procedures.listing(organisation).exclude(state=ProcedureState.SUPERSEDED)


# Kind → its records and the fields that are looked through, in the order shown.
_SEARCHED: dict[str, tuple[Callable[[Organisation], QuerySet[Any]], tuple[str, ...]]] = {
    "systems": (systems.listing, ("name", "description")),
    "contacts": (contacts.listing, ("name", "title", "email", "vendor", "independent_phone")),
    "teams": (teams.listing, ("name",)),
    "escalation": (escalation.listing, ("name",)),
    "sites": (sites.listing, ("name", "zone", "address")),
    "copies": (copies.listing, ("name", "medium", "repository", "source")),
    "policies": (policies.listing, ("name", "description", "medium", "repository")),
    "procedures": (_procedures, ("system__name",)),
    "scenarios": (scenarios.listing, ("name",)),
    "dependencies": (dependencies.listing, ("bootstrap",)),
    "exercises": (exercises.listing, ("name", "objectives", "note")),
    "plans": (plans.listing, ("title",)),
}


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind; `is_cut` if there is more than is shown."""

    kind: str
    records: list[Any]
    is_cut: bool


def everywhere(organisation: Organisation, text: str) -> list[Hits]:
    """The kinds in which something contains every word of `text`, whatever the case."""
    words = text.replace("\x00", " ").split()[:8]
    if not words:
        return []
    found = []
    for kind, (listing, fields) in _SEARCHED.items():
        records = listing(organisation)
        for word in words:
            wanted = Q()
            for field in fields:
                wanted |= Q(**{f"{field}__icontains": word})
            records = records.filter(wanted)
        shown = list(_best_first(records, fields[0], words[0])[: SHOWN_OF_EACH + 1])
        if shown:
            found.append(Hits(kind, shown[:SHOWN_OF_EACH], len(shown) > SHOWN_OF_EACH))
    return found


def _best_first(records: QuerySet[Any], name: str, word: str) -> QuerySet[Any]:
    """What begins with the word comes before what only contains it."""
    begins = Case(When(**{f"{name}__istartswith": word}, then=0), default=1)
    return records.order_by(begins, name, "pk")
