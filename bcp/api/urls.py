"""Addresses of the API, under /api/v1/."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, include, path, re_path, register_converter

from bcp.api.converters import KeyConverter
from bcp.api.views import (
    acceptances,
    analysis,
    blast_radius,
    contacts,
    copies,
    dependencies,
    documentation,
    escalation,
    exercises,
    impacts,
    loops,
    losses,
    organisations,
    plans,
    policies,
    procedures,
    proposed_dependencies,
    reports,
    restore_tests,
    reviews,
    scenarios,
    sites,
    systems,
    target_answers,
    targets,
    teams,
)
from bcp.api.views.base import NotHere
from bcp.api.views.records import HistoryView

register_converter(KeyConverter, "key")


def _record(name: str, detail: Any, *actions: URLPattern) -> list[URLPattern]:
    """The addresses of one record: itself, its actions and its history."""
    record_type = detail.serializer_class.record_type()
    past = HistoryView.as_view(record_type=record_type, tag=detail.tag)
    return [
        path(f"{name}/<key:key>/", detail.as_view(), name=f"api-{name}-detail"),
        *actions,
        path(f"{name}/<key:key>/history/", past, name=f"api-{name}-history"),
    ]


def _action(name: str, action: str, view: Any) -> URLPattern:
    return path(f"{name}/<key:key>/{action}/", view.as_view(), name=f"api-{name}-{action}")


ORGANISATION = [
    path("", organisations.OrganisationDetail.as_view(), name="api-organisation-detail"),
    path("tiers/", organisations.TierList.as_view(), name="api-tiers-list"),
    *_record("tiers", organisations.TierDetail),
    path("members/", organisations.MemberList.as_view(), name="api-members-list"),
    path("audit/", organisations.AuditList.as_view(), name="api-audit-list"),
    path("systems/", systems.SystemList.as_view(), name="api-systems-list"),
    path("systems/bulk/", systems.SystemBulk.as_view(), name="api-systems-bulk"),
    *_record("systems", systems.SystemDetail),
    path("dependencies/", dependencies.DependencyList.as_view(), name="api-dependencies-list"),
    *_record("dependencies", dependencies.DependencyDetail),
    path("dependency-reviews/", reviews.ReviewList.as_view(), name="api-reviews-list"),
    path(
        "proposed-dependencies/",
        proposed_dependencies.ProposedList.as_view(),
        name="api-proposed-dependencies-list",
    ),
    *_record(
        "proposed-dependencies",
        proposed_dependencies.ProposedDetail,
        _action("proposed-dependencies", "accept", proposed_dependencies.Accept),
        _action("proposed-dependencies", "refuse", proposed_dependencies.Refuse),
        _action("proposed-dependencies", "put-back", proposed_dependencies.PutBack),
    ),
    path("sites/", sites.SiteList.as_view(), name="api-sites-list"),
    *_record("sites", sites.SiteDetail),
    path("contacts/", contacts.ContactList.as_view(), name="api-contacts-list"),
    *_record("contacts", contacts.ContactDetail),
    path("teams/", teams.TeamList.as_view(), name="api-teams-list"),
    *_record("teams", teams.TeamDetail),
    path(
        "escalation-paths/",
        escalation.EscalationPathList.as_view(),
        name="api-escalation-paths-list",
    ),
    *_record("escalation-paths", escalation.EscalationPathDetail),
    path("copies/", copies.CopyList.as_view(), name="api-copies-list"),
    *_record(
        "copies",
        copies.CopyDetail,
        _action("copies", "reports", reports.ReportList),
        _action("copies", "reporting-address", reports.ReportingAddress),
    ),
    path("scenarios/", scenarios.ScenarioList.as_view(), name="api-scenarios-list"),
    *_record("scenarios", scenarios.ScenarioDetail),
    path("policies/", policies.PolicyList.as_view(), name="api-policies-list"),
    *_record(
        "policies",
        policies.PolicyDetail,
        _action("policies", "assign", policies.Assign),
        _action("policies", "release", policies.Release),
    ),
    path("restore-tests/", restore_tests.RestoreTestList.as_view(), name="api-restore-tests-list"),
    *_record("restore-tests", restore_tests.RestoreTestDetail),
    path("exercises/", exercises.ExerciseList.as_view(), name="api-exercises-list"),
    path("exercises/due/", exercises.DueList.as_view(), name="api-exercises-due"),
    *_record("exercises", exercises.ExerciseDetail),
    path("targets/", targets.TargetList.as_view(), name="api-targets-list"),
    path("targets/approve-many/", targets.ApproveMany.as_view(), name="api-targets-approve-many"),
    *_record(
        "targets",
        targets.TargetDetail,
        _action("targets", "consequences", target_answers.TargetConsequences),
        _action("targets", "approve", targets.Approve),
        _action("targets", "send-back", targets.SendBack),
        _action("targets", "withdraw", targets.Withdraw),
    ),
    path("impacts/", impacts.ImpactList.as_view(), name="api-impacts-list"),
    path("impacts/<key:key>/", impacts.ImpactDetail.as_view(), name="api-impacts-detail"),
    _action("impacts", "confirm", impacts.ImpactConfirm),
    _action("impacts", "history", impacts.ImpactHistory),
    path("acceptances/", acceptances.AcceptanceList.as_view(), name="api-acceptances-list"),
    *_record(
        "acceptances",
        acceptances.AcceptanceDetail,
        _action("acceptances", "take-back", acceptances.TakeBack),
    ),
    path("procedures/", procedures.ProcedureList.as_view(), name="api-procedures-list"),
    *_record(
        "procedures",
        procedures.ProcedureDetail,
        _action("procedures", "approve", procedures.Approve),
        _action("procedures", "send-back", procedures.SendBack),
    ),
    path("losses/", losses.Matrix.as_view(), name="api-losses"),
    path("systems/<key:key>/losses/", losses.SystemLosses.as_view(), name="api-systems-losses"),
    _action("systems", "consequences", target_answers.SystemConsequences),
    _action("systems", "ways", target_answers.SystemWays),
    path("loops/", loops.LoopList.as_view(), name="api-loops"),
    path("blast-radius/", blast_radius.BlastRadius.as_view(), name="api-blast-radius"),
    path("analysis/", analysis.Analysis.as_view(), name="api-analysis"),
    path("plans/", plans.PlanList.as_view(), name="api-plans-list"),
    *_record("plans", plans.PlanDetail, _action("plans", "pdf", plans.PlanFile)),
    path("jobs/", plans.JobList.as_view(), name="api-jobs-list"),
    *_record("jobs", plans.JobDetail, _action("jobs", "cancel", plans.JobCancel)),
]

urlpatterns = [
    path("schema/", documentation.Schema.as_view(), name="api-schema"),
    path("docs/", documentation.Page.as_view(), name="api-docs"),
    path("organisations/", organisations.MyOrganisations.as_view(), name="api-organisations-list"),
    path("organisations/<slug:slug>/", include(ORGANISATION)),
    re_path(r"", NotHere.as_view(), name="api-not-here"),
]
