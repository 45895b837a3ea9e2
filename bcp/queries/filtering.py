"""What every filter set of an organisation's records has: choices of its own, a search, sorting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bcp.models.organisations import Organisation


class OrgFilterSet(filters.FilterSet):
    """A filter set whose choices come from one organisation only.

    Made with `organisation=`; every choice of a related record is narrowed to it. `now` is the
    moment for filters that ask what is late.
    """

    q = filters.CharFilter(label=_("Search"), method="search")
    searched: tuple[str, ...] = ("name",)

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        self.organisation = organisation
        self.now = now or timezone.now()
        super().__init__(*args, **kwargs)
        for one in self.filters.values():
            if isinstance(one, filters.ModelChoiceFilter):
                one.queryset = one.extra["queryset"].of(organisation)

    def search(self, records: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        wanted = Q()
        for field in self.searched:
            wanted |= Q(**{f"{field}__icontains": value.replace("\x00", "")})
        return records.filter(wanted)


class UnknownLast(filters.OrderingFilter):
    """Sorts by columns whose unknown values come last, whichever way and on every database: the
    unknown is neither long nor short."""

    def filter(self, records: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        columns = [self.get_ordering_value(one) for one in value or () if one]
        if not columns:
            return records
        return records.order_by(
            *(
                F(column[1:]).desc(nulls_last=True)
                if column.startswith("-")
                else F(column).asc(nulls_last=True)
                for column in columns
            )
        )


def sorting(*fields: str) -> filters.OrderingFilter:
    return UnknownLast(fields=[(name, name.replace("__", "_")) for name in fields])
