"""What open proposals ask for, one by one: the figures that a person decides on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bcp.engine.proposal import Target, Trials, consequences
from bcp.engine.results import Analysis
from bcp.engine.target_figures import TargetFigures, figures_of
from bcp.models.impacts import ImpactAssessment
from bcp.models.organisations import Organisation
from bcp.models.targets import RecoveryTarget


def target_of(row: RecoveryTarget) -> Target:
    return Target(row.rto_minutes, row.rpo_minutes, row.mtd_minutes)


def of_one(
    answer: Analysis, system_key: str, target: Target, *, today: date
) -> TargetFigures | None:
    """What one target would ask for, if it were approved alone; `None` for a system that takes
    no part in the recovery."""
    targets = {system_key: target}
    return figures_of(consequences(answer, targets, today=today), targets).get(system_key)


def of_each(
    answer: Analysis, proposals: Iterable[RecoveryTarget], *, today: date
) -> Iterator[tuple[RecoveryTarget, TargetFigures | None]]:
    """Each proposal as if it were approved alone. Figures hold on to the whole answer that they
    are read from: who goes through many keeps what is needed of each, not the figures."""
    trials = Trials(answer, today=today)
    for one in proposals:
        targets = {one.system_id: target_of(one)}
        yield one, figures_of(trials.of(targets), targets).get(one.system_id)


def of_all_together(
    answer: Analysis, proposals: Iterable[RecoveryTarget], *, today: date
) -> dict[str, TargetFigures | None]:
    """By the key of the proposal, all as if they were approved at once: one analysis for all."""
    rows = list(proposals)
    targets = {one.system_id: target_of(one) for one in rows}
    figures = figures_of(consequences(answer, targets, today=today), targets)
    return {one.pk: figures.get(one.system_id) for one in rows}


@dataclass(frozen=True, slots=True)
class Answered:
    """Whose the answers on a process's impact are: who confirmed them, and when they were last
    written. `confirmed_by` is `None` while they are a draft."""

    confirmed_by: str | None
    on: datetime


def answered(organisation: Organisation, processes: Collection[str]) -> dict[str, Answered]:
    """By the key of the process; processes of which nobody recorded anything are left out."""
    rows = (
        ImpactAssessment.objects.of(organisation)
        .filter(process_id__in=processes)
        .select_related("confirmed_by")
    )
    return {
        row.process_id: Answered(
            str(row.confirmed_by) if row.confirmed_by else None, row.confirmed_at or row.updated_at
        )
        for row in rows
    }
