"""Plan versions, the jobs that print them, and what is printed beside the analysis."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from bcp.models.audit import AuditEvent
from bcp.models.contacts import Contact
from bcp.models.escalation import Channel
from bcp.models.jobs import Job, JobState
from bcp.models.organisations import Organisation
from bcp.models.plans import PlanFile, PlanVersion
from bcp.models.sites import Site
from bcp.models.systems import KindChoice, StatusChoice, StrategyChoice, System
from bcp.models.teams import Team
from bcp.queries import plan_backups, plan_impacts

OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)
_PRINTED = (
    *("system", "dependency", "site", "contact", "team", "escalationpath", "escalationstep"),
    *("recoverytarget", "backupcopy", "backuppolicy", "restoretest", "procedure", "exercise"),
    *("scenariocombination", "organisation", "tierpolicy", "impactassessment", "gapacceptance"),
)


def listing(organisation: Organisation) -> QuerySet[PlanVersion]:
    """Versions, newest first, without the frozen data and the PDF, which are large."""
    return (
        PlanVersion.objects.of(organisation)
        .select_related("file", "job__requested_by")
        .defer("snapshot", "file__content")
    )


def summaries(organisation: Organisation) -> QuerySet[PlanVersion]:
    """The executive summaries among them, by what was asked for: no snapshot is opened."""
    return listing(organisation).filter(job__parameters__summary=True)


def jobs(organisation: Organisation) -> QuerySet[Job]:
    return Job.objects.of(organisation).select_related("requested_by")


def open_jobs(organisation: Organisation) -> QuerySet[Job]:
    """What waits or runs, oldest first."""
    return jobs(organisation).filter(state__in=OPEN).order_by("created_at")


def recent_failures(organisation: Organisation, since: datetime) -> QuerySet[Job]:
    return jobs(organisation).filter(state=JobState.FAILED, ended_at__gte=since)


def file_of(organisation: Organisation, version: PlanVersion) -> PlanFile | None:
    return PlanFile.objects.of(organisation).filter(plan_version=version).first()


def highest_issue(organisation: Organisation) -> int:
    """The last issue number in use, printed or being printed; 0 before the first."""
    issued = PlanVersion.objects.of(organisation).aggregate(last=Max("issue"))["last"] or 0
    reserved = [
        parameters.get("issue") or 0
        for parameters in Job.objects.of(organisation)
        .filter(state__in=OPEN)
        .values_list("parameters", flat=True)
    ]
    return max([issued, *reserved])


def first_change_since(organisation: Organisation, moment: datetime) -> datetime | None:
    """When somebody first wrote something that plans print, after `moment`."""
    events = AuditEvent.objects.of(organisation).filter(at__gt=moment, record_type__in=_PRINTED)
    return events.order_by("sequence").values_list("at", flat=True).first()


def last_change(organisation: Organisation) -> datetime | None:
    """When somebody last wrote something that plans print."""
    events = AuditEvent.objects.of(organisation).filter(record_type__in=_PRINTED)
    return events.order_by("-sequence").values_list("at", flat=True).first()


def surroundings(organisation: Organisation) -> dict[str, Any]:
    """Everything a plan prints that the analysis does not carry, as plain data, in a fixed
    number of queries; the keys are the fields of `documents.snapshot.Surroundings`."""
    return {
        "organisation": printed_organisation(organisation),
        "systems": _systems(organisation),
        "contacts": _contacts(organisation),
        "teams": _teams(organisation),
        "sites": _sites(organisation),
        "copies": plan_backups.printed_copies(organisation),
        "procedures": plan_backups.printed_procedures(organisation),
        "exercises": plan_backups.printed_exercises(organisation),
        "combinations": plan_backups.printed_combinations(organisation),
        "currency": organisation.currency,
        "impacts": plan_impacts.printed_impacts(organisation),
        "channels": {channel.value: str(channel.label) for channel in Channel},
    }


def printed_organisation(organisation: Organisation) -> dict[str, Any]:
    """What prints say of the organisation itself, and the paper they are made for."""
    return {
        "name": organisation.name,
        "slug": organisation.slug,
        "paper": organisation.paper_size,
        "time_zone": organisation.time_zone,
        "review_months": organisation.review_months,
    }


def _systems(organisation: Organisation) -> dict[str, dict[str, Any]]:
    rows = (
        System.objects.of(organisation)
        .filter(status=StatusChoice.LIVE)
        .values_list("id", "kind", "strategy", "description")
    )
    return {
        key: {
            "kind_label": str(KindChoice(kind).label),
            "strategy_label": str(StrategyChoice(strategy).label) if strategy else "",
            "description": description,
        }
        for key, kind, strategy, description in rows
    }


def _contacts(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "title": one.title,
            "vendor": one.vendor,
            "email": one.email,
            "phones": list(one.phones),
            "independent_phone": one.independent_phone,
            "may_declare": one.may_declare,
            "may_spend": None if one.may_spend is None else str(one.may_spend),
            "may_fail_over": one.may_fail_over,
            "coverage": one.coverage,
            "deputy": one.deputy.name if one.deputy else None,
            "verified_on": one.verified_on.isoformat() if one.verified_on else None,
        }
        for one in Contact.objects.of(organisation).select_related("deputy").order_by("name")
    ]


def _teams(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "name": team.name,
            "members": sorted(member.name for member in team.members.all()),
            "heads_day": team.heads_day,
            "heads_night": team.heads_night,
            "mobilise_day_minutes": team.mobilise_day_minutes,
            "mobilise_night_minutes": team.mobilise_night_minutes,
        }
        for team in Team.objects.of(organisation).prefetch_related("members").order_by("name")
    ]


def _sites(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "name": site.name,
            "zone": site.zone,
            "kind": str(site.get_kind_display()) if site.kind else "",
            "address": site.address,
        }
        for site in Site.objects.of(organisation).order_by("name")
    ]
