"""The only bridge from rows to the engine: one organisation as a frozen `Estate`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bcp.engine import estate as engine
from bcp.engine.estate import DurationSource, Kind, Strategy
from bcp.models.contacts import Contact
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.organisations import Organisation
from bcp.models.sites import Site
from bcp.models.systems import StatusChoice, System
from bcp.models.teams import Team
from bcp.queries import estate_backups, estate_impacts, estate_reviews, targets


def load(organisation: Organisation) -> engine.Estate:
    """Everything the engine needs, in a fixed number of queries. Only live systems are in it."""
    rows = list(
        System.objects.of(organisation)
        .filter(status=StatusChoice.LIVE)
        .order_by("name")
        .values(
            *("id", "name", "kind", "tier", "strategy", "recovery_minutes"),
            *("data_gb", "structure_changed_on"),
            *("site__name", "owner__name", "technical_owner__name", "deputy__name"),
            *("team__name", "escalation_path__name"),
        )
    )
    approved = targets.approved(organisation)
    position = {row["id"]: index for index, row in enumerate(rows)}
    combinations, tier_policies = estate_backups.load_scenarios(organisation)
    return engine.Estate(
        organisation=organisation.name,
        systems=tuple(_system(row, approved.get(row["id"])) for row in rows),
        dependencies=_dependencies(organisation, position),
        sites=tuple(
            engine.Site(name, zone)
            for name, zone in Site.objects.of(organisation).values_list("name", "zone")
        ),
        contacts=_contacts(organisation),
        teams=tuple(
            engine.Team(*row)
            for row in Team.objects.of(organisation).values_list(
                "name",
                "heads_day",
                "heads_night",
                "mobilise_day_minutes",
                "mobilise_night_minutes",
            )
        ),
        paths=_paths(organisation),
        tier_policies=tier_policies,
        detection_minutes=organisation.detection_minutes,
        time_zone=organisation.time_zone,
        copies=estate_backups.load_copies(organisation, position),
        procedures=estate_backups.load_procedures(organisation, position),
        exercises=estate_backups.load_exercises(organisation, position),
        combinations=combinations,
        impacts=estate_impacts.load_impacts(organisation, position),
        reviews=estate_reviews.load_reviews(organisation, position),
    )


def _system(row: dict[str, Any], target: Any) -> engine.System:
    duration = row["recovery_minutes"]
    supplier = row["kind"] == Kind.SUPPLIER.value
    source = DurationSource.CONTRACT if supplier else DurationSource.ESTIMATE
    return engine.System(
        key=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        tier=row["tier"],
        site=row["site__name"],
        strategy=Strategy(row["strategy"]) if row["strategy"] else None,
        rto_minutes=target.rto_minutes if target else None,
        rpo_minutes=target.rpo_minutes if target else None,
        mtd_minutes=target.mtd_minutes if target else None,
        duration_minutes=duration,
        duration_source=None if duration is None else source,
        owner=row["owner__name"],
        technical_owner=row["technical_owner__name"],
        deputy=row["deputy__name"],
        team=row["team__name"],
        escalation=row["escalation_path__name"],
        data_gb=row["data_gb"],
        changed_on=row["structure_changed_on"],
    )


def _dependencies(
    organisation: Organisation, position: dict[str, int]
) -> tuple[engine.Dependency, ...]:
    codes = {code.value: code for code in engine.NeededTo}
    rows = (
        Dependency.objects.of(organisation)
        .order_by("dependent_id", "dependency_id")
        .values_list("dependent_id", "dependency_id", "needed_to", "bootstrap")
    )
    return tuple(
        engine.Dependency(position[dependent], position[dependency], codes[needed_to], bootstrap)
        for dependent, dependency, needed_to, bootstrap in rows
        if dependent in position and dependency in position
    )


def _contacts(organisation: Organisation) -> tuple[engine.Contact, ...]:
    rows = Contact.objects.of(organisation).values_list(
        *("id", "name", "phones", "independent_phone", "coverage"),
        *("may_declare", "deputy__name", "verified_on"),
    )
    return tuple(
        engine.Contact(key, name, tuple(phones), independent, coverage, declares, deputy, verified)
        for key, name, phones, independent, coverage, declares, deputy, verified in rows
    )


def _paths(organisation: Organisation) -> tuple[engine.EscalationPath, ...]:
    steps: defaultdict[str, list[engine.EscalationStep]] = defaultdict(list)
    rows = (
        EscalationStep.objects.of(organisation)
        .order_by("path_id", "position")
        .values_list("path_id", "contact__name", "channel", "wait_minutes", "channel_system__name")
    )
    for path, *step in rows:
        steps[path].append(engine.EscalationStep(*step))
    paths = EscalationPath.objects.of(organisation).values_list("id", "name", "is_default")
    return tuple(
        engine.EscalationPath(name, tuple(steps[key]), is_default)
        for key, name, is_default in paths
    )
