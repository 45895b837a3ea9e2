"""The part of the bridge that carries copies, procedures, exercises and scenarios of one's own
into the engine; `estate.load` calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bcp.engine import estate as engine
from bcp.engine.policies import default_rules
from bcp.models.copies import BackupCopy
from bcp.models.exercises import ExerciseResult
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.procedures import Procedure, ProcedureState, ProcedureStep
from bcp.models.scenarios import ScenarioCombination
from bcp.queries import copies


def load_copies(organisation: Organisation, position: Mapping[str, int]) -> tuple[engine.Copy, ...]:
    """The copies of the systems in `position` (key to position in the estate)."""
    rows = copies.listing(organisation).order_by("system__name", "name", "pk")
    return tuple(
        engine_copy(row, position[row.system_id]) for row in rows if row.system_id in position
    )


def engine_copy(row: BackupCopy, position: int = 0) -> engine.Copy:
    """A row of `copies.listing` as the engine knows it."""
    known: Any = row
    status = getattr(row, "status", None)
    outcome = known.last_restore_result
    return engine.Copy(
        system=position,
        key=row.pk,
        name=row.name,
        content=engine.Content(row.content),
        kind=engine.CopyKind(row.kind),
        medium=row.medium,
        site=row.site.name if row.site else None,
        repository=row.repository,
        interval_minutes=row.interval_minutes,
        run_minutes=row.run_minutes,
        lag_minutes=row.lag_minutes,
        retention_minutes=row.retention_minutes,
        locked_minutes=row.locked_minutes,
        offline=row.offline,
        separate_credentials=row.separate_credentials,
        encrypted=row.encrypted,
        restore_mb_s=row.restore_mb_s,
        restore_fixed_minutes=row.restore_fixed_minutes or 0,
        last_success=known.succeeded_at,
        last_failure=status.last_failure if status else None,
        restore_tested_on=known.last_restore_test,
        restore_outcome=engine.Outcome(outcome) if outcome else None,
        restore_test_minutes=known.last_restore_minutes,
    )


def load_procedures(
    organisation: Organisation, position: Mapping[str, int]
) -> tuple[engine.Procedure, ...]:
    """The draft and the approved procedure of each system."""
    steps: defaultdict[str, list[engine.Step]] = defaultdict(list)
    covers: defaultdict[str, set[engine.Area]] = defaultdict(set)
    rows = (
        ProcedureStep.objects.of(organisation)
        .exclude(procedure__state=ProcedureState.SUPERSEDED)
        .order_by("procedure_id", "position")
        .values_list(
            *("procedure_id", "covers", "minutes", "minutes_low", "minutes_high"),
            *("team__name", "heads"),
        )
    )
    for procedure, areas, *step in rows:
        steps[procedure].append(engine.Step(*step))
        covers[procedure].update(engine.Area(area) for area in areas)
    procedures = (
        Procedure.objects.of(organisation)
        .exclude(state=ProcedureState.SUPERSEDED)
        .order_by("system_id", "number")
        .values_list("pk", "system_id", "state", "approved_at")
    )
    return tuple(
        engine.Procedure(
            system=position[system],
            steps=tuple(steps[key]),
            covers=frozenset(covers[key]),
            approved=state == ProcedureState.APPROVED,
            approved_on=approved_at.date() if approved_at else None,
        )
        for key, system, state, approved_at in procedures
        if system in position
    )


def load_exercises(
    organisation: Organisation, position: Mapping[str, int]
) -> tuple[engine.Exercise, ...]:
    rows = (
        ExerciseResult.objects.of(organisation)
        .order_by("exercise__done_on", "exercise__name", "system_id")
        .values_list(
            *("system_id", "exercise__name", "exercise__type", "exercise__done_on"),
            *("outcome", "rta_minutes", "rpa_minutes"),
        )
    )
    return tuple(
        engine.Exercise(
            system=position[system],
            name=name,
            type=engine.ExerciseType(kind),
            done_on=done_on,
            outcome=engine.Outcome(outcome) if outcome else None,
            rta_minutes=rta,
            rpa_minutes=rpa,
        )
        for system, name, kind, done_on, outcome, rta, rpa in rows
        if system in position
    )


def load_scenarios(
    organisation: Organisation,
) -> tuple[tuple[engine.Combination, ...], tuple[engine.TierPolicy, ...]]:
    """The organisation's own combinations, and what each tier promises: a combination that a
    tier must withstand stands among that tier's scenarios."""
    demanded: defaultdict[int, list[str]] = defaultdict(list)
    combinations = []
    rows = ScenarioCombination.objects.of(organisation).prefetch_related(
        "parts__site", "parts__system"
    )
    for row in rows:
        combinations.append(
            engine.Combination(row.name, tuple(part.scenario for part in row.parts.all()))
        )
        for tier in row.tiers:
            demanded[tier].append(row.name)
    policies = {policy.tier: policy for policy in TierPolicy.objects.of(organisation)}
    return tuple(combinations), tuple(
        _tier(tier, policies.get(tier), demanded[tier]) for tier in sorted({*policies, *demanded})
    )


def _tier(tier: int, policy: TierPolicy | None, own: list[str]) -> engine.TierPolicy:
    if policy is None:
        return engine.TierPolicy(tier, str(tier), scenarios=(*default_rules(tier).scenarios, *own))
    named = policy.scenarios
    if own and named is None:
        named = default_rules(tier).scenarios
    return engine.TierPolicy(
        tier=tier,
        name=policy.name,
        rto_minutes=policy.rto_minutes,
        rpo_minutes=policy.rpo_minutes,
        scenarios=None if named is None else (*named, *own),
        minimum_exercise=engine.ExerciseType(policy.minimum_exercise)
        if policy.minimum_exercise
        else None,
        cadence_days=policy.cadence_days,
        restore_test_days=policy.restore_test_days,
        change_test_days=policy.change_test_days,
    )
