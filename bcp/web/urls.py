"""Addresses of the pages. Each view module lists its own; everything of an organisation lies
under /o/<slug>/."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from bcp.web.views import (
    audit,
    backups,
    contacts,
    copies,
    dependencies,
    escalation,
    exchange,
    exercises,
    exercises_due,
    gaps,
    history,
    home,
    invitation_acceptance,
    map,
    members,
    overview,
    plans,
    policies,
    policy_assignment,
    procedures,
    recovery_order,
    reporting,
    reports,
    restore_tests,
    scenarios,
    search,
    settings,
    sites,
    system_sheet,
    systems,
    targets,
    teams,
    tokens,
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
    *sites.urls,
    *contacts.urls,
    *teams.urls,
    *escalation.urls,
    # Before the pages of single systems below /backups/, whose addresses begin with any key.
    *policies.urls,
    *policy_assignment.urls,
    *backups.urls,
    *scenarios.urls,
    *copies.urls,
    *reports.urls,
    *restore_tests.urls,
    *procedures.urls,
    *exercises_due.urls,
    *exercises.urls,
    *settings.urls,
    *members.urls,
    *tokens.urls,
    *audit.urls,
    *exchange.urls,
]

urlpatterns = [
    *home.urls,
    *invitation_acceptance.urls,
    *reporting.urls,
    path("o/<slug:slug>/", include(ORGANISATION)),
]
