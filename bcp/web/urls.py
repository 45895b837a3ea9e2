"""Addresses of the pages. Each view module lists its own; everything of an organisation lies
under /o/<slug>/."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from bcp.web.views import history, home, systems

ORGANISATION: list[URLPattern] = [
    *history.urls,
    *systems.urls,
]

urlpatterns = [*home.urls, path("o/<slug:slug>/", include(ORGANISATION))]
