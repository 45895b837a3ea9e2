"""The saved views of the map."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from bcp.models.map_views import SavedView
from bcp.models.organisations import Organisation
from bcp.queries import history


def listing(organisation: Organisation) -> QuerySet[SavedView]:
    return SavedView.objects.of(organisation)


def of_query(organisation: Organisation, query: str) -> QuerySet[SavedView]:
    """The names under which this very view is saved."""
    return listing(organisation).filter(query=query)


def deleted_systems(organisation: Organisation, keys: Collection[str]) -> dict[str, str]:
    """What systems that are not there any more were called, by their keys; one query."""
    if not keys:
        return {}
    deletions = history.events(organisation).filter(
        record_type="system", action="deleted", record_id__in=keys
    )
    return dict(deletions.values_list("record_id", "record_label"))
