"""Filters, search and sorting of lists, by the same filter sets as the pages use.

Stricter than the pages: a parameter that nobody knows is refused, and so is an empty one, because
a misspelt filter or an empty variable in a script would answer with far too much.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from bcp.api.paging import Pages

PAGING = frozenset({Pages.page_query_param, Pages.page_size_query_param})


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """Raises `ValidationError` where the address asks for anything that is not in `known`."""
    if faults := unknown_filters(request, known):
        raise ValidationError(faults)


def states_wanted(request: Request, known: Collection[str]) -> list[str]:
    """The values of `state` in the address of a list that has no other filter; none: all of them.
    Raises `ValidationError` for a state that is not in `known`, and for any other filter."""
    wanted = request.query_params.getlist("state")
    faults = unknown_filters(request, PAGING | {"state"})
    if set(wanted) - set(known):
        faults["state"] = [_("Give %(states)s.") % {"states": ", ".join(known)}]
    if faults:
        raise ValidationError(faults)
    return wanted


def unknown_filters(request: Request, known: Collection[str]) -> dict[str, list[str]]:
    """A fault for everything in the address that is not in `known`."""
    unknown = sorted(set(request.query_params) - set(known))
    return {name: [_("There is no such filter.")] for name in unknown}


class OrganisationFilters(DjangoFilterBackend):
    """The view's `filterset_class`, with choices of the view's organisation only."""

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> dict[str, Any]:
        kwargs = super().get_filterset_kwargs(request, queryset, view)
        return {**kwargs, "organisation": view.organisation, "now": view.now}

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        known = view.filterset_class.base_filters if view.filterset_class else {}
        faults = unknown_filters(request, PAGING | set(known))
        for name, one in known.items():
            for given in request.query_params.getlist(name):
                if not given:
                    faults[name] = [_("Give a value, or leave the filter out.")]
                elif isinstance(one, BooleanFilter) and given not in {"true", "false"}:
                    faults[name] = [_("Give true or false.")]
        if faults:
            raise ValidationError(faults)
        if view.filterset_class is None:
            return queryset
        return super().filter_queryset(request, queryset, view)
