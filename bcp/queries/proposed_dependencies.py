"""Proposed dependencies, with what is recorded of the same two systems already."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.proposed_dependencies import ProposedDependency, ProposedState


def listing(organisation: Organisation) -> QuerySet[ProposedDependency]:
    """Every proposal there ever was. Each carries `recorded_needed_to`, what the dependency is
    needed to as it is recorded now; `None` if it is not recorded."""
    recorded = Dependency.objects.filter(
        dependent=OuterRef("dependent"), dependency=OuterRef("dependency")
    )
    return (
        ProposedDependency.objects.of(organisation)
        .select_related("dependent", "dependency", "proposed_by", "decided_by")
        .annotate(recorded_needed_to=Subquery(recorded.values("needed_to")[:1]))
    )


def waiting(organisation: Organisation) -> QuerySet[ProposedDependency]:
    return listing(organisation).filter(state=ProposedState.WAITING)


def between(organisation: Organisation, keys: Collection[str]) -> QuerySet[ProposedDependency]:
    """What waits between two of the systems of these keys."""
    return waiting(organisation).filter(dependent__in=keys, dependency__in=keys)


def edges_of(
    organisation: Organisation, rows: Iterable[ProposedDependency]
) -> dict[tuple[str, str], Dependency]:
    """The recorded dependencies that the proposals are about, by the keys of both ends."""
    ends = {(row.dependent_id, row.dependency_id) for row in rows}
    found = (
        Dependency.objects.of(organisation)
        .filter(
            dependent__in={dependent for dependent, _dependency in ends},
            dependency__in={dependency for _dependent, dependency in ends},
        )
        .select_related("dependent", "dependency")
    )
    by_ends = {(edge.dependent_id, edge.dependency_id): edge for edge in found}
    return {key: edge for key, edge in by_ends.items() if key in ends}


def decided_together(organisation: Organisation, row: ProposedDependency) -> list[str]:
    """The keys of all proposals that the same write decided: a write has one moment."""
    same = ProposedDependency.objects.of(organisation).filter(
        decided_at=row.decided_at, decided_by=row.decided_by, state=row.state
    )
    return list(same.values_list("pk", flat=True))
