"""Addresses of the pages. Each view module lists its own; everything of an organisation lies
under /o/<slug>/."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from bcp.web.views import (
    dependencies,
    gaps,
    history,
    home,
    invitation_acceptance,
    map,
    overview,
    plans,
    recovery_order,
    search,
    system_sheet,
    systems,
    targets,
)

ORGANISATION: list[URLPattern] = [
    *overview.urls,
    *plans.urls,
    *recovery_order.urls,
    *gaps.urls,
    *targets.urls,
    *map.urls,
    *search.urls,
    *history.urls,
    *systems.urls,
    *system_sheet.urls,
    *dependencies.urls,
]

urlpatterns = [
    *home.urls,
    *invitation_acceptance.urls,
    path("o/<slug:slug>/", include(ORGANISATION)),
]
