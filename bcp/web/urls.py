"""Addresses of the pages. Each view module lists its own; everything of an organisation lies
under /o/<slug>/."""

from __future__ import annotations

from django.urls import URLPattern, include, path

ORGANISATION: list[URLPattern] = []

urlpatterns = [path("o/<slug:slug>/", include(ORGANISATION))]
