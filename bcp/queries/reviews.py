"""Reviews of dependencies: the last one of each system, and where every live system stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from bcp.engine.estate import Estate, Review, Status, System
from bcp.engine.reviews import (
    Difference,
    Need,
    ReviewState,
    difference,
    facts_of,
    in_order,
    needs_of,
    note_digest,
    state_of,
)
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.reviews import DependencyReview
from bcp.models.systems import System as SystemRow


@dataclass(frozen=True, slots=True)
class Standing:
    """A live system, what it needs today, and where its review stands; `review` is the last one,
    `None` if there never was any."""

    system: System
    needs: tuple[Need, ...]
    state: ReviewState
    review: DependencyReview | None

    @property
    def facts(self) -> str:
        return facts_of(self.needs)

    @property
    def changes(self) -> Difference:
        """What is different from what was confirmed; nothing if nobody has."""
        if self.review is None:
            return Difference((), (), ())
        return difference(confirmed(self.review), self.needs)


def listing(organisation: Organisation) -> QuerySet[DependencyReview]:
    """Every review there ever was, newest first."""
    return DependencyReview.objects.of(organisation).select_related("system", "reviewed_by")


def latest(organisation: Organisation) -> QuerySet[DependencyReview]:
    """The last review of each system."""
    same = DependencyReview.objects.filter(system=OuterRef("system"))
    later = Q(reviewed_at__gt=OuterRef("reviewed_at")) | Q(
        reviewed_at=OuterRef("reviewed_at"), pk__gt=OuterRef("pk")
    )
    return DependencyReview.objects.of(organisation).filter(~Exists(same.filter(later)))


def standings(
    organisation: Organisation, estate: Estate, *, today: date, systems: Sequence[int] | None = None
) -> list[Standing]:
    """Where the systems of the estate stand, all or those at the given positions; one query."""
    wanted = range(len(estate.systems)) if systems is None else systems
    rows = latest(organisation).select_related("reviewed_by")
    if systems is not None:
        rows = rows.filter(system__in=[estate.systems[one].key for one in systems])
    zone = ZoneInfo(organisation.time_zone)
    by_system = {row.system_id: row for row in rows}
    found = []
    for position, needs in needs_of(estate, wanted).items():
        system = estate.systems[position]
        row = by_system.get(system.key)
        seen = None
        if row is not None:
            seen = Review(position, row.facts, row.reviewed_at.astimezone(zone).date())
        found.append(Standing(system, needs, state_of(facts_of(needs), seen, today=today), row))
    return found


def confirmed(review: DependencyReview) -> tuple[Need, ...]:
    """What a review confirmed."""
    return in_order(Need(*one) for one in review.needs)


def needs_now(organisation: Organisation, keys: Iterable[str]) -> dict[str, tuple[Need, ...]]:
    """What each of the systems with these keys needs, as the records are at this moment; only the
    live systems of the organisation are in the answer, and only they count as needs."""
    systems = SystemRow.objects.of(organisation).filter(pk__in=set(keys), status=Status.LIVE.value)
    found: dict[str, list[Need]] = {key: [] for key in systems.values_list("pk", flat=True)}
    edges = Dependency.objects.of(organisation).filter(
        dependent__in=list(found), dependency__status=Status.LIVE.value
    )
    for dependent, key, name, needed_to, bootstrap in edges.values_list(
        "dependent_id", "dependency_id", "dependency__name", "needed_to", "bootstrap"
    ):
        found[dependent].append(Need(key, name, needed_to, note_digest(bootstrap)))
    return {key: in_order(needs) for key, needs in found.items()}
