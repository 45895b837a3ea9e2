"""What plans print of copies, procedures, exercises and own scenarios, as plain data.

What backup jobs report is not in it: a plan that printed last night's success would be out of
date every morning.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bcp.models.copies import CopyKindChoice, OutcomeChoice
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.organisations import Organisation
from bcp.models.procedures import AreaChoice, Procedure, ProcedureState, ProcedureStep
from bcp.models.scenarios import ScenarioCombination
from bcp.models.systems import StatusChoice
from bcp.queries import copies


def printed_copies(organisation: Organisation) -> list[dict[str, Any]]:
    rows = (
        copies.listing(organisation)
        .filter(system__status=StatusChoice.LIVE)
        .order_by("system__name", "name")
    )
    return [
        {
            "system": one.system.name,
            "name": one.name,
            "content": str(one.get_content_display()),
            "kind": one.kind,
            "kind_label": str(one.get_kind_display()),
            "policy": one.policy.name if one.policy else None,
            "source": one.source,
            "medium": one.medium,
            "site": one.site.name if one.site else None,
            "repository": one.repository,
            "interval_minutes": one.interval_minutes,
            "run_minutes": one.run_minutes,
            "lag_minutes": one.lag_minutes,
            "retention_minutes": one.retention_minutes,
            "locked_minutes": one.locked_minutes,
            "offline": one.offline,
            "separate_credentials": one.separate_credentials,
            "encrypted": one.encrypted,
            "restore_mb_s": None if one.restore_mb_s is None else f"{one.restore_mb_s:f}",
            "restore_fixed_minutes": one.restore_fixed_minutes,
            "replica": one.kind == CopyKindChoice.REPLICA,
            "last_restore_test": one.last_restore_test.isoformat()
            if one.last_restore_test
            else None,
            "last_restore_result": str(OutcomeChoice(one.last_restore_result).label)
            if one.last_restore_result
            else "",
            "last_restore_minutes": one.last_restore_minutes,
        }
        for one in rows
    ]


def printed_procedures(organisation: Organisation) -> list[dict[str, Any]]:
    """The approved procedure of each live system with its steps; of one that has only a draft
    the fact that there is one, because nobody may work by it."""
    steps = _steps(organisation)
    rows = (
        Procedure.objects.of(organisation)
        .exclude(state=ProcedureState.SUPERSEDED)
        .filter(system__status=StatusChoice.LIVE)
        .select_related("system", "approved_by")
        .order_by("system__name", "number")
    )
    found: dict[str, dict[str, Any]] = {}
    for one in rows:
        approved = one.state == ProcedureState.APPROVED
        known = found.setdefault(
            one.system.name,
            {
                "system": one.system.name,
                "number": None,
                "approved_by": None,
                "approved_on": None,
                "summary": "",
                "has_draft": False,
                "steps": [],
            },
        )
        if not approved:
            known["has_draft"] = True
            continue
        known |= {
            "number": one.number,
            "approved_by": one.approved_by.name or one.approved_by.email
            if one.approved_by
            else None,
            "approved_on": one.approved_at.date().isoformat() if one.approved_at else None,
            "summary": one.summary,
            "steps": steps[one.pk],
        }
    return list(found.values())


def _steps(organisation: Organisation) -> defaultdict[str, list[dict[str, Any]]]:
    labels = dict(AreaChoice.choices)
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        ProcedureStep.objects.of(organisation)
        .filter(procedure__state=ProcedureState.APPROVED)
        .select_related("team", "contact")
        .order_by("procedure_id", "position")
    )
    for one in rows:
        found[one.procedure_id].append(
            {
                "instruction": one.instruction,
                "team": one.team.name if one.team else None,
                "contact": one.contact.name if one.contact else None,
                "heads": one.heads,
                "minutes_low": one.minutes_low,
                "minutes": one.minutes,
                "minutes_high": one.minutes_high,
                "expected": one.expected,
                "verification": one.verification,
                "way_back": one.way_back,
                "decision": one.decision,
                "covers": [str(labels[area]) for area in one.covers],
            }
        )
    return found


def printed_exercises(organisation: Organisation) -> list[dict[str, Any]]:
    """Exercises done and planned, latest first, with what each showed of each live system."""
    results: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        ExerciseResult.objects.of(organisation)
        .filter(system__status=StatusChoice.LIVE)
        .select_related("system")
        .order_by("system__name")
    )
    for one in rows:
        results[one.exercise_id].append(
            {
                "system": one.system.name,
                "outcome": one.outcome,
                "outcome_label": str(one.get_outcome_display()) if one.outcome else "",
                "rta_minutes": one.rta_minutes,
                "rpa_minutes": one.rpa_minutes,
                "note": one.note,
            }
        )
    found = [
        {
            "name": one.name,
            "type": one.type,
            "type_label": str(one.get_type_display()),
            "planned_on": one.planned_on.isoformat() if one.planned_on else None,
            "done_on": one.done_on.isoformat() if one.done_on else None,
            "objectives": one.objectives,
            "note": one.note,
            "results": results[one.pk],
        }
        for one in Exercise.objects.of(organisation).order_by("name")
    ]
    # Databases disagree on where an empty day sorts.
    found.sort(key=lambda one: one["done_on"] or one["planned_on"] or "", reverse=True)
    return found


def printed_combinations(organisation: Organisation) -> list[dict[str, Any]]:
    """The organisation's own scenarios; parts are scenario names as the contract writes them."""
    rows = (
        ScenarioCombination.objects.of(organisation)
        .prefetch_related("parts__site", "parts__system")
        .order_by("name")
    )
    return [
        {
            "name": one.name,
            "description": one.description,
            "tiers": list(one.tiers),
            "parts": [part.scenario for part in one.parts.all()],
        }
        for one in rows
    ]
