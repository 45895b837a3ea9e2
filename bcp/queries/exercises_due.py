"""Which systems are to be tried next, and why (rules X2 to X4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from bcp.engine.estate import System
from bcp.engine.exercises import DueState, Proof, due_state
from bcp.engine.policies import TierRules, tier_rules
from bcp.engine.results import Analysis
from bcp.engine.wording_of_exercises import explain_due
from bcp.engine.words import type_word
from bcp.models.organisations import Organisation
from bcp.queries import analysis as answers
from bcp.queries import exercises

_WORST_FIRST = tuple(DueState)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A live system, what its exercises prove, and the next one that is planned, if any."""

    system: System
    proof: Proof
    rules: TierRules
    state: DueState
    planned: Any

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def tier(self) -> int | None:
        return self.system.tier

    @property
    def owner(self) -> str | None:
        return self.system.owner

    @property
    def rank(self) -> int:
        return _WORST_FIRST.index(self.state)

    @property
    def due(self) -> date:
        return self.proof.due

    @property
    def last(self) -> date | None:
        return self.proof.last.done_on if self.proof.last else None

    @property
    def planned_on(self) -> date | None:
        return self.planned.planned_on if self.planned else None

    @property
    def planned_key(self) -> str | None:
        return self.planned.pk if self.planned else None

    @property
    def minimum(self) -> str:
        return type_word(self.rules.minimum_exercise).said(gettext)

    @property
    def cadence(self) -> int:
        return self.rules.cadence_days

    @property
    def reasons(self) -> list[str]:
        return [one.said(gettext) for one in explain_due(self.system, self.proof, self.rules)]

    @property
    def why(self) -> str:
        return " ".join(self.reasons)


def due_rows(analysis: Analysis, planned: Mapping[str, Any], today: date) -> list[DueRow]:
    """Every live system, what is due first at the top; equally due: the more critical first."""
    estate, rules = analysis.estate, tier_rules(analysis.estate)
    rows = [
        DueRow(
            system,
            result.proof,
            rules[system.tier],
            due_state(result.proof, today),
            planned.get(system.key),
        )
        for system, result in zip(estate.systems, analysis.backups, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.rank, row.due, row.tier or 5, row.name.casefold()))


def due(organisation: Organisation, *, now: datetime) -> list[DueRow]:
    """Every live system at the moment `now`, which is in the organisation's time zone."""
    found = answers.analysis(organisation, now=now)
    return due_rows(found, exercises.planned(organisation), now.date())


def of_system(
    analysis: Analysis, index: int | None, rows: Sequence[Any], today: date
) -> dict[str, Any]:
    """What a system's sheet says of tests: how it stands (`due`; `None` if it is not live), and
    every exercise that it is in, planned or done, latest first, with how each counts."""
    planned = [row.exercise for row in rows if row.exercise.done_on is None]
    due, judged = None, {}
    if index is not None:
        system, proof = analysis.estate.systems[index], analysis.backups[index].proof
        rules = tier_rules(analysis.estate)[system.tier]
        following = min(planned, key=lambda one: one.planned_on, default=None)
        due = DueRow(system, proof, rules, due_state(proof, today), following)
        judged = {one.exercise.name: one for one in proof.judged}
    for row in rows:
        row.judged = judged.get(row.exercise.name)
    held = sorted(rows, key=lambda row: row.exercise.done_on or row.exercise.planned_on)
    return {"due": due, "held": held[::-1]}
