"""What may be missing from the dependencies: suggestions that nobody dismissed or proposed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bcp.engine.estate import Estate
from bcp.engine.suggestions import Suggestion, suggest
from bcp.models.organisations import Organisation
from bcp.models.proposed_dependencies import ProposedDependency
from bcp.models.suggestions import SuggestionDismissal
from bcp.queries.analysis import analysis


@dataclass(frozen=True, slots=True)
class Asked:
    """A suggestion; `dismissal` holds if somebody dismissed it as it is now."""

    suggestion: Suggestion
    dismissal: SuggestionDismissal | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`left_out` is how many more there are than anybody reads at once."""

    estate: Estate
    rows: tuple[Asked, ...]
    left_out: int


def dismissals(organisation: Organisation) -> QuerySet[SuggestionDismissal]:
    return SuggestionDismissal.objects.of(organisation).select_related("dismissed_by")


def asked(organisation: Organisation, *, now: datetime) -> Answer:
    """Every suggestion, dismissed or not; without those whose dependency was proposed already,
    whatever became of that. `now` is in the organisation's time zone."""
    estate = analysis(organisation, now=now).estate
    found = suggest(estate)
    dismissed = {(row.suggestion, row.facts): row for row in dismissals(organisation)}
    proposed = set(
        ProposedDependency.objects.of(organisation).values_list("dependent_id", "dependency_id")
    )
    rows = tuple(
        Asked(one, dismissed.get((one.identity, one.facts)))
        for one in found.found
        if _ends(estate, one) not in proposed
    )
    return Answer(estate, rows, found.left_out)


def _ends(estate: Estate, one: Suggestion) -> tuple[str, str] | None:
    if one.system is None or one.dependency is None:
        return None
    return estate.systems[one.system].key, estate.systems[one.dependency].key
